"""GS1 labels at a station: they name the component, and what they say must fit it."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel.errors import Blocked
from core.kernel.gs1 import build
from core.lifecycle.models import GateDecision
from mes.execution import services as execution
from mes.execution.models import Consumption
from mes.execution.queries import scanned_component, scanned_components, scanned_serial
from tests.mes.execution.floor import Floor
from tests.mes.execution.station import Station, make_station
from traceability import services
from traceability.models import Material, SerializedUnit

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("GS1-05")]
GTIN, OTHER = "09506000134352", "09521234543213"
LATER = "2036-11-29 12:00"
"""A day of which labels can speak, after the rights of the people here began."""


def named(floor: Floor, material: Material, gtin: str) -> None:
    services.change_material(
        material=material,
        name=material.name,
        kind=material.kind,
        shelf_life_days=None,
        is_active=True,
        gtin=gtin,
        actor=floor.world.system,
        reason="labelled",
    )


@pytest.fixture
def station(floor: Floor) -> Station:
    return make_station(floor.work_center, floor.operator)


def test_the_gtin_tells_two_lots_of_one_number_apart(floor: Floor) -> None:
    operation = floor.last(floor.order())
    part, other = floor.parts[1], floor.world.material(gtin=OTHER)
    named(floor, part, GTIN)
    ours, theirs = (floor.world.lot(5, one, number="SAME") for one in (part, other))
    codes = {gtin: build([("01", gtin), ("10", "SAME")]).raw() for gtin in (GTIN, OTHER)}
    found = scanned_components(operation, list(codes.values()))
    assert [found[codes[gtin]] for gtin in (GTIN, OTHER)] == [(ours, None), (theirs, None)]
    link = build([("01", GTIN), ("10", "SAME")]).link()
    assert scanned_component(operation, link) == (ours, None)


@time_machine.travel(LATER)
def test_a_label_that_does_not_fit_is_not_used(floor: Floor) -> None:
    operation = floor.last(floor.order())
    serial, part = floor.parts
    named(floor, part, GTIN)
    lot, unit = floor.world.lot(5, part, number="A-1"), floor.piece(serial).unit
    assert unit is not None and unit.lot is not None

    def refused(*pairs: tuple[str, str]) -> tuple[str, ...]:
        with pytest.raises(Blocked) as refusal:
            scanned_component(operation, build(pairs).raw())
        assert all(blocker.remedy for blocker in refusal.value.blockers)
        return refusal.value.codes

    assert refused(("01", OTHER), ("10", "A-1")) == ("label_material",)
    assert refused(("01", GTIN), ("21", unit.serial)) == ("label_material",)
    assert refused(("01", OTHER), ("10", "OTHER"), ("21", unit.serial)) == ("label_lot",)
    assert refused(("01", GTIN), ("17", "361128"), ("10", "A-1")) == ("label_expired",)
    assert refused(("01", GTIN), ("10", "NOWHERE")) == ("unknown_component",)
    today = build([("01", GTIN), ("17", "361129"), ("10", "A-1")]).raw()
    assert scanned_component(operation, today) == (lot, None)
    with pytest.raises(Blocked) as broken:
        scanned_component(operation, "(01)09506000134353(10)A-1")
    assert broken.value.codes == ("label",) and "check digit" in str(broken.value)


def test_a_number_of_the_house_may_look_like_a_label(floor: Floor) -> None:
    operation = floor.last(floor.order())
    for number in (f"01{OTHER}", "0109521234543214"):
        lot = floor.world.lot(5, floor.parts[1], number=number)
        assert scanned_component(operation, number) == (lot, None)


def test_a_component_is_booked_by_its_label_at_the_station(floor: Floor, station: Station) -> None:
    part = floor.parts[1]
    named(floor, part, GTIN)
    lot = floor.lot(part)
    operation = floor.assembling()
    assert lot.expires_on is None
    long = build([("01", GTIN), ("240", "X" * 30), ("241", "Y" * 30), ("10", lot.number)]).raw()
    assert len(long) > 80
    address = station.address(operation, "dialog/consume/")
    shown = station.client.get(address, {"code": long})
    assert shown.status_code == 200
    wrong = build([("01", OTHER), ("10", lot.number)]).raw()
    before = Consumption.objects.count()
    refusal = station.client.post(address, {"code": wrong, "quantity": "1"})
    assert "The label says GTIN" in refusal.content.decode()
    assert Consumption.objects.count() == before
    late = build([("01", GTIN), ("17", "200101"), ("10", lot.number)]).raw()
    assert (
        "By its label it was usable until"
        in station.client.post(address, {"code": late, "quantity": "1"}).content.decode()
    )
    assert Consumption.objects.count() == before


def test_a_unit_is_finished_by_its_label_and_those_of_its_parts(floor: Floor, station: Station) -> None:
    serial, part = floor.parts
    product = floor.product
    for material, gtin in ((product, GTIN), (part, OTHER)):
        named(floor, material, gtin)
    operation = floor.assembling()
    lot, piece = floor.lot(part), floor.piece(serial).unit
    assert piece is not None and piece.lot is not None
    components = [
        build([("01", "09506000149301"), ("10", piece.lot.number), ("21", piece.serial)]).raw(),
        build([("01", OTHER), ("10", lot.number)]).raw(),
    ]
    body = {
        "serial": build([("01", GTIN), ("21", "U-GS1")]).raw(),
        "components": "\r\n".join(components),
        f"value-{floor.torque.pk}": "11.0",
    }
    address = station.address(operation, "dialog/unit/")
    for label, said in (
        (build([("01", OTHER), ("21", "U-GS1")]).raw(), "but the order makes"),
        (build([("01", GTIN), ("10", "LOT")]).raw(), "The label says no serial number."),
        ("(01)123(21)X", "is too short"),
        ("X" * 61, "at most 60 characters"),
    ):
        refusal = station.client.post(address, {**body, "serial": label})
        assert said in refusal.content.decode(), label
    assert not SerializedUnit.objects.filter(material=product).exists()
    done = station.client.post(address, body)
    assert done.status_code == 302, done.content.decode()
    [made] = SerializedUnit.objects.filter(material=product)
    assert made.serial == "U-GS1"
    used = Consumption.objects.filter(order_operation=operation).values_list("unit__serial", "lot__number")
    assert set(used) == {(piece.serial, piece.lot.number), (None, lot.number)}


def test_what_is_no_label_is_taken_as_it_was_typed(floor: Floor) -> None:
    assert scanned_serial(floor.last(floor.order()), "U-7") == "U-7"


def test_labels_cost_one_statement_more_however_many(floor: Floor) -> None:
    operation = floor.last(floor.order())
    lots = [floor.world.lot(1, floor.parts[1]) for _ in range(4)]

    def spent(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            scanned_components(operation, codes)
        return len(captured)

    plain = min(spent([lot.number for lot in lots]) for _ in range(2))
    assert spent([build([("01", OTHER), ("10", lot.number)]).raw() for lot in lots]) == plain + 1


@pytest.mark.requirement("GS1-07")
def test_a_label_that_is_refused_at_a_station_leaves_a_decision(floor: Floor, station: Station) -> None:
    operation = floor.assembling()
    named(floor, floor.parts[1], GTIN)
    floor.world.lot(5, floor.parts[1], number="A-1")
    wrong = build([("01", OTHER), ("10", "A-1")]).raw()
    with pytest.raises(Blocked) as refusal:
        execution.read_component(order_operation=operation, code=wrong, actor=floor.operator)
    assert refusal.value.codes == ("label_material",)
    decision = GateDecision.objects.filter(action="consume", allowed=False, subject_id=operation.pk).latest("pk")
    assert decision.results[0]["blockers"][0]["code"] == "label_material"
    with pytest.raises(Blocked):
        execution.refuse_scans(
            order_operation=operation, action="complete_unit", blockers=refusal.value.blockers, actor=floor.operator
        )
    assert GateDecision.objects.filter(action="complete_unit", allowed=False, subject_id=operation.pk).exists()
