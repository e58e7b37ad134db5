"""Our own rows as events: each kind of row as the right event, all gates passed, in pages of a constant cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.formats.epcis import (
    AggregationEvent,
    AssociationEvent,
    Event,
    ObjectEvent,
    Quantity,
    TransformationEvent,
)
from integrations.queries import (
    Asked,
    BadToken,
    Wanted,
    Wrong,
    about,
    events_of,
    events_page,
    lot_uri,
    names,
    read_query,
    unit_uri,
)
from integrations.queries.events import count_events
from integrations.queries.names import UNIT_CODES, event_id, own, row_of, unit_code
from tests.integrations.epcis import gates
from tests.mes.production_record.story import full_story
from tests.support.cases import cases_directory
from tests.support.kept import made_once
from tests.support.people import make_site
from tests.support.stock import adjust_stock, issue_stock
from tests.traceability.goods import back, leads, ordered, receive, shipped
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Lot, StockMovement

pytestmark = pytest.mark.requirement("EPC-03")

kept_world = made_once(make_world)


@pytest.fixture
def world(kept_world: Callable[[], World], db: None) -> World:
    """A small plant, rolled back at the end."""
    return kept_world()


def told(world: World, wanted: Wanted | None = None) -> list[Event]:
    """All events of the site."""
    return list(events_of(wanted or Wanted(), [world.site.pk]))


def last(world: World) -> Any:
    """The latest one."""
    return told(world)[-1]


def gtin_lot(world: World, quantity: int = 10, **values: Any) -> Lot:
    """A lot of a trade item with a GTIN."""
    return world.lot(quantity, world.material(gtin="09506000134352", **values), number="L/77")


def test_goods_that_arrive_on_an_order(world: World) -> None:
    line = ordered(world, 10)
    receipt = receive(world, line)
    event = last(world)
    site = world.site.code
    assert isinstance(event, ObjectEvent)
    assert (event.action, event.biz_step, event.disposition) == ("OBSERVE", "receiving", "in_progress")
    assert event.quantities == (Quantity(own("class", line.material.number, receipt.lot.number), Decimal(4), ""),)
    assert [(one.type, one.id) for one in event.transactions] == [("po", own("bt", "po", site, line.order.number))]
    assert event.sources[0].id == own("party", line.order.supplier.code)
    assert event.destinations[0].id == own("party", site)
    assert event.biz_location == own("loc", site, "Q1") or event.biz_location.startswith(own("loc", site))
    assert event.offset == "+01:00" or event.offset == "+02:00"
    gates_if_there([event])


def gates_if_there(events: list[Event]) -> None:
    """All gates, where the standard's files are."""
    if cases_directory() is not None:
        gates.assert_passes(events)


def test_a_trade_item_is_named_by_its_digital_link(world: World) -> None:
    lot = gtin_lot(world)
    assert last(world).quantities[0].epc_class == "https://id.gs1.org/01/09506000134352/10/L%2F77" == lot_uri(lot)
    odd = world.lot(1, lot.material, number="a lot number that GS1 has no form for")
    assert lot_uri(odd) == own("class", odd.material.number, odd.number)


def test_goods_that_move_are_scrapped_are_taken_and_leave_and_come_back(world: World) -> None:
    lead = leads(world)
    lot = gtin_lot(world)
    services.move_stock(
        lot=lot, quantity=Decimal(2), from_location=world.store, to_location=world.production, actor=world.operator
    )
    moved = last(world)
    assert (moved.biz_step, moved.action) == ("storing", "OBSERVE")
    assert moved.read_point.endswith(world.store.code) and moved.biz_location.endswith(world.production.code)
    services.scrap_stock(lot=lot, quantity=Decimal(1), location=world.store, reason="Dented", actor=world.operator)
    scrapped = last(world)
    assert (scrapped.biz_step, scrapped.action, scrapped.disposition) == ("destroying", "DELETE", "destroyed")
    assert scrapped.biz_location == ""
    issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)
    assert last(world).biz_step == "picking"
    line = shipped(world, lead, lot, 3)
    left = last(world)
    assert (left.biz_step, left.disposition, left.biz_location) == ("shipping", "in_transit", "")
    assert left.transactions[0].id.endswith(line.shipment.number)
    assert left.destinations[0].id == own("party", line.shipment.customer.code)
    back(line, lead, 2)
    came = last(world)
    assert (came.biz_step, came.disposition, came.quantities[0].quantity) == ("receiving", "returned", 2)
    assert (came.sources, came.destinations) == (left.destinations, left.sources)
    gates_if_there(told(world))


