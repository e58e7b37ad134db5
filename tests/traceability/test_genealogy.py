"""Traces against an independent oracle: random genealogies in networkx, both directions, any depth."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Literal

import networkx as nx
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel.deeds import Deed, acting
from core.kernel.errors import Blocked
from tests.support.stock import make_units
from tests.traceability.world import World
from traceability import services
from traceability.models import GenealogyLink, Hold, Lot, SerializedUnit
from traceability.queries import added_up, holds_within, reached, trace

Node = tuple[str, int]
_runs = itertools.count(1)

LOTS, UNITS_PER_LOT = 5, 2


def oracle(graph: nx.DiGraph, start: Node, direction: Literal["backward", "forward"]) -> set[Node]:
    """All nodes in a direction. `graph` has edges parent → child between the nodes lot, unit and box (a unit's lot)."""
    walk = nx.ancestors if direction == "backward" else nx.descendants
    reached = walk(graph, start)
    return {("lot" if kind.startswith("box") else kind, pk) for kind, pk in reached} - {start}


def two_way(links: list[tuple[Node, Node]], units: dict[int, int], direction: str) -> nx.DiGraph:
    """The genealogy as a plain graph: a box stands for the lot that contains one affected unit."""
    graph = nx.DiGraph()

    def edge(near: Node, far: Node) -> None:
        graph.add_edge(*((far, near) if direction == "backward" else (near, far)))

    for parent, child in links:
        near, far = (child, parent) if direction == "backward" else (parent, child)
        edge(near, far)
        if near[0] == "lot":
            edge(("box", near[1]), far)
    for unit, lot in units.items():
        edge(("lot", lot), ("unit", unit))
        edge(("unit", unit), ("box", lot))
    return graph


places = st.tuples(st.sampled_from(["lot", "unit"]), st.integers(0, LOTS * UNITS_PER_LOT - 1))


@given(pairs=st.lists(st.tuples(places, places), max_size=14), taken_back=st.sets(st.integers(0, 13)), start=places)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.requirement("ORD-09")
def test_traces_agree_with_the_oracle_in_both_directions(
    world: World, pairs: list[tuple[Node, Node]], taken_back: set[int], start: Node
) -> None:
    material = world.material()
    lots = [world.lot(0, material) for _ in range(LOTS)]
    units = [unit for lot in lots for unit in make_units(lot, UNITS_PER_LOT, actor=world.system)]

    def record(node: Node) -> Lot | SerializedUnit:
        return lots[node[1] % LOTS] if node[0] == "lot" else units[node[1]]

    def named(found: Lot | SerializedUnit) -> Node:
        return ("lot" if isinstance(found, Lot) else "unit", found.pk)

    links: list[tuple[Node, Node]] = []
    used_units: set[int] = set()
    for number, (parent, child) in enumerate(pairs):
        above, below = record(parent), record(child)
        if named(above) == named(below) or (isinstance(above, SerializedUnit) and above.pk in used_units):
            continue
        forward = two_way(links, {unit.pk: unit.lot_id or 0 for unit in units}, "forward")
        forward.add_nodes_from([named(above), named(below), ("box", above.pk)])
        ends = [named(above)] + ([("box", above.pk)] if isinstance(above, Lot) else [])
        if any(nx.has_path(forward, named(below), end) for end in ends):
            with pytest.raises(Blocked) as refusal:
                world.link(above, below)
            assert refusal.value.codes == ("loop",)
            continue
        link = world.link(above, below)
        if number in taken_back:
            services.unlink(genealogy_link=link, actor=world.system, reason="mistake")
            continue
        links.append((named(above), named(below)))
        if isinstance(above, SerializedUnit):
            used_units.add(above.pk)

    begin = record(start)
    for direction in ("backward", "forward"):
        graph = two_way(links, {unit.pk: unit.lot_id or 0 for unit in units}, direction)
        graph.add_node(named(begin))
        expected = oracle(graph, named(begin), direction)
        lot_ids, unit_ids = reached(begin, direction)
        found = {("lot", pk) for pk in lot_ids} | {("unit", pk) for pk in unit_ids}
        assert found - {named(begin)} == expected
        rows = trace(begin, direction)
        shown = {("lot", row.lot_id) if row.lot_id else ("unit", row.unit_id) for row in rows}
        assert shown - {named(begin)} == expected
        assert all(row.level >= 1 for row in rows)


@pytest.mark.requirement("ORD-09")
def test_levels_and_quantities_of_a_deep_chain_in_one_query(world: World) -> None:
    chain = [world.lot(0) for _ in range(40)]
    for depth, (parent, child) in enumerate(itertools.pairwise(chain), start=1):
        world.link(parent, child, depth)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = trace(chain[-1], "backward")
    assert len(queries) == 1
    assert [row.level for row in rows] == list(range(1, 40))
    assert [row.quantity for row in rows] == [Decimal(depth) for depth in range(39, 0, -1)]
    assert [row.lot_id for row in rows] == [lot.pk for lot in reversed(chain[:-1])]
    forward = trace(chain[0], "forward")
    assert [row.lot_id for row in forward] == [lot.pk for lot in chain[1:]]


def test_a_loop_ends_where_it_closes(world: World) -> None:
    first, second = world.lot(0), world.lot(0)
    world.link(first, second)
    with transaction.atomic(), acting(world.system):  # no service writes it; an import may bring it
        GenealogyLink.objects.create(
            site=world.site, parent_lot=second, child_lot=first, quantity=Decimal(1), uom=world.each
        )
    rows = trace(first, "backward")
    assert [(row.level, row.lot_id, row.repeated) for row in rows] == [(1, second.pk, False), (2, first.pk, True)]


def test_a_shared_component_is_opened_once_and_added_up(world: World) -> None:
    grease, left, right, bike = (world.lot(0) for _ in range(4))
    world.link(grease, left, 2)
    world.link(grease, right, 3)
    world.link(left, bike)
    world.link(right, bike)
    rows = trace(bike, "backward")
    assert [(row.level, row.lot_id) for row in rows] == [
        (1, left.pk),
        (2, grease.pk),
        (1, right.pk),
        (2, grease.pk),
    ]
    assert {(used.row.lot_id, used.quantity) for used in added_up(rows)} == {
        (left.pk, Decimal(1)),
        (right.pk, Decimal(1)),
        (grease.pk, Decimal(5)),
    }


def test_from_a_unit_its_sisters_are_not_reached(world: World) -> None:
    serial, grease, own, other = (world.lot(0) for _ in range(4))
    mine, sister = world.unit(serial, stocked=False), world.unit(serial, stocked=False)
    world.link(own, mine)
    world.link(other, sister)
    world.link(grease, serial)
    lots, units = reached(mine, "backward")
    assert (lots, units) == ({serial.pk, own.pk, grease.pk}, {mine.pk})
    assert reached(serial, "backward") == (
        {serial.pk, own.pk, other.pk, grease.pk},
        {mine.pk, sister.pk},
    )
    assert sister.pk not in reached(own, "forward")[1]


def test_holds_are_found_at_any_depth_and_nowhere_else(world: World) -> None:
    deep, middle, top, beside = (world.lot(0) for _ in range(4))
    world.link(deep, middle)
    world.link(middle, top)
    unit = world.unit(top, stocked=False)
    services.place_hold(lot=beside, reason="beside it", actor=world.operator)
    hold = services.place_hold(lot=deep, quantity=Decimal(2), reason="suspect", source=beside, actor=world.operator)
    on_unit = services.place_hold(unit=unit, reason="scratch", actor=world.operator)

    def found(record: Lot | SerializedUnit) -> list[Hold]:
        return holds_within(record, Deed(actor=world.operator))

    assert found(top) == [hold, on_unit]
    assert found(middle) == [hold]
    assert found(unit) == [hold, on_unit]


def test_a_unit_is_built_in_and_taken_out_with_its_link(world: World) -> None:
    part, product = world.unit(world.lot(0)), world.lot(0)
    link = services.link(parent_unit=part, child_lot=product, quantity=Decimal(1), uom=world.each, actor=world.operator)
    part.refresh_from_db()
    assert part.status == "consumed"
    with pytest.raises(Blocked) as refused:
        services.link(parent_unit=part, child_lot=product, quantity=Decimal(1), uom=world.each, actor=world.operator)
    assert refused.value.codes == ("state",)
    assert GenealogyLink.objects.count() == 1
    services.unlink(genealogy_link=link, actor=world.operator, reason="wrong unit")
    part.refresh_from_db()
    assert part.status == "completed"
    assert trace(product, "backward") == []
    with pytest.raises(Blocked) as refused:
        services.unlink(genealogy_link=link, actor=world.operator, reason="again")
    assert refused.value.codes == ("reversed",)
    assert GenealogyLink.objects.count() == 2


def test_nothing_goes_into_itself(world: World) -> None:
    lot = world.lot(0)
    with pytest.raises(Blocked) as refused:
        world.link(lot, lot)
    assert refused.value.codes == ("loop",)
    assert not GenealogyLink.objects.exists()
