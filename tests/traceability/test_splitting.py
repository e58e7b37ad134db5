"""Lots are split, merged and taken back: stock, genealogy and holds together, or not at all."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from core.kernel.deeds import acting
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.traceability.refusals import refused
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import GenealogyLink, Hold, Lot, StockMovement, Transformation
from traceability.queries import kin, on_hand, reached, state_of
from traceability.services.movements import source_ref

RIGHTS = ("traceability.view_lot", "traceability.split_lot")


@pytest.fixture
def splitter(world: World) -> Any:
    """Somebody who may split and merge, and nothing else."""
    return make_user(site=world.site, permissions=RIGHTS)


def held(lot: Lot, world: World, quantity: int | None = None, why: str = "Dull") -> Hold:
    return services.place_hold(
        lot=lot, quantity=None if quantity is None else Decimal(quantity), reason=why, actor=world.operator
    )


def split(lot: Lot, quantity: int, actor: Any, **values: Any) -> Lot:
    made = services.split_lot(lot=lot, quantity=Decimal(quantity), actor=actor, **values)
    connection.check_constraints()
    return made


@pytest.mark.requirement("GEN-01")
def test_a_sublot_has_its_quantity_its_place_and_what_is_said_of_its_lot(world: World, splitter: Any) -> None:
    day = dt.date(2031, 5, 1)
    lot = world.lot(10, world.material(revision="A"), expires_on=day, supplier_lot="S-9")
    child = split(lot, 4, splitter, reason="For the second line")
    assert (child.number, child.status, child.expires_on) == (f"{lot.number}.1", "released", day)
    assert (child.material, child.revision, child.supplier_lot) == (lot.material, lot.revision, "S-9")
    assert (on_hand(lot), on_hand(child)) == (6, 4)
    assert state_of(child).places == {world.store.pk: Decimal(4)}
    link = GenealogyLink.objects.get()
    assert (link.parent_lot, link.child_lot, link.quantity, link.uom) == (lot, child, 4, world.each)
    deed = Transformation.objects.get()
    assert (deed.kind, deed.reason, deed.actor, link.source) == ("split", "For the second line", splitter, deed)
    assert {movement.source_id for movement in StockMovement.objects.filter(kind="split")} == {deed.pk}
    assert [link.child_lot for link in kin(lot)] == [child]
    assert split(lot, 1, splitter).number == f"{lot.number}.2"
    assert split(lot, 1, splitter, number="MINE").number == "MINE"
    assert child.pk in reached(lot, "forward")[0]


@pytest.mark.requirement("GEN-01")
def test_the_same_request_splits_once(world: World, splitter: Any) -> None:
    lot, sent = world.lot(10), uuid.uuid4()
    first = split(lot, 4, splitter, client_id=sent)
    assert split(lot, 4, splitter, client_id=sent) == first
    assert (on_hand(lot), on_hand(first), Lot.objects.filter(material=lot.material).count()) == (6, 4, 2)
    with refused("client_id"):
        services.merge_lots(lots=[lot, first], client_id=sent, actor=splitter)


@pytest.mark.requirement("GEN-01")
def test_what_cannot_be_split(world: World, splitter: Any) -> None:
    lot = world.lot(10)
    for quantity, code in ((10, "quantity"), (11, "quantity"), (0, "quantity")):
        with refused(code):
            split(lot, quantity, splitter)
    with refused("fraction"):
        services.split_lot(lot=lot, quantity=Decimal("0.5"), actor=splitter)
    with refused("place"):
        split(lot, 4, splitter, location=world.production)
    with refused("taken"):
        split(lot, 4, splitter, number=lot.number)
    serial = world.lot(0, world.material(tracking="serial"))
    world.unit(serial)
    world.unit(serial)
    with refused("serialized"):
        split(serial, 1, splitter)
    making = services.create_lot(site=world.site, material=lot.material, status="in_production", actor=world.system)
    services.produce_stock(lot=making, quantity=Decimal(5), location=world.store, actor=world.system)
    with refused("lot_status"):
        split(making, 2, splitter)
    with refused("permission"):
        split(lot, 4, world.quality)


@pytest.mark.requirement("GEN-02")
def test_what_is_split_off_a_held_lot_is_held_by_a_hold_of_its_own_each(world: World, splitter: Any) -> None:
    lot = world.lot(10)
    first, second = held(lot, world, why="Dull"), held(lot, world, why="Label")
    child = split(lot, 4, splitter)
    own = list(child.holds.order_by("pk"))
    assert [(hold.status, hold.quantity) for hold in own] == [("open", None)] * 2
    assert [hold.reason for hold in own] == [f"Inherited from {lot}: Dull", f"Inherited from {lot}: Label"]
    assert state_of(child).all_held and state_of(child).available == 0
    with refused("hold", "hold"):
        issue_stock(lot=child, quantity=Decimal(1), actor=world.operator)
    lift(own[0], world)
    assert [hold.status for hold in child.holds.order_by("pk")] == ["released", "open"]
    assert {hold.status for hold in (again(first), again(second))} == {"open"}
    assert state_of(child).all_held, "the other hold stands for itself"


def again(hold: Hold) -> Hold:
    hold.refresh_from_db()
    return hold


def lift(hold: Hold, world: World) -> None:
    services.release_hold(
        hold=hold, reason="Decided", actor=world.system, signature=proof(world.system, "hold_released")
    )


@pytest.mark.requirement("GEN-02")
def test_of_a_lot_that_is_held_in_part_the_person_says_which_part(world: World, splitter: Any) -> None:
    lot = world.lot(10)
    held(lot, world, 3)
    with refused("which_part"):
        split(lot, 2, splitter)
    with refused("quantity"):
        split(lot, 8, splitter, held=False)
    with refused("quantity"):
        split(lot, 4, splitter, held=True)
    free = split(lot, 7, splitter, held=False)
    assert (state_of(free).available, not free.holds.exists()) == (7, True)
    assert (on_hand(lot), state_of(lot).available) == (3, 0)
    issue_stock(lot=free, quantity=Decimal(7), actor=world.operator)
    bad = split(lot, 2, splitter, held=True)
    assert (state_of(bad).all_held, on_hand(lot)) == (True, 1)
    with refused("hold"):
        services.move_stock(
            lot=bad, quantity=Decimal(1), from_location=world.store, to_location=world.production, actor=world.operator
        )


@pytest.mark.requirement("GEN-02")
def test_postgresql_lets_held_stock_go_only_into_a_lot_that_is_held(world: World) -> None:
    lot, free = world.lot(10), world.lot(1)
    lot_b = world.lot(0, lot.material)
    above = held(lot, world)

    def become(child: Lot, *, came: int = 4, left: int = 4, parent: Lot = lot) -> None:
        with transaction.atomic(), acting(world.system):
            deed = Transformation.objects.create(site=world.site, kind="split")
            kind: dict[str, Any] = {"kind": "split", "uom": world.each, **source_ref(deed)}
            StockMovement.objects.create(lot=child, quantity=Decimal(came), to_location=world.store, **kind)
            StockMovement.objects.create(lot=parent, quantity=Decimal(left), from_location=world.store, **kind)
            connection.check_constraints()

    with pytest.raises(IntegrityError, match="is on hold"):
        become(lot_b)
    with acting(world.system):
        services.transforming.inherit_holds(holds=[above], child=lot_b, actor=world.system)
    become(lot_b)
    assert (on_hand(lot), on_hand(lot_b)) == (6, 4)
    with pytest.raises(IntegrityError, match="more or less"):
        become(free, came=3, left=2, parent=world.lot(5))
    with pytest.raises(IntegrityError, match="no transformation"), transaction.atomic(), acting(world.system):
        StockMovement.objects.create(
            kind="split", lot=free, quantity=Decimal(1), to_location=world.store, uom=world.each
        )
        connection.check_constraints()


@pytest.mark.requirement("GEN-03")
def test_lots_become_one_that_is_as_good_as_the_worst_of_them(world: World, splitter: Any) -> None:
    material = world.material()
    soon, late = dt.date(2031, 1, 1), dt.date(2032, 1, 1)
    first = world.lot(3, material, expires_on=late, supplier_lot="S-1")
    second = world.lot(5, material, expires_on=soon, supplier_lot="S-1")
    services.move_stock(
        lot=second,
        quantity=Decimal(2),
        from_location=world.store,
        to_location=world.production,
        actor=world.operator,
    )
    hold = held(second, world, 1)
    merged = services.merge_lots(lots=[first, second], reason="One tank", actor=splitter)
    connection.check_constraints()
    assert (merged.expires_on, merged.supplier_lot, merged.status) == (soon, "S-1", "released")
    assert (on_hand(first), on_hand(second), on_hand(merged)) == (0, 0, 8)
    assert state_of(merged).places == {world.store.pk: Decimal(6), world.production.pk: Decimal(2)}
    assert {link.parent_lot: link.quantity for link in GenealogyLink.objects.all()} == {first: 3, second: 5}
    assert [inherited.reason for inherited in merged.holds.all()] == [f"Inherited from {second}: {hold.reason}"]
    assert state_of(merged).all_held
    other = world.lot(2, material, supplier_lot="S-2")
    third = world.lot(2, material, supplier_lot="S-1")
    assert services.merge_lots(lots=[other, third], number="M", actor=splitter).supplier_lot == ""


@pytest.mark.requirement("GEN-03")
def test_only_equal_goods_become_one(world: World, splitter: Any) -> None:
    lot = world.lot(5)
    elsewhere = make_world()
    cases = {
        "material": world.lot(5),
        "state": world.lot(5, lot.material, status="quarantine"),
        "revision": world.lot(
            5, lot.material, revision=services.add_revision(material=lot.material, revision="B", actor=world.system)
        ),
        "quantity": world.lot(0, lot.material),
        "too_few": lot,
    }
    for code, other in cases.items():
        with refused(code):
            services.merge_lots(lots=[lot, other], actor=splitter)
    far = elsewhere.lot(5, lot.material)
    with refused("permission"):
        services.merge_lots(lots=[lot, far], actor=splitter)
    with refused("site"):
        services.merge_lots(lots=[lot, far], actor=world.system)


@pytest.mark.requirement("GEN-04")
def test_a_split_is_taken_back_while_nothing_followed(world: World, splitter: Any) -> None:
    lot = world.lot(10)
    child = split(lot, 4, splitter)
    deed = Transformation.objects.get()
    with refused("reason"):
        services.undo_transformation(transformation=deed, reason=" ", actor=splitter)
    back = services.undo_transformation(transformation=deed, reason="Wrong lot", actor=splitter)
    connection.check_constraints()
    assert (back.reverses, on_hand(lot), on_hand(child)) == (deed, 10, 0)
    assert reached(lot, "forward")[0] == {lot.pk}
    assert kin(lot) == []
    with refused("reversed"):
        services.undo_transformation(transformation=deed, reason="Again", actor=splitter)
    with refused("no_undo"):
        services.undo_transformation(transformation=back, reason="Back", actor=splitter)
    with refused("transformed"):
        services.reverse_movement(
            movement=StockMovement.objects.filter(kind="split").latest("pk"), actor=splitter, reason="No"
        )


@pytest.mark.requirement("GEN-04")
def test_a_split_that_went_on_is_not_taken_back(world: World, splitter: Any) -> None:
    def undo(code: str, deed: Transformation) -> None:
        with refused(code):
            services.undo_transformation(transformation=deed, reason="Wrong lot", actor=splitter)

    child = split(world.lot(10), 4, splitter)
    issue_stock(lot=child, quantity=Decimal(1), actor=world.operator)
    undo("went_on", Transformation.objects.latest("pk"))
    lot = world.lot(10)
    child = split(lot, 4, splitter)
    deed = Transformation.objects.latest("pk")
    with refused("transformed"):
        services.reverse_movement(
            movement=StockMovement.objects.filter(lot=child).latest("pk"), actor=splitter, reason="No"
        )
    held(child, world)
    undo("hold", deed)
    lot = world.lot(10)
    split(lot, 4, splitter)
    services.withdraw_lot(lot=lot, reason="Doubt", actor=world.quality)
    undo("state", Transformation.objects.latest("pk"))


@pytest.mark.requirement("GEN-04")
def test_a_merge_is_taken_back_into_the_lots_and_places_it_came_from(world: World, splitter: Any) -> None:
    material = world.material()
    first, second = world.lot(3, material), world.lot(5, material)
    services.move_stock(
        lot=second,
        quantity=Decimal(2),
        from_location=world.store,
        to_location=world.production,
        actor=world.operator,
    )
    before = [state_of(lot).places for lot in (first, second)]
    merged = services.merge_lots(lots=[first, second], actor=splitter)
    services.undo_transformation(transformation=Transformation.objects.get(), reason="Two tanks", actor=splitter)
    connection.check_constraints()
    assert [state_of(lot).places for lot in (first, second)] == before
    assert on_hand(merged) == 0


@pytest.mark.requirement("GEN-05")
def test_nothing_goes_into_what_it_is_made_of(world: World) -> None:
    lots = [world.lot(0) for _ in range(5)]
    for above, below in zip(lots, lots[1:], strict=False):
        world.link(above, below)
    with refused("loop"):
        world.link(lots[4], lots[0])
    pair = world.lot(0), world.lot(0)
    both_ways = [services.LinkInput(x, y, Decimal(1), world.each) for x, y in (pair, pair[::-1])]
    with refused("loop"):  # two links of one deed against each other
        services.link_many(links=both_ways, source=None, actor=world.system)
    unit = world.unit(lots[4], stocked=False)
    with refused("loop"):
        world.link(unit, lots[2])
