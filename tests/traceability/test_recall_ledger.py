"""Recalls against the ledger: whatever was booked, each piece is told once, resolved where the records resolve it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.traceability.goods import back, draft, put, shipped
from tests.traceability.recalled import begun, drilled, make_head, told, traced, used_in
from tests.traceability.test_views import ALL
from tests.traceability.world import World
from traceability import services
from traceability.models import (
    GenealogyLink,
    Lot,
    RecallLine,
    SerializedUnit,
    ShipmentLine,
    StockMovement,
    StorageLocation,
    Transformation,
)
from traceability.queries.recalls import figures_of, lines_of


@pytest.fixture
def head(world: World) -> Any:
    """Somebody who may do everything with recalls."""
    return make_head(world)


@pytest.fixture
def master(world: World, lead: Any) -> Any:
    """Somebody who may do everything at the site, from which goods can leave."""
    return make_user(site=world.site, permissions=ALL)


def sent_back(goods: Lot | SerializedUnit, master: Any, quantity: int | None = None, kind: str = "returned") -> None:
    """Held, and sent to its supplier or destroyed with a signature."""
    named: dict[str, Any] = {"unit": goods} if isinstance(goods, SerializedUnit) else {"lot": goods}
    amount = None if quantity is None else Decimal(quantity)
    if amount is not None:
        named["quantity"] = amount
    hold = services.place_hold(**named, reason="Alloy", actor=master)
    services.remove_held(
        hold=hold, kind=kind, reason="Alloy", actor=master, signature=proof(master, "dispositioned"), quantity=amount
    )


# --- what the records resolve


@pytest.mark.requirement("RCL-11")
def test_what_was_split_or_merged_follows_its_lots_and_is_counted_once(world: World, head: Any, master: Any) -> None:
    material = world.material()
    first, second = world.lot(100, material), world.lot(11, material)
    sublot = services.split_lot(lot=first, quantity=Decimal(40), actor=master)
    merged = services.merge_lots(lots=[sublot, second], actor=master)
    wrong = services.split_lot(lot=first, quantity=Decimal(5), actor=master)
    deed = Transformation.objects.get(kind="split", pk=wrong.links_to_parents.get().source_id or 0)
    services.undo_transformation(transformation=deed, reason="Wrong lot", actor=master)
    recall = drilled(world, head, first, second)
    assert told(recall) == {
        (str(first), "site", "60", ""),
        (str(first), "became", "40", "became"),
        (str(sublot), "became", "40", "became"),
        (str(second), "became", "11", "became"),
        (str(merged), "site", "51", ""),
    }
    figures = figures_of(recall)
    assert (figures.coverage, figures.unresolved, figures.open) == (100, 0, 2)
    [one] = figures.materials
    assert (one.total, one.on_site, one.lost) == (111, 111, 0)


@pytest.mark.requirement("RCL-11")
def test_what_went_back_to_the_supplier_is_with_the_supplier(world: World, head: Any, lead: Any, master: Any) -> None:
    lot = world.lot(20)
    unit = world.unit(world.lot(0, world.material(tracking="serial")))
    shipped(world, lead, lot, 3)
    sent_back(lot, master, 7)
    sent_back(unit, master)
    recall = drilled(world, head, lot, unit)
    assert told(recall) == {
        (str(lot), "site", "10", ""),
        (str(lot), "customer", "3", ""),
        (str(lot), "supplier", "7", "supplier"),
        (str(unit), "supplier", "1", "supplier"),
    }
    assert (figures_of(recall).unresolved, figures_of(recall).customers) == (0, 1)


@pytest.mark.requirement("RCL-11")
def test_what_a_replacement_took_out_is_scrapped_or_here(world: World, head: Any, master: Any) -> None:
    screws = world.lot(40)
    machine = world.unit(world.lot(0, world.material(tracking="serial")))
    used_in(world, screws, machine, 10)
    link = GenealogyLink.objects.get(parent_lot=screws)

    def replace(quantity: int, outcome: str, new: Lot | None = None) -> None:
        nonlocal link
        services.replace_component(
            genealogy_link=link, reason="Worn", outcome=outcome, quantity=Decimal(quantity), new_lot=new, actor=master
        )
        link = GenealogyLink.objects.filter(parent_lot=screws, reverses=None, reversed_by=None).order_by("pk")[0]

    replace(2, "scrap")
    replace(3, "scrap", screws)
    replace(1, "keep")
    issue_stock(lot=screws, quantity=Decimal(5), actor=master)
    recall = drilled(world, head, screws)
    assert {line for line in told(recall) if line[0] == str(screws)} == {
        (str(screws), "site", "22", ""),
        (str(screws), "site", "1", ""),
        (str(screws), "consumed", "7", "consumed"),
        (str(screws), "scrapped", "5", "scrapped"),
        (str(screws), "unknown", "5", "no_child"),
    }


@pytest.mark.requirement("RCL-11")
def test_released_goods_are_on_site_wherever_they_lie_and_scrap_says_where(
    world: World, head: Any, master: Any
) -> None:
    bin_ = services.create_location(site=world.site, code="BIN", name="Bin", kind="scrap", actor=world.system)
    lot = world.lot(10)
    for quantity, place in ((4, world.production), (3, bin_)):
        services.move_stock(
            lot=lot, quantity=Decimal(quantity), from_location=world.store, to_location=place, actor=master, source=lot
        )
    forks = world.lot(0, world.material(tracking="serial"))
    made, free = world.unit(forks), world.unit(forks)
    perform(free, "release", actor=master, signature=proof(master, "released"))
    recall = drilled(world, head, lot, forks)
    places = {(str(one.goods), one.where, one.location) for one in lines_of(recall) if one.quantity}
    assert places == {
        (str(lot), "site", world.store),
        (str(lot), "site", world.production),
        (str(lot), "scrapped", bin_),
        (str(made), "production", world.production),
        (str(free), "site", world.production),
    }


@pytest.mark.requirement("RCL-01")
def test_shipments_to_be_are_told_with_the_open_orders(world: World, head: Any, lead: Any) -> None:
    lot, other = world.lot(10), world.lot(10)
    prepared = draft(world, lead)
    put(prepared, lead, lot, 2)
    put(prepared, lead, other, 2)
    gone = shipped(world, lead, lot, 1).shipment
    recall = drilled(world, head, lot)
    assert [(one.source, one.how, one.lot) for one in recall.orders.all()] == [(prepared, "sends", lot)]
    assert gone.status == "shipped" and figures_of(recall).orders == 1
    traced(recall, head)
    assert recall.orders.count() == 1


# --- any history at all

HISTORY = st.lists(
    st.tuples(
        st.sampled_from(
            ["receive", "split", "merge", "undo", "consume", "build", "scrap", "ship", "back", "supplier", "destroy",
             "replace", "move", "unit_ship", "unit_supplier", "unit_scrap", "unit_build"]
        ),
        st.integers(0, 9), st.integers(0, 9), st.integers(1, 6),
    ),
    min_size=3, max_size=14,
)  # fmt: skip


class Plant:
    """A small plant in which things happen; what is refused does not."""

    def __init__(self, world: World, lead: Any, master: Any) -> None:
        self.world, self.lead, self.master = world, lead, master
        self.raw, self.product = world.material(), world.material()
        self.serials = world.lot(0, world.material(tracking="serial"))
        self.lots = [world.lot(20, self.raw), world.lot(15, self.raw)]
        self.units = [world.unit(self.serials)]
        self.replaced: dict[int, Decimal] = defaultdict(Decimal)

    def act(self, what: str, i: int, j: int, quantity: int) -> None:
        lot, other, unit = self.lots[i % len(self.lots)], self.lots[j % len(self.lots)], self.units[j % len(self.units)]
        amount, who = Decimal(quantity), self.master
        if what == "receive":
            self.lots.append(self.world.lot(quantity, self.raw))
        elif what == "split":
            self.lots.append(services.split_lot(lot=lot, quantity=amount, actor=who))
        elif what == "merge":
            if lot != other:
                self.lots.append(services.merge_lots(lots=[lot, other], actor=who))
        elif what == "undo":
            deed = Transformation.objects.exclude(kind="replace").filter(reverses=None).first()
            if deed is not None:
                services.undo_transformation(transformation=deed, reason="Wrong", actor=who)
        elif what == "consume":
            issue_stock(lot=lot, quantity=amount, actor=who)
            made = self.world.lot(0, self.product)
            services.produce_stock(lot=made, quantity=Decimal(3), location=self.world.store, actor=who)
            self.world.link(lot, made, quantity)
            self.lots.append(made)
        elif what == "build":
            used_in(self.world, lot, unit, quantity)
        elif what == "scrap":
            services.scrap_stock(lot=lot, quantity=amount, reason="Bent", actor=who)
        elif what == "ship":
            shipped(self.world, self.lead, lot, quantity)
        elif what == "back":
            line = ShipmentLine.objects.filter(shipment__status="shipped").order_by("?").first()
            if line is not None:
                back(line, self.lead, 1)
        elif what in ("supplier", "destroy"):
            sent_back(lot, who, quantity, "returned" if what == "supplier" else "destroyed")
        elif what == "replace":
            self.replace(other, quantity, is_scrapped=i % 2 == 0, is_new=j % 2 == 0)
        elif what == "move":
            to = (self.world.production, self.world.quarantine)[j % 2]
            services.move_stock(lot=lot, quantity=amount, from_location=self.world.store, to_location=to, actor=who)
        elif what == "unit_ship":
            perform(unit, "release", actor=who, signature=proof(who, "released"))
            shipped(self.world, self.lead, unit)
        elif what == "unit_supplier":
            sent_back(unit, who)
        elif what == "unit_scrap":
            services.scrap_stock(lot=self.serials, unit=unit, quantity=Decimal(1), reason="Bent", actor=who)
        else:
            child = self.world.unit(self.serials)
            issue_stock(lot=self.serials, unit=unit, quantity=Decimal(1), actor=who)
            self.world.link(unit, child)
            self.units.append(child)

    def replace(self, new: Lot, quantity: int, *, is_scrapped: bool, is_new: bool) -> None:
        links = GenealogyLink.objects.filter(child_unit__isnull=False, reverses=None, reversed_by=None)
        link = links.order_by("pk").last()
        if link is None:
            return
        amount = min(Decimal(quantity), link.quantity)
        services.replace_component(
            genealogy_link=link,
            reason="Worn",
            outcome="scrap" if is_scrapped else "keep",
            quantity=amount,
            new_lot=new if is_new and link.parent_lot_id else None,
            actor=self.master,
        )
        if is_scrapped and link.parent_lot_id:
            self.replaced[link.parent_lot_id] += amount


def came(lot: Lot, kinds: tuple[str, ...]) -> Decimal:
    """What came into a lot by such movements, told by the ledger alone."""
    total = Decimal(0)
    for movement in StockMovement.objects.filter(lot=lot, unit=None).select_related("reverses"):
        first = movement.reverses or movement
        if first.kind in kinds and first.from_location_id is None:
            total += movement.quantity if movement.reverses is None else -movement.quantity
    return total


def balances(lot: Lot) -> dict[int, Decimal]:
    """What lies where, told by the ledger alone."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for movement in StockMovement.objects.filter(lot=lot, unit=None):
        if movement.to_location_id is not None:
            found[movement.to_location_id] += movement.quantity
        if movement.from_location_id is not None:
            found[movement.from_location_id] -= movement.quantity
    gone = set(StorageLocation.objects.filter(kind="shipped").values_list("pk", flat=True))
    return {place: quantity for place, quantity in found.items() if quantity and place not in gone}


