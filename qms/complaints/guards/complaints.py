"""What stands between a complaint and its next step (21 CFR 820.35(a), 803; ISO 13485 8.2.2)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.capa.queries import GIVEN_UP
from qms.complaints.models import Capa, Complaint, DecisionTreeVersion, IsComplaint
from qms.complaints.queries import (
    OPEN_STATES,
    assessment_of,
    capas_of,
    may_own,
    reopening_of,
    reportability_in,
    waiver_of,
)

COMPLAINT = "qms_complaints.Complaint"


def _page(name: str, record: Complaint) -> str:
    return reverse(f"qms_complaints:complaint_{name}", args=[record.pk])


@guard(COMPLAINT, "edit", title=gettext_lazy("Still open to change"))
def is_open_to_change(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """What lies under the closing signature stays as it is."""
    if record.status not in OPEN_STATES:
        yield Blocker(
            "not_editable",
            _("%(complaint)s is “%(status)s” and cannot be changed any more.")
            % {"complaint": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Reopen it when new information came."),
        )


@guard(COMPLAINT, "triage", title=gettext_lazy("Triage is signed"))
def triage_is_signed(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Somebody has signed, in this cycle, whether it is a complaint."""
    if assessment_of(record) is None:
        yield Blocker(
            "assessment",
            _("Nobody has judged yet whether it is a complaint."),
            record=record,
            remedy=_("Answer it in the triage, and sign."),
            remedy_url=_page("triage", record),
        )


