"""Containments: everything in a scope is held at once, whatever enters it later too, each hold released on its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.services import system_user
from core.signing.queries import signatures_of
from tests.support.people import make_site, make_user, proof
from tests.support.stock import issue_stock
from tests.traceability.goods import delivered, draft, ordered, partner, put, receive, shipped
from tests.traceability.refusals import refused
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Containment, Hold, Lot
from traceability.queries import (
    Scope,
    described,
    everything_in,
    holds_of,
    state_of,
    usability_in,
    with_customers,
    with_progress,
)

RIGHTS = (
    "traceability.view_containment",
    "traceability.view_hold",
    "traceability.view_lot",
    "traceability.place_containment",
    "traceability.end_containment",
    "traceability.remove_hold",
    "traceability.release_hold",
    "traceability.place_hold",
    "traceability.create_lot",
    "traceability.move_stock",
    "traceability.scrap_serializedunit",
)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def quality(world: World) -> Any:
    """Somebody who may contain, release and destroy."""
    return make_user(site=world.site, permissions=RIGHTS)


def place(quality: Any, scope: Scope, **values: Any) -> Containment:
    """The scope is contained, and what PostgreSQL would refuse at the commit is asked now."""
    made = services.place_containment(scope=scope, reason="Wrong alloy", actor=quality, **values)
    kept()
    return made


def kept() -> None:
    """What is asked at the commit is asked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def held_by(containment: Containment) -> set[Any]:
    return {hold.held for hold in holds_of(containment).filter(status="open")}


def of_material(world: World, lot: Lot, **values: Any) -> Scope:
    return Scope("material", world.site, material=lot.material, **values)


@pytest.mark.requirement("HLD-01")
def test_each_chosen_lot_and_unit_gets_a_hold_of_its_own(world: World, quality: Any) -> None:
    first, second, other = world.lot(10), world.lot(0), world.lot(3)
    unit, sister = world.unit(second), world.unit(second)
    made = place(quality, Scope("chosen", world.site, lots=(first,), units=(unit,)), source=other.material)
    assert held_by(made) == {first, unit}
    assert (made.source, made.status, made.number) == (other.material, "open", "CON-000001")
    assert {hold.reason for hold in holds_of(made)} == {"CON-000001: Wrong alloy"}
    assert {hold.source for hold in holds_of(made)} == {made}
    with refused("hold"):
        issue_stock(lot=first, quantity=Decimal(1), actor=world.operator)
    issue_stock(lot=second, unit=sister, quantity=Decimal(1), actor=world.operator)


@pytest.mark.requirement("HLD-01")
def test_holds_of_a_containment_are_released_one_by_one(world: World, quality: Any) -> None:
    first, second = world.lot(10), world.lot(10)
    made = place(quality, Scope("chosen", world.site, lots=(first, second)))
    hold = Hold.objects.get(lot=first)
    services.release_hold(hold=hold, reason="fine", actor=quality, signature=proof(quality, "hold_released"))
    assert held_by(made) == {second}
    found = with_progress(Containment.objects.filter(pk=made.pk)).get()
    assert (found.held, found.still_open, found.status) == (2, 1, "open")  # type: ignore[attr-defined]
    with refused("hold"):
        issue_stock(lot=second, quantity=Decimal(1), actor=world.operator)


@pytest.mark.requirement("HLD-02")
def test_a_material_is_held_as_far_as_it_came_in_the_time(world: World, quality: Any) -> None:
    lot = world.lot(10)
    other = world.lot(10)
    at = now()
    later = world.lot(5, lot.material)
    assert everything_in(of_material(world, lot, until=at)).lots == {lot.pk}
    assert everything_in(of_material(world, lot, since=at)).lots == {later.pk}
    assert everything_in(of_material(world, lot)).lots == {lot.pk, later.pk}
    empty = world.lot(0, lot.material)
    made = place(quality, of_material(world, lot, until=at))
    assert held_by(made) == {lot}
    assert not Hold.objects.filter(lot__in=[other, later, empty]).exists()


@pytest.mark.requirement("HLD-02")
def test_of_serialized_material_the_units_of_the_time_are_held_and_not_their_sisters(
    world: World, quality: Any
) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    before = world.unit(lot)
    at = now()
    within = world.unit(lot)
    made = place(quality, of_material(world, lot, since=at, until=now() + HOUR))
    assert held_by(made) == {within}
    issue_stock(lot=lot, unit=before, quantity=Decimal(1), actor=world.operator)


