"""What a station says to a scanned code: where it leads, or what it is and what to do instead."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.wiring import ask
from core.organization.models import WorkCenter
from core.web.questions import FindRecords
from tests.mes.execution.floor import OPERATOR, Floor
from tests.mes.execution.station import Station, make_station
from tests.support.people import grant, make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("TRM-07")]


def scanned(station: Station, code: str) -> Any:
    """What the page-wide scanner is told."""
    return station.client.get(station.address(rest="scan/"), {"code": code}, HTTP_ACCEPT="application/json")


@pytest.fixture
def station(floor: Floor) -> Station:
    for right in ("view_material", "view_serializedunit", "view_storagelocation"):
        grant(floor.operator, floor.site, f"traceability.{right}")
    return make_station(floor.work_center, floor.operator)


@pytest.fixture
def paint(floor: Floor) -> Station:
    """A station of another work center of the same site."""
    with transaction.atomic(), acting(floor.world.system):
        elsewhere = WorkCenter(area=floor.work_center.area, code="WC9", name="Paint")
        elsewhere.save()
    return make_station(elsewhere, floor.operator)


def test_the_lot_of_an_order_opens_its_operation(floor: Floor, station: Station) -> None:
    order = floor.order()
    made = floor.finished(floor.first(order))
    assert scanned(station, made.number).json()["url"] == station.address(floor.first(order))
    floor.finish_first(order)
    assert scanned(station, made.number).json()["url"] == station.address(floor.last(order))


def test_the_lot_at_hand_opens_its_operation_and_is_not_taken_for_a_component(floor: Floor, station: Station) -> None:
    operation = floor.start(floor.first(floor.order()))
    assert scanned(station, floor.finished(operation).number).json()["url"] == station.address(operation)


def test_what_is_made_elsewhere_is_told_with_its_place(floor: Floor, paint: Station) -> None:
    order = floor.order()
    made = floor.finished(floor.first(order))
    for code in (made.number, order.number):
        told = scanned(paint, code).json()
        assert told["url"] == ""
        assert told["label"] == f"{code} · {floor.product}"
        assert f"Next: OP 10 Prepare at {floor.work_center}" in told["advice"]
    page = paint.client.get(paint.address(rest="scan/"), {"code": made.number})
    assert page.status_code == 200
    assert "Next: OP 10 Prepare" in page.content.decode() and "unknown" not in page.content.decode().split("</h1>")[0]


def test_a_component_waits_for_its_operation(floor: Floor, station: Station) -> None:
    lot, unit = floor.lot(floor.parts[1]), floor.piece(floor.parts[0]).unit
    told = scanned(station, lot.number).json()
    assert (told["url"], told["label"]) == ("", f"Lot {lot.number} · {lot.material}")
    assert told["advice"] == "Open the operation that it goes into, then scan it again."
    assert scanned(station, str(unit)).json()["advice"] == told["advice"]
    operation = floor.start(floor.first(floor.order()))
    booking = station.address(operation, f"dialog/consume/?code={lot.number}")
    assert scanned(station, lot.number).json()["url"] == booking


def test_a_part_number_is_told_from_a_lot(floor: Floor, station: Station) -> None:
    part = floor.parts[1]
    for _at_work in (False, True):
        told = scanned(station, part.number).json()
        assert (told["url"], told["label"]) == ("", f"Material {part.number} · {part.name}")
        assert told["advice"] == "This is a part number. Scan the label of the lot or of the unit."
        floor.start(floor.first(floor.order()))


def test_anything_else_that_is_known_is_named(floor: Floor, station: Station) -> None:
    order = floor.order(release=False)
    told = scanned(station, order.number).json()
    assert (told["url"], told["label"]) == ("", f"Production order {order.number} · {floor.product}")
    assert "it is “Draft”" in told["advice"]
    place = floor.world.store
    told = scanned(station, place.code).json()
    assert told["label"] == f"Storage location {place.code} · {place.name}"
    assert told["advice"].startswith("Nothing is done with it here. Scan a badge, an order")


def test_nobody_is_told_what_they_may_not_see(floor: Floor, station: Station) -> None:
    order, lot = floor.order(), floor.lot(floor.parts[1])
    stranger = make_user(site=make_site(), permissions=OPERATOR)
    station.sign_on(stranger)
    for code in (order.number, floor.finished(floor.first(order)).number, lot.number, floor.world.store.code):
        assert scanned(station, code).status_code == 404, code
    station.lock()
    for code in (order.number, lot.number, floor.parts[1].number):
        assert scanned(station, code).status_code == 404, code


def test_search_finds_an_order_by_a_part_of_its_number_for_those_who_may_see_it(floor: Floor) -> None:
    order = floor.order()
    for words, rank in ((order.number, 0), (order.number[3:], 1)):
        found = {one.url: one.rank for one in ask(FindRecords(words, floor.planner))}
        assert found[order.get_absolute_url()] == rank
    for stranger in (make_user(site=make_site(), permissions=OPERATOR), make_user(site=floor.site)):
        assert not [one for one in ask(FindRecords(order.number, stranger)) if one.label == order.number]
