"""Random stories of lots that are used, split, merged, taken back and replaced, against networkx and a plain ledger."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, get_args

import networkx as nx
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel.errors import Blocked
from tests.support.stock import issue_stock
from tests.traceability.world import World
from traceability import services
from traceability.models import GenealogyLink, Lot, SerializedUnit, Transformation
from traceability.queries import components_of, kin, reached, states, trace
from traceability.queries.genealogy import Direction
from traceability.services import LinkInput

LEVELS, BEGIN = 11, 20
"""Materials that go into each other; each lot that is made or received begins with twenty pieces."""

turns = st.tuples(st.sampled_from(["split", "merge", "undo"]), st.integers(0, 99), st.integers(1, 5))
stories = st.lists(
    st.tuples(st.lists(turns, max_size=3), st.lists(st.integers(1, 4), min_size=1, max_size=3)),
    min_size=LEVELS,
    max_size=LEVELS,
)


@dataclass
class Told:
    """What really happened, kept by the test alone: who went into whom, and how much is left of each lot."""

    world: World
    graph: nx.MultiDiGraph = field(default_factory=nx.MultiDiGraph)
    left: dict[int, int] = field(default_factory=dict)
    lots: dict[int, Lot] = field(default_factory=dict)
    deeds: list[tuple[Transformation, list[tuple[int, int]], int]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def begin(self, lot: Lot, quantity: int) -> None:
        self.lots[lot.pk], self.left[lot.pk] = lot, quantity
        self.graph.add_node(("lot", lot.pk))

    def goes(self, parent: int, child: tuple[str, int], quantity: int) -> None:
        self.graph.add_edge(("lot", parent), child, quantity=quantity)

    def of(self, material: Any) -> list[Lot]:
        """The lots of a material of which something is left."""
        return [lot for pk, lot in self.lots.items() if lot.material_id == material.pk and self.left[pk]]

    def share(self, kind: str, number: int, size: int, material: Any) -> None:
        """Split, merge or take back, as drawn."""
        there = self.of(material)
        if kind == "undo":
            self.take_back(number)
        elif kind == "split" and there:
            lot = there[number % len(there)]
            quantity = min(size, self.left[lot.pk] - 1)
            if quantity > 0:
                child = services.split_lot(lot=lot, quantity=Decimal(quantity), actor=self.world.system)
                self.became(child, [(lot.pk, quantity)])
        elif kind == "merge" and len(there) > 1:
            lots = [there[number % len(there)], there[(number + 1) % len(there)]]
            child = services.merge_lots(lots=lots, actor=self.world.system)
            self.became(child, [(lot.pk, self.left[lot.pk]) for lot in lots])

    def became(self, child: Lot, shares: list[tuple[int, int]]) -> None:
        self.begin(child, sum(quantity for _lot, quantity in shares))
        for lot, quantity in shares:
            self.left[lot] -= quantity
            self.touched.add(lot)
            self.goes(lot, ("lot", child.pk), quantity)
        self.deeds.append((Transformation.objects.latest("pk"), shares, child.pk))

    def take_back(self, number: int) -> None:
        if not self.deeds:
            return
        deed, shares, child = self.deeds.pop(number % len(self.deeds))
        undo: dict[str, Any] = {"transformation": deed, "reason": "mistake", "actor": self.world.system}
        if child in self.touched:
            with pytest.raises(Blocked) as refusal:
                services.undo_transformation(**undo)
            assert refusal.value.codes == ("went_on",)
            return
        services.undo_transformation(**undo)
        self.left[child] = 0
        for lot, quantity in shares:
            self.left[lot] += quantity
            self.graph.remove_edge(("lot", lot), ("lot", child))

    def use(self, lot: Lot, quantity: int) -> None:
        issue_stock(lot=lot, quantity=Decimal(quantity), actor=self.world.system)
        self.left[lot.pk] -= quantity
        self.touched.add(lot.pk)

    def make(self, material: Any, parts: list[tuple[Lot, int]]) -> None:
        """Two lots of a material out of the same parts: some of each part goes into each of them."""
        world = self.world
        for number in (0, 1):
            made = world.lot(0, material)
            links = []
            for lot, quantity in parts:
                share = quantity // 2 + (quantity % 2 if number == 0 else 0)
                if share:
                    self.use(lot, share)
                    links.append(LinkInput(lot, made, Decimal(share), world.each))
                    self.goes(lot.pk, ("lot", made.pk), share)
            services.link_many(links=links, source=None, actor=world.system)
            services.produce_stock(lot=made, quantity=Decimal(BEGIN), location=world.store, actor=world.system)
            self.begin(made, BEGIN)

    def build(self, unit: SerializedUnit, material: Any, sizes: list[int]) -> None:
        """Lots of one material go into one unit, and a part of the first is replaced by the last."""
        there = self.of(material)
        node = ("unit", unit.pk)
        self.graph.add_node(node)
        made = []
        for lot, size in zip(there, sizes, strict=False):
            quantity = min(size, self.left[lot.pk])
            self.use(lot, quantity)
            made.append((self.world.link(lot, unit, quantity), lot, quantity))
            self.goes(lot.pk, node, quantity)
        (link, old, quantity), new = made[0], self.of(material)[-1]
        taken = min(quantity, self.left[new.pk])
        services.replace_component(
            genealogy_link=link,
            quantity=Decimal(taken),
            new_lot=new,
            outcome="scrap",
            reason="Worn",
            actor=self.world.system,
        )
        self.left[new.pk] -= taken
        self.graph.remove_edge(("lot", old.pk), node)
        if quantity > taken:
            self.goes(old.pk, node, quantity - taken)
        self.goes(new.pk, node, taken)


def expected(graph: nx.MultiDiGraph, start: tuple[str, int], direction: str) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = (nx.ancestors if direction == "backward" else nx.descendants)(graph, start)
    return found


def compare(told: Told, start: Lot | SerializedUnit) -> None:
    """Both directions: the same nodes, and along each link the same quantity."""
    node = ("lot" if isinstance(start, Lot) else "unit", start.pk)
    for direction in get_args(Direction):
        lots, units = reached(start, direction)
        found = {("lot", pk) for pk in lots} | {("unit", pk) for pk in units}
        assert found - {node} - told_of_units(told) == expected(told.graph, node, direction) - {node}
        shown: Counter[tuple[Any, Any]] = Counter()
        for row in trace(start, direction):
            if row.relation == "used" and row.quantity is not None:
                far = ("lot", row.lot_id) if row.lot_id is not None else ("unit", row.unit_id)
                near = ("lot" if row.parent[0] != 2 else "unit", row.parent[1])
                shown[(far, near) if direction == "backward" else (near, far)] += int(row.quantity)
        inside = expected(told.graph, node, direction) | {node}
        near_end = 1 if direction == "backward" else 0
        assert shown == {edge: amount(told, *edge) for edge in set(told.graph.edges()) if edge[near_end] in inside}


def told_of_units(told: Told) -> set[tuple[str, int]]:
    """The lot of the unit is no part of the story."""
    units = SerializedUnit.objects.filter(pk__in=[pk for kind, pk in told.graph if kind == "unit"])
    return {("lot", unit.lot_id) for unit in units if unit.lot_id is not None}


def amount(told: Told, above: Any, below: Any) -> int:
    edges = told.graph.get_edge_data(above, below) or {}
    return sum(edge["quantity"] for edge in edges.values())


@pytest.mark.requirement("GEN-07")
def test_random_stories_equal_the_oracle_in_both_directions_and_conserve_quantity(world: World) -> None:
    materials = [world.material() for _ in range(LEVELS + 1)]

    @given(story=stories, sizes=st.lists(st.integers(1, 6), min_size=2, max_size=3))
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def check(story: Any, sizes: list[int]) -> None:
        with transaction.atomic():
            told = Told(world)
            for _ in range(2):
                told.begin(world.lot(BEGIN, materials[0]), BEGIN)
            for level, (turned, parts) in enumerate(story):
                for kind, number, size in turned:
                    told.share(kind, number, size, materials[level])
                there = told.of(materials[level])
                used = [(lot, min(part, told.left[lot.pk])) for lot, part in zip(there, parts, strict=False)]
                told.make(materials[level + 1], used)
            first = next(iter(told.lots.values()))
            unit = world.unit(world.lot(0, world.material(tracking="serial")), stocked=False)
            told.build(unit, materials[LEVELS], sizes)
            connection.check_constraints()
            assert len(nx.dag_longest_path(told.graph)) > LEVELS, "at least ten levels lie between the ends"

            # Quantity: what each lot has left, and what each material has, is what the plain ledger says.
            found = states([(pk, None) for pk in told.lots])
            assert {pk: int(s.on_hand) for pk, s in zip(told.lots, found, strict=True)} == told.left
            per_material: dict[int, int] = defaultdict(int)
            for pk, lot in told.lots.items():
                per_material[lot.material_id] += told.left[pk]
            gone: Counter[int] = Counter()
            for above, below, edge in told.graph.edges(data=True):
                below_material = told.lots[below[1]].material_id if below[0] == "lot" else None
                if below_material != told.lots[above[1]].material_id:
                    gone[told.lots[above[1]].material_id] += edge["quantity"]
            for material in materials[:-1]:
                assert per_material[material.pk] == 2 * BEGIN - gone[material.pk]

            # Genealogy: the whole of it from both ends, and from some lot in the middle.
            middle = list(told.lots.values())[len(told.lots) // 2]
            starts: list[Lot | SerializedUnit] = [first, middle, unit, *(lot for lot in told.lots.values() if kin(lot))]
            for start in starts:
                compare(told, start)
            inside = Counter[int]()
            for link in components_of(unit):
                inside[link.parent_lot_id or 0] += int(link.quantity)
            assert inside == {
                pk: amount(told, ("lot", pk), ("unit", unit.pk))
                for kind, pk in told.graph.predecessors(("unit", unit.pk))
                if kind == "lot"
            }
            assert GenealogyLink.objects.filter(reverses__isnull=False).exists()
            transaction.set_rollback(True)

    check()
