"""Reports to authorities and customers: begun by a decision, written, reviewed, sent, acknowledged, supplemented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect, makes
from core.lifecycle.services import attempt, begin, perform
from core.organization.services import next_number, require
from core.signing.services import Proof
from core.trail.services import note
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.complaints.models import Complaint, RegulatoryReport, ReportabilityDecision
from qms.complaints.queries import FIELDS, as_file, end_of, first_fields
from qms.complaints.services.common import locked, next_due, refuse

REPORT = "qms_complaints.RegulatoryReport"
CHANGE, REVIEW = "qms_complaints.change_regulatoryreport", "qms_complaints.review_regulatoryreport"
SERIES = "REP"


def begin_report(decision: ReportabilityDecision, *, actor: Any) -> RegulatoryReport:
    """The draft of the report that a decision asks for; whoever writes reports is asked for it."""
    complaint = decision.complaint
    sent = RegulatoryReport.objects.filter(
        complaint=complaint, decision__tree_version__tree=decision.tree_version.tree_id,
        status__in=("submitted", "acknowledged"),
    ).order_by("pk").last()  # fmt: skip
    return _begin(decision, supplement_to=sent, fields=first_fields(complaint), due_on=decision.due_on, actor=actor)


def _begin(
    decision: ReportabilityDecision,
    *,
    supplement_to: RegulatoryReport | None,
    fields: Mapping[str, str],
    due_on: Any,
    actor: Any,
) -> RegulatoryReport:
    complaint = decision.complaint
    report = RegulatoryReport(
        complaint=complaint,
        decision=decision,
        supplement_to=supplement_to,
        number=next_number(None, SERIES),
        title=str(decision.result["title"])[:200],
        authority=decision.tree_version.tree.authority,
        form=decision.result["form"],
        due_on=due_on,
        fields=dict(fields),
        author=actor,
    )
    begin(report, actor=actor)
    assign(
        subject=report,
        kind=Work.ACTION,
        title=_("Write and send %(report)s") % {"report": report},
        to_permission=CHANGE,
        due_at=end_of(due_on, complaint.site),
        actor=actor,
    )
    return report


def _locked(report: RegulatoryReport) -> RegulatoryReport:
    """The complaint first, then the report: the order of all deeds on both."""
    locked(report.complaint)
    rows = RegulatoryReport.objects.select_for_update(of=("self",))
    return rows.select_related("complaint__site", "decision__tree_version__tree").get(pk=report.pk)


@service
def write_report(
    *, report: RegulatoryReport, fields: Mapping[str, str], actor: Any, reason: str = ""
) -> RegulatoryReport:
    """Write the fields of a draft; what is left out stays. Whoever wrote last is its author."""
    found = _locked(report)
    require(actor, CHANGE, found)
    attempt(found, "edit", actor=actor, reason=reason)
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise refuse("field", _("There is no field %(name)s.") % {"name": unknown[0]}, _("Leave it out."), found)
    found.fields = {**found.fields, **{name: str(text).strip() for name, text in fields.items()}}
    found.author = actor
    found.save()
    return found


@makes(REPORT, "review")
@service
def review_report(
    *, report: RegulatoryReport, actor: Any, signature: Proof | None, reason: str = ""
) -> RegulatoryReport:
    """Sign, as another person than its author, that it is complete and right."""
    return perform(report, "review", actor=actor, reason=reason, signature=signature)


@makes(REPORT, "return")
@service
def return_report(*, report: RegulatoryReport, actor: Any, reason: str) -> RegulatoryReport:
    """It has to be changed before it is sent."""
    return perform(report, "return", actor=actor, reason=reason)


@makes(REPORT, "submit")
@service
def submit_report(
    *, report: RegulatoryReport, reference: str, submitted_on: dt.date, actor: Any, reason: str = ""
) -> RegulatoryReport:
    """Record when it was sent, and under which reference. Raises `Blocked` for a day of the future."""
    found = _locked(report)
    require(actor, CHANGE, found)
    _require_state(found, "reviewed")
    found.reference, found.submitted_on = reference.strip()[:80], submitted_on
    found.save()
    return perform(found, "submit", actor=actor, reason=reason)


@makes(REPORT, "acknowledge")
@service
def acknowledge_report(
    *, report: RegulatoryReport, acknowledged_on: dt.date, acknowledgement: str = "", actor: Any, reason: str = ""
) -> RegulatoryReport:
    """Record when, and under which number, its receipt was confirmed."""
    found = _locked(report)
    require(actor, CHANGE, found)
    _require_state(found, "submitted")
    found.acknowledgement, found.acknowledged_on = acknowledgement.strip()[:80], acknowledged_on
    found.save()
    return perform(found, "acknowledge", actor=actor, reason=reason)


def _require_state(found: RegulatoryReport, wanted: str) -> None:
    if found.status != wanted:
        raise refuse(
            "state",
            _("%(report)s is “%(status)s”.") % {"report": found, "status": found.get_status_display()},
            _("Reload the page: somebody may have changed it meanwhile."),
            found,
        )


@makes(REPORT, "withdraw")
@service
def withdraw_report(*, report: RegulatoryReport, actor: Any, reason: str) -> RegulatoryReport:
    """It need not be sent."""
    return perform(report, "withdraw", actor=actor, reason=reason)


@service
def supplement_report(*, report: RegulatoryReport, due_on: dt.date, actor: Any, reason: str = "") -> RegulatoryReport:
    """Begin a supplement to a report that was sent, with its fields (21 CFR 803.56)."""
    found = _locked(report)
    require(actor, CHANGE, found)
    attempt(found, "supplement", actor=actor, reason=reason)
    made = _begin(found.decision, supplement_to=found, fields=found.fields, due_on=due_on, actor=actor)
    _settle_dates(found.complaint)
    return made


@service
def export_report(*, report: RegulatoryReport, actor: Any) -> dict[str, Any]:
    """The report as the file that is handed to whoever submits it; taking it out is noted in its trail."""
    require(actor, "qms_complaints.view_regulatoryreport", report)
    rows = RegulatoryReport.objects.select_related(
        "complaint__site", "complaint__material", "complaint__lot", "complaint__unit", "decision", "supplement_to"
    )
    made = as_file(rows.get(pk=report.pk))
    note(kind="exported", actor=actor, subject=report, text=str(report), data={"format": "json"})
    return made


@effect(REPORT, "submit", "withdraw")
def nobody_has_to_send_it(record: RegulatoryReport, deed: Deed) -> None:
    """The work is done, or needed no more; the complaint's next date moves on."""
    end = complete_for if record.status == "submitted" else cancel_for
    end(subject=record, kind=Work.ACTION, actor=deed.actor)
    _settle_dates(record.complaint)


def _settle_dates(complaint: Complaint) -> None:
    found = locked(complaint)
    if found.status not in ("received", "closed", "legacy"):
        found.due_at = next_due(found)
        found.save()
