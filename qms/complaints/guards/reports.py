"""What stands between a report and its submission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.complaints.models import RegulatoryReport
from qms.complaints.queries import missing_fields
from traceability.queries import day_at

REPORT = "qms_complaints.RegulatoryReport"


@guard(REPORT, "edit", title=gettext_lazy("Still a draft"))
def report_is_a_draft(record: RegulatoryReport, deed: Deed) -> Iterator[Blocker]:
    """What was reviewed is sent as it was reviewed."""
    if record.status != "draft":
        yield Blocker(
            "not_a_draft",
            _("%(report)s is “%(status)s”; only a draft is changed.")
            % {"report": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Send it back to draft with a reason, or write a supplement."),
        )


@guard(REPORT, "review", title=gettext_lazy("Fields are complete"))
def report_is_complete(record: RegulatoryReport, deed: Deed) -> Iterator[Blocker]:
    """What the form must say is written."""
    for field in missing_fields(record):
        yield Blocker(
            "field",
            _("“%(field)s” is missing.") % {"field": field.label},
            record=record,
            remedy=_("Write it."),
            remedy_url=reverse("qms_complaints:regulatoryreport_change", args=[record.pk]),
        )


@guard(REPORT, "submit", title=gettext_lazy("Reference and day"))
def submission_is_proven(record: RegulatoryReport, deed: Deed) -> Iterator[Blocker]:
    """Under which reference and on which day it was sent."""
    if not record.reference.strip():
        yield Blocker("reference", _("The reference is missing."), record=record, remedy=_("Write it."))
    yield from _day_is_right(record, deed, "submitted_on", record.submitted_on)


@guard(REPORT, "acknowledge", title=gettext_lazy("Acknowledgement"))
def acknowledgement_is_proven(record: RegulatoryReport, deed: Deed) -> Iterator[Blocker]:
    """When it was acknowledged, not before it was sent."""
    day = record.acknowledged_on
    if day is not None and record.submitted_on is not None and day < record.submitted_on:
        yield Blocker(
            "acknowledged_on",
            _("It cannot be acknowledged before it was sent."),
            record=record,
            remedy=_("Correct the day."),
        )
    yield from _day_is_right(record, deed, "acknowledged_on", day)


def _day_is_right(record: RegulatoryReport, deed: Deed, code: str, day: dt.date | None) -> Iterator[Blocker]:
    if day is None:
        yield Blocker(code, _("The day is missing."), record=record, remedy=_("Write it."))
    elif day > day_at(record.complaint.site, deed.at):
        yield Blocker(code, _("That day has not come yet."), record=record, remedy=_("Correct the day."))


@guard(REPORT, "supplement", title=gettext_lazy("Sent"))
def report_was_sent(record: RegulatoryReport, deed: Deed) -> Iterator[Blocker]:
    """Only what was sent can be supplemented, while its complaint is open."""
    if record.status not in ("submitted", "acknowledged"):
        yield Blocker(
            "not_sent",
            _("%(report)s was not sent yet.") % {"report": record},
            record=record,
            remedy=_("Change it before it is sent."),
        )
    if record.complaint.lifecycle.state(record.complaint.status).final:
        yield Blocker(
            "complaint_closed",
            _("%(complaint)s is closed.") % {"complaint": record.complaint},
            record=record.complaint,
            remedy=_("Reopen it with the new information first."),
            remedy_url=record.complaint.get_absolute_url(),
        )
