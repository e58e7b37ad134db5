"""Stock and its refusals at the services; every refusal proves that nothing was booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.lifecycle.models import Transition
from tests.support.people import make_site, make_user, proof
from tests.support.stock import adjust_stock, held_quantity, issue_stock, usability
from tests.traceability.refusals import refused
from tests.traceability.world import World
from traceability import services
from traceability.models import Lot, StorageLocation
from traceability.queries import (
    available,
    day_at,
    effective_material_revision,
    on_hand,
    units_for,
)

# --- taking


@pytest.mark.requirement("ORD-04")
def test_an_issue_takes_stock_from_where_enough_lies(world: World) -> None:
    lot = world.lot(10)
    services.move_stock(
        lot=lot, quantity=Decimal(4), from_location=world.store, to_location=world.production, actor=world.operator
    )
    movement = issue_stock(lot=lot, quantity=Decimal(5), actor=world.operator)
    assert movement.from_location == world.store
    assert [on_hand(lot), on_hand(lot, world.store), on_hand(lot, world.production)] == list(map(Decimal, (5, 1, 4)))
    with refused("place"):
        issue_stock(lot=lot, quantity=Decimal(5), actor=world.operator)
    with refused("place"):
        issue_stock(lot=lot, quantity=Decimal(2), location=world.store, actor=world.operator)


# --- units


def test_a_material_tracked_by_serial_number_is_taken_by_unit(world: World) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit, other = world.unit(lot), world.unit(world.lot(0))
    assert set(units_for(lot.material, world.site)) == {unit}
    with refused("unit_missing"):
        issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)
    with refused("unit_lot"):
        issue_stock(lot=lot, unit=other, quantity=Decimal(1), actor=world.operator)
    issue_stock(lot=lot, unit=unit, quantity=Decimal(1), actor=world.operator)
    with refused("unit_stock", "quantity"):
        issue_stock(lot=lot, unit=unit, quantity=Decimal(1), actor=world.operator)


def test_a_held_unit_is_neither_offered_nor_used_nor_scrapped(world: World) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    held, free = world.unit(lot), world.unit(lot)
    services.place_hold(unit=held, reason="scratch", actor=world.operator)
    assert set(units_for(lot.material, world.site)) == {free}
    assert [on_hand(lot), held_quantity(lot), available(lot)] == list(map(Decimal, (2, 1, 1)))
    with refused("hold"):
        issue_stock(lot=lot, unit=held, quantity=Decimal(1), actor=world.operator)
    with refused("hold"):
        services.scrap_unit(unit=held, reason="away", actor=world.operator)
    issue_stock(lot=lot, unit=free, quantity=Decimal(1), actor=world.operator)
    with refused("hold", "quantity"):
        services.scrap_stock(
            lot=lot, unit=held, quantity=Decimal(1), location=world.production, reason="away", actor=world.operator
        )
    held.refresh_from_db()
    assert held.status == "completed"


def test_scrapping_a_unit_takes_it_out_of_stock(world: World) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit = world.unit(lot)
    services.scrap_unit(unit=unit, reason="dropped", actor=world.operator)
    unit.refresh_from_db()
    assert (unit.status, int(on_hand(lot))) == ("scrapped", 0)
    assert lot.movements.get(kind="scrap").unit == unit


def test_a_serial_number_is_given_once_per_material(world: World) -> None:
    material = world.material(tracking="serial")
    services.create_unit(site=world.site, material=material, serial="A1", actor=world.operator)
    with refused("taken"):
        services.create_unit(site=world.site, material=material, serial="A1", actor=world.operator)
    drawn = [services.create_unit(site=world.site, material=material, actor=world.operator) for _ in range(2)]
    assert len({unit.serial for unit in drawn}) == 2
    assert Transition.objects.filter(subject_type__model="serializedunit").count() == 3


# --- handling


@pytest.mark.parametrize("booking", ["move", "scrap"])
def test_handling_refuses_what_is_held_gone_or_elsewhere(world: World, booking: str) -> None:
    lot = world.lot(5)
    acts: dict[str, Callable[[Decimal], Any]] = {
        "move": lambda quantity: services.move_stock(
            lot=lot, quantity=quantity, from_location=world.store, to_location=world.production, actor=world.quality
        ),
        "scrap": lambda quantity: services.scrap_stock(
            lot=lot, quantity=quantity, location=world.store, reason="bent", actor=world.operator
        ),
    }
    act = acts[booking]
    with refused("quantity", "place"):
        act(Decimal(6))
    services.place_hold(lot=lot, quantity=Decimal(3), reason="part", actor=world.operator)
    with refused("quantity"):
        act(Decimal(3))
    act(Decimal(2))
    services.place_hold(lot=lot, reason="all", actor=world.operator)
    with refused("hold"):
        act(Decimal(1))


def test_places_of_another_site_are_refused(world: World) -> None:
    lot = world.lot(5)
    foreign = services.create_location(site=make_site(), code="X", name="X", actor=world.system)
    with refused("place"):
        services.move_stock(
            lot=lot, quantity=Decimal(1), from_location=world.store, to_location=foreign, actor=world.operator
        )
    with refused("place"):
        services.produce_stock(lot=lot, quantity=Decimal(1), location=foreign, actor=world.operator)
    with refused("place"):
        services.receive_lot(
            site=world.site,
            material=lot.material,
            number="NEW",
            quantity=Decimal(1),
            location=foreign,
            actor=world.quality,
        )


def test_scrap_and_shipped_goods_are_no_longer_on_hand(world: World) -> None:
    lot = world.lot(5)
    shipped = services.create_location(
        site=world.site, code="OUT", name="Shipped", kind=StorageLocation.Kind.SHIPPED, actor=world.system
    )
    services.move_stock(
        lot=lot, quantity=Decimal(2), from_location=world.store, to_location=shipped, source=lot, actor=world.operator
    )
    assert {on_hand(lot), available(lot)} == {Decimal(3)}


@pytest.mark.parametrize("kind", ["issue", "move", "scrap", "produce", "adjust"])
def test_every_booking_can_be_taken_back_once(world: World, kind: str) -> None:
    lot = world.lot(5)
    movement = {
        "issue": lambda: issue_stock(lot=lot, quantity=Decimal(2), actor=world.system),
        "move": lambda: services.move_stock(
            lot=lot, quantity=Decimal(2), from_location=world.store, to_location=world.production, actor=world.system
        ),
        "scrap": lambda: services.scrap_stock(lot=lot, quantity=Decimal(2), reason="bent", actor=world.system),
        "produce": lambda: services.produce_stock(lot=lot, quantity=Decimal(2), actor=world.system),
        "adjust": lambda: adjust_stock(lot=lot, location=world.store, counted=Decimal(9), reason="counted"),
    }[kind]()
    back = services.reverse_movement(movement=movement, actor=world.system, reason="mistake")
    assert {on_hand(lot), on_hand(lot, world.store)} == {Decimal(5)}
    assert back.reverses == movement
    movement.refresh_from_db()
    with refused("reversed"):
        services.reverse_movement(movement=movement, actor=world.system, reason="again")
    with refused("reversed"):
        services.reverse_movement(movement=back, actor=world.system, reason="again")


def test_what_was_produced_and_then_held_or_used_cannot_be_taken_back(world: World) -> None:
    lot = world.lot(0)
    movement = services.produce_stock(lot=lot, quantity=Decimal(4), actor=world.operator)
    hold = services.place_hold(lot=lot, quantity=Decimal(2), reason="part", actor=world.operator)
    with refused("quantity"):
        services.reverse_movement(movement=movement, actor=world.operator)
    services.release_hold(
        hold=hold, reason="fine", actor=world.quality, signature=proof(world.quality, "hold_released")
    )
    issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)
    with refused("quantity", "place"):
        services.reverse_movement(movement=movement, actor=world.operator)


@pytest.mark.parametrize(
    "act",
    [
        lambda w, lot, who: issue_stock(lot=lot, quantity=Decimal(1), actor=who),
        lambda w, lot, who: services.produce_stock(lot=lot, quantity=Decimal(1), actor=who),
        lambda w, lot, who: services.move_stock(
            lot=lot, quantity=Decimal(1), from_location=w.store, to_location=w.production, actor=who
        ),
        lambda w, lot, who: services.scrap_stock(lot=lot, quantity=Decimal(1), reason="bent", actor=who),
        lambda w, lot, who: services.count_lot(
            lot=lot, location=w.store, counted=Decimal(1), reason="counted", actor=who
        ),
        lambda w, lot, who: services.place_hold(lot=lot, reason="suspect", actor=who),
        lambda w, lot, who: services.create_lot(site=w.site, material=lot.material, actor=who),
        lambda w, lot, who: services.create_unit(site=w.site, material=lot.material, actor=who),
        lambda w, lot, who: services.create_location(site=w.site, code="Z", name="Z", actor=who),
        lambda w, lot, who: services.create_material(number="Z", name="Z", uom=w.each, actor=who),
        lambda w, lot, who: services.link(parent_lot=lot, child_lot=lot, quantity=Decimal(1), uom=w.each, actor=who),
    ],
)
def test_without_the_right_at_the_site_nothing_is_booked(world: World, act: Callable[..., Any]) -> None:
    lot = world.lot(5)
    stranger = make_user(site=make_site(), permissions=("traceability.issue_stock", "traceability.produce_lot"))
    with refused("permission"):
        act(world, lot, stranger)


# --- lots and revisions


def test_a_lot_gets_its_number_expiry_and_revision(world: World) -> None:
    material = world.material(shelf_life_days=30, revision="A")
    services.make_revision_effective(revision=material.revisions.get(), actor=world.system)
    lot = services.receive_lot(site=world.site, material=material, quantity=Decimal(3), actor=world.quality)
    assert lot.number.startswith("LOT-")
    assert lot.expires_on == day_at(world.site) + dt.timedelta(days=30)
    assert lot.revision == effective_material_revision(material)
    assert lot.status == "quarantine"
    assert on_hand(lot, world.quarantine) == 3
    with refused("taken"):
        services.create_lot(site=world.site, material=material, number=lot.number, actor=world.quality)


@pytest.mark.requirement("ORD-04")
def test_a_lot_is_released_signed_and_only_without_holds_in_its_genealogy(world: World) -> None:
    part, lot = world.lot(1), world.lot(5, status="quarantine")
    world.link(part, lot)
    hold = services.place_hold(lot=part, reason="recalled", actor=world.operator)
    signed = proof(world.quality, "released")
    with refused("hold"):
        services.release_lot(lot=lot, actor=world.quality, signature=signed)
    services.release_hold(
        hold=hold, reason="fine", actor=world.quality, signature=proof(world.quality, "hold_released")
    )
    with refused("signature_required"):
        services.release_lot(lot=lot, actor=world.quality, signature=None)
    with refused("permission", "signature_unfit"):
        services.release_lot(lot=lot, actor=world.operator, signature=signed)
    services.release_lot(lot=lot, actor=world.quality, signature=signed)
    assert usability(Lot.objects.get(pk=lot.pk), Decimal(1)) == []


def test_the_new_revision_supersedes_the_old_in_one_transaction(world: World) -> None:
    material = world.material(revision="A")
    first = material.revisions.get()
    services.make_revision_effective(revision=first, actor=world.quality)
    second = services.add_revision(material=material, revision="B", actor=world.system)
    assert effective_material_revision(material) == first
    services.make_revision_effective(revision=second, actor=world.quality)
    first.refresh_from_db()
    assert (effective_material_revision(material), first.status) == (second, "superseded")
