"""What a hand or a scanner gets wrong: too much, the wrong place, goods past their day, more than there is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.kernel.clock import now
from core.lifecycle.services import perform
from tests.support.people import make_user, proof
from tests.support.visits import visit_as
from tests.traceability.goods import draft, leads, put
from tests.traceability.refusals import refused
from tests.traceability.test_shelf_life import days
from tests.traceability.world import World
from traceability import services
from traceability.models import Lot, ShipmentLine
from traceability.queries import states


def scrapyard(world: World) -> Any:
    return services.create_location(site=world.site, code="BIN", name="Scrap", kind="scrap", actor=world.system)


@pytest.mark.requirement("STK-01")
def test_nothing_is_scrapped_by_a_move_or_taken_in_as_scrap(world: World) -> None:
    """Scrapping takes a right and a reason of its own."""
    place, lot = scrapyard(world), world.lot(10)
    with refused("leaves"):
        services.move_stock(
            lot=lot, quantity=Decimal(1), from_location=world.store, to_location=place, actor=world.operator
        )
    with refused("leaves"):
        services.receive_lot(
            site=world.site, material=lot.material, quantity=Decimal(1), location=place, actor=world.quality
        )
    with refused("leaves"):
        services.create_container(site=world.site, location=place, kind="box", actor=world.system)


@pytest.mark.requirement("STK-02")
def test_a_quantity_that_nobody_has_is_a_slip(world: World) -> None:
    too_much = Decimal(10) ** 10 + 1
    with refused("quantity"):
        world.lot(too_much)
    lot = world.lot(10)
    count = services.begin_count(location=world.store, actor=world.system)
    with refused("quantity"):
        services.record_count(count=count, lot=lot, counted=too_much, actor=world.system)


@pytest.mark.requirement("HLD-01")
def test_no_more_is_held_than_is_there(world: World) -> None:
    lot = world.lot(50)
    with refused("more_than_there"):
        services.place_hold(lot=lot, quantity=Decimal(60), reason="Dull", actor=world.operator)
    for _ in range(2):  # two suspicions about the same pieces add up
        services.place_hold(lot=lot, quantity=Decimal(30), reason="Dull", actor=world.operator)
    known = world.lot(1)
    hold = services.place_hold(lot=lot, quantity=Decimal(60), reason="Dull", source=known, actor=world.operator)
    assert hold.quantity == 60, "a record that speaks of pieces which left already says how many there were"


@pytest.mark.requirement("SHL-01")
def test_what_is_past_its_day_is_neither_released_nor_merged(world: World) -> None:
    old = world.lot(5, status="quarantine", expires_on=days(world, -1))
    with refused("expired"):
        services.release_lot(lot=old, actor=world.quality, signature=proof(world.quality, "released"))
    good = world.lot(5, old.material, status="quarantine", expires_on=days(world, 9))
    with refused("expired"):
        services.merge_lots(lots=[old, good], actor=world.system)


@pytest.mark.requirement("CNT-05")
def test_two_pallets_of_one_lot_and_loose_goods_of_it_leave_together(world: World) -> None:
    lead, lot = leads(world), world.lot(10)
    made = draft(world, lead)
    for _ in range(2):
        pallet = services.create_container(site=world.site, location=world.store, kind="pallet", actor=world.system)
        services.pack(container=pallet, lot=lot, quantity=Decimal(3), actor=world.system)
        services.add_container_lines(shipment=made, container=pallet, actor=lead)
    put(made, lead, lot, 4)
    with refused("on_shipment"):
        services.add_container_lines(shipment=made, container=pallet, actor=lead)
    with refused("on_shipment"):
        put(made, lead, lot, 1)
    perform(made, "ship", actor=lead)
    assert sorted(ShipmentLine.objects.filter(shipment=made).values_list("quantity", flat=True)) == [3, 3, 4]
    assert states([(lot.pk, None)])[0].on_hand == 0


@pytest.mark.requirement("CNT-04")
def test_a_container_with_held_goods_goes_into_quarantine_and_shows_the_hold(world: World) -> None:
    lot = world.lot(10)
    pallet = services.create_container(site=world.site, location=world.store, kind="pallet", actor=world.system)
    services.pack(container=pallet, lot=lot, quantity=Decimal(3), actor=world.system)
    desk = visit_as(make_user(site=world.site, permissions=("traceability.view_container",)))
    assert "Contains what is on hold" not in desk.get(pallet.get_absolute_url()).content.decode()
    services.place_hold(lot=lot, reason="Dull", actor=world.operator)
    assert "Contains what is on hold" in desk.get(pallet.get_absolute_url()).content.decode()
    with refused("hold"):
        services.move_container(container=pallet, location=world.production, actor=world.system)
    services.move_container(container=pallet, location=world.quarantine, actor=world.system)
    with refused("hold"):
        services.move_container(container=pallet, location=world.store, actor=world.system)


@pytest.fixture
def desk(world: World) -> Client:
    seen = ("lot", "genealogylink", "shipment", "hold")
    rights = (*(f"traceability.view_{one}" for one in seen), "traceability.split_lot")
    return visit_as(make_user(site=world.site, permissions=rights))


@pytest.mark.requirement("GEN-02")
def test_lots_are_merged_by_their_own_labels(world: World, desk: Client) -> None:
    material = world.material(gtin="04012345000009")
    first, second = (world.lot(2, material, number=number) for number in ("MERGED A 1", "L-77"))
    page = reverse("traceability:lot_merge", args=[second.pk])
    label = "\x1d0104012345000009" + "10MERGED A 1"
    for entered in (label.removeprefix("\x1d"), first.number):
        answer = desk.post(page, {"lots": entered, "reason": "One heap"})
        if answer.status_code == 302:
            break
        assert entered != first.number, answer.content.decode()
    assert Lot.objects.filter(material=material).count() == 3


@pytest.mark.requirement("TRC-05")
def test_the_page_of_everything_shows_words_and_no_markup(world: World, desk: Client) -> None:
    lead, lot = leads(world), world.lot(10)
    made = draft(world, lead)
    line = put(made, lead, lot, 4)
    perform(made, "ship", actor=lead)
    line.refresh_from_db()
    services.return_goods(line=line, quantity=Decimal(1), reason="Dented", actor=lead)
    page = desk.get(reverse("traceability:lot_everything", args=[lot.pk])).content.decode()
    assert (
        "came back" in page
        or "came back"
        in desk.get(reverse("traceability:lot_everything", args=[lot.pk]) + "?part=neighbours").content.decode()
    )
    assert "&lt;span" not in page


@pytest.mark.requirement("SHL-03")
def test_a_lot_says_when_it_was_opened_in_the_time_of_its_site(world: World, desk: Client) -> None:
    lot = world.lot(5, world.material(open_life_days=7))
    services.open_lot(lot=lot, actor=world.operator)
    lot.refresh_from_db()
    assert lot.opened_at is not None and (now() - lot.opened_at).total_seconds() < 60
    page = desk.get(lot.get_absolute_url()).content.decode()
    assert f'datetime="{lot.opened_at.isoformat(timespec="seconds")}"' in page
