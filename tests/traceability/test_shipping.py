"""Goods leave for customers and come back: only what may be used, by movements, found again where they went."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from tests.support.people import make_site, make_user
from tests.support.stock import issue_stock
from tests.support.visits import visit_as
from tests.traceability.goods import LEAD, back, draft, kept, leads, ordered, partner, put, receive, shipped
from tests.traceability.refusals import refused
from tests.traceability.test_races import at_once
from tests.traceability.test_views import ALL, MOST_STATEMENTS
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import (
    Hold,
    Lot,
    Shipment,
    ShipmentLine,
    StockMovement,
    StorageLocation,
)
from traceability.queries import on_hand, state_of


@pytest.mark.requirement("SHP-01")
def test_what_is_shipped_leaves_the_stock(world: World, lead: Any) -> None:
    lot = world.lot(10)
    shipment = draft(world, lead)
    line = put(shipment, lead, lot, 4)
    assert (on_hand(lot), shipment.status) == (10, "draft")
    perform(shipment, "ship", actor=lead)
    line = ShipmentLine.objects.get(pk=line.pk)
    assert line.movement is not None and line.movement.to_location is not None
    assert (line.movement.kind, line.movement.to_location.kind, line.movement.quantity) == ("move", "shipped", 4)
    assert (line.movement.source, on_hand(lot), shipment.status) == (shipment, 6, "shipped")


@pytest.mark.requirement("SHP-01")
def test_a_unit_that_left_can_neither_be_used_nor_leave_again(world: World, lead: Any) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit, other = world.unit(lot), world.unit(lot)
    line = shipped(world, lead, unit)
    assert line.movement is not None
    assert (line.movement.unit, line.movement.from_location) == (unit, world.production)
    assert (state_of(lot, unit).unit_stock, state_of(lot, other).unit_stock) == (0, 1)
    again = draft(world, lead)
    with refused("unit_stock"):
        issue_stock(lot=lot, unit=unit, quantity=Decimal(1), actor=world.operator)
    with refused("unit_stock"):
        put(again, lead, unit)
    hold = services.place_hold(unit=unit, reason="recall", actor=world.operator)
    assert state_of(lot).available == 1, "the unit that is held is not here any more"
    assert hold.status == "open"


def unreleased(world: World) -> Lot:
    return world.lot(5, status="quarantine")


def expired(world: World) -> Lot:
    return world.lot(5, expires_on=dt.date(2020, 1, 1))


def held(world: World) -> Lot:
    lot = world.lot(5)
    services.place_hold(lot=lot, reason="dull", actor=world.operator)
    return lot


def partly_held(world: World) -> Lot:
    lot = world.lot(5)
    services.place_hold(lot=lot, quantity=Decimal(3), reason="dull", actor=world.operator)
    return lot


def contains_held(world: World) -> Lot:
    lot = world.lot(5)
    world.link(held(world), lot)
    return lot


def at_another_site(world: World) -> Lot:
    return make_world().lot(5)


UNFIT: list[tuple[str, Callable[[World], Lot]]] = [
    ("lot_status", unreleased),
    ("expired", expired),
    ("hold", held),
    ("quantity", partly_held),
    ("hold_inherited", contains_held),
    ("site", at_another_site),
    ("unit_missing", lambda world: world.lot(5, world.material(tracking="serial"))),
]


@pytest.mark.requirement("SHP-02")
@pytest.mark.parametrize(("code", "unfit"), UNFIT, ids=[code for code, _ in UNFIT])
def test_what_may_not_be_used_does_not_go_on_a_shipment(
    world: World, lead: Any, code: str, unfit: Callable[[World], Lot]
) -> None:
    lot, shipment = unfit(world), draft(world, lead)
    with refused(code):
        put(shipment, lead, lot, 4)
    assert not shipment.lines.exists()


@pytest.mark.requirement("SHP-02")
def test_what_is_held_meanwhile_does_not_leave(world: World, lead: Any) -> None:
    good, doubtful, shipment = world.lot(5), world.lot(5), draft(world, lead)
    put(shipment, lead, good, 2)
    put(shipment, lead, doubtful, 2)
    services.place_hold(lot=doubtful, reason="dull", actor=world.operator)
    with refused("hold"):
        perform(shipment, "ship", actor=lead)
    assert {on_hand(good), on_hand(doubtful)} == {5}


@pytest.mark.requirement("SHP-02")
def test_only_a_customer_in_use_gets_something(world: World, lead: Any) -> None:
    for values in ({"is_customer": False}, {"is_customer": True, "is_active": False}):
        with refused("customer"):
            services.create_shipment(site=world.site, customer=partner(world, **values), actor=lead)
    shipment = draft(world, lead)
    with refused("no_lines"):
        perform(shipment, "ship", actor=lead)
    put(shipment, lead, world.lot(5))
    shipment.customer.is_active = False
    kept(world, shipment.customer)
    with refused("customer"):
        perform(shipment, "ship", actor=lead)


@pytest.mark.requirement("SHP-02")
def test_only_a_draft_changes_and_only_by_who_may(world: World, lead: Any) -> None:
    lot, other, shipment = world.lot(10), world.lot(5), draft(world, lead)
    line = put(shipment, lead, lot, 2)
    with refused("on_shipment"):
        put(shipment, lead, lot, 2)
    with refused("fraction"):
        services.add_shipment_line(shipment=shipment, lot=other, quantity=Decimal("0.5"), actor=lead)
    stranger = make_user(site=make_site(), permissions=LEAD)
    for who in (world.operator, stranger):
        for deed in (
            lambda who=who: services.create_shipment(site=world.site, customer=shipment.customer, actor=who),
            lambda who=who: put(shipment, who, world.lot(1)),
            lambda who=who: services.remove_shipment_line(line=line, actor=who),
            lambda who=who: perform(shipment, "ship", actor=who),
            lambda who=who: perform(shipment, "cancel", actor=who, reason="Not wanted"),
            lambda who=who: back(line, who),
        ):
            with pytest.raises(Blocked) as refusal:
                deed()
            assert "permission" in refusal.value.codes
    services.remove_shipment_line(line=line, actor=lead)
    line = put(shipment, lead, lot, 3)
    perform(shipment, "cancel", actor=lead, reason="Not wanted")
    for late in (lambda: put(shipment, lead, lot), lambda: services.remove_shipment_line(line=line, actor=lead)):
        with refused("shipment_status"):
            late()
    with refused("state"):
        perform(shipment, "ship", actor=lead)
    assert on_hand(lot) == 10


@pytest.mark.requirement("SHP-01")
def test_a_site_without_a_place_for_shipped_goods_ships_nothing(world: World) -> None:
    lead = make_user(site=world.site, permissions=LEAD)
    shipment = draft(world, lead)
    put(shipment, lead, world.lot(5))
    with refused("place"):
        perform(shipment, "ship", actor=lead)


@pytest.mark.requirement("SHP-02")
def test_nothing_gets_out_past_a_shipment(world: World, lead: Any) -> None:
    lot = world.lot(5)
    out = StorageLocation.objects.get(site=world.site, kind="shipped")
    with refused("leaves"):
        services.move_stock(
            lot=lot, quantity=Decimal(1), from_location=world.store, to_location=out, actor=world.operator
        )
    with refused("leaves"):
        services.count_lot(lot=lot, location=out, counted=Decimal(1), reason="Found", actor=world.system)


@pytest.mark.requirement("SHP-02")
def test_two_shipments_never_take_more_than_there_is(plant: str) -> None:
    world = make_world()
    lead, lot = leads(world), world.lot(5)
    shipments = [draft(world, lead) for _ in range(2)]
    for shipment in shipments:
        put(shipment, lead, lot, 4)
    outcomes = at_once(2, lambda number: perform(shipments[number], "ship", actor=lead))
    assert (sorted(outcomes), on_hand(lot)) == (["done", "quantity"], 1)


# --- pages


def send(desk: Client, name: str, pk: int | None = None, **values: str) -> Any:
    """Send a form of this app's page."""
    address = reverse(f"traceability:{name}", args=[] if pk is None else [pk])
    return desk.post(address, {"client_id": str(uuid.uuid4()), **values})


