"""From triage to closing: who owns it, has it happened before, why did it happen; and what each move sets going."""

from __future__ import annotations

from datetime import datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from core.files.models import Attachment
from core.files.services import attach
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, makes
from core.lifecycle.services import attempt, perform
from core.organization.services import require
from core.signing.services import Proof
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.nonconformance.lifecycle import CLOSE_WITHIN, REVIEW_WITHIN
from qms.nonconformance.models import DefectCode, NonConformance
from qms.nonconformance.queries import item_states, similar_to
from qms.nonconformance.services.asking import the_approvers, the_owner
from qms.nonconformance.services.items import locked
from qms.nonconformance.services.places import contain_title, start_the_clock
from traceability.services import release_hold

MODEL = "qms_nonconformance.NonConformance"
TRIAGE = "qms_nonconformance.triage_nonconformance"


def _refuse(code: str, message: str, remedy: str, record: NonConformance) -> Blocked:
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


@makes(MODEL, "open")
@service
def triage_nonconformance(
    *,
    nonconformance: NonConformance,
    severity: str,
    defect_code: DefectCode,
    owner: Any,
    due_at: datetime | None = None,
    title: str = "",
    description: str | None = None,
    detection_point: str | None = None,
    escape_point: str | None = None,
    reason: str = "",
    actor: Any,
) -> NonConformance:
    """Judge it: how severe, which defect, who owns it until when. A draft is opened by it.

    Another severity brings the usual time for it, unless another time than the present one is given.
    """
    found = locked(nonconformance)
    require(actor, TRIAGE, found)
    attempt(found, "edit", actor=actor)
    if due_at in (None, found.due_at) and severity != found.severity:
        due_at = found.reported_at + CLOSE_WITHIN[severity]
    found.severity, found.defect_code, found.owner = severity, defect_code, owner
    attempt(found, "own", actor=actor)
    found.due_at = due_at or found.due_at
    found.title = title[:200] or found.title
    found.description = found.description if description is None else description
    found.detection_point = found.detection_point if detection_point is None else detection_point
    found.escape_point = found.escape_point if escape_point is None else escape_point
    if found.contain_by is not None:
        start_the_clock(found)
    found.save()
    if found.status == "draft":
        perform(found, "open", actor=actor, reason=reason)
    return found


@service
def answer_recurrence(
    *,
    nonconformance: NonConformance,
    recurrence: str,
    recurrence_of: NonConformance | None = None,
    note: str = "",
    actor: Any,
) -> NonConformance:
    """Say whether it has happened before, and which record it repeats.

    Raises `Blocked` when "yes" names no record, or "no" is not explained although similar records are known.
    """
    found = locked(nonconformance)
    require(actor, TRIAGE, found)
    attempt(found, "edit", actor=actor)
    answer = NonConformance.Recurrence(recurrence)
    if answer is NonConformance.Recurrence.AGAIN and (recurrence_of is None or recurrence_of.pk == found.pk):
        raise _refuse(
            "recurrence_which", _("Which record does it repeat?"), _("Choose one of the similar records."), found
        )
    if answer is NonConformance.Recurrence.FIRST and not note.strip() and similar_to(found, limit=1):
        raise _refuse(
            "recurrence_note",
            _("There are similar records in 12 months."),
            _("Write why this one is new all the same."),
            found,
        )
    found.recurrence = answer
    found.recurrence_of = recurrence_of if answer is NonConformance.Recurrence.AGAIN else None
    found.recurrence_note = note.strip()
    found.save()
    return found


@service
def state_cause(
    *, nonconformance: NonConformance, cause: str, cause_category: str | None = None, reason: str = "", actor: Any
) -> NonConformance:
    """Write down why it happened and which of the 6M it is, as far as it is known; possible until it is closed."""
    found = locked(nonconformance)
    require(actor, TRIAGE, found)
    if found.status in ("closed", "cancelled"):
        raise _refuse(
            "not_editable",
            _("%(nonconformance)s is %(status)s.") % {"nonconformance": found, "status": found.get_status_display()},
            _("Add a comment instead."),
            found,
        )
    if found.cause and not reason.strip():
        raise _refuse("reason_missing", _("A reason is needed."), _("Write why the cause changes."), found)
    found.cause = cause.strip()
    found.cause_category = found.cause_category if cause_category is None else cause_category
    found.save()
    return found


@service
def add_photo(*, nonconformance: NonConformance, file: BinaryIO, caption: str = "", actor: Any) -> Attachment:
    """Attach a photo or another file while the record is open to change; the closing signature covers it."""
    found = locked(nonconformance)
    require(actor, "qms_nonconformance.raise_nonconformance", found)
    attempt(found, "edit", actor=actor)
    return attach(file, to=found, caption=caption, actor=actor)


