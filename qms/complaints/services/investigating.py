"""What the investigation found, what was corrected, what was replied; and the nonconformance that comes of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.kernel.deeds import service
from core.lifecycle.services import attempt
from core.organization.services import require
from qms.complaints.models import Capa, Complaint, ComplaintCode, Reply
from qms.complaints.services.common import INVESTIGATE, locked, refuse
from qms.complaints.services.papers import enqueue_letter
from qms.nonconformance.models import DefectCode, NonConformance
from qms.nonconformance.services import ItemInput, raise_nonconformance
from traceability.queries import day_at


@service
def write_findings(
    *,
    complaint: Complaint,
    investigation: str = "",
    cause: ComplaintCode | None = None,
    correction: str = "",
    code: ComplaintCode | None = None,
    capa: str = "",
    capa_note: str = "",
    reason: str = "",
    actor: Any,
) -> Complaint:
    """Write what was found, why it happened, what was corrected, and whether a CAPA is needed.

    What was written before is changed with a reason. Raises `Blocked` before the triage and once it is closed.
    """
    found = locked(complaint)
    require(actor, INVESTIGATE, found)
    attempt(found, "edit", actor=actor, reason=reason)
    if found.status == "received":
        raise refuse("untriaged", _("It is not triaged yet."), _("Triage it first."), found)
    values = {
        "investigation": investigation.strip(),
        "cause": cause,
        "correction": correction.strip(),
        "code": code or found.code,
        "capa": Capa(capa),
        "capa_note": capa_note.strip(),
    }
    changed = [name for name, value in values.items() if getattr(found, name) and getattr(found, name) != value]
    if changed and not reason.strip():
        raise refuse("reason_missing", _("A reason is needed."), _("Write why what was written changes."), found)
    if values["capa"] and not values["capa_note"]:
        raise refuse("capa_note", _("The CAPA's number, or why none is needed, is missing."), _("Write it."), found)
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return found


@service
def record_reply(
    *,
    complaint: Complaint,
    reply: str,
    text: str,
    replied_on: dt.date | None = None,
    reason: str = "",
    actor: Any,
) -> Complaint:
    """Record what was replied and when, or why nothing was; a letter of it is sealed by itself.

    A later reply takes the place of the one before, with a reason.
    """
    found = locked(complaint)
    require(actor, INVESTIGATE, found)
    attempt(found, "edit", actor=actor, reason=reason)
    if not text.strip():
        raise refuse("text", _("The text is missing."), _("Write what was replied, or why nothing was."), found)
    if found.reply and not reason.strip():
        raise refuse("reason_missing", _("A reason is needed."), _("Write why the reply changes."), found)
    today = day_at(found.site)
    found.reply = Reply(reply)
    day = (replied_on or today) if found.reply == Reply.SENT else None
    if day is not None and day > today:
        raise refuse("replied_on", _("That day has not come yet."), _("Correct the day."), found)
    found.replied_on, found.reply_text = day, text.strip()
    found.save()
    if found.reply == Reply.SENT:
        enqueue_letter(found, actor)
    return found


@service
def request_letter(*, complaint: Complaint, actor: Any) -> BackgroundJob:
    """Have the letter of the recorded reply sealed, where that failed before. `Blocked` without a reply."""
    require(actor, INVESTIGATE, complaint)
    found = Complaint.objects.get(pk=complaint.pk)
    if found.reply != Reply.SENT:
        raise refuse("reply", _("No reply was sent."), _("Record it first."), found)
    return enqueue_letter(found, actor)


@service
def raise_from_complaint(
    *,
    complaint: Complaint,
    title: str,
    severity: str,
    defect_code: DefectCode | None = None,
    quantity: Decimal | None = None,
    hold: bool = True,
    actor: Any,
) -> NonConformance:
    """Raise a nonconformance from a complaint; with `hold` what is still here of its lot or unit is held at once."""
    found = locked(complaint)
    require(actor, INVESTIGATE, found)
    attempt(found, "edit", actor=actor)
    items = []
    if hold and found.goods is not None:
        # All of the lot is held where one is known: what failed outside may fail in each of its siblings.
        lot = found.lot or (found.unit.lot if found.unit is not None else None)
        items = [ItemInput(lot=lot, quantity=quantity) if lot is not None else ItemInput(unit=found.unit)]
    return raise_nonconformance(
        site=found.site,
        title=title,
        description=found.nature,
        severity=severity,
        source=found,
        items=items,
        context={"lots": [str(found.lot)]} if found.lot is not None else {},
        defect_code=defect_code,
        actor=actor,
    )