@pytest.mark.requirement("SHP-01", "SHP-03", "RTN-01")
def test_a_shipment_from_its_draft_to_a_return_on_the_pages(world: World, lead: Any) -> None:
    desk, lot = visit_as(lead), world.lot(10)
    unit = world.unit(world.lot(0, world.material(tracking="serial")))
    customer = partner(world, code="C-1", name="Alpine Bikes", is_customer=True)
    answer = send(desk, "shipment_create", site=str(world.site.pk), customer=customer.code)
    shipment = Shipment.objects.get()
    assert answer["Location"] == shipment.get_absolute_url()
    for values, words in (
        ({"goods": "NONE", "quantity": "1"}, "There is no lot or unit"),
        ({"goods": lot.number}, "Needed for a lot."),
        ({"quantity": "1"}, "required"),
    ):
        answer = send(desk, "shipmentline_create", shipment.pk, **values)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), answer.content.decode()
    answer = send(desk, "shipmentline_create", shipment.pk, goods=lot.number, quantity="11")
    assert (answer.status_code, "10 EA left" in answer.content.decode()) == (409, True)
    assert send(desk, "shipmentline_create", shipment.pk, goods=lot.number, quantity="4").status_code == 302
    assert send(desk, "shipmentline_create", shipment.pk, goods=unit.serial).status_code == 302
    first = shipment.lines.order_by("pk")[0]
    assert (
        reverse("traceability:shipmentline_remove", args=[first.pk])
        in desk.get(shipment.get_absolute_url()).content.decode()
    )
    ship = reverse("traceability:shipment_move", args=[shipment.pk, "ship"])
    assert lot.number in desk.get(ship).content.decode()
    version = str(Shipment.objects.get().row_version)
    assert desk.post(ship, {"client_id": str(uuid.uuid4()), "version": version}).status_code == 302
    for record in (lot, unit):
        assert "to Alpine Bikes" in desk.get(record.get_absolute_url()).content.decode()
    assert "Alpine Bikes" in desk.get(reverse("traceability:shipment_list")).content.decode()
    answer = send(desk, "shipmentline_return", first.pk, quantity="1", reason="Wrong colour")
    assert answer["Location"] == shipment.get_absolute_url()
    assert Hold.objects.get().reason == "Returned: Wrong colour"
    assert "came back" in desk.get(lot.get_absolute_url()).content.decode()
    assert StockMovement.objects.filter(source_id=shipment.pk, source_label=str(shipment)).count() == 3


