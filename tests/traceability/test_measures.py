"""Units of measure: how they are written, and those that count whole pieces."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from core.kernel.errors import Blocked
from qms.nonconformance import services as quality
from qms.nonconformance.services import ItemInput
from tests.support.people import make_user
from tests.support.visits import seen, visit_as
from tests.traceability.refusals import refused
from tests.traceability.world import World
from traceability import services
from traceability.models import UnitOfMeasure
from traceability.models.spelling import spelled

pytestmark = pytest.mark.requirement("USE-02")

HALF = Decimal("1.5")


@pytest.mark.parametrize(
    ("physical", "symbol"),
    [
        ("meter**3", "m³"), ("millimeter", "mm"), ("newton * meter", "N·m"), ("gram / liter", "g/l"), ("", ""),
        ("meter/second**2", "m/s²"), ("square_inch", ""), ("m²", "m²"), ("force_pound * foot", "lbf·ft"),
        ("meter**-1", "m⁻¹"),
    ],
)  # fmt: skip
def test_a_physical_unit_is_written_as_people_write_it(physical: str, symbol: str) -> None:
    assert spelled(physical) == symbol


def test_a_unit_is_shown_by_its_symbol(world: World) -> None:
    for code, name, physical in (("M3", "Cubic meter", "meter**3"), ("BOX", "Box", "")):
        services.create_uom(code=code, name=name, pint_unit=physical, actor=world.system)
    assert [str(unit) for unit in UnitOfMeasure.objects.filter(code__in=("M3", "BOX"))] == ["BOX", "m³"]


@pytest.mark.parametrize(
    "deed",
    [
        lambda w, lot, other: services.receive_lot(
            site=w.site, material=lot.material, quantity=HALF, location=w.store, actor=w.system
        ),
        lambda w, lot, other: services.move_stock(
            lot=lot, quantity=HALF, from_location=w.store, to_location=w.production, actor=w.operator
        ),
        lambda w, lot, other: services.scrap_stock(
            lot=lot, quantity=HALF, location=w.store, reason="Bent", source=None, actor=w.system
        ),
        lambda w, lot, other: services.count_lot(
            lot=lot, location=w.store, counted=HALF, reason="Counted", actor=w.system
        ),
        lambda w, lot, other: services.produce_stock(lot=lot, quantity=HALF, source=None, actor=w.system),
        lambda w, lot, other: services.issue_many(demands=[services.Demand(lot, HALF)], source=None, actor=w.system),
        lambda w, lot, other: services.link(
            parent_lot=lot, child_lot=other, quantity=HALF, uom=lot.material.uom, actor=w.system
        ),
        lambda w, lot, other: services.place_hold(lot=lot, quantity=HALF, reason="Suspected", actor=w.system),
    ],
    ids=["receive", "move", "scrap", "count", "produce", "issue", "link", "hold"],
)  # fmt: skip
def test_half_a_piece_is_not_booked(world: World, deed: Callable[[World, Any, Any], object]) -> None:
    lot, other = world.lot(10), world.lot(0)
    with refused("fraction"):
        deed(world, lot, other)


def test_parts_are_booked_in_a_unit_that_has_parts(world: World) -> None:
    kilogram = services.create_uom(code="KG", name="Kilogram", pint_unit="kilogram", actor=world.system)
    lot = world.lot(10, world.material(uom=kilogram))
    services.move_stock(
        lot=lot, quantity=HALF, from_location=world.store, to_location=world.production, actor=world.operator
    )
    with pytest.raises(Blocked) as refusal:
        services.change_uom(uom=kilogram, name="Kilogram", whole_only=True, reason="Whole bags", actor=world.system)
    assert refusal.value.codes == ("fraction",) and str(lot) in refusal.value.blockers[0].message
    kilogram.refresh_from_db()
    assert not kilogram.whole_only


def test_what_a_unit_counts_is_changed_on_its_page_with_a_reason(world: World) -> None:
    planner = make_user(site=world.site, permissions=("traceability.view_material", "traceability.change_material"))
    client, address = visit_as(planner), reverse("traceability:unitofmeasure_change", args=[world.each.pk])
    assert address in client.get(world.each.get_absolute_url()).content.decode()
    sent = {"name": "Piece", "client_id": "7d0e5a43-8c61-4a68-a4a0-6e2c9ac1b0f1", **seen(world.each)}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "reason": "Sold by weight too"}).status_code == 302
    world.each.refresh_from_db()
    assert (world.each.name, world.each.whole_only) == ("Piece", False)
    assert [row.history_change_reason for row in UnitOfMeasure.history.filter(id=world.each.pk)][0] == (
        "Sold by weight too"
    )


def test_half_a_piece_is_neither_affected_nor_disposed_of(world: World) -> None:
    lot = world.lot(10)
    raised: dict[str, Any] = {"site": world.site, "title": "Bore", "severity": "major", "actor": world.system}
    with refused("fraction"):
        quality.raise_nonconformance(**raised, items=[ItemInput(lot=lot, quantity=HALF)])
    found = quality.raise_nonconformance(**raised, items=[ItemInput(lot=lot, quantity=Decimal(2))])
    item = found.items.get()
    with refused("fraction"):
        quality.propose_disposition(item=item, kind="scrap", quantity=HALF, justification="Bent.", actor=world.system)
    assert not item.dispositions.exists()
