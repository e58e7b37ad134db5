"""Holds are rows that add up: what is free is what no open hold covers, whatever came, went and was released."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel.errors import Blocked
from core.signing.queries import signatures_of
from core.signing.services import sign
from tests.support.people import proof
from tests.support.stock import held_quantity, issue_stock
from tests.traceability.refusals import refused
from tests.traceability.world import World
from traceability import services
from traceability.models import Hold, StockMovement
from traceability.queries import available, on_hand, open_holds

Step = tuple[str, Decimal]

quantities = st.decimals(min_value=Decimal("0.000001"), max_value=Decimal(20), places=6)
steps = st.lists(
    st.tuples(st.sampled_from(["receive", "issue", "hold", "hold all", "release"]), quantities), max_size=12
)


@given(steps=steps)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.requirement("REC-05")
def test_the_algebra_of_holds(world: World, steps: list[Step]) -> None:
    lot = world.lot(10, world.weighed())
    there, holds = Decimal(10), list[tuple[Hold, Decimal | None]]()

    def free() -> Decimal:
        if any(quantity is None for _, quantity in holds):
            return Decimal(0)
        return max(there - sum((quantity or Decimal(0) for _, quantity in holds), Decimal(0)), Decimal(0))

    for step, quantity in steps:
        if step == "receive":
            services.produce_stock(lot=lot, quantity=quantity, location=world.store, actor=world.system)
            there += quantity
        elif step == "issue":
            before = StockMovement.objects.count()
            if quantity <= free():
                issue_stock(lot=lot, quantity=quantity, actor=world.system)
                there -= quantity
            else:
                with pytest.raises(Blocked) as refusal:
                    issue_stock(lot=lot, quantity=quantity, actor=world.system)
                assert set(refusal.value.codes) <= {"hold", "quantity"}
                assert StockMovement.objects.count() == before
        elif step == "release" and holds:
            hold, _ = holds.pop(len(holds) // 2)
            services.release_hold(
                hold=hold, reason="decided", actor=world.system, signature=proof(world.system, "hold_released")
            )
        elif step.startswith("hold"):
            part = None if step == "hold all" else quantity
            hold = services.place_hold(lot=lot, quantity=part, reason="doubt", source=lot, actor=world.system)
            holds.append((hold, part))
        assert on_hand(lot) == there
        assert available(lot) == free()
        assert held_quantity(lot) == there - free()
        assert set(open_holds(lot=lot)) == {hold for hold, _ in holds}


@pytest.mark.requirement("REC-05")
def test_a_hold_is_released_signed_with_a_reason_by_whoever_may(world: World) -> None:
    lot = world.lot(5)
    hold = services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    signed = proof(world.quality, "hold_released")
    with refused("permission", "signature_unfit"):
        services.release_hold(hold=hold, reason="fine", actor=world.operator, signature=signed)
    with refused("reason"):
        services.release_hold(hold=hold, reason=" ", actor=world.quality, signature=signed)
    with refused("signature_required"):
        services.release_hold(hold=hold, reason="fine", actor=world.quality, signature=None)
    hold.refresh_from_db()
    assert hold.status == "open"
    services.release_hold(hold=hold, reason="fine", actor=world.quality, signature=signed)
    hold.refresh_from_db()
    assert hold.status == "released"
    assert [s.meaning for s in signatures_of(hold)] == ["hold_released"]
    with refused("state"):
        services.release_hold(
            hold=hold, reason="again", actor=world.quality, signature=proof(world.quality, "hold_released")
        )


@pytest.mark.requirement("REC-05")
def test_a_hold_is_lifted_by_a_signed_decision_only(world: World) -> None:
    lot, decision = world.lot(5), world.lot(5)  # any signed record may be the decision; a lot has a closure
    hold = services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    with refused("decision"):
        services.release_hold(hold=hold, reason="use as is", actor=world.quality, decision=decision)
    sign(record=decision, meaning="reviewed", signature=proof(world.quality, "reviewed"), actor=world.quality)
    with refused("decision"):
        services.release_hold(hold=hold, reason="use as is", actor=world.quality, decision=decision)
    sign(record=decision, meaning="dispositioned", signature=proof(world.quality, "dispositioned"), actor=world.quality)
    services.release_hold(hold=hold, reason="use as is", actor=world.quality, decision=decision)
    hold.refresh_from_db()
    assert hold.status == "released"


def test_a_hold_needs_a_reason_a_subject_and_a_positive_quantity(world: World) -> None:
    lot = world.lot(5)
    unit = world.unit(world.lot(0))
    with refused("reason"):
        services.place_hold(lot=lot, reason="", actor=world.operator)
    with refused("quantity"):
        services.place_hold(lot=lot, quantity=Decimal(0), reason="none", actor=world.operator)
    with pytest.raises(ValueError, match="on a lot or on a unit"):
        services.place_hold(reason="of what?", actor=world.operator)
    with pytest.raises(ValueError, match="on a lot or on a unit"):
        services.place_hold(lot=lot, unit=unit, reason="both?", actor=world.operator)
    assert not Hold.objects.exists()


def test_a_hold_on_a_lot_covers_its_units_and_a_part_of_it_does_not_name_them(world: World) -> None:
    lot = world.lot(0)
    unit = world.unit(lot)
    part = services.place_hold(lot=lot, quantity=Decimal(1), reason="one of them", actor=world.operator)
    assert set(open_holds(unit=unit)) == set()
    whole = services.place_hold(lot=lot, reason="all of them", actor=world.operator)
    own = services.place_hold(unit=unit, reason="this one", actor=world.operator)
    assert set(open_holds(unit=unit)) == {whole, own}
    assert set(open_holds(lot=lot)) == {part, whole, own}


def test_a_hold_names_where_it_came_from(world: World) -> None:
    lot = world.lot(5)
    hold = services.place_hold(lot=lot, reason="out of limits", source=lot.material, actor=world.operator)
    assert (hold.source, hold.source_label, hold.placed_by) == (lot.material, str(lot.material), world.operator)