@guard(COMPLAINT, "triage", title=gettext_lazy("Product and lot"))
def product_is_identified(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Product and lot or unit are known, or it is written why not."""
    found = assessment_of(record) or record
    known = found.material_id is not None and (found.lot_id is not None or found.unit_id is not None)
    if not known and not found.not_identified.strip():
        yield Blocker(
            "product",
            _("Product and lot are not identified."),
            record=record,
            remedy=_("Name the lot or unit, or write why it cannot be identified."),
            remedy_url=_page("triage", record),
        )


@guard(COMPLAINT, "triage", title=gettext_lazy("Owner"))
def owner_is_named(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Somebody answers for it, who can open it and do the work."""
    if record.owner is None:
        yield Blocker("owner", _("Nobody owns it yet."), record=record, remedy=_("Name the owner in the triage."))
    elif not may_own(record.owner, record):
        yield Blocker(
            "owner_right",
            _("%(owner)s has no right to see and investigate complaints at %(site)s.")
            % {"owner": record.owner, "site": record.site},
            record=record,
            remedy=_("Choose somebody who investigates complaints there, or have the role given first."),
        )


@guard(COMPLAINT, "dismiss", title=gettext_lazy("It is no complaint"))
def it_is_no_complaint(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Only what the triage found to be none is closed as none."""
    if record.is_complaint != IsComplaint.NO:
        yield Blocker(
            "is_complaint",
            _("The triage says that it is a complaint."),
            record=record,
            remedy=_("Investigate it, or correct the triage with a reason."),
        )


@guard(COMPLAINT, "judge", "decide", "investigate", "waive", title=gettext_lazy("It is a complaint"))
def it_is_a_complaint(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """What is no complaint is neither reported nor investigated; it is closed as none."""
    if record.is_complaint != IsComplaint.YES:
        yield Blocker(
            "no_complaint",
            _("The triage does not say that it is a complaint."),
            record=record,
            remedy=_("Triage it, correct the triage with a reason, or close it as no complaint."),
        )


@guard(COMPLAINT, "judge", title=gettext_lazy("Triaged, and not closed"))
def it_can_be_judged(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """A decision needs the triage before it, and comes before the end."""
    if record.status not in OPEN_STATES or record.status == "received":
        yield Blocker(
            "judge_state",
            _("%(complaint)s is “%(status)s”; reporting is decided between triage and closing.")
            % {"complaint": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Triage it first, or reopen it when new information came."),
        )


@guard(COMPLAINT, "judge", title=gettext_lazy("Decision tree in force"))
def the_tree_is_in_force(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Only an approved version that is in force decides. Reads the version from the deed."""
    version: DecisionTreeVersion = deed.params["version"]
    if version.status != "effective":
        yield Blocker(
            "tree_status",
            _("%(version)s is “%(status)s”; only a version in force decides.")
            % {"version": version, "status": version.get_status_display()},
            record=version,
            remedy=_("Reload the page and answer the version that is in force."),
        )


@guard(COMPLAINT, "decide", "waive", "close", title=gettext_lazy("Reportability decided"))
def every_tree_is_decided(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Each decision tree in force is answered and signed in this cycle: nothing is closed undecided."""
    found = reportability_in(record, deed)
    if not found:
        yield Blocker(
            "no_tree",
            _("No decision tree is in force: nobody can say what has to be reported."),
            record=record,
            remedy=_("Have a decision tree approved and made effective."),
            remedy_url=reverse("qms_complaints:decisiontree_list"),
        )
    for one in found:
        if one.decision is None:
            yield Blocker(
                "undecided",
                _("%(tree)s: reporting is not decided.") % {"tree": one.version.tree},
                record=record,
                remedy=_("Answer the questions and sign."),
                remedy_url=reverse("qms_complaints:complaint_judge", args=[record.pk, one.version.pk]),
            )


@guard(COMPLAINT, "waive", title=gettext_lazy("Justification is signed"))
def waiver_is_signed(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Why it is not investigated is written and signed (21 CFR 820.35(a))."""
    if waiver_of(record) is None:
        yield Blocker(
            "waiver",
            _("It is not justified why no investigation is made."),
            record=record,
            remedy=_("Write it, and sign."),
            remedy_url=_page("waive", record),
        )


@guard(COMPLAINT, "waive", title=gettext_lazy("What is reportable is investigated"))
def reportable_is_investigated(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """What must be reported is investigated, unless the same was investigated already."""
    waiver = waiver_of(record)
    similar = waiver.similar_to if waiver is not None else None
    if similar is None:
        if any(one.decision is not None and one.decision.is_reportable for one in reportability_in(record, deed)):
            yield Blocker(
                "reportable",
                _("It has to be reported; such a complaint is investigated."),
                record=record,
                remedy=_("Begin the investigation, or name the investigated complaint that it is similar to."),
            )
    elif not similar.investigation.strip():
        yield Blocker(
            "similar_open",
            _("%(similar)s has no investigation yet.") % {"similar": similar},
            record=similar,
            remedy=_("Finish its investigation first, or investigate this one."),
            remedy_url=similar.get_absolute_url(),
        )


@guard(COMPLAINT, "resolve", title=gettext_lazy("Investigation"))
def investigation_is_written(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """What was found, and the cause as far as it is known; a justified waiver stands for both."""
    if record.status != "investigation":
        return
    if not record.investigation.strip():
        yield Blocker(
            "investigation",
            _("It is not written what the investigation found."),
            record=record,
            remedy=_("Write it."),
            remedy_url=_page("findings", record),
        )
    if record.cause_id is None:
        yield Blocker(
            "cause",
            _("The cause is not given."),
            record=record,
            remedy=_("Choose its code; there may be one for “not found”."),
            remedy_url=_page("findings", record),
        )


@guard(COMPLAINT, "resolve", title=gettext_lazy("Correction"))
def correction_is_written(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Any correction or corrective action that was taken is on record (21 CFR 820.35(a)(6))."""
    if not record.correction.strip():
        yield Blocker(
            "correction",
            _("It is not written what was corrected."),
            record=record,
            remedy=_("Write what was done, or that nothing had to be."),
            remedy_url=_page("findings", record),
        )


@guard(COMPLAINT, "close", title=gettext_lazy("Reports are sent"))
def reports_are_sent(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """What a decision makes reportable was reported, and no report is left half done."""
    reports = list(record.reports.select_related("decision"))
    sent = {one.decision.tree_version.tree_id for one in reports if one.status in ("submitted", "acknowledged")}
    waiting = {one.decision_id for one in reports if one.status in ("draft", "reviewed")}
    for report in reports:
        if report.status in ("draft", "reviewed"):
            yield Blocker(
                "report_open",
                _("%(report)s is “%(status)s”; it is due on %(day)s.")
                % {
                    "report": report,
                    "status": report.get_status_display(),
                    "day": date_format(report.due_on, "SHORT_DATE_FORMAT"),
                },
                record=report,
                remedy=_("Have it sent, or withdrawn with a reason."),
                remedy_url=report.get_absolute_url(),
            )
    for one in reportability_in(record, deed):
        decision = one.decision
        if decision is None or not decision.is_reportable or decision.pk in waiting:
            continue
        if decision.tree_version.tree_id not in sent:
            yield Blocker(
                "not_reported",
                _("%(tree)s: it has to be reported, and no report was sent.") % {"tree": one.version.tree},
                record=record,
                remedy=_("Write the report and have it sent."),
            )


@guard(COMPLAINT, "close", title=gettext_lazy("Reply"))
def reply_is_recorded(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """The complainant was answered, or it is written why not (21 CFR 820.35(a)(7))."""
    if not record.reply:
        yield Blocker(
            "reply",
            _("No reply to the complainant is recorded."),
            record=record,
            remedy=_("Record it, or why none is sent."),
            remedy_url=_page("reply", record),
        )


@guard(COMPLAINT, "close", title=gettext_lazy("Event code"))
def code_is_given(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Without a code it cannot be counted (ISO 13485 8.4)."""
    if record.code_id is None:
        yield Blocker(
            "code",
            _("The event code is missing."),
            record=record,
            remedy=_("Choose it."),
            remedy_url=_page("findings", record),
        )


@guard(COMPLAINT, "close", title=gettext_lazy("CAPA"))
def capa_is_answered(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """Whether a corrective action is needed is answered, with its number or the reason."""
    if not record.capa or not record.capa_note.strip():
        yield Blocker(
            "capa",
            _("It is not answered whether a CAPA is needed."),
            record=record,
            remedy=_("Answer it, with its number or the reason."),
            remedy_url=_page("findings", record),
        )
    elif record.capa == Capa.OPENED and all(one.status in GIVEN_UP for one in capas_of(record)):
        yield Blocker(
            "capa_missing",
            _("A CAPA is needed, and there is none that deals with it."),
            record=record,
            remedy=_("Raise one from here, or name the number of one of this site that goes on."),
            remedy_url=_page("findings", record),
        )


@guard(COMPLAINT, "reopen", title=gettext_lazy("New information is signed"))
def new_information_is_signed(record: Complaint, deed: Deed) -> Iterator[Blocker]:
    """What is new, and since when the plant knows it, is written and signed."""
    if reopening_of(record, record.cycle + 1) is None:
        yield Blocker(
            "information",
            _("It is not written which new information came."),
            record=record,
            remedy=_("Write it and since when you know it, and sign."),
            remedy_url=_page("reopen", record),
        )
