"""An inherited hold stands in the place of the hold it comes from; what is free of both is free."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.kernel.deeds import Deed, acting
from core.lifecycle.services import begin
from tests.api.conftest import MAKE, program_of
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.support.visits import visit_as
from tests.traceability.refusals import refused
from tests.traceability.world import World
from traceability import services
from traceability.models import GenealogyLink, Hold, Lot, StockMovement, Transformation
from traceability.queries import on_hand, part_held, standing_holds, state_of
from traceability.services.movements import source_ref

requirement = pytest.mark.requirement


def held(world: World, lot: Lot, quantity: int | None = None) -> Hold:
    return services.place_hold(
        lot=lot, quantity=None if quantity is None else Decimal(quantity), reason="Dull", actor=world.operator
    )


def split(world: World, lot: Lot, quantity: int, **values: Any) -> Lot:
    made = services.split_lot(lot=lot, quantity=Decimal(quantity), actor=world.system, **values)
    connection.check_constraints()
    return made


def lift(world: World, hold: Hold) -> None:
    services.release_hold(
        hold=hold, reason="Decided", actor=world.system, signature=proof(world.system, "hold_released")
    )


def standing(world: World, lot: Lot) -> list[Hold]:
    return standing_holds(lot, Deed(actor=world.quality))


@requirement("HLD-09")
def test_the_hold_of_a_sublot_alone_governs_it(world: World) -> None:
    lot = world.lot(10, status="quarantine")
    above = held(world, lot)
    child = split(world, lot, 4)
    own = child.holds.get()
    assert (own.inherited_from, list(above.passed_on.all())) == (above, [own])
    assert [hold.pk for hold in standing(world, child)] == [own.pk]
    lift(world, own)
    above.refresh_from_db()
    assert (above.status, state_of(child).inherited, state_of(child).available) == ("open", (), 4)
    services.release_lot(lot=child, actor=world.quality, signature=proof(world.quality, "released"))
    issue_stock(lot=child, quantity=Decimal(1), actor=world.operator)
    with refused("hold"):
        services.release_lot(lot=lot, actor=world.quality, signature=proof(world.quality, "released"))


@requirement("HLD-09")
def test_releasing_the_hold_of_the_lot_does_not_release_that_of_the_sublot(world: World) -> None:
    lot = world.lot(10)
    above = held(world, lot)
    child = split(world, lot, 4)
    lift(world, above)
    issue_stock(lot=lot, quantity=Decimal(6), actor=world.operator)
    with refused("hold"):
        issue_stock(lot=child, quantity=Decimal(1), actor=world.operator)


@requirement("HLD-09")
def test_what_was_made_of_a_sublot_follows_its_hold_and_not_the_one_above(world: World) -> None:
    lot = world.lot(10)
    above = held(world, lot)
    child = split(world, lot, 4)
    product, both = world.lot(5), world.lot(5)
    world.link(child, product)
    world.link(child, both)
    world.link(lot, both)
    own = child.holds.get()
    assert (state_of(product).inherited, state_of(both).inherited) == ((own.pk,), (above.pk, own.pk))
    lift(world, own)
    assert (state_of(product).inherited, state_of(both).inherited) == ((), (above.pk,))


@requirement("HLD-09")
def test_a_hold_that_is_placed_after_the_split_still_reaches_the_sublot(world: World) -> None:
    lot = world.lot(10)
    child = split(world, lot, 4)
    later = held(world, lot)
    assert state_of(child).inherited == (later.pk,)
    with refused("hold_inherited"):
        issue_stock(lot=child, quantity=Decimal(1), actor=world.operator)


@requirement("HLD-10")
def test_the_free_part_of_a_lot_is_released_and_used_while_the_held_part_waits(world: World) -> None:
    lot = world.lot(10, status="quarantine")
    held(world, lot, 3)
    free = split(world, lot, 5, held=False)
    services.release_lot(lot=free, actor=world.quality, signature=proof(world.quality, "released"))
    issue_stock(lot=free, quantity=Decimal(5), actor=world.operator)
    with refused("hold"):
        services.release_lot(lot=lot, actor=world.quality, signature=proof(world.quality, "released"))
    bad = split(world, lot, 3, held=True)
    assert (part_held(lot), state_of(lot).available, state_of(bad).all_held) == (0, 2, True)
    services.release_lot(lot=lot, actor=world.quality, signature=proof(world.quality, "released"))
    issue_stock(lot=lot, quantity=Decimal(2), actor=world.operator)
    with refused("lot_status", "hold"):
        issue_stock(lot=bad, quantity=Decimal(1), actor=world.operator)


@requirement("HLD-10")
def test_a_released_hold_may_have_been_about_what_was_split_off(world: World) -> None:
    lot = world.lot(10)
    first, _second = held(world, lot, 3), held(world, lot, 2)
    split(world, lot, 2, held=True)
    assert part_held(lot) == 3
    lift(world, first)
    assert part_held(lot) == 2, "nobody knows whether the two that were split off are of the second"


@requirement("HLD-10")
def test_a_hold_on_more_than_is_left_follows_what_was_used_before(world: World) -> None:
    lot, product = world.lot(10), world.lot(5)
    issue_stock(lot=lot, quantity=Decimal(8), actor=world.operator)
    world.link(lot, product, 8)
    few = held(world, lot, 2)
    assert state_of(product).inherited == ()
    more = held(world, lot, 1)
    assert state_of(product).inherited == (few.pk, more.pk)


@requirement("HLD-09", "REC-05")
def test_postgresql_lets_held_stock_go_only_where_each_hold_is_inherited_and_keeps_from_which(world: World) -> None:
    lot = world.lot(10)
    above, child = held(world, lot), world.lot(0, lot.material)

    def become() -> None:
        with transaction.atomic(), acting(world.system):
            deed = Transformation.objects.create(site=world.site, kind="split")
            kind: dict[str, Any] = {"kind": "split", "uom": world.each, "quantity": Decimal(4), **source_ref(deed)}
            StockMovement.objects.create(lot=child, to_location=world.store, **kind)
            StockMovement.objects.create(lot=lot, from_location=world.store, **kind)
            connection.check_constraints()

    held(world, child)
    with pytest.raises(IntegrityError, match="is on hold"):
        become()
    with transaction.atomic(), acting(world.system):
        own = Hold(site=world.site, lot=child, reason="x", placed_by=world.system, placed_at=above.placed_at)
        own.inherited_from = above
        begin(own, actor=world.system, reason="x")
    become()
    own.inherited_from = None
    with pytest.raises(Exception, match="can only be released"), transaction.atomic(), acting(world.system, reason="x"):
        own.save()


@requirement("HLD-09")
def test_pages_and_the_api_say_from_which_hold_it_comes(world: World) -> None:
    lot = world.lot(10)
    above = held(world, lot)
    own = split(world, lot, 4).holds.get()
    reader = make_user(site=world.site, permissions=("traceability.view_hold", "traceability.view_lot", MAKE))
    desk = visit_as(reader)
    assert f"{above} · {lot}" in desk.get(own.get_absolute_url()).content.decode()
    assert str(own) in desk.get(above.get_absolute_url()).content.decode()
    answer = program_of(reader).get(f"traceability/holds/{own.pk}/").json()
    assert answer["inherited_from"] == above.pk


@dataclass
class Pieces:
    """Each piece with the open holds that are about it: what the rules must never call free, and may call held."""

    world: World
    chance: random.Random
    pieces: dict[int, list[set[int]]] = field(default_factory=dict)
    lots: list[Lot] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)

    def come(self, lot: Lot, pieces: list[set[int]]) -> None:
        self.lots.append(lot)
        self.pieces[lot.pk] = pieces

    def some(self) -> Lot:
        return self.chance.choice([lot for lot in self.lots if self.pieces[lot.pk]])

    def receive(self) -> None:
        self.come(self.world.lot(6, self.lots[0].material if self.lots else None), [set() for _ in range(6)])

    def hold(self) -> None:
        lot = self.some()
        free = [piece for piece in self.pieces[lot.pk] if not piece]
        whole = self.chance.random() < 0.3
        if not whole and not free:
            return
        chosen = self.pieces[lot.pk] if whole else self.chance.sample(free, self.chance.randint(1, len(free)))
        hold = held(self.world, lot, None if whole else len(chosen))
        self.holds.append(hold)
        for piece in chosen:
            piece.add(hold.pk)

    def release(self) -> None:
        still = [hold for hold in self.holds if hold.status == "open"]
        if still:
            hold = self.chance.choice(still)
            lift(self.world, hold)
            hold.refresh_from_db()
            for pieces in self.pieces.values():
                for piece in pieces:
                    piece.discard(hold.pk)

    def _become(self, made: Lot, moved: list[set[int]]) -> None:
        copies = list(made.holds.all())
        self.holds += copies
        for piece in moved:
            piece.clear()
            piece.update(copy.pk for copy in copies)
        self.come(made, moved)

    def split(self) -> None:
        lot = self.some()
        state, pieces = state_of(lot), self.pieces[lot.pk]
        part = None if not state.held or state.all_held else self.chance.random() < 0.5
        bad = [piece for piece in pieces if piece] if part else [piece for piece in pieces if not piece]
        most = len(pieces) if part is None else min(len(bad), int(state.held if part else state.available))
        most = min(most, len(pieces) - 1)
        if most < 1:
            return
        moved = self.chance.sample(pieces if part is None else bad, self.chance.randint(1, most))
        made = split(self.world, lot, len(moved), held=part)
        self.pieces[lot.pk] = [one for one in pieces if not any(one is other for other in moved)]
        self._become(made, moved)

    def merge(self) -> None:
        filled = [lot for lot in self.lots if self.pieces[lot.pk]]
        if len(filled) < 2:
            return
        chosen = self.chance.sample(filled, 2)
        moved = [piece for lot in chosen for piece in self.pieces[lot.pk]]
        made = services.merge_lots(lots=chosen, actor=self.world.system)
        connection.check_constraints()
        for lot in chosen:
            self.pieces[lot.pk] = []
        self._become(made, moved)

    def check(self) -> None:
        for lot in self.lots:
            state, pieces = state_of(lot), self.pieces[lot.pk]
            bad = sum(bool(piece) for piece in pieces)
            assert state.on_hand == on_hand(lot) == len(pieces)
            assert state.available <= len(pieces) - bad, "what is held is never free"
            assert state.all_held == lot.holds.filter(status="open", quantity__isnull=True).exists()
            if not lot.holds.exclude(status="open").exists():
                assert state.available == len(pieces) - bad, "what is free of holds is free"
            assert set(state.inherited) == set(reaching(lot)), "and nothing else is held by what it came from"


def reaching(lot: Lot) -> Iterator[int]:
    """By every way back one by one: the open holds above of which no lot on the way has its own."""

    def ways(at: Lot, way: tuple[Lot, ...]) -> Iterator[tuple[Lot, ...]]:
        for link in GenealogyLink.objects.filter(child_lot=at, reverses__isnull=True, reversed_by__isnull=True):
            assert link.parent_lot is not None
            yield (*way, link.parent_lot)
            yield from ways(link.parent_lot, (*way, link.parent_lot))

    for way in ways(lot, (lot,)):
        top = way[-1]
        for hold in top.holds.filter(status="open"):
            is_about_what_left = hold.quantity is None or part_held(top) > on_hand(top)
            if is_about_what_left and not Hold.objects.filter(inherited_from=hold, lot__in=way[:-1]).exists():
                yield hold.pk


@requirement("HLD-09", "HLD-10")
@pytest.mark.parametrize("seed", range(4))
def test_the_rules_agree_with_every_single_piece(world: World, seed: int) -> None:
    plant = Pieces(world, random.Random(seed))
    plant.receive()
    deeds = (plant.hold, plant.hold, plant.split, plant.split, plant.merge, plant.release, plant.receive)
    for _turn in range(18):
        plant.chance.choice(deeds)()
        plant.check()
