"""Whether a complaint has to be reported: one signed decision for each tree in force, and what follows from it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect, publish
from core.lifecycle.queries import check
from core.lifecycle.services import attempt, perform
from core.organization.services import require
from core.signing.services import Proof, sign
from core.worklist.models import Kind as Work
from core.worklist.services import complete_for
from qms.complaints.events import ComplaintFoundReportable
from qms.complaints.models import Complaint, DecisionTreeVersion, ReportabilityDecision
from qms.complaints.queries import (
    AnswersError,
    Result,
    TreeError,
    Walk,
    due_day,
    read_tree,
    reportability_of,
    walk,
)
from qms.complaints.services.common import DECIDE, MODEL, locked, next_due, refuse
from qms.complaints.services.reports import begin_report

DECISION_MEANING = "approved"


@service
def decide_reportability(
    *,
    complaint: Complaint,
    version: DecisionTreeVersion,
    answers: str,
    rationale: str,
    actor: Any,
    signature: Proof | None,
    reason: str = "",
) -> ReportabilityDecision:
    """Sign what one decision tree says about a complaint: `answers` such as "yes,no", and why they were given so.

    What has to be reported gets its due date from the day of awareness, and the draft of its report. A decision that
    was made before by the same tree is superseded, with a reason; a report of it that was not sent is withdrawn. The
    last decision moves a triaged complaint on. Raises `Blocked`.
    """
    found = locked(complaint)
    version = DecisionTreeVersion.objects.select_related("tree").get(pk=version.pk)
    require(actor, DECIDE, found)
    attempt(found, "judge", actor=actor, reason=reason, version=version)
    taken, result = _answered(version, answers)
    if not rationale.strip():
        raise refuse("rationale", _("The rationale is missing."), _("Write why the answers are so."), found)
    before = _decision_before(found, version)
    if before is not None and not reason.strip():
        raise refuse("reason_missing", _("A reason is needed."), _("Write why it is decided anew."), before)
    due: dt.date | None = due_day(found.aware_on, result.days, result.count) if result.is_reportable else None
    decision = ReportabilityDecision.objects.create(
        complaint=found,
        cycle=found.cycle,
        tree_version=version,
        answers=[one.as_data() for one in taken.answered],
        result=result.as_data(),
        is_reportable=result.is_reportable,
        aware_on=found.aware_on,
        due_on=due,
        rationale=rationale.strip(),
        supersedes=before,
        reason=reason.strip() if before is not None else "",
    )
    sign(record=decision, meaning=DECISION_MEANING, signature=signature, actor=actor, reason=reason)
    if before is not None:
        _withdraw_reports(before, actor)
    if decision.is_reportable:
        begin_report(decision, actor=actor)
        publish(ComplaintFoundReportable(found.pk, decision.pk))
    _go_on(locked(found), actor)
    return decision


def _answered(version: DecisionTreeVersion, answers: str) -> tuple[Walk, Result]:
    try:
        taken = walk(read_tree(version.content), answers)
    except (TreeError, AnswersError) as error:
        raise refuse("answers", str(error), _("Answer the questions again."), version) from error
    if taken.result is None:
        asked = taken.question.ask if taken.question is not None else ""
        raise refuse("unanswered", _("Not answered: %(question)s") % {"question": asked}, _("Answer it."), version)
    return taken, taken.result


def _decision_before(found: Complaint, version: DecisionTreeVersion) -> ReportabilityDecision | None:
    standing = found.decisions.filter(cycle=found.cycle, superseded_by__isnull=True)
    return standing.filter(tree_version__tree=version.tree_id).first()


def _withdraw_reports(before: ReportabilityDecision, actor: Any) -> None:
    for report in before.reports.filter(status__in=("draft", "reviewed")):
        reason = _("The decision behind it was replaced.")
        perform(report, "withdraw", actor=actor, reason=reason)


def _go_on(found: Complaint, actor: Any) -> None:
    """With the last decision nothing is left to decide; the dates follow what has to be sent."""
    if any(one.decision is None for one in reportability_of(found)):
        return
    complete_for(subject=found, kind=Work.APPROVAL, actor=actor)
    if found.status == "triaged" and all(result.passed for result in check(found, "decide", actor)):
        perform(found, "decide", actor=actor)
        return
    found.due_at = next_due(found)
    found.save()


@effect(MODEL, "decide", before_save=True)
def set_the_date_of_what_follows(record: Complaint, deed: Deed) -> None:
    """A report that has to be sent, else the closing."""
    record.due_at = next_due(record)
