"""Traces at any depth, in both directions, filtered and as their reader may see them, against networkx as oracle."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from decimal import Decimal
from typing import Any, get_args

import networkx as nx
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel.clock import now
from tests.support.people import make_site
from tests.traceability.world import World
from traceability import services
from traceability.models import Lot
from traceability.queries import Wanted, added_up, chosen, trace, trace_for
from traceability.queries.genealogy import Direction
from traceability.services import LinkInput

LEVELS, WIDTH = 12, 3
"""A plant of twelve levels with three lots each; a link goes from any lot to one of a later level."""

positions = st.tuples(st.integers(0, LEVELS - 1), st.integers(0, WIDTH - 1))
links = st.lists(st.tuples(positions, positions, st.integers(1, 9)), max_size=40)
Place = tuple[int, int]


def genealogy(lots: dict[Place, Lot], spine: list[int], drawn: Any) -> tuple[nx.DiGraph, dict[Any, Counter[int]]]:
    """The links of a spine through all levels and the drawn ones, as a graph of lot ids, with their quantities."""
    chain = [(level, column) for level, column in enumerate(spine)]
    pairs = [(above, below, 1) for above, below in itertools.pairwise(chain)]
    pairs += [(min(a, b), max(a, b), quantity) for a, b, quantity in drawn if a[0] != b[0]]
    graph = nx.DiGraph()
    amounts: dict[Any, Counter[int]] = {}
    graph.add_nodes_from(lot.pk for lot in lots.values())
    for above, below, quantity in pairs:
        edge = lots[above].pk, lots[below].pk
        graph.add_edge(*edge)
        amounts.setdefault(edge, Counter())[quantity] += 1
    return graph, amounts


def booked(world: World, amounts: dict[Any, Counter[int]]) -> None:
    """Book the quantities: several part quantities between the same two lots stay several links."""
    by_id = Lot.objects.in_bulk()
    inputs = [
        LinkInput(by_id[above], by_id[below], Decimal(quantity), world.each)
        for (above, below), counted in amounts.items()
        for quantity in counted.elements()
    ]
    services.link_many(links=inputs, source=None, actor=world.system)


@pytest.fixture
def plant(world: World) -> dict[Place, Lot]:
    """Lots of four materials; every fifth lies at another site."""
    materials = [world.material() for _ in range(4)]
    elsewhere = make_site()
    found = {}
    for number, place in enumerate(itertools.product(range(LEVELS), range(WIDTH))):
        site = elsewhere if number % 5 == 2 else world.site
        found[place] = world.lot(0, materials[number % 4], site=site, number=f"P-{number}")
    return found


def oracle(
    graph: nx.DiGraph, start: int, direction: Direction, sites: dict[int, int], seen: set[int]
) -> dict[int, int]:
    """The smallest number of lots that may be seen on a way to each one that may, by Dijkstra."""
    way = graph.reverse() if direction == "backward" else graph
    found = nx.single_source_dijkstra_path_length(way, start, weight=lambda _a, b, _edge: int(sites[b] in seen))
    return {pk: level for pk, level in found.items() if pk != start and sites[pk] in seen}


@pytest.mark.requirement("TRC-01")
def test_random_genealogies_equal_the_oracle_in_both_directions(world: World, plant: dict[Place, Lot]) -> None:
    sites = {lot.pk: lot.site_id for lot in plant.values()}
    everywhere = set(sites.values())

    @given(
        spine=st.lists(st.integers(0, WIDTH - 1), min_size=LEVELS, max_size=LEVELS),
        drawn=links,
        begin=positions,
        depth=st.none() | st.integers(1, LEVELS),
        at_home=st.booleans(),
    )
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def check(spine: list[int], drawn: Any, begin: Place, depth: int | None, at_home: bool) -> None:
        begin = begin if sites[plant[begin].pk] == world.site.pk else (0, 0)
        seen = {world.site.pk} if at_home else everywhere
        with transaction.atomic():
            graph, amounts = genealogy(plant, spine, drawn)
            booked(world, amounts)
            ends = [(plant[0, spine[0]], "forward"), (plant[LEVELS - 1, spine[-1]], "backward")]
            if not at_home:
                for end, side in ends:  # the whole spine: at least ten levels exist, though a drawn link may cut short
                    assert len({row.lot_id for row in trace(end, side)}) >= LEVELS - 1  # type: ignore[arg-type]
            both = trace_for(plant[begin], "both", depth=depth, sites=seen if at_home else None)
            for direction in get_args(Direction):
                levels = oracle(graph, plant[begin].pk, direction, sites, seen)
                levels = {pk: level for pk, level in levels.items() if depth is None or level <= depth}
                found = trace_for(plant[begin], direction, depth=depth, sites=seen if at_home else None)
                assert found.rows == [row for row in both.rows if row.direction == direction]
                shown: dict[int, int] = {}
                for row in found.rows:
                    assert row.lot_id is not None and row.site_id in seen
                    shown[row.lot_id] = min(row.level, shown.get(row.lot_id, row.level))
                assert shown == levels
                if not at_home and depth is None:
                    near, far = (1, 0) if direction == "backward" else (0, 1)
                    kept = {plant[begin].pk, *levels}
                    expected: Counter[int] = Counter()
                    for edge, counted in amounts.items():
                        if edge[near] in kept:
                            expected[edge[far]] += sum(counted.elements())
                    assert {u.row.lot_id: u.quantity for u in added_up(found.rows)} == expected
            transaction.set_rollback(True)

    check()


@pytest.mark.requirement("TRC-01")
def test_two_lots_of_one_material_in_one_unit_stay_two(world: World) -> None:
    material = world.material()
    first, second = world.lot(0, material), world.lot(0, material)
    unit = world.unit(world.lot(0), stocked=False)
    for lot, quantity in ((first, 2), (second, 3), (first, 1)):
        world.link(lot, unit, quantity)
    rows = [row for row in trace(unit, "backward") if row.material_id == material.pk]
    assert [(row.lot_id, row.quantity) for row in rows] == [
        (first.pk, Decimal(2)),
        (first.pk, Decimal(1)),
        (second.pk, Decimal(3)),
    ]
    assert {used.row.lot_id: used.quantity for used in added_up(rows)} == {first.pk: 3, second.pk: 3}


@pytest.mark.requirement("TRC-02")
def test_a_trace_is_one_statement_however_it_is_asked_for(world: World) -> None:
    lots = [world.lot(0) for _ in range(12)]
    for above, below in itertools.pairwise(lots):
        world.link(above, below)
    for direction, depth, sites in itertools.product(
        ("backward", "forward", "both"), (None, 3), (None, {world.site.pk})
    ):
        with CaptureQueriesContext(connection) as queries:
            rows = trace_for(lots[5], direction, depth=depth, sites=sites).rows  # type: ignore[arg-type]
        assert len(queries) == 1
        expected = (
            {"backward": 5, "forward": 6, "both": 11} if depth is None else {"backward": 3, "forward": 3, "both": 6}
        )
        assert len(rows) == expected[direction]


@pytest.mark.requirement("TRC-02")
def test_filters_leave_out_rows_and_never_what_lies_beyond(world: World) -> None:
    resin, paste, part = (world.material() for _ in range(3))
    bottom, middle, top = world.lot(0, resin), world.lot(0, paste, status="quarantine"), world.lot(0, part)
    beside = world.lot(0, resin)
    world.link(bottom, middle)
    world.link(middle, top)
    world.link(beside, top)
    rows = trace(top, "backward")

    def kept(**values: Any) -> list[tuple[int | None, int, bool]]:
        return [(row.lot_id, row.level, row.skips) for row in chosen(rows, Wanted(**values))]

    assert sorted(kept(material=resin.number)) == [(bottom.pk, 2, True), (beside.pk, 1, False)]
    assert all(row.parent == (1, top.pk) for row in chosen(rows, Wanted(material=resin.number)))
    assert kept(status="quarantine") == [(middle.pk, 1, False)]
    assert {pk for pk, _level, _skips in kept(level=2)} == {bottom.pk}
    assert kept(site=world.site.pk + 1) == []
    assert len(kept(site=world.site.pk)) == 3
    assert len(kept()) == 3
    today = now()
    assert len(kept(since=today - dt.timedelta(days=1), until=today + dt.timedelta(days=1))) == 3
    assert kept(until=today - dt.timedelta(days=1)) == []
    assert kept(since=today + dt.timedelta(days=1)) == []


@pytest.mark.requirement("TRC-02")
def test_units_of_a_lot_stand_with_it_in_a_window_of_time(world: World) -> None:
    part, product = world.lot(0), world.lot(0)
    unit = world.unit(product, stocked=False)
    world.link(part, product)
    rows = trace(part, "forward")
    later = Wanted(since=now() + dt.timedelta(days=1))
    assert [row.node for row in chosen(rows, Wanted(since=now() - dt.timedelta(days=1)))] == [
        (1, product.pk),
        (2, unit.pk),
    ]
    assert chosen(rows, later) == []
    assert [row.node for row in chosen(trace(product, "forward"), later)] == [(2, unit.pk)]


@pytest.mark.requirement("TRC-03")
def test_what_may_not_be_seen_is_neither_counted_nor_numbered(world: World) -> None:
    elsewhere = make_site()
    bottom, top = world.lot(0), world.lot(0)
    foreign = [world.lot(0, site=elsewhere) for _ in range(3)]
    for above, below in itertools.pairwise([bottom, *foreign, top]):
        world.link(above, below)
    found = trace_for(top, "backward", sites={world.site.pk})
    assert [(row.lot_id, row.level, row.skips, row.parent) for row in found.rows] == [
        (bottom.pk, 1, True, (1, top.pk)),
    ]
    assert found.is_partial
    assert not trace_for(bottom, "backward", sites={world.site.pk}).is_partial
    assert trace_for(top, "backward", depth=1, sites={world.site.pk}).rows == found.rows
    assert len(trace(top, "backward")) == 4
