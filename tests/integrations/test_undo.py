"""An import taken back: exactly what it wrote goes, with history; refused as soon as anything else depends on it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum

from core.kernel.errors import Blocked
from core.organization.models import Site, User
from core.signing.queries import is_intact, signatures_of
from integrations.models import ImportBatch, ImportUndo
from integrations.services import applied, import_records
from integrations.services.undo import undo_import
from tests.integrations.test_adventureworks import FILES, run
from tests.mes.execution.refusals import everything
from tests.support.people import make_site, make_user, proof
from traceability.models import (
    BillOfMaterial,
    BillOfMaterialLine,
    Lot,
    Material,
    MaterialRevision,
    StockMovement,
    UnitOfMeasure,
)
from traceability.services import create_uom, scrap_stock

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("IMP-04")]
MAPPING = "columns: {code: Code, name: Name}"
RIGHTS = ("integrations.apply_importbatch", "integrations.undo_importbatch", "traceability.change_material")
FIRST = "Code,Name\nQA,First\nQB,Second\n"


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def admin(site: Site) -> User:
    return make_user("importer", site=site, permissions=RIGHTS)


def bring(text: str, admin: User) -> ImportBatch:
    """Import units of measure."""
    return applied(import_records(kind="units", data=text.encode(), file_name="u.csv", mapping=MAPPING, actor=admin))


def take_back(batch: ImportBatch, admin: User, reason: str = "wrong file") -> ImportUndo:
    return undo_import(batch=batch, reason=reason, actor=admin, signature=proof(admin, "approved"))


def test_new_rows_go_and_changed_rows_are_what_they_were(admin: User) -> None:
    first = bring(FIRST, admin)
    second = bring("Code,Name\nQA,First again\nQC,Third\n", admin)
    assert (second.created, second.changed) == (1, 1)
    undo = take_back(second, admin)
    assert (undo.removed, undo.set_back, undo.reversed) == (1, 1, 0)
    assert dict(UnitOfMeasure.objects.filter(code__startswith="Q").values_list("code", "name")) == {
        "QA": "First", "QB": "Second",
    }  # fmt: skip
    told = UnitOfMeasure.history.filter(code__in=("QA", "QC")).order_by("history_id")
    assert sorted((h.code, h.history_type, h.name) for h in told) == sorted([
        ("QA", "+", "First"), ("QA", "~", "First again"), ("QA", "~", "First"), ("QC", "+", "Third"),
        ("QC", "-", "Third"),
    ])  # fmt: skip
    last = told.order_by("-history_id")[:2]
    assert {(h.history_user, h.history_change_reason) for h in last} == {(admin, "wrong file")}
    [signed] = signatures_of(undo)
    assert (signed.signer, signed.meaning, is_intact(signed)) == (admin, "approved", True)
    with pytest.raises(Blocked, match="undid this import already"):
        take_back(second, admin)
    with pytest.raises(Blocked, match="changed after the import"):
        take_back(first, admin)
    assert bring("Code,Name\nQA,First again\nQC,Third\n", admin).created == 1


def test_a_row_that_something_refers_to_or_that_was_changed_stops_all_of_it(admin: User, site: Site) -> None:
    units = run("units", admin, site).batch
    run("materials", admin, site)
    assert units is not None
    before = everything()
    with pytest.raises(Blocked) as refused:
        take_back(units, admin)
    used = {str(blocker.record) for blocker in refused.value.blockers}
    assert used == {str(unit) for unit in UnitOfMeasure.objects.filter(code__in=("EA", "IN", "OZ"))}
    assert all(b.code == "in_use" and "material" in b.message and b.remedy for b in refused.value.blockers)
    assert everything() == before


def test_what_only_the_import_itself_connects_goes_as_a_whole_in_as_many_statements(admin: User, site: Site) -> None:
    for kind in ("units", "materials"):
        run(kind, admin, site)
    boms = run("boms", admin, site).batch
    assert boms is not None and BillOfMaterialLine.objects.count() == boms.created == 2576
    headers = BillOfMaterial.objects.count()
    undo = take_back(boms, admin)
    assert undo.removed == 2576 + headers
    assert not BillOfMaterialLine.objects.exists() and not BillOfMaterial.objects.exists()
    assert BillOfMaterialLine.history.filter(history_type="-").count() == 2576
    materials = ImportBatch.objects.get(kind="materials")
    assert take_back(materials, admin).removed == 2 * materials.created
    assert not Material.objects.exists() and not MaterialRevision.objects.exists()
    assert run("materials", admin, site).totals["created"] == materials.created


def test_opening_stock_is_reversed_and_comes_again_with_the_next_import(admin: User, site: Site) -> None:
    for kind in ("units", "materials", "locations"):
        run(kind, admin, site)
    lots = run("lots", admin, site).batch
    assert lots is not None
    receipts = StockMovement.objects.count()
    booked = StockMovement.objects.aggregate(total=Sum("quantity"))["total"]
    undo = take_back(lots, admin)
    assert (undo.reversed, undo.removed) == (receipts, lots.created - receipts)
    assert StockMovement.objects.filter(reverses__isnull=False).count() == receipts
    assert StockMovement.objects.filter(reverses__isnull=False).aggregate(total=Sum("quantity"))["total"] == booked
    assert Lot.objects.count() == receipts
    again = run("lots", admin, site).totals
    assert (again["created"], again["changed"]) == (lots.created - receipts, receipts)
    assert StockMovement.objects.filter(kind="receipt").count() == 2 * receipts
    assert run("lots", admin, site).totals["unchanged"] == lots.created


def test_stock_that_was_used_is_not_taken_back(admin: User, site: Site) -> None:
    for kind in ("units", "materials", "locations"):
        run(kind, admin, site)
    lots = run("lots", admin, site).batch
    assert lots is not None
    lot = Lot.objects.filter(movements__isnull=False)[0]
    place = lot.movements.get().to_location
    keeper = make_user("keeper", site=site, permissions=("traceability.scrap_stock",))
    scrap_stock(lot=lot, quantity=Decimal(1), location=place, reason="broken", actor=keeper)
    before = everything()
    with pytest.raises(Blocked) as refused:
        take_back(lots, admin)
    assert {str(b.record) for b in refused.value.blockers} == {str(lot)}
    assert everything() == before


def test_nobody_takes_back_without_right_or_signature(admin: User, site: Site) -> None:
    batch = bring(FIRST, admin)
    importer = make_user("other", site=site, permissions=("integrations.apply_importbatch",))
    before = everything()
    with pytest.raises(Blocked, match="has no right"):
        take_back(batch, importer)
    with pytest.raises(Blocked, match="needs your signature"):
        undo_import(batch=batch, reason="wrong file", actor=admin, signature=None)
    create_uom(code="QZ", name="By hand", pint_unit="", actor=admin)
    nothing = bring(FIRST, admin)
    with pytest.raises(Blocked, match="wrote nothing"):
        take_back(nothing, admin)
    assert UnitOfMeasure.objects.filter(code__startswith="Q").count() == 3 and before != everything()
    assert set(FILES) >= {"units"} and not ImportUndo.objects.exists()