@pytest.mark.requirement("SHP-01")
def test_customers_in_use_are_offered(world: World, lead: Any) -> None:
    offered = partner(world, is_customer=True)
    others = [partner(world, is_customer=True, is_active=False), partner(world, is_customer=False, is_supplier=True)]
    page = visit_as(lead).get(reverse("traceability:shipment_create")).content.decode()
    assert f'value="{offered.code}"' in page
    assert not [other for other in others if f'value="{other.code}"' in page]


@pytest.mark.requirement("TRC-07")
def test_the_page_of_everything_says_to_whom_a_lot_went(world: World, lead: Any) -> None:
    lot = world.lot(5)
    back(shipped(world, lead, lot, 3), lead, 1)
    rights = ("traceability.view_lot", "traceability.view_genealogylink", "traceability.view_shipment")
    rows = {}
    for allowed in (rights, rights[:2]):
        reader = visit_as(make_user(site=world.site, permissions=allowed))
        told = reader.get(f"/api/v1/traceability/lots/{lot.pk}/everything/").json()["results"]
        rows[allowed] = [row["note"] for row in told if row["part"] == "neighbours"]
    assert rows == {rights: ["3 EA, 1 EA came back"], rights[:2]: []}


def test_a_line_is_taken_off_on_its_page(world: World, lead: Any) -> None:
    shipment = draft(world, lead)
    line = put(shipment, lead, world.lot(5))
    answer = send(visit_as(lead), "shipmentline_remove", line.pk)
    assert (answer.status_code, shipment.lines.count()) == (302, 0), answer.content.decode()


@pytest.mark.requirement("PERF-PAGE")
def test_the_pages_keep_to_their_statements_however_much_went_and_came_back(world: World, lead: Any) -> None:
    desk, lot = visit_as(make_user(site=world.site, permissions=ALL)), world.lot(50)
    line, waiting = shipped(world, lead, lot, 9), put(draft(world, lead), lead, lot)
    lines = reverse("traceability:shipmentline_return", args=[line.pk])
    addresses = [
        lot.get_absolute_url(),
        line.get_absolute_url(),
        waiting.get_absolute_url(),
        lines,
        reverse("traceability:shipmentline_remove", args=[waiting.pk]),
        reverse("traceability:shipment_move", args=[waiting.shipment_id, "ship"]),
        reverse("traceability:shipment_list"),
        reverse("traceability:shipment_create"),
        reverse("traceability:shipmentline_create", args=[waiting.shipment_id]),
        reverse("traceability:receipt_create"),
        reverse("traceability:receipt_list"),
    ]

    def spent() -> dict[str, int]:
        found = {}
        for address in addresses:
            desk.get(address)
            with CaptureQueriesContext(connection) as statements:
                assert desk.get(address).status_code == 200
            found[address] = len(statements)
        return found

    back(line, lead)
    receive(world, ordered(world))
    before = spent()
    for _ in range(3):
        back(line, lead)
        put(waiting.shipment, lead, world.lot(5))
        shipped(world, lead, lot, 2)
        receive(world, ordered(world))
    after = spent()
    assert {address: count for address, count in after.items() if count > MOST_STATEMENTS} == {}
    assert {address: (count, before[address]) for address, count in after.items() if count > before[address]} == {}
