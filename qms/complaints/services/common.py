"""What the writes of complaints share: the lock, refusals, who is asked, the next date."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocked, Blocker
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for
from qms.complaints.lifecycle import CLOSE_DAYS, DECIDE_DAYS_BEFORE
from qms.complaints.models import Complaint
from qms.complaints.queries import (
    TreeError,
    due_day,
    effective_versions,
    end_of,
    may_own,
    read_tree,
    reports_of,
)
from qms.complaints.queries.trees import shortest

MODEL = "qms_complaints.Complaint"
RECORD, TRIAGE = "qms_complaints.record_complaint", "qms_complaints.triage_complaint"
DECIDE, INVESTIGATE = "qms_complaints.decide_complaint", "qms_complaints.investigate_complaint"
CLOSE = "qms_complaints.close_complaint"


def refuse(code: str, message: str, remedy: str, record: models.Model | None = None) -> Blocked:
    """A refusal with one reason."""
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


def locked(complaint: Complaint) -> Complaint:
    """The complaint, read anew and locked until the deed ends."""
    rows = Complaint.objects.select_for_update(of=("self",))
    return rows.select_related("site", "owner", "material", "lot", "unit__lot").get(pk=complaint.pk)


def the_owner(record: Complaint, *, or_right: str) -> dict[str, Any]:
    """The owner, or whoever may do it when the owner has lost the right since: the work would be lost with them."""
    return {"to_user": record.owner} if may_own(record.owner, record) else {"to_permission": or_right}


def decide_by(record: Complaint) -> dt.date:
    """By when reporting has to be decided: some days before the shortest clock of any tree in force could end."""
    ends = [
        due_day(record.aware_on, end.days, end.count)
        for version in effective_versions()
        for end in shortest(_read(version.content))
    ]
    if not ends:
        return record.aware_on + dt.timedelta(days=CLOSE_DAYS)
    return max(record.aware_on, min(ends) - dt.timedelta(days=DECIDE_DAYS_BEFORE))


def _read(content: str) -> Any:
    try:
        return read_tree(content)
    except TreeError as error:
        raise refuse("tree", str(error), _("Have the decision tree corrected.")) from error


def next_due(record: Complaint) -> dt.datetime:
    """The date that comes next: of a report that is not sent, else of the closing."""
    waiting = [report.due_on for report in reports_of(record) if report.status in ("draft", "reviewed")]
    day = min(waiting, default=record.received_on + dt.timedelta(days=CLOSE_DAYS))
    return end_of(day, record.site)


def ask_for_decision(record: Complaint, actor: Any) -> None:
    """Whoever decides about reporting is asked, in time for the shortest clock."""
    assign(
        subject=record,
        kind=Work.APPROVAL,
        title=_("Decide whether %(complaint)s has to be reported") % {"complaint": record},
        to_permission=DECIDE,
        due_at=end_of(decide_by(record), record.site),
        actor=actor,
    )


def ask_the_owner(record: Complaint, title: str, actor: Any, *, or_right: str = INVESTIGATE) -> None:
    """The owner has the next step."""
    cancel_for(subject=record, kind=Work.ACTION, actor=actor)
    assign(
        subject=record,
        kind=Work.ACTION,
        title=title % {"complaint": record},
        **the_owner(record, or_right=or_right),
        due_at=max(now(), end_of(record.received_on + dt.timedelta(days=CLOSE_DAYS), record.site)),
        actor=actor,
    )