@pytest.mark.requirement("HLD-03")
def test_what_enters_an_open_scope_later_is_held_by_the_same_deed(world: World, quality: Any) -> None:
    lot = world.lot(10)
    made = place(quality, of_material(world, lot))
    received = world.lot(5, lot.material)
    produced = world.lot(0, lot.material, status="in_production")
    assert held_by(made) == {lot, received}, "an empty lot holds nothing yet"
    services.produce_stock(lot=produced, quantity=Decimal(1), location=world.production, actor=world.operator)
    kept()
    assert held_by(made) == {lot, received, produced}
    assert {hold.placed_by for hold in holds_of(made) if hold.lot != lot} == {system_user("containment")}
    elsewhere = make_world(site=make_site())
    assert not Hold.objects.filter(lot=elsewhere.lot(5, lot.material)).exists()


@pytest.mark.requirement("HLD-03")
def test_a_unit_made_later_is_held_and_one_made_after_the_end_is_not(world: World, quality: Any) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    made = place(quality, of_material(world, lot))
    unit = world.unit(lot)
    kept()
    assert held_by(made) == {unit}
    services.end_containment(
        containment=made, actor=quality, reason="Supplier changed it", signature=proof(quality, "closed")
    )
    free = world.unit(lot)
    kept()
    assert held_by(made) == {unit}, "its holds stay"
    assert not Hold.objects.filter(unit=free).exists()
    assert [signature.meaning for signature in signatures_of(made)] == ["closed"]


@pytest.mark.requirement("HLD-03")
def test_a_closed_time_catches_nothing_that_comes_later(world: World, quality: Any) -> None:
    lot = world.lot(10)
    made = place(quality, of_material(world, lot, until=now()))
    world.lot(5, lot.material)
    kept()
    assert held_by(made) == {lot}


@pytest.mark.requirement("HLD-03")
def test_a_lot_that_was_released_from_it_is_held_again_when_more_of_it_comes(world: World, quality: Any) -> None:
    lot = world.lot(10)
    made = place(quality, of_material(world, lot))
    services.release_hold(
        hold=Hold.objects.get(lot=lot), reason="fine", actor=quality, signature=proof(quality, "hold_released")
    )
    services.produce_stock(lot=lot, quantity=Decimal(1), location=world.store, actor=world.operator)
    kept()
    assert held_by(made) == {lot}


@pytest.mark.requirement("HLD-02")
def test_a_suppliers_lot_is_held_wherever_it_was_received(world: World, quality: Any) -> None:
    line = ordered(world, 100)
    vendor, stranger = line.order.supplier, partner(world)
    first = receive(world, line, supplier_lot="S-77").lot
    same_number = receive(world, ordered(world, 10, supplier=stranger), supplier_lot="S-77").lot
    unknown = world.lot(5, supplier_lot="s-77 ")
    receive(world, line, supplier_lot="S-78")
    made = place(quality, Scope("supplier", world.site, supplier=vendor, supplier_lot="S-77"))
    assert held_by(made) == {first, unknown}
    second = receive(world, ordered(world, 10, supplier=vendor), supplier_lot="S-77").lot
    again = receive(world, ordered(world, 10, supplier=stranger), supplier_lot="S-77").lot
    kept()
    assert held_by(made) == {first, unknown, second}
    assert not Hold.objects.filter(lot__in=[again, same_number]).exists()
    unordered = services.receive_unordered(
        site=world.site,
        supplier=vendor,
        material=first.material,
        delivery=delivered(supplier_lot="S-77"),
        actor=world.quality,
    )
    kept()
    assert unordered.lot in held_by(made)


@pytest.mark.requirement("HLD-04")
def test_what_it_went_into_is_held_at_any_depth_and_what_it_goes_into_later_too(world: World, quality: Any) -> None:
    raw, middle, top = world.lot(10), world.lot(10), world.lot(10)
    world.link(raw, middle)
    world.link(middle, top)
    made = place(quality, Scope("chosen", world.site, lots=(raw,), with_descendants=True))
    assert held_by(made) == {raw, middle, top}
    late, beyond = world.lot(10), world.lot(10)
    world.link(late, beyond)
    world.link(top, late)
    kept()
    assert held_by(made) == {raw, middle, top, late, beyond}