@pytest.mark.requirement("RCL-03", "RCL-11")
def test_whatever_happened_the_lines_say_what_the_ledger_says(world: World, head: Any, lead: Any, master: Any) -> None:
    @given(history=HISTORY)
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def check(history: list[tuple[str, int, int, int]]) -> None:
        with transaction.atomic():
            plant = Plant(world, lead, master)
            for what, i, j, quantity in history:
                try:
                    with transaction.atomic():
                        plant.act(what, i, j, quantity)
                except Blocked:
                    pass  # the records would not have it
            lots = list(Lot.objects.filter(material__in=(plant.raw, plant.product)))
            recall = traced(begun(world, head, *lots, plant.serials), head)
            lines = list(lines_of(recall).select_related("lot", "unit"))
            assert [(str(one), one.trouble) for one in lines if one.trouble] == []
            for lot in lots:
                mine = [one for one in lines if one.lot_id == lot.pk]
                of = {
                    where: sum((one.quantity for one in mine if one.where == where), Decimal(0))
                    for where in RecallLine.Where.values
                }
                every = sum(of.values())
                assert every == came(lot, ("receipt", "produce", "split", "merge")), (history, lot, told(recall))
                here = {
                    one.location_id: one.quantity
                    for one in mine
                    if one.where in ("site", "production") and one.quantity
                }
                assert here == balances(lot)
                sent = ShipmentLine.objects.filter(lot=lot, unit=None, shipment__status="shipped")
                assert of["customer"] == sum((one.quantity - one.returned for one in sent), Decimal(0))
                scrap = StockMovement.objects.filter(lot=lot, unit=None, kind="scrap").aggregate(q=Sum("quantity"))["q"]
                assert of["scrapped"] == (scrap or 0) + plant.replaced[lot.pk]
            units = [one for one in lines if one.unit_id is not None]
            assert sorted(one.unit_id or 0 for one in units) == sorted(
                SerializedUnit.objects.filter(lot=plant.serials).values_list("pk", flat=True)
            )
            assert all(one.quantity == 1 for one in units), "each piece once"
            figures = figures_of(recall)
            assert (figures.coverage, figures.unresolved) == (100, 0)
            totals = {one.number: one.total for one in figures.materials}
            for material in (plant.raw, plant.product):
                made = sum(
                    (came(lot, ("receipt", "produce")) for lot in lots if lot.material_id == material.pk), Decimal(0)
                )
                assert totals.get(material.number, 0) == made, "no piece twice"
            transaction.set_rollback(True)

    check()
