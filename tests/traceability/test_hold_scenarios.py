"""The acceptance scenarios about holds: a part while it is issued, split and merge, rework, shipped, recall.

Beside them what stays possible for held and for expired stock: quarantine, destruction, return to the supplier.
"""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.signing.queries import signatures_of
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.traceability.goods import draft, ordered, put, receive, shipped
from tests.traceability.refusals import refused
from tests.traceability.test_containment import RIGHTS, held_by, kept, place, quality  # noqa: F401
from tests.traceability.test_hold_guarantee import INSERT, session, values
from tests.traceability.test_races import at_once
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Hold, Lot, StockMovement, StockRemoval
from traceability.queries import Scope, everything_in, on_hand, state_of, with_customers


def signed(actor: Any) -> Any:
    return proof(actor, "dispositioned")


def released(hold: Hold, actor: Any) -> None:
    services.release_hold(hold=hold, reason="fine", actor=actor, signature=proof(actor, "hold_released"))


def remove(hold: Hold, actor: Any, kind: str = "destroyed", **values: Any) -> StockRemoval:
    values.setdefault("signature", signed(actor))
    return services.remove_held(hold=hold, kind=kind, reason="Burnt", actor=actor, **values)


@pytest.mark.requirement("HLD-08")
def test_a_thirty_of_a_hundred_are_held_while_twenty_are_being_issued(plant: str) -> None:
    world = make_world()
    lot = world.lot(100)

    def hold() -> None:
        services.place_hold(lot=lot, quantity=Decimal(30), reason="scratches", actor=world.operator)
        connection.close()

    with session(plant, world.operator.pk) as issuing:
        issuing.execute(INSERT, values(world, lot, "issue", 20))
        placing = threading.Thread(target=hold)
        placing.start()
        placing.join(timeout=0.7)
        assert placing.is_alive(), "the hold waits for the issue"
        issuing.commit()
    placing.join(timeout=20)
    assert (on_hand(lot), state_of(lot).available) == (80, 50)
    outcomes = at_once(6, lambda _: issue_stock(lot=lot, quantity=Decimal(20), actor=world.operator))
    assert sorted(outcomes) == ["done", "done", "quantity", "quantity", "quantity", "quantity"]
    assert (on_hand(lot), state_of(lot).available) == (40, 10)


@pytest.mark.requirement("HLD-05", "HLD-08")
def test_b_split_and_merge_under_two_holds_of_which_one_is_released(world: World) -> None:
    lot = world.lot(100)
    spare, other = world.lot(50, lot.material), world.lot(50, lot.material)
    first = services.place_hold(lot=lot, reason="NC one", actor=world.quality, source=lot.material)
    services.place_hold(lot=lot, reason="NC two", actor=world.quality, source=world.material())
    half = services.split_lot(lot=lot, quantity=Decimal(50), actor=world.system)
    quarter = services.split_lot(lot=half, quantity=Decimal(25), actor=world.system)
    merged = services.merge_lots(lots=[quarter, other], actor=world.system)
    released(first, world.quality)
    for one in (lot, half, merged):
        own = Hold.objects.filter(lot=one, status="open").count()
        with pytest.raises(Blocked) as refusal:
            issue_stock(lot=one, quantity=Decimal(1), actor=world.operator)
        assert refusal.value.codes.count("hold") == own >= 1
        assert set(refusal.value.codes) == {"hold"}
    of_one = Hold.objects.filter(source_id=lot.material_id, source_type__model="material", status="open")
    for copy in of_one.order_by("pk"):
        released(copy, world.quality)
    left = set(Hold.objects.filter(status="open").values_list("lot", flat=True))
    assert on_hand(merged) == 75 and spare.pk not in left
    assert left == {lot.pk, half.pk, quarter.pk, merged.pk}, "the second decision is still open on each of them"
    for hold in Hold.objects.filter(status="open", lot=merged):
        released(hold, world.quality)
    issue_stock(lot=merged, quantity=Decimal(1), actor=world.operator)
    assert set(Hold.objects.filter(status="open").values_list("lot", flat=True)) == {lot.pk, half.pk, quarter.pk}


@pytest.mark.requirement("HLD-08")
def test_c_a_unit_that_fails_its_inspection_twice_is_scrapped_under_its_hold(
    world: World,
    quality: Any,  # noqa: F811
) -> None:
    lot = world.lot(0, world.material(tracking="serial"))
    unit = world.unit(lot)
    for turn in ("first", "second"):
        hold = services.place_hold(unit=unit, reason=f"failed the {turn} time", actor=world.operator)
        with refused("hold", "quantity"):
            services.scrap_unit(unit=unit, reason="no", actor=world.operator)
        if turn == "first":
            released(hold, quality)
    removal = remove(hold, quality)
    unit.refresh_from_db()
    assert (unit.status, state_of(lot, unit).unit_stock, removal.quantity) == ("scrapped", 0, 1)
    assert not Hold.objects.filter(unit=unit, status="open").exists()
    assert [signature.meaning for signature in signatures_of(removal)] == ["dispositioned"]
    kept()