@pytest.mark.requirement("HLD-04")
def test_of_a_unit_its_assemblies_are_held_and_neither_its_lot_nor_its_sisters(world: World, quality: Any) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit, sister = world.unit(lot), world.unit(lot)
    product = world.lot(0, world.material(tracking="serial"))
    assembly, other = world.unit(product), world.unit(product)
    world.link(unit, assembly)
    world.link(sister, other)
    made = place(quality, Scope("chosen", world.site, units=(unit,), with_descendants=True))
    assert held_by(made) == {unit, assembly}


@pytest.mark.requirement("HLD-04")
def test_without_the_option_only_use_of_what_it_went_into_is_refused(world: World, quality: Any) -> None:
    raw, product = world.lot(10), world.lot(10)
    world.link(raw, product)
    made = place(quality, Scope("chosen", world.site, lots=(raw,)))
    assert held_by(made) == {raw}
    assert [b.code for b in usability_in(state_of(product), product, Decimal(1))] == ["hold_inherited"]


@pytest.mark.requirement("HLD-04")
def test_the_same_goods_are_held_under_whatever_lot_number_they_go(world: World, quality: Any) -> None:
    raw, product = world.lot(10, supplier_lot="S-1"), world.lot(10)
    part, rest = world.lot(4, raw.material), world.lot(2, raw.material)
    world.link(raw, part, 4)
    world.link(part, product)
    made = place(quality, Scope("supplier", world.site, supplier_lot="S-1"))
    assert held_by(made) == {raw, part}
    world.link(part, rest, 2)
    later = world.lot(10)
    world.link(part, later)
    kept()
    assert held_by(made) == {raw, part, rest}


@pytest.mark.requirement("HLD-01")
def test_it_tells_where_everything_is_and_what_is_with_customers(world: World, quality: Any, lead: Any) -> None:
    lot = world.lot(10)
    line = shipped(world, lead, lot, 4)
    goods = everything_in(of_material(world, lot))
    (member,) = described(goods)
    assert (member.record, member.on_hand, member.shipped) == (lot, 6, 4)
    assert [(one.code, one.quantity) for one in member.here] == [("STOCK", 6)]
    (recalled,) = with_customers(goods)
    assert (recalled.shipment, recalled.quantity) == (line.shipment, 4)


@pytest.mark.requirement("HLD-01")
def test_a_draft_of_a_shipment_reserves_nothing_against_a_containment(world: World, quality: Any, lead: Any) -> None:
    lot = world.lot(10)
    shipment = draft(world, lead)
    put(shipment, lead, lot, 4)
    place(quality, of_material(world, lot))
    with refused("hold"):
        perform(shipment, "ship", actor=lead)


@pytest.mark.requirement("HLD-01")
@pytest.mark.parametrize(
    ("code", "scope"),
    [
        ("nothing_chosen", lambda world: Scope("chosen", world.site)),
        ("material", lambda world: Scope("material", world.site)),
        ("supplier_lot", lambda world: Scope("supplier", world.site, supplier_lot=" ")),
        ("record", lambda world: Scope("order", world.site)),
        ("window", lambda world: of_material(world, world.lot(1), since=now(), until=now() - HOUR)),
        ("site", lambda world: Scope("chosen", world.site, lots=(make_world(site=make_site()).lot(1),))),
    ],
)
def test_a_scope_that_names_nothing_is_refused(world: World, quality: Any, code: str, scope: Any) -> None:
    named = scope(world)
    with refused(code):
        services.place_containment(scope=named, reason="Doubt", actor=quality)
    assert not Containment.objects.exists()


@pytest.mark.requirement("HLD-01")
def test_placing_and_ending_need_their_rights_a_reason_and_a_signature(world: World, quality: Any) -> None:
    scope = of_material(world, world.lot(10))
    with refused("permission"):
        services.place_containment(scope=scope, reason="Doubt", actor=world.operator)
    with refused("reason"):
        services.place_containment(scope=scope, reason=" ", actor=quality)
    made = place(quality, scope)
    signed = proof(quality, "closed")
    for actor, reason, signature in ((world.operator, "over", signed), (quality, "", signed), (quality, "over", None)):
        with pytest.raises(Blocked):
            services.end_containment(containment=made, actor=actor, reason=reason, signature=signature)
        made.refresh_from_db()
        assert made.status == "open"


@pytest.mark.requirement("HLD-01")
def test_placing_costs_as_much_for_many_as_for_few(world: World, quality: Any) -> None:
    def cost(count: int) -> int:
        material = world.material()
        lots = [world.lot(5, material) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries:
            place(quality, of_material(world, lots[0]))
        return len(queries)

    assert cost(12) == cost(3)
