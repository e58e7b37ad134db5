"""Each move works when its guards are satisfied, and is refused with nothing changed when one is not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from core.lifecycle.queries import transitions_of
from core.lifecycle.services import perform
from core.signing.queries import is_intact, signatures_of
from core.worklist.models import Assignment
from qms.nonconformance import services
from qms.nonconformance.models import NonConformance
from tests.qms.nonconformance.conftest import Case
from tests.support.stock import held_quantity
from traceability.models import Hold


def _open_work(record: NonConformance) -> set[str]:
    return set(Assignment.objects.filter(subject_id=record.pk, status="open").values_list("kind", flat=True))


def _refused(record: NonConformance, move: str, case: Case, **values: object) -> tuple[str, ...]:
    """The codes with which a move is refused, after checking that nothing changed but the stored denial."""
    version, status = NonConformance.objects.values_list("row_version", "status").get(pk=record.pk)
    holds = list(Hold.objects.order_by("pk").values_list("pk", "status"))
    moves, denied = len(transitions_of(record)), GateDecision.objects.filter(allowed=False).count()
    with pytest.raises(Blocked) as refused:
        perform(record, move, **{"actor": case.engineer, **values})  # type: ignore[arg-type]
    assert NonConformance.objects.values_list("row_version", "status").get(pk=record.pk) == (version, status)
    assert list(Hold.objects.order_by("pk").values_list("pk", "status")) == holds
    assert len(transitions_of(record)) == moves
    assert GateDecision.objects.filter(allowed=False).count() == denied + 1
    return refused.value.codes


# --- open


def test_the_triage_opens_a_draft(case: Case) -> None:
    found = case.raised((case.world.lot(), 1), defect_code=None)
    services.triage_nonconformance(
        nonconformance=found, severity="critical", defect_code=case.code, owner=case.second, actor=case.engineer
    )
    found.refresh_from_db()
    assert (found.status, found.severity, found.owner, found.defect_code) == (
        "open",
        "critical",
        case.second,
        case.code,
    )
    assert found.due_at is not None
    assert (found.due_at - found.reported_at).days == 15
    assert _open_work(found) == {"review", "action"}  # to contain it, and to review it


def test_only_with_the_right_it_is_triaged(case: Case) -> None:
    found = case.raised((case.world.lot(), 1))
    with pytest.raises(Blocked) as refused:
        services.triage_nonconformance(
            nonconformance=found, severity="minor", defect_code=case.code, owner=case.second, actor=case.operator
        )
    assert refused.value.codes == ("permission",)
    found.refresh_from_db()
    assert (found.status, found.severity) == ("draft", "major")


def test_opening_needs_code_owner_and_something_affected(case: Case) -> None:
    found = case.raised(defect_code=None)
    assert _refused(found, "open", case) == ("defect_code", "owner", "no_items")


# --- send_to_review


@pytest.mark.requirement("ORD-07")
def test_the_review_begins_when_recurrence_is_answered_and_all_is_held(case: Case) -> None:
    found = case.under_review((case.world.lot(), 5))
    assert found.status == "under_review"
    assert _open_work(found) == {"review", "approval"}


@pytest.mark.requirement("ORD-07")
def test_an_unanswered_recurrence_stops_it_and_says_how_many_are_similar(case: Case) -> None:
    lot = case.world.lot(100)
    case.opened((lot, 1))
    case.opened((lot, 1))
    found = case.opened((lot, 1))
    case.contain(found)
    with pytest.raises(Blocked) as refused:
        services.send_to_review(nonconformance=found, actor=case.engineer)
    assert refused.value.codes == ("recurrence",)
    assert "2 similar records" in refused.value.blockers[0].message
    found.refresh_from_db()
    assert found.status == "open"


def test_an_uncounted_or_unheld_item_stops_it(case: Case) -> None:
    lot = case.world.lot(10)
    found = case.opened((lot, None))
    services.answer_recurrence(nonconformance=found, recurrence="no", actor=case.engineer)
    case.contain(found)
    assert _refused(found, "send_to_review", case) == ("quantity",)


def test_yes_names_the_record_that_it_repeats(case: Case) -> None:
    lot = case.world.lot(100)
    first, again = case.opened((lot, 1)), case.opened((lot, 1))
    with pytest.raises(Blocked) as refused:
        services.answer_recurrence(nonconformance=again, recurrence="yes", actor=case.engineer)
    assert refused.value.codes == ("recurrence_which",)
    with pytest.raises(Blocked):
        services.answer_recurrence(nonconformance=again, recurrence="yes", recurrence_of=again, actor=case.engineer)
    again.refresh_from_db()
    assert again.recurrence == ""
    services.answer_recurrence(nonconformance=again, recurrence="yes", recurrence_of=first, actor=case.engineer)
    again.refresh_from_db()
    assert (again.recurrence, again.recurrence_of) == ("yes", first)


def test_no_is_explained_when_similar_records_are_known(case: Case) -> None:
    lot = case.world.lot(100)
    case.opened((lot, 1))
    again = case.opened((lot, 1))
    with pytest.raises(Blocked) as refused:
        services.answer_recurrence(nonconformance=again, recurrence="no", actor=case.engineer)
    assert refused.value.codes == ("recurrence_note",)
    again.refresh_from_db()
    assert again.recurrence == ""


def test_recurrence_is_answered_only_with_the_right(case: Case) -> None:
    found = case.opened((case.world.lot(), 1))
    with pytest.raises(Blocked) as refused:
        services.answer_recurrence(nonconformance=found, recurrence="no", actor=case.operator)
    assert refused.value.codes == ("permission",)
    found.refresh_from_db()
    assert found.recurrence == ""


# --- disposition


@pytest.mark.requirement("ORD-07")
def test_the_last_signed_line_ends_the_review(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10))
    item = found.items.get()
    lines = [case.propose(item, "use_as_is", 4), case.propose(item, "scrap", 6)]
    case.approve(lines[0])
    found.refresh_from_db()
    assert found.status == "under_review"
    case.approve(lines[1])
    found.refresh_from_db()
    assert found.status == "dispositioned"
    assert _open_work(found) == {"action"}


def test_the_sum_of_signed_lines_must_be_the_affected_quantity(case: Case) -> None:
    found = case.under_review((case.world.lot(), 10), (case.world.lot(), 3))
    case.approve(case.propose(found.items.order_by("pk")[0], "scrap", 9))
    assert _refused(found, "disposition", case) == ("sum", "sum")


def test_a_finished_review_can_be_taken_up_again_with_a_reason(case: Case) -> None:
    found = case.dispositioned(case.world.lot())
    assert _refused(found, "return_to_review", case) == ("reason",)
    services.return_to_review(nonconformance=found, actor=case.engineer, reason="New measurement")
    found.refresh_from_db()
    assert found.status == "under_review"
    assert _open_work(found) == {"review", "approval"}


# --- close


@pytest.mark.requirement("ORD-07")
def test_it_is_closed_signed_when_all_is_done(case: Case) -> None:
    found = case.closed(case.world.lot())
    assert found.status == "closed"
    assert _open_work(found) == set()
    (signature,) = signatures_of(found)
    assert (signature.meaning, is_intact(signature)) == ("closed", True)


def test_closing_needs_done_lines_no_hold_the_cause_and_a_signature(case: Case) -> None:
    found = case.dispositioned(case.world.lot(), kind="repair")
    assert _refused(found, "close", case) == (
        "capa_undecided", "not_done", "hold_open", "cause", "signature_required",
    )  # fmt: skip


def test_the_cause_is_stated_with_the_right_changed_with_a_reason_and_then_fixed(case: Case) -> None:
    found = case.dispositioned(case.world.lot())
    with pytest.raises(Blocked) as refused:
        services.state_cause(nonconformance=found, cause="Weather", actor=case.operator)
    assert refused.value.codes == ("permission",)
    services.state_cause(nonconformance=found, cause="Worn tool", actor=case.engineer)
    with pytest.raises(Blocked) as refused:
        services.state_cause(nonconformance=found, cause="Wrong tool", actor=case.engineer)
    assert refused.value.codes == ("reason_missing",)
    case.without_capa(found)
    services.close_nonconformance(
        nonconformance=found, actor=case.engineer, signature=case.sign(case.engineer, "closed")
    )
    with pytest.raises(Blocked) as refused:
        services.state_cause(nonconformance=found, cause="Other", reason="Late", actor=case.engineer)
    assert refused.value.codes == ("not_editable",)
    found.refresh_from_db()
    assert found.cause == "Worn tool"


# --- cancel


@pytest.mark.requirement("ORD-07")
@pytest.mark.parametrize("stage", ["raised", "opened", "under_review"])
def test_cancelling_lifts_its_holds_and_takes_its_work_back(case: Case, stage: str) -> None:
    lot = case.world.lot(10)
    other = case.raised((lot, 2))
    found = getattr(case, stage)((lot, 5))
    if stage == "under_review":
        case.propose(found.items.get(), "scrap", 5)
    services.cancel_nonconformance(
        nonconformance=found,
        actor=case.engineer,
        reason="Gauge was wrong",
        signature=case.sign(case.engineer, "hold_released"),
    )
    found.refresh_from_db()
    assert found.status == "cancelled"
    assert held_quantity(lot) == 2
    assert [item.hold.status for item in other.items.all() if item.hold] == ["open"]
    assert _open_work(found) == set()
    assert set(found.items.get().dispositions.values_list("status", flat=True)) <= {"withdrawn"}
    assert is_intact(signatures_of(found)[0])


def test_cancelling_needs_reason_signature_and_right(case: Case) -> None:
    found = case.opened((case.world.lot(), 5))
    assert _refused(found, "cancel", case) == ("reason", "signature_required")
    assert "permission" in _refused(
        found,
        "cancel",
        case,
        actor=case.operator,
        reason="No",
        signature=case.sign(case.operator, "hold_released"),
    )


def test_a_record_with_a_signed_disposition_is_not_cancelled(case: Case) -> None:
    found = case.under_review((case.world.lot(), 5))
    case.approve(case.propose(found.items.get(), "use_as_is", 2))
    codes = _refused(found, "cancel", case, reason="No", signature=case.sign(case.engineer, "hold_released"))
    assert codes == ("decided",)


# --- every move from every other state


@pytest.mark.parametrize(
    ("stage", "allowed"),
    [
        ("raised", {"open", "cancel"}),
        ("opened", {"send_to_review", "cancel"}),
        ("under_review", {"disposition", "cancel"}),
    ],
)
def test_no_move_starts_elsewhere(case: Case, stage: str, allowed: set[str]) -> None:
    found = getattr(case, stage)((case.world.lot(), 5))
    for move in set(NonConformance.lifecycle.by_move) - allowed:
        assert "state" in _refused(found, move, case, reason="Because")


def test_a_closed_record_stays_closed(case: Case) -> None:
    found = case.closed(case.world.lot())
    for move in NonConformance.lifecycle.by_move:
        assert "state" in _refused(found, move, case, reason="Because")
    with pytest.raises(Blocked):
        services.triage_nonconformance(
            nonconformance=found, severity="minor", defect_code=case.code, owner=case.second, actor=case.engineer
        )
    with pytest.raises(Blocked):
        services.answer_recurrence(nonconformance=found, recurrence="no", note="x", actor=case.engineer)
    found.refresh_from_db()
    assert (found.severity, found.recurrence_note) == ("major", "New tool.")


def test_what_was_decided_is_fixed_under_the_closing_signature(case: Case) -> None:
    found = case.closed(case.world.lot())
    with pytest.raises(Blocked) as refused:
        services.propose_disposition(
            item=found.items.get(), kind="scrap", quantity=Decimal(1), justification="Late", actor=case.engineer
        )
    assert "not_editable" in refused.value.codes
    assert found.items.get().dispositions.count() == 1
