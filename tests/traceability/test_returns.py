"""Goods come back from customers: into quarantine, on hold, and no more than left."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from tests.support.people import proof
from tests.support.stock import issue_stock
from tests.traceability.goods import back, draft, kept, leads, put, shipped
from tests.traceability.refusals import refused
from tests.traceability.test_races import at_once
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import CustomerReturn, StorageLocation
from traceability.queries import state_of


@pytest.mark.requirement("RTN-01")
def test_what_comes_back_waits_on_hold_in_quarantine(world: World, lead: Any) -> None:
    lot = world.lot(10)
    line = shipped(world, lead, lot, 4)
    found = back(line, lead, 3)
    assert (found.line, found.movement.to_location, found.movement.quantity) == (line, world.quarantine, 3)
    state = state_of(lot)
    assert (state.on_hand, state.held, state.available) == (9, 3, 6)
    assert found.hold.reason == "Returned: Dented"
    signed = proof(world.quality, "hold_released")
    services.release_hold(hold=found.hold, reason="Only the box", actor=world.quality, signature=signed)
    assert state_of(lot).available == 9


@pytest.mark.requirement("RTN-01")
def test_a_unit_comes_back_on_hold(world: World, lead: Any) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit = world.unit(lot)
    line = shipped(world, lead, unit)
    assert back(line, lead).hold.unit == unit
    with refused("hold", "quantity"):
        issue_stock(lot=lot, unit=unit, quantity=Decimal(1), actor=world.operator)
    with refused("more_than_shipped"):
        back(line, lead)


@pytest.mark.requirement("RTN-01")
def test_recalled_goods_come_back_although_their_lot_is_on_hold(world: World, lead: Any) -> None:
    lot = world.lot(10)
    line = shipped(world, lead, lot, 4)
    services.place_hold(lot=lot, reason="recall", actor=world.operator)
    back(line, lead, 4)
    assert (state_of(lot).on_hand, state_of(lot).available) == (10, 0)


@pytest.mark.requirement("RTN-02")
def test_no_more_comes_back_than_left(world: World, lead: Any) -> None:
    lot = world.lot(10)
    line = shipped(world, lead, lot, 4)
    back(line, lead, 3)
    with refused("more_than_shipped"):
        back(line, lead, 2)
    with refused("fraction"):
        services.return_goods(line=line, quantity=Decimal("0.5"), reason="Dented", actor=lead)
    with refused("quantity"):
        back(line, lead, 0)
    with refused("reason"):
        services.return_goods(line=line, quantity=Decimal(1), reason=" ", actor=lead)
    waiting = put(draft(world, lead), lead, lot)
    with refused("not_shipped"):
        back(waiting, lead)
    back(line, lead, 1)
    assert CustomerReturn.objects.count() == 2


@pytest.mark.requirement("RTN-02")
def test_a_site_without_quarantine_takes_nothing_back(world: World, lead: Any) -> None:
    line = shipped(world, lead, world.lot(5))
    place = StorageLocation.objects.get(pk=world.quarantine.pk)
    place.is_active = False
    kept(world, place)
    with refused("place"):
        back(line, lead)


@pytest.mark.requirement("RTN-02")
def test_the_same_return_twice_is_one(world: World, lead: Any) -> None:
    line, other, once = shipped(world, lead, world.lot(5), 3), shipped(world, lead, world.lot(5)), uuid.uuid4()
    assert back(line, lead, client_id=once) == back(line, lead, client_id=once)
    with refused("client_id"):
        back(other, lead, client_id=once)


@pytest.mark.requirement("RTN-02")
def test_two_people_take_the_same_goods_back_once(plant: str) -> None:
    world = make_world()
    lead = leads(world)
    line = shipped(world, lead, world.lot(5), 3)
    assert sorted(at_once(2, lambda _: back(line, lead, 3))) == ["done", "more_than_shipped"]


@pytest.mark.requirement("RTN-01")
def test_what_came_back_stays_in_quarantine_while_its_hold_is_open(world: World, lead: Any) -> None:
    """Held goods are those in quarantine: what is free elsewhere does not set them free."""
    lot = world.lot(25)
    line = shipped(world, lead, lot, 4)
    found = back(line, lead, 4)

    def carried(quantity: int) -> Any:
        return services.move_stock(
            lot=lot,
            quantity=Decimal(quantity),
            from_location=world.quarantine,
            to_location=world.store,
            actor=world.operator,
        )

    with refused("held_here"):
        carried(4)
    with refused("held_here"):
        issue_stock(lot=lot, quantity=Decimal(1), location=world.quarantine, actor=world.operator)
    with refused("held_here"):
        services.split_lot(lot=lot, quantity=Decimal(1), location=world.quarantine, held=False, actor=world.system)
    assert issue_stock(lot=lot, quantity=Decimal(21), actor=world.operator).from_location == world.store
    with refused("quantity"):
        issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)
    signed = proof(world.quality, "hold_released")
    services.release_hold(hold=found.hold, reason="Only the box", actor=world.quality, signature=signed)
    assert carried(4).to_location == world.store
