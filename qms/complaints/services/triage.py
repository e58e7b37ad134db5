"""From the triage to the closing, and the reopening: what each step writes, signs and sets going."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect, makes
from core.lifecycle.services import attempt, perform
from core.organization.services import require
from core.signing.services import Proof, sign
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.complaints.lifecycle import TRIAGE_WORK_DAYS
from qms.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintCode,
    ComplaintReopening,
    Harm,
    InvestigationWaiver,
    IsComplaint,
)
from qms.complaints.queries import after_work_days, end_of
from qms.complaints.services.common import (
    CLOSE,
    INVESTIGATE,
    MODEL,
    TRIAGE,
    ask_for_decision,
    ask_the_owner,
    decide_by,
    locked,
    next_due,
    refuse,
)
from qms.complaints.services.papers import enqueue_record
from traceability.models import Lot, Material, SerializedUnit
from traceability.queries import day_at

TRIAGE_MEANING, WAIVER_MEANING, REOPENING_MEANING = "reviewed", "approved", "approved"


@service
def triage_complaint(
    *,
    complaint: Complaint,
    is_complaint: str,
    assessment: str,
    owner: Any,
    harm: str = Harm.UNKNOWN,
    code: ComplaintCode | None = None,
    material: Material | None = None,
    lot: Lot | None = None,
    unit: SerializedUnit | None = None,
    not_identified: str = "",
    actor: Any,
    signature: Proof | None,
    reason: str = "",
) -> Complaint:
    """Judge, signed, whether it is a complaint, why, and about which product and lot; who owns it from now on.

    A complaint that was triaged already is judged anew with a reason: the earlier judgement stays on record.
    """
    found = locked(complaint)
    require(actor, TRIAGE, found)
    attempt(found, "edit", actor=actor, reason=reason)
    if found.status != "received" and not reason.strip():
        raise refuse("reason_missing", _("A reason is needed."), _("Write why it is judged anew."), found)
    if not assessment.strip():
        raise refuse("assessment", _("It is not written why."), _("Write why it is one, or why not."), found)
    goods = unit or lot
    if goods is not None and goods.site_id != found.site_id:
        raise refuse(
            "other_site",
            _("%(goods)s is of another site.") % {"goods": goods},
            _("Record it at the site where the product was made."),
            goods,
        )
    lot = lot or (unit.lot if unit is not None else None)
    material = material if goods is None else goods.material
    found.is_complaint, found.harm, found.code = IsComplaint(is_complaint), Harm(harm), code
    found.material, found.lot, found.unit, found.not_identified = material, lot, unit, not_identified.strip()
    found.owner = owner
    found.save()
    judged = ComplaintAssessment.objects.create(
        complaint=found,
        cycle=found.cycle,
        is_complaint=found.is_complaint,
        reason=assessment.strip(),
        harm=found.harm,
        code=code,
        material=material,
        lot=lot,
        unit=unit,
        not_identified=found.not_identified,
    )
    sign(record=judged, meaning=TRIAGE_MEANING, signature=signature, actor=actor, reason=reason)
    if found.status == "received":
        perform(found, "triage", actor=actor, reason=reason)
    return found


@effect(MODEL, "triage", before_save=True)
def set_the_date_of_the_decision(record: Complaint, deed: Deed) -> None:
    """What is a complaint has to be decided in time for the shortest clock."""
    day = decide_by(record) if record.is_complaint == IsComplaint.YES else day_at(record.site, deed.at)
    record.due_at = end_of(day, record.site)


@effect(MODEL, "triage")
def ask_who_comes_next(record: Complaint, deed: Deed) -> None:
    """Whoever decides about reporting, and the owner."""
    complete_for(subject=record, kind=Work.TRIAGE, actor=deed.actor)
    if record.is_complaint == IsComplaint.YES:
        ask_for_decision(record, deed.actor)
        ask_the_owner(record, _("Investigate %(complaint)s"), deed.actor)
    else:
        ask_the_owner(record, _("Close %(complaint)s, which is no complaint"), deed.actor, or_right=CLOSE)


@makes(MODEL, "investigate")
@service
def begin_investigation(*, complaint: Complaint, actor: Any, reason: str = "") -> Complaint:
    """Begin to find out what failed, and why."""
    return perform(complaint, "investigate", actor=actor, reason=reason)


@service
def waive_investigation(
    *,
    complaint: Complaint,
    justification: str,
    similar_to: Complaint | None = None,
    actor: Any,
    signature: Proof | None,
    reason: str = "",
) -> Complaint:
    """Sign why no investigation is made, or with which complaint the same was investigated (21 CFR 820.35(a))."""
    found = locked(complaint)
    require(actor, INVESTIGATE, found)
    if not justification.strip():
        raise refuse("justification", _("The justification is missing."), _("Write it."), found)
    if similar_to is not None and (similar_to.site_id != found.site_id or similar_to.pk == found.pk):
        raise refuse(
            "similar", _("That is no other complaint of this site."), _("Choose one of the same site."), similar_to
        )
    waived = InvestigationWaiver.objects.create(
        complaint=found, cycle=found.cycle, similar_to=similar_to, reason=justification.strip()
    )
    sign(record=waived, meaning=WAIVER_MEANING, signature=signature, actor=actor, reason=reason)
    if similar_to is not None:
        found.similar_to, found.similar_reason = similar_to, justification.strip()
        found.save()
    return perform(found, "waive", actor=actor, reason=reason)


@makes(MODEL, "resolve")
@service
def resolve_complaint(*, complaint: Complaint, actor: Any, reason: str = "") -> Complaint:
    """What was found and corrected is on record; it can be closed once everything else is."""
    return perform(complaint, "resolve", actor=actor, reason=reason)


@effect(MODEL, "resolve")
def ask_to_close(record: Complaint, deed: Deed) -> None:
    """Another person than whoever resolved it closes it."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    assign(
        subject=record,
        kind=Work.REVIEW,
        title=_("Review and close %(complaint)s") % {"complaint": record},
        to_permission=CLOSE,
        not_to=deed.actor,
        due_at=record.due_at,
        actor=deed.actor,
    )