@makes(MODEL, "send_to_review")
@service
def send_to_review(*, nonconformance: NonConformance, actor: Any, reason: str = "") -> NonConformance:
    """Hand it to those who decide: quantities are known and held, recurrence is answered."""
    return perform(nonconformance, "send_to_review", actor=actor, reason=reason)


@makes(MODEL, "return_to_review")
@service
def return_to_review(*, nonconformance: NonConformance, actor: Any, reason: str) -> NonConformance:
    """Take a finished review up again, with the reason."""
    return perform(nonconformance, "return_to_review", actor=actor, reason=reason)


@makes(MODEL, "close")
@service
def close_nonconformance(
    *, nonconformance: NonConformance, actor: Any, signature: Proof | None, reason: str = ""
) -> NonConformance:
    """Close it, signed, when everything that was decided has been done."""
    return perform(nonconformance, "close", actor=actor, reason=reason, signature=signature)


@makes(MODEL, "cancel")
@service
def cancel_nonconformance(
    *, nonconformance: NonConformance, actor: Any, signature: Proof | None, reason: str
) -> NonConformance:
    """It was none: lift its holds, with a reason and a signature."""
    return perform(nonconformance, "cancel", actor=actor, reason=reason, signature=signature)


def _assign_review(record: NonConformance, deed: Deed) -> None:
    assign(
        subject=record,
        kind=Work.REVIEW,
        title=_("Review %(nonconformance)s") % {"nonconformance": record},
        **the_owner(record, or_right=TRIAGE),
        due_at=_earlier(deed.at + REVIEW_WITHIN, record.due_at),
        actor=deed.actor,
    )


def _earlier(first: datetime, second: datetime | None) -> datetime:
    return first if second is None else min(first, second)


def hand_over(record: NonConformance, *, actor: Any) -> None:
    """Ask the owner of now for the open work that the owner of before was asked for."""
    for kind, title, or_right in (
        (Work.REVIEW, _("Review %(nonconformance)s"), TRIAGE),
        (Work.ACTION, _("Carry out and close %(nonconformance)s"), "qms_nonconformance.close_nonconformance"),
    ):
        is_containing = kind == Work.ACTION and record.status != "dispositioned"
        for old in cancel_for(subject=record, kind=kind, actor=actor):
            assign(
                subject=record,
                kind=kind,
                title=contain_title(record) if is_containing else title % {"nonconformance": record},
                **the_owner(record, or_right=or_right),
                due_at=old.due_at,
                actor=actor,
            )


@effect(MODEL, "open")
def ask_the_owner(record: NonConformance, deed: Deed) -> None:
    """The triage is done; the owner has it now."""
    complete_for(subject=record, kind=Work.TRIAGE, actor=deed.actor)
    _assign_review(record, deed)


@effect(MODEL, "send_to_review")
def ask_the_approvers(record: NonConformance, deed: Deed) -> None:
    """Those who may sign dispositions are asked, but for whoever may sign none of what waits."""
    assign(
        subject=record,
        kind=Work.APPROVAL,
        title=_("Sign the dispositions of %(nonconformance)s") % {"nonconformance": record},
        **the_approvers(record),
        due_at=_earlier(deed.at + REVIEW_WITHIN, record.due_at),
        actor=deed.actor,
    )


@effect(MODEL, "disposition")
def ask_to_carry_out(record: NonConformance, deed: Deed) -> None:
    """The review is done; the owner has it carried out and closes it."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
    assign(
        subject=record,
        kind=Work.ACTION,
        title=_("Carry out and close %(nonconformance)s") % {"nonconformance": record},
        **the_owner(record, or_right="qms_nonconformance.close_nonconformance"),
        due_at=record.due_at,
        actor=deed.actor,
    )


@effect(MODEL, "return_to_review")
def ask_again(record: NonConformance, deed: Deed) -> None:
    """The review is open again."""
    cancel_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    _assign_review(record, deed)
    ask_the_approvers(record, deed)


@effect(MODEL, "close")
def finish_the_work(record: NonConformance, deed: Deed) -> None:
    """Nobody waits for it any more."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)


@effect(MODEL, "cancel")
def lift_its_holds(record: NonConformance, deed: Deed) -> None:
    """Every hold that it placed and nobody released is lifted; open work on it is taken back."""
    for state in item_states(record):
        if state.item.hold is not None and state.item.hold.status == "open":
            release_hold(hold=state.item.hold, decision=record, reason=deed.reason, actor=deed.actor)
        for disposition in state.waiting:
            perform(disposition, "withdraw", actor=deed.actor, reason=deed.reason)
    for kind in (Work.TRIAGE, Work.REVIEW, Work.APPROVAL, Work.ACTION):
        cancel_for(subject=record, kind=kind, actor=deed.actor)