def test_what_is_made_of_something_is_a_transformation_of_one_name(world: World) -> None:
    powder = world.lot(50, world.weighed())
    tablets = world.lot(0, world.material(gtin="09506000134352"), number="T1")
    services.link_many(
        links=[services.LinkInput(powder, tablets, Decimal("12.5"), powder.material.uom)],
        source=None,
        actor=world.system,
    )
    services.produce_stock(
        lot=tablets, quantity=Decimal(100), location=world.production, source=None, actor=world.operator
    )
    into, out = told(world)[-2:]
    assert isinstance(into, TransformationEvent) and isinstance(out, TransformationEvent)
    assert into.input_quantities == (Quantity(lot_uri(powder), Decimal("12.5"), "KGM"),)
    assert out.output_quantities == (Quantity(lot_uri(tablets), Decimal(100), ""),)
    assert into.transformation_id == out.transformation_id != ""
    assert ("lotNumber", "T1") in [(one.local, one.value) for one in out.ilmd]
    gates_if_there([into, out])


def test_what_is_made_of_nothing_known_is_commissioned(world: World) -> None:
    lot = world.lot(0, number="N1")
    services.produce_stock(lot=lot, quantity=Decimal(5), location=world.production, source=None, actor=world.operator)
    event = last(world)
    assert isinstance(event, ObjectEvent) and (event.action, event.biz_step) == ("ADD", "commissioning")


def test_what_is_built_into_a_unit_is_a_part_of_it(world: World) -> None:
    screws = world.lot(10)
    unit = world.unit(world.lot(0, world.material(tracking="serial", gtin="09506000134352")))
    world.link(screws, unit, 4)
    event = last(world)
    assert isinstance(event, AssociationEvent)
    assert (event.parent, event.action, event.biz_step) == (unit_uri(unit), "ADD", "assembling")
    assert event.parent == f"https://id.gs1.org/01/09506000134352/21/{unit.serial}"
    assert event.child_quantities == (Quantity(lot_uri(screws), Decimal(4), ""),)
    gates_if_there([event])


def test_what_was_taken_back_leaves_again_as_an_error_of_the_same_id(world: World) -> None:
    lot = world.lot(10)
    movement = services.move_stock(
        lot=lot, quantity=Decimal(2), from_location=world.store, to_location=world.production, actor=world.operator
    )
    before = last(world)
    services.reverse_movement(movement=movement, reason="Wrong lot", actor=world.system)
    again = told(world)
    assert again[-2] == before
    declared = again[-1]
    assert declared.event_id == before.event_id and before.error is None
    assert declared.error is not None and declared.error.reason == "incorrect_data"
    assert replace(declared, error=None, record_time=before.record_time) == before
    gates_if_there(again)


def test_what_is_packed_and_unpacked_is_an_aggregation(world: World) -> None:
    lot = gtin_lot(world)
    where: dict[str, Any] = {"site": world.site, "location": world.store, "actor": world.system}
    pallet, box = (services.create_container(**where, kind=kind) for kind in ("pallet", "box"))
    services.pack(container=box, lot=lot, quantity=Decimal(4), actor=world.system)
    services.nest_container(container=pallet, child=box, actor=world.system)
    services.unpack(container=box, lot=lot, quantity=Decimal(1), actor=world.system)
    packed, nested, unpacked = told(world)[-3:]
    assert isinstance(packed, AggregationEvent) and isinstance(nested, AggregationEvent)
    assert isinstance(unpacked, AggregationEvent)
    assert (packed.action, packed.biz_step, unpacked.action, unpacked.biz_step) == (
        "ADD", "packing", "DELETE", "unpacking"
    )  # fmt: skip
    assert packed.parent == own("obj", "container", world.site.code, box.number)
    assert packed.child_quantities == (Quantity(lot_uri(lot), Decimal(4), ""),)
    assert (nested.parent, nested.children) == (
        own("obj", "container", world.site.code, pallet.number),
        (packed.parent,),
    )
    box.sscc = "106141412345678908"
    assert names.container_uri(box) == "https://id.gs1.org/00/106141412345678908"
    gates_if_there([packed, nested, unpacked])


