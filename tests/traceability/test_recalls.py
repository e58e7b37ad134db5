"""Recalls: what they reach, where that is, and who may begin, widen and end them."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import networkx as nx
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.jobs.models import BackgroundJob
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.signing.queries import is_intact, signatures_of
from tests.support.people import make_site, make_user, proof
from tests.support.stock import adjust_stock, issue_stock
from tests.traceability.goods import back, leads, shipped
from tests.traceability.recalled import HEAD, as_rows, begun, drilled, make_head, told, traced, used_in, worked
from tests.traceability.refusals import refused
from tests.traceability.test_races import at_once
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import (
    Hold,
    Lot,
    Recall,
    RecallDecision,
    RecallLine,
    SerializedUnit,
    StockMovement,
    StorageLocation,
)
from traceability.queries.recalls import (
    figures_of,
    lines_of,
    present_decision,
    unresolved_lines,
)


@pytest.fixture
def head(world: World) -> Any:
    """Somebody who may do everything with recalls."""
    return make_head(world)


# --- what it reaches


@pytest.mark.requirement("RCL-01")
def test_a_drill_finds_every_place_of_what_it_reaches(world: World, head: Any, lead: Any) -> None:
    raw, product = world.lot(10), world.lot(20)
    used_in(world, raw, product, 4)
    services.scrap_stock(lot=raw, quantity=Decimal(1), reason="Bent", actor=world.operator)
    line = shipped(world, lead, product, 7)
    back(line, lead, 2)
    unit = world.unit(world.lot(0, world.material(tracking="serial")))
    used_in(world, raw, unit, 1)
    recall = drilled(world, head, raw)
    assert told(recall) == {
        (str(raw), "site", "4", ""),
        (str(raw), "consumed", "5", "consumed"),
        (str(raw), "scrapped", "1", "scrapped"),
        (str(product), "site", "13", ""),
        (str(product), "site", "2", ""),
        (str(product), "customer", "5", ""),
        (str(unit), "production", "1", ""),
    }
    found = RecallLine.objects.get(recall=recall, where="customer")
    assert (found.customer, found.shipment_line) == (line.shipment.customer, line)
    figures = figures_of(recall)
    assert (figures.lots, figures.units, figures.customers, figures.shipments) == (2, 1, 1, 1)
    assert (figures.coverage, figures.open, figures.unresolved) == (100, 5, 0)
    assert {one.number: (one.total, one.lost) for one in figures.materials} == {
        raw.material.number: (10, 0),
        product.material.number: (20, 0),
        unit.material.number: (1, 0),
    }


@pytest.mark.requirement("RCL-01")
def test_random_genealogies_equal_the_oracle(world: World, head: Any) -> None:
    """The affected set, against networkx: lots and units, and lots that only contain an affected unit as ways."""
    lots = [world.lot(0, number=f"R-{number}") for number in range(8)]
    units = [world.unit(lots[number % 4], stocked=False) for number in range(8)]
    things: list[Lot | SerializedUnit] = [*lots, *units]
    pairs = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=24)

    def oracle(links: list[tuple[int, int]], start: int) -> set[int]:
        graph = nx.DiGraph()
        for number in range(16):
            graph.add_node(("is", number))
        for number in range(len(units)):
            graph.add_edge(("is", number % 4), ("is", 8 + number))  # a lot has its units
            graph.add_edge(("is", 8 + number), ("in", number % 4))  # a unit leads on by the lot it is in
        for parent, child in links:
            for way in ("is", "in") if parent < 8 else ("is",):
                graph.add_edge((way, parent), ("is", child))
        reached = nx.descendants(graph, ("is", start)) | {("is", start)}
        return {number for way, number in reached if way == "is"}

    @given(drawn=pairs, start=st.integers(0, 15))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def check(drawn: list[tuple[int, int]], start: int) -> None:
        links = [(a, b) for a, b in dict.fromkeys(drawn) if a != b]
        with transaction.atomic():
            given = [services.LinkInput(things[a], things[b], Decimal(1), world.each) for a, b in links]
            used: set[int] = set()
            # A unit is built in once.
            kept = [
                (one, link)
                for one, link in zip(given, links, strict=True)
                if link[0] < 8 or not (link[0] in used or used.add(link[0]))  # type: ignore[func-returns-value]
            ]
            as_rows(world, [one for one, _link in kept])
            recall = traced(begun(world, head, things[start]), head)
            lines = recall.lines.values_list("lot", "unit")
            numbers = {("lot", lot.pk): n for n, lot in enumerate(lots)}
            numbers |= {("unit", unit.pk): 8 + n for n, unit in enumerate(units)}
            found = {numbers["lot", lot] if lot is not None else numbers["unit", unit] for lot, unit in lines}
            assert found == oracle([link for _one, link in kept], start)
            transaction.set_rollback(True)

    check()


@pytest.mark.requirement("RCL-03")
def test_what_the_records_do_not_say_is_told_and_not_counted_as_found(world: World, head: Any, lead: Any) -> None:
    raw = world.lot(10)
    issue_stock(lot=raw, quantity=Decimal(4), actor=world.operator)
    world.link(raw, world.lot(0), 1)
    adjust_stock(lot=raw, location=world.store, counted=Decimal(4), reason="Counted")
    lost_unit = world.unit(world.lot(0, world.material(tracking="serial")), stocked=False)
    world.link(raw, lost_unit)
    recall = drilled(world, head, raw)
    child = Lot.objects.exclude(pk=raw.pk).get(links_to_parents__parent_lot=raw)
    assert told(recall) == {
        (str(raw), "site", "4", ""),
        (str(raw), "consumed", "2", "consumed"),
        (str(raw), "unknown", "2", "no_child"),
        (str(raw), "unknown", "2", "missing"),
        (str(child), "unknown", "0", "never_booked"),
        (str(lost_unit), "unknown", "1", "no_place"),
    }
    figures = figures_of(recall)
    # Three affected lots and units: six of ten of the first, nothing of the two others.
    assert (figures.unresolved, figures.coverage) == (4, Decimal("20.0"))
    missing = unresolved_lines(recall).get(trouble="missing")
    services.decide_line(line=missing, disposition="explained", note="Used for a test report", actor=head)
    assert figures_of(recall).coverage == Decimal("26.6")
    on_site = lines_of(recall).get(where="site")
    services.decide_line(line=on_site, disposition="not_found", note="Shelf 3 is empty", actor=head)
    assert figures_of(recall).coverage == Decimal("13.3")
    assert figures_of(recall).unresolved == 4


@pytest.mark.requirement("RCL-03")
def test_more_used_than_issued_and_gone_without_a_customer_are_not_resolved(world: World, head: Any) -> None:
    over, gone = world.lot(10), world.lot(10)
    world.link(over, gone, 3)
    services.create_location(site=world.site, code="OUT2", name="Gone", kind="shipped", actor=world.system)
    out = StorageLocation.objects.get(code="OUT2")
    services.move_stock(
        lot=gone, quantity=Decimal(4), from_location=world.store, to_location=out, source=over, actor=world.operator
    )
    recall = drilled(world, head, over)
    assert {(where, trouble) for _goods, where, _quantity, trouble in told(recall)} == {
        ("site", ""),
        ("unknown", "over_used"),
        ("unknown", "no_customer"),
    }


@pytest.mark.requirement("RCL-01")
def test_a_unit_is_told_by_itself_and_its_sisters_are_not_affected(world: World, head: Any, lead: Any) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    bad, sister = world.unit(lot), world.unit(lot)
    product = world.lot(3)
    world.link(bad, product)
    recall = drilled(world, head, bad)
    assert {goods for goods, *_rest in told(recall)} == {str(bad), str(product)}
    whole = drilled(world, head, lot)
    assert {goods for goods, *_rest in told(whole)} == {str(lot), str(bad), str(sister), str(product)}
    assert (str(lot), "none", "0", "units") in told(whole)


# --- drill and recall


@pytest.mark.requirement("RCL-02")
def test_a_drill_begins_at_once_holds_nothing_and_a_recall_begins_signed_and_holds(
    world: World, head: Any, lead: Any
) -> None:
    raw, product = world.lot(10), world.lot(5)
    used_in(world, raw, product, 10)
    gone = world.lot(3)
    world.link(raw, gone, 1)
    shipped(world, lead, gone, 3)
    drill = drilled(world, head, raw)
    assert (drill.status, drill.number[:5], Hold.objects.count()) == ("deciding", "DRILL", 0)
    assert drill.started_at is not None and drill.traced_at is not None and drill.traced_at >= drill.started_at
    recall = begun(world, head, raw, kind="recall")
    assert (recall.status, recall.started_at, BackgroundJob.objects.filter(subject_id=recall.pk).count()) == (
        "draft", None, 0,
    )  # fmt: skip
    with refused("signature_required"):
        perform(recall, "start", actor=head)
    perform(recall, "start", actor=head, signature=proof(head, "approved"))
    recall = worked(recall)
    assert recall.status == "deciding"
    hold = Hold.objects.get()
    # Only the product is still here: all of the raw lot went into it, and the other went to a customer.
    assert (hold.lot, hold.unit, hold.quantity, hold.source, hold.placed_by) == (product, None, None, recall, head)
    assert all(is_intact(one) for one in signatures_of(recall))
    with refused("hold"):
        issue_stock(lot=product, quantity=Decimal(1), actor=world.operator)
    traced(recall, head)
    assert Hold.objects.count() == 1, "traced anew it holds nothing twice"


@pytest.mark.requirement("RCL-02")
def test_a_unit_alone_is_held_alone_and_a_whole_lot_once(world: World, head: Any) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    bad, _sister = world.unit(lot), world.unit(lot)
    for goods, held in ((bad, (None, bad.pk)), (lot, (lot.pk, None))):
        recall = begun(world, head, goods, kind="recall")
        perform(recall, "start", actor=head, signature=proof(head, "approved"))
        worked(recall)
        holds = Hold.objects.filter(source_id=recall.pk, source_type=ContentType.objects.get_for_model(Recall))
        assert list(holds.values_list("lot", "unit")) == [held]


@pytest.mark.requirement("RCL-02")
def test_traced_anew_adds_what_came_in_and_marks_what_moved(world: World, head: Any, lead: Any) -> None:
    raw = world.lot(10)
    recall = drilled(world, head, raw)
    first = recall.lines.get()
    services.decide_line(line=first, disposition="confirmed", actor=head)
    line = shipped(world, lead, raw, 4)
    later = world.lot(2)
    used_in(world, raw, later, 6)
    services.retrace_recall(recall=recall, actor=head)
    worked(recall)
    assert told(recall) == {
        (str(raw), "consumed", "6", "consumed"),
        (str(raw), "customer", "4", ""),
        (str(later), "site", "2", ""),
    }
    first.refresh_from_db()
    assert (first.superseded_by.quantity, first.superseded_by.settled) == (0, "moved")
    assert present_decision(first) is not None, "what was decided stays readable"
    with refused("replaced"):
        services.decide_line(line=first, disposition="confirmed", actor=head, reason="Again")
    back(line, lead, 4)
    traced(recall, head)
    assert {(goods, where) for goods, where, _q, _t in told(recall)} >= {(str(raw), "site")}
    before = recall.lines.count()
    traced(recall, head)
    assert recall.lines.count() == before, "where nothing changed nothing is written"


@pytest.mark.requirement("RCL-02")
def test_the_scope_is_widened_with_a_reason(world: World, head: Any) -> None:
    raw, other, elsewhere = world.lot(3), world.lot(4), make_world().lot(1)
    recall = drilled(world, head, raw)
    with refused("reason"):
        services.widen_recall(recall=recall, goods=[other], reason=" ", actor=head)
    with refused("known"):
        services.widen_recall(recall=recall, goods=[raw], reason="Same delivery", actor=head)
    with refused("site"):
        services.widen_recall(recall=recall, goods=[elsewhere], reason="Same delivery", actor=head)
    services.widen_recall(recall=recall, goods=[other], reason="Same delivery", actor=head)
    worked(recall)
    assert {goods for goods, *_rest in told(recall)} == {str(raw), str(other)}


# --- refusals


@pytest.mark.requirement("RCL-02")
def test_nothing_begins_without_goods_words_or_right(world: World, head: Any) -> None:
    lot, stranger = world.lot(3), make_user(site=make_site(), permissions=HEAD)
    elsewhere = make_world().lot(1)

    def nothing(*codes: str, **values: Any) -> None:
        given = {
            "site": world.site, "kind": "drill", "title": "A", "reason": "B", "goods": [lot], "actor": head,
            "contact": "Pat", **values
        }  # fmt: skip
        with refused(*codes):
            services.create_recall(**given)
        assert not Recall.objects.exists() and not BackgroundJob.objects.exists()

    nothing("no_goods", goods=[])
    nothing("title", title=" ")
    nothing("reason", reason="")
    nothing("contact", kind="recall", contact=" ")
    nothing("site", goods=[elsewhere])
    for who in (world.operator, stranger):
        nothing("permission", actor=who)


@pytest.mark.requirement("RCL-02")
def test_only_who_may_starts_decides_closes_and_cancels(world: World, head: Any) -> None:
    recall, other = begun(world, head, world.lot(3), kind="recall"), world.lot(1)
    quality = make_user(site=world.site, permissions=("traceability.view_recall", "traceability.change_recall"))
    with refused("permission"):
        perform(recall, "start", actor=quality, signature=proof(quality, "approved"))
    perform(recall, "start", actor=head, signature=proof(head, "approved"))
    recall = worked(recall)
    for deed in (
        lambda: services.decide_lines(recall=recall, disposition="destroyed", actor=quality),
        lambda: services.decide_line(line=recall.lines.get(), disposition="destroyed", actor=quality),
        lambda: services.close_recall(recall=recall, actor=quality, signature=proof(quality, "closed")),
        lambda: perform(recall, "cancel", actor=quality, reason="No"),
        lambda: services.retrace_recall(recall=recall, actor=world.operator),
        lambda: services.widen_recall(recall=recall, goods=[other], reason="So", actor=world.operator),
        lambda: services.request_letters(recall=recall, actor=world.operator),
    ):
        with pytest.raises(Blocked) as refusal:
            deed()
        assert refusal.value.codes == ("permission",)
    assert not RecallDecision.objects.exists() and recall.lines.count() == 1
    perform(recall, "cancel", actor=head, reason="Wrong lot")
    with refused("recall_status"):
        services.trace_recall(recall=recall, actor=head)


@pytest.mark.requirement("RCL-02")
def test_a_drill_is_never_started_as_a_recall(world: World, head: Any) -> None:
    drill = begun(world, head, world.lot(3))
    with refused("state"):
        perform(drill, "start", actor=head, signature=proof(head, "approved"))
    draft = begun(world, head, world.lot(3), kind="recall")
    with transaction.atomic():
        draft.kind = "drill"
        with acting(world.system):
            draft.save()
    with refused("is_drill"):
        perform(draft, "start", actor=head, signature=proof(head, "approved"))


@pytest.mark.requirement("RCL-02")
def test_what_is_shipped_while_a_recall_is_traced_is_held_or_told_as_gone(plant: str) -> None:
    world = make_world()
    head, lead = make_head(world), leads(world)
    lot = world.lot(5)
    recall = begun(world, head, lot, kind="recall")

    def act(number: int) -> None:
        if number:  # its job runs as soon as the start is committed
            perform(recall, "start", actor=head, signature=proof(head, "approved"))
        else:
            shipped(world, lead, lot, 5)

    outcomes = at_once(2, act)
    found = told(Recall.objects.get(pk=recall.pk))
    if outcomes[0] == "done":
        assert found == {(str(lot), "customer", "5", "")} or Hold.objects.filter(lot=lot).exists()
    else:
        assert (outcomes[0], found) == ("hold", {(str(lot), "site", "5", "")})
        assert Hold.objects.filter(lot=lot, status="open").exists()


@pytest.mark.requirement("RCL-01")
def test_ten_times_as_much_takes_no_more_statements(world: World, head: Any) -> None:
    def spent(count: int) -> int:
        raw = world.lot(1)
        children = [world.lot(1) for _ in range(count)]
        given = [services.LinkInput(raw, child, Decimal(1), world.each) for child in children]
        services.link_many(links=given, source=None, actor=world.system)
        recall = begun(world, head, raw)
        with CaptureQueriesContext(connection) as statements:
            traced(recall, head)
            services.decide_lines(recall=recall, disposition="confirmed", note="-", where="site", actor=head)
        return len(statements)

    spent(2)
    assert spent(40) <= spent(4)


def test_drills_and_recalls_count_their_own_numbers(world: World, head: Any) -> None:
    lot = world.lot(1)
    numbers = [begun(world, head, lot, kind=kind).number for kind in ("drill", "recall", "drill")]
    assert [number.rpartition("-")[0] for number in numbers] == ["DRILL", "RCL", "DRILL"]
    assert len(set(itertools.chain(numbers))) == 3
    assert StockMovement.objects.filter(lot=lot).count() == 1
