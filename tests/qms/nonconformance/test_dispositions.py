"""Each line is decided, signed and carried out on its own; its part of the hold lifts with it, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.kernel import wiring
from core.kernel.errors import Blocked
from core.signing.queries import is_intact, signatures_of
from qms.nonconformance import services
from qms.nonconformance.events import DispositionApproved
from qms.nonconformance.models import Disposition
from qms.nonconformance.queries import item_states
from tests.qms.nonconformance.conftest import Case, seen
from tests.support.people import proof
from tests.support.stock import held_quantity, issue_stock
from traceability.models import Hold, StockMovement
from traceability.queries import available, on_hand
from traceability.services import create_location, release_hold


def _state(case: Case) -> tuple[object, ...]:
    """Everything that a refused disposition must leave as it was."""
    return (
        list(Disposition.objects.order_by("pk").values_list("pk", "status", "row_version")),
        list(Hold.objects.order_by("pk").values_list("pk", "status", "quantity")),
        StockMovement.objects.count(),
    )


# --- propose


def test_a_proposal_changes_no_hold(case: Case) -> None:
    lot = case.world.lot(100)
    found = case.opened((lot, 30))
    line = case.propose(found.items.get(), "use_as_is", 10)
    assert (line.status, line.proposed_by) == ("proposed", case.engineer)
    assert held_quantity(lot) == 30
    (state,) = item_states(found)
    assert seen(state.proposed, state.decided, state.open_quantity) == (10, 0, 20)


@pytest.mark.requirement("ORD-07")
def test_nobody_disposes_of_more_than_is_affected(case: Case) -> None:
    found = case.opened((case.world.lot(100), 30))
    item = found.items.get()
    case.propose(item, "scrap", 25)
    before = _state(case)
    with pytest.raises(Blocked) as refused:
        case.propose(item, "use_as_is", 6)
    assert refused.value.codes == ("too_much",)
    assert _state(case) == before


def test_a_proposal_needs_right_quantity_and_justification(case: Case) -> None:
    found = case.opened((case.world.lot(100), 30))
    item = found.items.get()
    before = _state(case)

    def refused(**values: object) -> tuple[str, ...]:
        given = {"item": item, "kind": "scrap", "quantity": Decimal(1), "justification": "x", "actor": case.engineer}
        with pytest.raises(Blocked) as caught:
            services.propose_disposition(**{**given, **values})  # type: ignore[arg-type]
        return caught.value.codes

    assert refused(actor=case.operator) == ("permission",)
    assert refused(quantity=Decimal(0)) == ("quantity",)
    assert refused(justification=" ") == ("justification",)
    assert _state(case) == before


def test_an_uncounted_quantity_cannot_be_disposed_of(case: Case) -> None:
    found = case.opened((case.world.lot(100), None))
    with pytest.raises(Blocked) as refused:
        case.propose(found.items.get(), "scrap", 1)
    assert refused.value.codes == ("quantity",)
    assert not Disposition.objects.exists()


def test_a_withdrawn_proposal_frees_its_quantity_for_another(case: Case) -> None:
    found = case.opened((case.world.lot(100), 30))
    item = found.items.get()
    line = case.propose(item, "scrap", 30)
    with pytest.raises(Blocked):
        services.withdraw_disposition(disposition=line, actor=case.engineer, reason="")
    services.withdraw_disposition(disposition=line, actor=case.engineer, reason="Second thoughts")
    case.propose(item, "rework", 30)
    assert sorted(item.dispositions.values_list("status", flat=True)) == ["proposed", "withdrawn"]


# --- approve: holds lift line by line


@pytest.mark.requirement("ORD-07")
def test_holds_lift_line_by_line(case: Case) -> None:
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    item = found.items.get()
    use, rework, scrap = (
        case.propose(item, kind, quantity) for kind, quantity in (("use_as_is", 10), ("rework", 15), ("scrap", 5))
    )
    assert seen(held_quantity(lot), available(lot)) == (30, 70)

    case.approve(use)
    assert seen(held_quantity(lot), available(lot), on_hand(lot)) == (20, 80, 100)
    case.approve(scrap)
    assert seen(held_quantity(lot), available(lot), on_hand(lot)) == (15, 80, 95)
    case.approve(rework)
    assert seen(held_quantity(lot), available(lot), on_hand(lot)) == (0, 95, 95)

    assert [line.status for line in Disposition.objects.order_by("pk")] == ["done", "approved", "done"]
    lifted = [line.hold_id or 0 for line in Disposition.objects.order_by("pk")]
    assert len(set(lifted)) == 3
    assert set(Hold.objects.filter(pk__in=lifted).values_list("status", flat=True)) == {"released"}


@pytest.mark.requirement("ORD-07")
def test_another_records_hold_on_the_same_lot_stays(case: Case) -> None:
    lot = case.world.lot(100)
    other = case.raised((lot, 20))
    found = case.under_review((lot, 30))
    case.approve(case.propose(found.items.get(), "use_as_is", 30))
    assert held_quantity(lot) == 20
    assert [item.hold.status for item in other.items.all() if item.hold] == ["open"]


@pytest.mark.requirement("ORD-07")
def test_every_line_is_signed_and_the_signature_stays_intact(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10))
    line = case.approve(case.propose(found.items.get(), "scrap", 4))
    (signature,) = signatures_of(line)
    assert (signature.meaning, signature.signer, is_intact(signature)) == ("dispositioned", case.second, True)


def test_lines_signed_together_each_have_a_signature(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10))
    item = found.items.get()
    lines = [case.propose(item, "scrap", 4), case.propose(item, "rework", 6)]
    services.approve_dispositions(dispositions=lines, actor=case.second, signature=proof(case.second, "dispositioned"))
    assert [len(signatures_of(line)) for line in lines] == [1, 1]


def test_together_means_all_or_none(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10))
    item = found.items.get()
    lines = [
        case.propose(item, "scrap", 4),
        case.propose(item, "use_as_is", 6, actor=case.second),
    ]
    before = _state(case)
    with pytest.raises(Blocked) as refused:
        services.approve_dispositions(
            dispositions=lines, actor=case.second, signature=proof(case.second, "dispositioned")
        )
    assert refused.value.codes == ("second_person",)
    assert _state(case) == before


def test_lines_of_different_records_are_not_signed_together(case: Case) -> None:
    lot = case.world.lot(100)
    lines = [case.propose(case.under_review((lot, 5)).items.get(), "scrap", 1) for _ in range(2)]
    with pytest.raises(ValueError, match="exactly one"):
        services.approve_dispositions(
            dispositions=lines, actor=case.second, signature=proof(case.second, "dispositioned")
        )


@pytest.mark.requirement("ORD-07")
def test_scrap_leaves_the_stock_in_the_same_transaction(case: Case) -> None:
    lot = case.world.lot(100)
    found = case.under_review((lot, 30))
    line = case.approve(case.propose(found.items.get(), "scrap", 30))
    movement = StockMovement.objects.get(kind="scrap")
    assert seen(movement.lot, movement.quantity, movement.source) == (lot, 30, line)
    line.refresh_from_db()
    assert (line.status, line.movement) == ("done", movement)


def test_a_scrapped_unit_is_scrapped(case: Case) -> None:
    lot = case.world.lot(0)
    unit = case.world.unit(lot)
    found = case.under_review((unit, None))
    case.approve(case.propose(found.items.get(), "scrap", 1))
    unit.refresh_from_db()
    assert unit.status == "scrapped"
    assert on_hand(lot) == 0


def test_a_unit_used_as_is_is_free_again(case: Case) -> None:
    unit = case.world.unit(case.world.lot(0))
    found = case.under_review((unit, None))
    case.approve(case.propose(found.items.get(), "use_as_is", 1))
    assert not Hold.objects.filter(unit=unit, status="open").exists()


def test_scrap_of_what_production_has_not_delivered_waits_for_its_count(case: Case) -> None:
    lot = case.world.lot(0, status="in_production")
    found = case.under_review((lot, 5))
    line = case.approve(case.propose(found.items.get(), "scrap", 5))
    line.refresh_from_db()
    assert (line.status, line.movement) == ("approved", None)
    services.complete_disposition(disposition=line, actor=case.engineer, reason="Counted as scrap at OP 20")
    line.refresh_from_db()
    assert line.status == "done"


@pytest.mark.requirement("ORD-07")
def test_scrap_that_is_not_there_is_refused_and_nothing_changes(case: Case) -> None:
    lot = case.world.lot(10)
    found = case.under_review((lot, 30))
    line = case.propose(found.items.get(), "scrap", 30)
    before = _state(case)
    with pytest.raises(Blocked):
        case.approve(line)
    assert _state(case) == before


def test_repair_stays_held_until_it_is_done(case: Case) -> None:
    lot = case.world.lot(10)
    found = case.under_review((lot, 10))
    line = case.approve(case.propose(found.items.get(), "repair", 10))
    assert held_quantity(lot) == 10
    services.complete_disposition(disposition=line, actor=case.engineer, reason="Welded, re-inspected: passed")
    line.refresh_from_db()
    assert seen(line.status, held_quantity(lot)) == ("done", 0)


def test_what_goes_back_to_the_supplier_leaves_when_it_is_shipped(case: Case) -> None:
    lot = case.world.lot(10)
    found = case.under_review((lot, 10))
    line = case.approve(case.propose(found.items.get(), "return_to_supplier", 4))
    assert seen(held_quantity(lot), on_hand(lot)) == (10, 10)
    before = _state(case)
    with pytest.raises(Blocked) as refused:
        services.complete_disposition(disposition=line, actor=case.engineer, reason="Shipped with DN 17")
    assert refused.value.codes == ("place",)
    assert _state(case) == before
    create_location(site=case.world.site, code="SHIP", name="Shipped", kind="shipped", actor=case.world.system)
    services.complete_disposition(disposition=line, actor=case.engineer, reason="Shipped with DN 17")
    assert seen(held_quantity(lot), on_hand(lot)) == (6, 6)


def test_done_needs_right_and_words(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10))
    line = case.approve(case.propose(found.items.get(), "rework", 10))
    before = _state(case)
    with pytest.raises(Blocked) as refused:
        services.complete_disposition(disposition=line, actor=case.engineer, reason="")
    assert refused.value.codes == ("reason",)
    with pytest.raises(Blocked) as refused:
        services.complete_disposition(disposition=line, actor=case.operator, reason="Done")
    assert refused.value.codes == ("permission",)
    assert _state(case) == before


# --- approve: what is refused


@pytest.mark.requirement("ORD-07")
@pytest.mark.parametrize("kind", ["use_as_is", "repair"])
def test_use_as_is_and_repair_need_a_second_person(case: Case, kind: str) -> None:
    found = case.under_review((case.world.lot(), 10))
    line = case.propose(found.items.get(), kind, 10)
    before = _state(case)
    with pytest.raises(Blocked) as refused:
        case.approve(line, actor=case.engineer)
    assert refused.value.codes == ("second_person",)
    assert _state(case) == before
    case.approve(line, actor=case.second)


@pytest.mark.parametrize("kind", ["rework", "scrap", "return_to_supplier"])
def test_the_others_may_be_signed_by_their_proposer(case: Case, kind: str) -> None:
    found = case.under_review((case.world.lot(), 10))
    line = case.approve(case.propose(found.items.get(), kind, 10), actor=case.engineer)
    assert line.status in ("approved", "done")


@pytest.mark.requirement("ORD-07")
def test_a_line_is_not_approved_without_a_fitting_signature(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10))
    line = case.propose(found.items.get(), "scrap", 10)
    before = _state(case)
    for signature, code in (
        (None, "signature_required"),
        (proof(case.second, "approved"), "signature_unfit"),
        (proof(case.engineer, "dispositioned"), "signature_unfit"),
    ):
        with pytest.raises(Blocked) as refused:
            services.approve_disposition(disposition=line, actor=case.second, signature=signature)
        assert refused.value.codes == (code,)
    assert _state(case) == before


def test_a_line_is_approved_only_under_review_and_with_the_right(case: Case) -> None:
    found = case.opened((case.world.lot(), 10))
    line = case.propose(found.items.get(), "scrap", 10)
    before = _state(case)
    with pytest.raises(Blocked) as refused:
        case.approve(line)
    assert refused.value.codes == ("not_under_review",)
    with pytest.raises(Blocked) as refused:
        case.approve(line, actor=case.operator)
    assert "permission" in refused.value.codes
    assert _state(case) == before


def test_a_line_is_signed_once(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10))
    line = case.approve(case.propose(found.items.get(), "scrap", 5))
    before = _state(case)
    with pytest.raises(Blocked) as refused:
        case.approve(line)
    assert "state" in refused.value.codes
    assert _state(case) == before


def test_upper_apps_hear_of_each_line(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10))
    line = case.propose(found.items.get(), "rework", 10)
    heard: list[DispositionApproved] = []
    wiring.SUBSCRIBERS[DispositionApproved].append(heard.append)
    try:
        case.approve(line)
    finally:
        wiring.SUBSCRIBERS[DispositionApproved].remove(heard.append)
    assert heard == [DispositionApproved(line.pk, found.pk, "rework")]


# --- what holds forbid meanwhile


@pytest.mark.requirement("ORD-07")
def test_the_hold_of_an_open_record_is_not_released_on_its_own(case: Case) -> None:
    lot = case.world.lot(10)
    found = case.opened((lot, 10))
    hold = found.items.get().hold
    assert hold is not None
    with pytest.raises(Blocked) as refused:
        release_hold(
            hold=hold, reason="I need it", actor=case.engineer, signature=proof(case.engineer, "hold_released")
        )
    assert refused.value.codes == ("nonconformance_open",)
    assert held_quantity(lot) == 10


def test_what_was_set_free_can_be_used_and_the_rest_cannot(case: Case) -> None:
    lot = case.world.lot(10)
    found = case.under_review((lot, 10))
    case.approve(case.propose(found.items.get(), "use_as_is", 4))
    issue_stock(lot=lot, quantity=Decimal(4), source=None, actor=case.world.system)
    with pytest.raises(Blocked):
        issue_stock(lot=lot, quantity=Decimal(1), source=None, actor=case.world.system)
    assert on_hand(lot) == 6
