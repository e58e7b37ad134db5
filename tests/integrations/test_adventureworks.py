"""The real AdventureWorks files: totals against figures computed by another program, and idempotence."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from core.organization.models import Partner, Site, User, WorkCenter
from integrations.models import ImportBatch
from integrations.services import ImportReport, import_records
from mes.routing.models import ScrapReason
from tests.support.people import make_site, make_user
from traceability.models import (
    BillOfMaterialLine,
    Lot,
    Material,
    MaterialRevision,
    PurchaseOrder,
    PurchaseOrderLine,
    StockMovement,
    StorageLocation,
)

DATA = Path(__file__).parents[1] / "data" / "adventureworks"
FILES = {
    "units": "UnitMeasure",
    "materials": "Product",
    "boms": "BillOfMaterials",
    "locations": "Location",
    "work_centers": "Location",
    "lots": "ProductInventory",
    "scrap_reasons": "ScrapReason",
}
PURCHASING = {
    "partners": "Vendor",
    "purchase_orders": "PurchaseOrderHeader",
    "purchase_order_lines": "PurchaseOrderDetail",
}
SOURCES = FILES | PURCHASING
EXPECTED = json.loads((DATA / "expected_public.json").read_text())

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-01")]


def run(kind: str, actor: User, site: Site, data: bytes | None = None, *, dry_run: bool = False) -> ImportReport:
    file = DATA / f"{SOURCES[kind]}.csv"
    return import_records(
        kind=kind,
        data=file.read_bytes() if data is None else data,
        file_name=file.name,
        mapping=(DATA / "mappings" / f"{kind}.yaml").read_text(),
        actor=actor,
        site=site,
        dry_run=dry_run,
        reason="opening balance",
    )


@pytest.fixture
def site(db: None) -> Site:
    return make_site("GRZ")


@pytest.fixture
def admin(site: Site) -> User:
    return make_user("importer", site=site, permissions=("integrations.apply_importbatch",))


def rows(name: str) -> list[list[str]]:
    with (DATA / f"{name}.csv").open(newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture
def imported(site: Site, admin: User) -> dict[str, ImportReport]:
    return {kind: run(kind, admin, site) for kind in FILES}


def test_totals_equal_the_published_ones(imported: dict[str, ImportReport]) -> None:
    assert {kind: report.issues for kind, report in imported.items()} == {kind: [] for kind in FILES}
    assert Material.objects.count() == EXPECTED["product_rows"]
    assert Material.objects.filter(kind="assembly").count() == EXPECTED["make_flag"]["1"]
    assert MaterialRevision.objects.filter(status="effective").count() == EXPECTED["product_rows"]
    assert imported["boms"].totals["skipped"] == EXPECTED["bom_roots"]
    assert BillOfMaterialLine.objects.count() == EXPECTED["bom_rows"] - EXPECTED["bom_roots"]
    lines = BillOfMaterialLine.objects
    assert lines.values("bom__material").distinct().count() == EXPECTED["assemblies"]
    ended = sum(1 for row in rows("BillOfMaterials") if row[1] and row[4])
    assert lines.filter(valid_to__isnull=False).count() == ended
    assert StorageLocation.objects.count() == 14
    assert WorkCenter.objects.filter(origin="adventureworks").count() == 7
    assert ScrapReason.objects.count() == 16
    inventory = rows("ProductInventory")
    assert Lot.objects.count() == len(inventory) == 1069
    total = StockMovement.objects.aggregate(total=Sum("quantity"))["total"]
    assert total == sum(Decimal(row[4]) for row in inventory)
    assert ImportBatch.objects.count() == len(FILES)


@pytest.mark.requirement("IMP-06")
def test_vendors_and_purchase_orders_equal_the_published_totals(site: Site, admin: User) -> None:
    for kind in ("units", "materials", *PURCHASING):
        assert run(kind, admin, site).issues == [], kind
    assert Partner.objects.filter(is_supplier=True).count() == len(rows("Vendor")) == 104
    assert PurchaseOrder.objects.count() == EXPECTED["po_headers"]
    assert PurchaseOrderLine.objects.count() == EXPECTED["po_lines"]
    sums = PurchaseOrderLine.objects.aggregate(received=Sum("received"), rejected=Sum("rejected"))
    stocked = sum(Decimal(row[9]) for row in rows("PurchaseOrderDetail"))
    assert sums["received"] == Decimal(EXPECTED["po_received"])
    assert sums["received"] == sums["rejected"] + stocked
    for kind in PURCHASING:
        totals = run(kind, admin, site).totals
        assert totals["created"] == totals["changed"] == 0, kind


def test_stock_by_material_equals_the_file(imported: dict[str, ImportReport]) -> None:
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows("ProductInventory"):
        expected[row[0]] += Decimal(row[4])
    found = dict(
        StockMovement.objects.values_list("lot__material__external_id").annotate(total=Sum("quantity")).order_by()
    )
    assert found == {key: value for key, value in expected.items() if value}


def test_every_imported_record_has_its_history(imported: dict[str, ImportReport], admin: User) -> None:
    for model in (Material, MaterialRevision, BillOfMaterialLine, Lot, StorageLocation, ScrapReason):
        history = model.history.all()
        assert history.count() == model._default_manager.count()
        assert set(history.values_list("history_user_id", "history_type", "history_change_reason")) == {
            (admin.pk, "+", "opening balance")
        }


def test_a_second_run_changes_nothing(imported: dict[str, ImportReport], admin: User, site: Site) -> None:
    for kind in FILES:
        before = Material.history.count(), StockMovement.objects.count(), BillOfMaterialLine.history.count()
        totals = run(kind, admin, site).totals
        assert totals["created"] == totals["changed"] == 0, kind
        assert before == (Material.history.count(), StockMovement.objects.count(), BillOfMaterialLine.history.count())


def test_a_changed_row_is_one_change(imported: dict[str, ImportReport], admin: User, site: Site) -> None:
    data = (DATA / "Product.csv").read_bytes().replace(b"\tAdjustable Race\t", b"\tAdjustable race, hardened\t")
    assert run("materials", admin, site, data, dry_run=True).totals["changed"] == 1
    assert Material.objects.get(external_id="1").name == "Adjustable Race"
    assert run("materials", admin, site, data).totals == {"created": 0, "changed": 1, "unchanged": 503, "skipped": 0}
    material = Material.objects.get(external_id="1")
    assert (material.name, material.row_version) == ("Adjustable race, hardened", 2)


def test_a_dry_run_writes_nothing(admin: User, site: Site) -> None:
    report = run("units", admin, site, dry_run=True)
    assert report.totals["created"] == 38
    assert ImportBatch.objects.count() == 0


BREAK: dict[str, tuple[str, int, bytes | None, str]] = {
    "an unknown unit": ("boms", 6, b"ZZ", "unknown"),
    "a wrong date": ("boms", 4, b"2021-13-45 00:00:00.000", "no date"),
    "a last day before the first": ("boms", 5, b"2001-01-01 00:00:00.000", "before the first day"),
    "a dangling component": ("boms", 3, b"99999", "no material"),
    "a wrong quantity": ("boms", 8, b"one", "no number"),
    "no quantity": ("boms", 8, b"0.00", "not more than zero"),
    "a broken encoding": ("materials", 2, b"Adjustable \xe9Race", "UTF-8"),
    "a duplicate key": ("materials", 3, b"CN-6137", "line"),
    "an unmapped word": ("materials", 4, b"7", "not in the mapping"),
    "a formula-like number is kept as text, a control character is not": ("materials", 3, b"=1+\x01", "control"),
    "a missing column": ("locations", 5, None, "columns"),
    "a NUL character": ("locations", 1, b"To\0ol", "NUL"),
    "a dangling location": ("lots", 2, b"77", "no storage location"),
    "an unknown supplier": ("purchase_orders", 5, b"77", "no partner"),
    "more rejected than received": ("purchase_order_lines", 9, b"99999", "more than was received"),
    "a negative quantity": ("lots", 5, b"-8", "less than zero"),
}
WRITTEN = (Material, BillOfMaterialLine, StorageLocation, Lot, StockMovement, ImportBatch)


def broken(kind: str, column: int, value: bytes | None) -> tuple[bytes, int]:
    """The real file with one cell of its first row of this kind spoilt, and that row's line."""
    lines = (DATA / f"{SOURCES[kind]}.csv").read_bytes().split(b"\n")
    index = next(i for i, line in enumerate(lines) if kind != "boms" or line.split(b"\t")[1])
    cells = lines[index].split(b"\t")
    cells[column - 1 : column] = [] if value is None else [value]
    lines[index] = b"\t".join(cells)
    return b"\n".join(lines), index + 1


@pytest.mark.parametrize("name", BREAK)
def test_what_is_wrong_is_named_and_nothing_is_written(name: str, admin: User, site: Site) -> None:
    kind, column, value, words = BREAK[name]
    needed = {
        "purchase_orders": ["partners"],
        "purchase_order_lines": ["units", "materials", "partners", "purchase_orders"],
    }
    for earlier in needed[kind] if kind in needed else list(FILES)[: list(FILES).index(kind)]:
        run(earlier, admin, site)
    before = [model._default_manager.count() for model in WRITTEN]
    data, line = broken(kind, column, value)
    report = run(kind, admin, site, data)
    named = [(issue.line, issue.column) for issue in report.issues]
    if name == "a duplicate key":
        assert [c for _, c in named] == [str(column)]
    else:
        assert named[0] == (line, str(column)), report.issues[:3]
    assert words in report.issues[0].message
    assert report.batch is None
    assert before == [model._default_manager.count() for model in WRITTEN]
