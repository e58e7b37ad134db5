"""A component of a unit is taken out and another built in: one deed, both told with their dates."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.traceability.goods import draft, leads, put, shipped
from tests.traceability.refusals import refused
from tests.traceability.world import OPERATOR, World
from traceability import services
from traceability.models import GenealogyLink, Lot, SerializedUnit, Transformation
from traceability.queries import (
    added_up,
    as_built,
    built_into,
    components_of,
    missing_in,
    on_hand,
    reached,
    state_of,
    trace,
)


@pytest.fixture
def fitter(world: World) -> Any:
    """Somebody who services units."""
    return make_user(site=world.site, permissions=(*OPERATOR, "traceability.replace_component"))


def built(world: World, part: Lot | SerializedUnit, unit: SerializedUnit, quantity: int = 1) -> GenealogyLink:
    """The part was taken from stock and built in."""
    lot = part.lot if isinstance(part, SerializedUnit) else part
    assert lot is not None
    issue_stock(
        lot=lot,
        unit=part if isinstance(part, SerializedUnit) else None,
        quantity=Decimal(quantity),
        actor=world.system,
    )
    link: GenealogyLink = world.link(part, unit, quantity)
    return link


def unit_of(world: World) -> SerializedUnit:
    return world.unit(world.lot(0, world.material(tracking="serial")))


def replace(link: GenealogyLink, fitter: Any, **values: Any) -> Transformation:
    made: dict[str, Any] = {"reason": "Worn", "outcome": "keep", **values}
    return services.replace_component(genealogy_link=link, actor=fitter, **made)


@pytest.mark.requirement("GEN-06")
def test_another_unit_takes_the_place_of_one_and_both_are_told(world: World, fitter: Any) -> None:
    pumps = world.lot(0, world.material(tracking="serial"))
    old, new, machine = world.unit(pumps), world.unit(pumps), unit_of(world)
    link = built(world, old, machine)
    deed = replace(link, fitter, new_unit=new)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) == ("completed", "consumed")
    assert [(one.component, one.is_in, one.why) for one in built_into(machine)] == [
        (old, False, str(deed)),
        (new, True, ""),
    ]
    first = built_into(machine)[0]
    assert first.until is not None and first.until >= first.since and first.by == fitter
    assert reached(machine, "backward")[1] == {machine.pk, new.pk}
    assert [hold.reason for hold in old.holds.all()] == ["Taken out: Worn"]
    assert state_of(pumps, old).unit_stock == 1, "it lies in the quarantine again"
    with refused("hold", "quantity"):
        issue_stock(lot=pumps, unit=old, quantity=Decimal(1), actor=world.operator)


@pytest.mark.requirement("GEN-06")
def test_what_is_scrapped_does_not_come_back(world: World, fitter: Any) -> None:
    pumps, screws = world.lot(0, world.material(tracking="serial")), world.lot(10)
    old, machine = world.unit(pumps), unit_of(world)
    link, fixed = built(world, old, machine), built(world, screws, machine, 4)
    replace(link, fitter, outcome="scrap")
    old.refresh_from_db()
    assert (old.status, state_of(pumps, old).unit_stock) == ("scrapped", 0)
    replace(fixed, fitter, outcome="scrap", new_lot=screws)
    assert (on_hand(screws), [one.quantity for one in components_of(machine)]) == (2, [4])


@pytest.mark.requirement("GEN-06")
def test_two_lots_of_one_material_in_one_unit_stay_two_when_a_part_is_replaced(world: World, fitter: Any) -> None:
    material = world.material()
    first, second, third = (world.lot(10, material) for _ in range(3))
    machine = unit_of(world)
    link = built(world, first, machine, 5)
    built(world, second, machine, 3)
    replace(link, fitter, new_lot=third, quantity=Decimal(2))
    inside = [(one.parent_lot, one.quantity) for one in components_of(machine)]
    assert inside == [(second, 3), (first, 3), (third, 2)]
    rows = [row for row in trace(machine, "backward") if row.material_id == material.pk]
    assert {used.row.lot_id: used.quantity for used in added_up(rows)} == {first.pk: 3, second.pk: 3, third.pk: 2}
    assert (on_hand(first), on_hand(third)) == (7, 8)
    assert state_of(first).available == 5, "what was taken out is on hold"


@pytest.mark.requirement("GEN-06")
def test_what_is_not_replaced(world: World, fitter: Any) -> None:
    pumps = world.lot(0, world.material(tracking="serial"))
    old, spare, machine = world.unit(pumps), world.unit(pumps), unit_of(world)
    screws, other, dull = world.lot(10), world.lot(10), world.lot(10)
    link, fixed = built(world, old, machine), built(world, screws, machine, 4)
    held = world.lot(10, screws.material)
    services.place_hold(lot=held, reason="Dull", actor=world.operator)
    lot_link = world.link(other, dull)
    for code, one, values in (
        ("reason", link, {"reason": " "}),
        ("quantity", fixed, {"quantity": Decimal(5)}),
        ("fraction", fixed, {"quantity": Decimal("0.5")}),
        ("material", fixed, {"new_lot": other}),
        ("hold", fixed, {"new_lot": held}),
        ("material", link, {"new_lot": screws}),
        ("no_unit", lot_link, {}),
    ):
        with refused(code):
            replace(one, fitter, **values)
    with refused("unit_missing"):
        replace(link, fitter, new_lot=pumps)
    with refused("permission"):
        replace(link, world.operator, new_unit=spare)
    replace(link, fitter, new_unit=spare)
    with refused("reversed"):
        replace(link, fitter)
    services.scrap_unit(unit=machine, reason="Dropped", actor=world.operator)
    with refused("unit_status"):
        replace(fixed, fitter)


@pytest.mark.requirement("GEN-06")
def test_nobody_works_on_a_unit_that_is_with_a_customer(world: World, fitter: Any) -> None:
    screws, machine = world.lot(10), unit_of(world)
    machine.lot.refresh_from_db()  # type: ignore[union-attr]
    link = built(world, screws, machine, 4)
    shipped(world, leads(world), machine)
    with refused("away"):
        replace(link, fitter)


@pytest.mark.requirement("GEN-11")
def test_a_unit_in_which_something_is_missing_is_neither_used_shipped_nor_released(world: World, fitter: Any) -> None:
    screws, other, machine = world.lot(10), world.lot(10), unit_of(world)
    more = world.lot(10, screws.material)
    link = built(world, screws, machine, 4)
    replace(link, fitter, quantity=Decimal(3), outcome="scrap")
    assert [(one.material, one.quantity) for one in missing_in(machine)] == [(screws.material, 3)]
    lead = leads(world)
    leaving = draft(world, lead)
    with refused("incomplete"):
        put(leaving, lead, machine)
    assert machine.lot is not None
    with refused("incomplete"):
        issue_stock(lot=machine.lot, unit=machine, quantity=Decimal(1), actor=world.operator)
    with refused("incomplete"):
        services.release_unit(unit=machine, actor=world.quality, signature=proof(world.quality, "released"))
    with refused("not_missing"):
        services.build_in_component(unit=machine, new_lot=other, reason="Back", actor=fitter)
    with refused("reason"):
        services.build_in_component(unit=machine, new_lot=more, reason=" ", actor=fitter)
    with refused("permission"):
        services.build_in_component(unit=machine, new_lot=more, reason="Back", actor=world.operator)
    key = uuid.uuid4()
    deeds = {
        services.build_in_component(unit=machine, new_lot=more, reason="Back", actor=fitter, client_id=key).pk
        for _ in range(2)
    }
    assert len(deeds) == 1
    assert missing_in(machine) == []
    assert [(one.parent_lot, one.quantity) for one in components_of(machine)] == [(screws, 1), (more, 3)]
    assert on_hand(more) == 7
    put(leaving, lead, machine)


@pytest.mark.requirement("GEN-10")
def test_a_unit_is_compared_with_its_bill_of_material(world: World, fitter: Any) -> None:
    product = world.material(tracking="serial")
    bolts, nuts, plate = world.material(), world.material(), world.material()
    bom = services.create_bill_of_material(material=product, actor=world.system)
    for component, quantity in ((bolts, 4), (nuts, 2), (plate, 1)):
        services.add_bom_line(
            bom=bom,
            component=component,
            quantity=Decimal(quantity),
            uom=world.each,
            valid_from=dt.date(2020, 1, 1),
            actor=world.system,
        )
    machine = world.unit(world.lot(0, product))
    substitute = world.material()
    for material, quantity in ((bolts, 4), (nuts, 1), (substitute, 1)):
        built(world, world.lot(10, material), machine, quantity)
    told = {one.material: (one.planned, one.built, one.verdict[0]) for one in as_built(machine, built_into(machine))}
    assert told == {
        bolts: (4, 4, "as planned"),
        nuts: (2, 1, "less than planned"),
        plate: (1, 0, "less than planned"),
        substitute: (0, 1, "not planned"),
    }