@makes(MODEL, "send_back")
@service
def send_back(*, complaint: Complaint, actor: Any, reason: str) -> Complaint:
    """The investigation does not suffice, for this reason."""
    return perform(complaint, "send_back", actor=actor, reason=reason)


@effect(MODEL, "send_back")
def ask_the_owner_again(record: Complaint, deed: Deed) -> None:
    """It is investigated on."""
    cancel_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    ask_the_owner(record, _("Investigate %(complaint)s further"), deed.actor)


@makes(MODEL, "close")
@service
def close_complaint(*, complaint: Complaint, actor: Any, signature: Proof | None, reason: str = "") -> Complaint:
    """Close it, signed; its sealed record is made by itself."""
    return perform(complaint, "close", actor=actor, reason=reason, signature=signature)


@makes(MODEL, "dismiss")
@service
def dismiss_complaint(*, complaint: Complaint, actor: Any, signature: Proof | None, reason: str) -> Complaint:
    """Close what the triage found to be no complaint, signed and with the reason."""
    return perform(complaint, "dismiss", actor=actor, reason=reason, signature=signature)


@effect(MODEL, "close", "dismiss")
def finish_the_work(record: Complaint, deed: Deed) -> None:
    """Nobody waits for it any more; its record is sealed."""
    for kind in (Work.ACTION, Work.REVIEW):
        complete_for(subject=record, kind=kind, actor=deed.actor)
    cancel_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
    enqueue_record(record, deed.actor)


@service
def reopen_complaint(
    *, complaint: Complaint, information: str, aware_on: dt.date, actor: Any, signature: Proof | None, reason: str = ""
) -> Complaint:
    """Take a closed complaint up again on new information, signed; its clocks run anew from `aware_on`.

    It is triaged and decided anew; what was signed before stays on record. Raises `Blocked` for a day of the future.
    """
    found = locked(complaint)
    require(actor, "qms_complaints.reopen_complaint", found)
    if not information.strip():
        raise refuse("information", _("The new information is missing."), _("Write what is new."), found)
    if not found.received_on <= aware_on <= day_at(found.site):
        raise refuse(
            "aware_on",
            _("The new information came after the complaint was received, and not in the future."),
            _("Correct the day."),
            found,
        )
    opened = ComplaintReopening.objects.create(
        complaint=found, cycle=found.cycle + 1, aware_on=aware_on, information=information.strip()
    )
    sign(record=opened, meaning=REOPENING_MEANING, signature=signature, actor=actor, reason=reason)
    return perform(found, "reopen", actor=actor, reason=reason)


@effect(MODEL, "reopen", before_save=True)
def begin_the_next_cycle(record: Complaint, deed: Deed) -> None:
    """Whatever was judged before is judged anew, by the new day."""
    record.cycle += 1
    opened = record.reopenings.filter(cycle=record.cycle).latest("pk")
    record.aware_on, record.is_complaint, record.capa = opened.aware_on, IsComplaint.UNANSWERED, ""
    record.due_at = end_of(after_work_days(opened.aware_on, TRIAGE_WORK_DAYS), record.site)


@effect(MODEL, "reopen")
def ask_for_the_triage(record: Complaint, deed: Deed) -> None:
    """It is triaged as a new one."""
    assign(
        subject=record,
        kind=Work.TRIAGE,
        title=_("Triage %(complaint)s anew") % {"complaint": record},
        to_permission=TRIAGE,
        due_at=record.due_at,
        actor=deed.actor,
    )


@effect(MODEL, "investigate", "waive", before_save=True)
def set_the_next_date(record: Complaint, deed: Deed) -> None:
    """The closing, or a report that has to be sent before."""
    if record.status != "investigation" or record.decisions.filter(cycle=record.cycle).exists():
        record.due_at = next_due(record)