def test_a_split_is_a_transformation_of_the_lot_into_another(world: World) -> None:
    lot = world.lot(10)
    child = services.split_lot(lot=lot, quantity=Decimal(4), actor=world.system)
    events = told(world)[-2:]
    assert all(isinstance(one, TransformationEvent) for one in events)
    used = [one for one in events if isinstance(one, TransformationEvent) and one.input_quantities]
    made = [one for one in events if isinstance(one, TransformationEvent) and one.output_quantities]
    assert [one.input_quantities for one in used] == [(Quantity(lot_uri(lot), Decimal(4), ""),)]
    assert [one.output_quantities for one in made] == [(Quantity(lot_uri(child), Decimal(4), ""),)]
    assert used[0].transformation_id == made[0].transformation_id
    gates_if_there(events)


def test_corrections_of_a_count_are_no_events(world: World) -> None:
    lot = world.lot(10)
    count = len(told(world))
    adjust_stock(lot=lot, counted=Decimal(9), location=world.store, reason="Counted")
    assert StockMovement.objects.filter(lot=lot, kind="adjust").count() == 1
    assert len(told(world)) == count


@pytest.mark.parametrize("unit", ["box", "piece"])
def test_units_of_measure_have_codes_or_no_quantity(world: World, unit: str) -> None:
    made = services.create_uom(code=unit, name=unit, pint_unit="", actor=world.system)
    assert unit_code(made) == ""
    strange = services.create_uom(code=f"{unit}-x", name=unit, pint_unit="newton * meter", actor=world.system)
    assert unit_code(strange) is None
    lot = world.lot(3, world.material(uom=strange))
    assert last(world).quantities == (Quantity(lot_uri(lot)),)
    assert all(len(code) in (2, 3) and code.isalnum() for code in UNIT_CODES.values())


@pytest.mark.cases
@pytest.mark.requirement("EPC-02")
def test_a_whole_story_passes_every_gate(db: None) -> None:
    story = full_story()
    events = list(events_of(Wanted(), [story.floor.site.pk]))
    assert {event.type for event in events} >= {"ObjectEvent", "AssociationEvent", "TransformationEvent"}
    assert any(one.type == "prodorder" for event in events for one in event.transactions)
    gates.assert_passes(events, {"cbvmda": "urn:epcglobal:cbv:mda:"})
    ids = [(event.event_id, event.error is not None) for event in events]
    assert len(set(ids)) == len(ids)


# --- Pages and filters ------------------------------------------------------------------------------------------------


def busy(world: World) -> list[Lot]:
    """Some lots with some movements."""
    lots = [world.lot(10) for _ in range(3)]
    for lot in lots:
        movement = services.move_stock(
            lot=lot, quantity=Decimal(2), from_location=world.store, to_location=world.production, actor=world.operator
        )
        services.reverse_movement(movement=movement, reason="Wrong", actor=world.system)
    world.link(lots[0], lots[1])
    return lots


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_give_every_event_once_in_order(world: World, limit: int, descending: bool) -> None:
    busy(world)
    sites = [world.site.pk]
    everything = events_page(Wanted(), sites, limit=500, descending=descending).events
    token = ""
    found: list[Event] = []
    while True:
        page = events_page(Wanted(), sites, limit=limit, token=token, descending=descending)
        found += page.events
        token = page.next
        if not token:
            break
    assert tuple(found) == everything and len(everything) == count_events(Wanted(), sites) == 10
    times = [event.event_time for event in everything]
    assert times == sorted(times, reverse=descending)


def test_a_page_costs_the_same_whatever_it_holds(world: World) -> None:
    lots = busy(world)
    sites = [world.site.pk]
    counts = []
    for limit in (1, 10):
        with CaptureQueriesContext(connection) as statements:
            events_page(about(Wanted(), [lot_uri(lot) for lot in lots]), sites, limit=limit)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7


def test_events_of_other_sites_are_not_there(world: World) -> None:
    busy(world)
    assert list(events_of(Wanted(), [make_site().pk])) == []