@pytest.mark.requirement("HLD-08")
def test_d_a_part_that_is_bad_after_its_assembly_was_shipped_names_the_customer(
    world: World,
    quality: Any,  # noqa: F811
    lead: Any,
) -> None:
    raw = world.lot(10)
    product = world.lot(0, world.material(tracking="serial"))
    gone, here = world.unit(product), world.unit(product)
    for unit in (gone, here):
        world.link(raw, unit)
    line = shipped(world, lead, gone)
    scope = Scope("chosen", world.site, lots=(raw,), with_descendants=True)
    assert [one.goods for one in with_customers(everything_in(scope))] == [gone]
    made = place(quality, scope)
    assert held_by(made) == {raw, gone, here}
    another = draft(world, lead)
    with refused("hold", "hold_inherited", "quantity"):
        put(another, lead, here)
    back = services.return_goods(line=line, quantity=Decimal(1), reason="recalled", actor=lead)
    assert state_of(product, gone).unit_stock == 1
    remove(back.hold, quality)
    gone.refresh_from_db()
    assert gone.status == "scrapped"
    remove(Hold.objects.get(lot=raw), quality)
    assert (on_hand(raw), Hold.objects.get(lot=raw).status) == (0, "released")
    assert held_by(made) == {here}
    kept()


@pytest.mark.requirement("HLD-08")
def test_g_a_suppliers_lot_recalled_later_holds_three_levels_and_what_is_made_since(
    world: World,
    quality: Any,  # noqa: F811
) -> None:
    raw = receive(world, ordered(world, 100), quantity=Decimal(100), supplier_lot="H-4711").lot
    levels: list[list[Lot]] = [[raw], [world.lot(5) for _ in range(3)], [world.lot(5) for _ in range(6)]]
    levels.append([world.lot(5) for _ in range(12)])
    for above, below in zip(levels, levels[1:], strict=False):
        for number, child in enumerate(below):
            world.link(above[number % len(above)], child)
    clean = world.lot(5)
    made = place(quality, Scope("supplier", world.site, supplier_lot="h-4711", with_descendants=True))
    assert held_by(made) == {lot for level in levels for lot in level}
    later = world.lot(5)
    world.link(levels[3][0], later)
    kept()
    for lot in (*levels[3], later):
        assert "hold" in _codes(lot, world)
    issue_stock(lot=clean, quantity=Decimal(1), actor=world.operator)


def _codes(lot: Lot, world: World) -> tuple[str, ...]:
    with pytest.raises(Exception, match="on hold") as refusal:
        issue_stock(lot=lot, quantity=Decimal(1), actor=world.operator)
    codes: tuple[str, ...] = refusal.value.codes  # type: ignore[attr-defined]
    return codes


# --- what stays possible


@pytest.mark.requirement("HLD-07")
def test_held_and_expired_stock_may_be_put_into_quarantine_and_stays_held(world: World) -> None:
    lot = world.lot(10, expires_on=dt.date(2020, 1, 1))
    unit = world.unit(world.lot(0, world.material(tracking="serial")))
    services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    services.place_hold(unit=unit, reason="suspect", actor=world.operator)
    there: dict[str, Any] = {"to_location": world.quarantine, "actor": world.operator}
    services.move_stock(lot=lot, quantity=Decimal(10), from_location=world.store, **there)
    assert unit.lot is not None
    services.move_stock(lot=unit.lot, unit=unit, quantity=Decimal(1), from_location=world.production, **there)
    assert (on_hand(lot, world.quarantine), state_of(lot).available) == (10, 0)
    back: dict[str, Any] = {"from_location": world.quarantine, "to_location": world.store, "actor": world.operator}
    with refused("hold"):
        services.move_stock(lot=lot, quantity=Decimal(1), **back)
    with refused("place"):
        services.move_stock(
            lot=lot, quantity=Decimal(1), from_location=world.store, to_location=world.quarantine, actor=world.operator
        )


@pytest.mark.requirement("HLD-07")
def test_expired_stock_may_be_scrapped_and_moved(world: World) -> None:
    lot = world.lot(10, expires_on=dt.date(2020, 1, 1))
    services.move_stock(
        lot=lot,
        quantity=Decimal(4),
        from_location=world.store,
        to_location=world.production,
        actor=world.operator,
    )
    services.scrap_stock(lot=lot, quantity=Decimal(6), reason="expired", actor=world.operator)
    assert on_hand(lot) == 4


@pytest.mark.requirement("HLD-07")
def test_a_destroyed_part_closes_its_hold_and_the_rest_is_held_again(world: World, quality: Any) -> None:  # noqa: F811
    lot = world.lot(100)
    part = services.place_hold(lot=lot, quantity=Decimal(30), reason="scratch", actor=world.operator, source=lot)
    other = services.place_hold(lot=lot, quantity=Decimal(20), reason="dull", actor=world.operator)
    removal = remove(part, quality, quantity=Decimal(10))
    assert removal.movement is not None and removal.movement.from_location == world.store
    assert (on_hand(lot), state_of(lot).held, state_of(lot).available) == (90, 40, 50)
    part.refresh_from_db()
    (rest,) = Hold.objects.filter(status="open", lot=lot).exclude(pk=other.pk)
    assert (part.status, rest.quantity, rest.source, rest.reason) == ("released", 20, lot, "scratch")
    kept()


@pytest.mark.requirement("HLD-07")
def test_what_is_held_as_a_whole_may_go_back_to_its_supplier(world: World, quality: Any, lead: Any) -> None:  # noqa: F811
    lot = world.lot(10, expires_on=dt.date(2020, 1, 1))
    whole = services.place_hold(lot=lot, reason="alloy", actor=world.operator)
    second = services.place_hold(lot=lot, reason="papers", actor=world.operator)
    token = uuid.uuid4()
    part = remove(whole, quality, "returned", quantity=Decimal(4), client_id=token)
    assert remove(whole, quality, "returned", quantity=Decimal(4), client_id=token) == part
    assert part.movement is not None and part.movement.to_location is not None
    assert (part.movement.to_location.kind, on_hand(lot)) == ("shipped", 6)
    whole.refresh_from_db()
    assert whole.status == "open", "there is more of it"
    remove(whole, quality, "returned")
    whole.refresh_from_db()
    second.refresh_from_db()
    assert (on_hand(lot), whole.status, second.status) == (0, "released", "open")


@pytest.mark.requirement("HLD-07")
def test_nothing_leaves_under_a_hold_without_right_reason_and_signature(world: World, quality: Any) -> None:  # noqa: F811
    lot = world.lot(10)
    hold = services.place_hold(lot=lot, quantity=Decimal(3), reason="alloy", actor=world.operator)
    with refused("permission"):
        remove(hold, world.operator)
    with refused("reason"):
        services.remove_held(hold=hold, kind="destroyed", reason=" ", actor=quality, signature=signed(quality))
    with refused("signature_required"):
        remove(hold, quality, signature=None)
    with refused("more_than_held"):
        remove(hold, quality, quantity=Decimal(4))
    with refused("place"):
        remove(hold, quality, location=world.production)
    released(hold, quality)
    with refused("state"):
        remove(hold, quality)
    assert (on_hand(lot), StockRemoval.objects.count()) == (10, 0)


@pytest.mark.requirement("HLD-07")
def test_what_was_destroyed_by_a_decision_does_not_come_back(world: World, quality: Any) -> None:  # noqa: F811
    lot = world.lot(10)
    removal = remove(services.place_hold(lot=lot, reason="alloy", actor=world.operator), quality)
    assert removal.movement is not None
    with refused("removed"):
        services.reverse_movement(movement=removal.movement, actor=world.operator)
    assert on_hand(lot) == 0


@pytest.mark.requirement("HLD-07")
def test_two_who_destroy_the_same_do_it_once(plant: str) -> None:
    world = make_world()
    people = [make_user(site=world.site, permissions=RIGHTS) for _ in range(3)]
    lot = world.lot(10)
    hold = services.place_hold(lot=lot, quantity=Decimal(6), reason="alloy", actor=world.operator)
    proofs = [signed(person) for person in people]
    outcomes = at_once(3, lambda n: remove(hold, people[n], signature=proofs[n]))
    assert sorted(outcomes) == ["done", "state", "state"]
    assert (on_hand(lot), StockMovement.objects.filter(kind="scrap").count()) == (4, 1)


@pytest.mark.requirement("HLD-07")
def test_a_shipment_cannot_take_what_a_removal_may(world: World, lead: Any) -> None:
    lot = world.lot(10)
    line = put(draft(world, lead), lead, lot, 4)
    services.place_hold(lot=lot, reason="alloy", actor=world.operator)
    with refused("hold"):
        perform(line.shipment, "ship", actor=lead)