def asked(**given: str) -> Asked:
    """A query by the standard's names."""
    return read_query({name: [value] for name, value in given.items()})


@pytest.mark.requirement("EPC-05")
def test_filters_find_what_a_search_by_hand_finds(world: World) -> None:
    lots = busy(world)
    everything = told(world)
    uri = lot_uri(lots[0])
    at = everything[4].event_time
    by_hand: list[tuple[dict[str, str], Any]] = [
        ({"eventType": "TransformationEvent"}, lambda e: e.type == "TransformationEvent"),
        ({"EQ_bizStep": "storing"}, lambda e: e.biz_step == "storing"),
        ({"EQ_bizStep": "urn:epcglobal:cbv:bizstep:storing,picking"}, lambda e: e.biz_step in ("storing", "picking")),
        ({"EQ_action": "OBSERVE"}, lambda e: getattr(e, "action", "") == "OBSERVE"),
        ({"EQ_disposition": "in_transit"}, lambda e: e.disposition == "in_transit"),
        ({"EQ_eventID": everything[2].event_id}, lambda e: e.event_id == everything[2].event_id),
        ({"MATCH_anyEPCClass": uri}, lambda e: any(name == uri for _role, name, _quantity in e.things())),
        ({"MATCH_epcClass": uri}, lambda e: any((r, n) == ("epc", uri) for r, n, _q in e.things())),
        ({"MATCH_inputEPCClass": uri}, lambda e: any((r, n) == ("input", uri) for r, n, _q in e.things())),
        ({"MATCH_outputEPCClass": uri}, lambda e: any((r, n) == ("output", uri) for r, n, _q in e.things())),
        ({"MATCH_anyEPC": uri}, lambda e: False),
        ({"MATCH_epcClass": uri, "EQ_bizStep": "receiving"}, lambda e: e.biz_step == "receiving" and uri in str(e)),
        ({"GE_eventTime": at.isoformat()}, lambda e: e.event_time >= at),
        ({"LT_eventTime": at.isoformat()}, lambda e: e.event_time < at),
        ({"EQ_bizLocation": own("loc", world.site.code, world.production.code)},
         lambda e: e.biz_location.endswith(world.production.code)),
    ]  # fmt: skip
    for query, fits in by_hand:
        given = asked(**query).wanted
        if "eventTime" in str(query):  # our times are cut to the millisecond
            continue
        assert told(world, given) == [event for event in everything if fits(event)], query
    early, late = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    assert told(world, asked(GE_eventTime=early.isoformat(), LT_recordTime=late.isoformat()).wanted) == everything
    assert told(world, asked(LT_eventTime=early.isoformat()).wanted) == []
    assert told(world, asked(GE_recordTime=late.isoformat()).wanted) == []


@pytest.mark.requirement("EPC-05")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EQ_colour", "red"), ("eventType", "Party"), ("EQ_bizStep", "sipping"), ("EQ_action", "CHANGE"),
        ("GE_eventTime", "yesterday"), ("GE_eventTime", "2026-02-30T00:00:00Z"), ("MATCH_epc", "not an address"),
        ("MATCH_epc", ""), ("perPage", "0"), ("perPage", "100000"), ("perPage", "x"), ("orderBy", "disposition"),
        ("orderDirection", "UP"), ("MATCH_epc", ",".join(["urn:uuid:1"] * 51)),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(name: str, value: str) -> None:
    with pytest.raises(Wrong) as refused:
        asked(**{name: value})
    assert refused.value.name == name and refused.value.message


@pytest.mark.parametrize("token", ["x", "WzFd", "eyJhIjoxfQ", "W10", "WyIyMDI2LTAxLTAxIiwgMCwgMV0"])
def test_a_token_of_somebody_else_is_refused(token: str, db: None) -> None:
    with pytest.raises(BadToken):
        events_page(Wanted(), [1], limit=1, token=token)


def test_an_event_id_leads_back_to_its_row_and_to_no_other() -> None:
    made = event_id(4, 123456789)
    assert row_of(made) == (4, 123456789)
    assert made.startswith("urn:uuid:") and len(made) == 45
    for other in ("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "urn:uuid:x", "https://a.example", ""):
        assert row_of(other) is None
