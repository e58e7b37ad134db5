"""States, moves and permissions of complaints, decision trees and reports to authorities (21 CFR 820.35, 803)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import Permission, declare
from core.kernel.revisions import controlled_revision

QUALITY = ("quality_engineer", "quality_head")
READERS = ("planner", "process_engineer", *QUALITY, "auditor")
APP = "qms_complaints"

TRIAGE_WORK_DAYS = 2
"""Work days within which a complaint is triaged."""
DECIDE_DAYS_BEFORE = 2
"""How many days before the shortest statutory clock ends the decision about reporting is asked for."""
CLOSE_DAYS = 60
"""Days within which a complaint is usually closed."""
SIMILAR_DAYS = 730
"""How far back similar complaints are looked for."""

declare(
    Permission(f"{APP}.view_complaint", _("See complaints"), READERS),
    Permission(f"{APP}.record_complaint", _("Record complaints"), ("planner", *QUALITY)),
    Permission(f"{APP}.triage_complaint", _("Triage complaints"), QUALITY),
    Permission(f"{APP}.decide_complaint", _("Decide whether a complaint is reportable"), ("quality_head",)),
    Permission(
        f"{APP}.investigate_complaint", _("Investigate complaints and reply to them"), ("process_engineer", *QUALITY)
    ),
    Permission(f"{APP}.close_complaint", _("Close complaints"), QUALITY),
    Permission(f"{APP}.reopen_complaint", _("Reopen complaints on new information"), ("quality_head",)),
    Permission(f"{APP}.view_regulatoryreport", _("See reports to authorities and customers"), READERS),
    Permission(f"{APP}.change_regulatoryreport", _("Write and send reports to authorities and customers"), QUALITY),
    Permission(f"{APP}.review_regulatoryreport", _("Review reports to authorities and customers"), QUALITY),
    Permission(f"{APP}.view_complaintcode", _("See complaint codes"), READERS),
    Permission(f"{APP}.change_complaintcode", _("Create and change complaint codes"), QUALITY),
    Permission(f"{APP}.view_decisiontreeversion", _("See decision trees"), READERS),
    Permission(f"{APP}.change_decisiontreeversion", _("Write decision trees"), QUALITY),
    Permission(f"{APP}.submit_decisiontreeversion", _("Submit decision trees for approval"), QUALITY),
    Permission(f"{APP}.approve_decisiontreeversion", _("Approve and reject decision trees"), ("quality_head",)),
    Permission(f"{APP}.make_effective_decisiontreeversion", _("Make decision trees effective"), ("quality_head",)),
    Permission(f"{APP}.make_obsolete_decisiontreeversion", _("Make decision trees obsolete"), ("quality_head",)),
)

COMPLAINT = Lifecycle(
    "qms_complaints.Complaint",
    states=(
        State("received", _("Received"), tone="warn", icon="inbox"),
        State("triaged", _("Triaged"), tone="info", icon="list-check"),
        State("decided", _("Reportability decided"), tone="info", icon="scale"),
        State("investigation", _("Under investigation"), tone="info", icon="search"),
        State("not_investigated", _("Not investigated, justified"), tone="info", icon="file-check"),
        State("resolved", _("Resolved"), tone="info", icon="check"),
        State("closed", _("Closed"), tone="good", icon="circle-check", final=True),
        State("legacy", _("Closed before it came here"), tone="neutral", icon="archive", final=True),
    ),
    births=("received", "legacy"),
    moves=(
        Move(
            "triage",
            ("received",),
            "triaged",
            _("Triage"),
            permission="qms_complaints.triage_complaint",
            primary=True,
            explanation=_("You sign whether it is a complaint, and about which product and lot."),
        ),
        Move(
            "decide",
            ("triaged",),
            "decided",
            _("Reportability decided"),
            permission="qms_complaints.decide_complaint",
            automatic=True,
            explanation=_("Every decision tree in force is answered and signed."),
        ),
        Move(
            "dismiss",
            ("triaged",),
            "closed",
            _("Close as no complaint"),
            permission="qms_complaints.close_complaint",
            signature="closed",
            reason_required=True,
            destructive=True,
            explanation=_("The triage found that it is no complaint. It stays on record."),
        ),
        Move(
            "investigate",
            ("triaged", "decided"),
            "investigation",
            _("Begin the investigation"),
            permission="qms_complaints.investigate_complaint",
            primary=True,
            explanation=_("What failed, and why. The decision about reporting runs beside it."),
        ),
        Move(
            "waive",
            ("decided",),
            "not_investigated",
            _("Do not investigate"),
            permission="qms_complaints.investigate_complaint",
            explanation=_("You sign why no investigation is made, or which earlier one of a similar complaint stands."),
        ),
        Move(
            "resolve",
            ("investigation", "not_investigated"),
            "resolved",
            _("Resolve"),
            permission="qms_complaints.investigate_complaint",
            primary=True,
            explanation=_("What was found and corrected is written down."),
        ),
        Move(
            "send_back",
            ("resolved",),
            "investigation",
            _("Back to investigation"),
            permission="qms_complaints.close_complaint",
            reason_required=True,
        ),
        Move(
            "close",
            ("resolved",),
            "closed",
            _("Close"),
            permission="qms_complaints.close_complaint",
            signature="closed",
            not_by=("resolve",),
            primary=True,
            explanation=_(
                "Decided, reported where it must be, investigated or justified, answered. It stays as it is."
            ),
        ),
        Move(
            "reopen",
            ("closed", "legacy"),
            "received",
            _("Reopen"),
            permission="qms_complaints.reopen_complaint",
            explanation=_("You sign which new information came, and when: clocks run anew from that day."),
        ),
    ),
)

DECISION_TREE_VERSION = controlled_revision(
    "qms_complaints.DecisionTreeVersion",
    {
        "submit": _("The questions are frozen and wait for the approval of whoever answers for regulatory affairs."),
        "approve": _("You take responsibility that these questions and clocks fit what the plant must report."),
        "reject": _("The version goes back to its author, who reads the reason."),
        "withdraw": _("The version goes back to draft before anybody approved it."),
        "make_effective": _("Complaints are judged by these questions from now on; the version before is superseded."),
        "supersede": _("Happens when another version of the tree becomes effective."),
        "discard": _("A version that never became effective is given up; its number is not used again."),
        "make_obsolete": _("Complaints are not judged by this tree any more. Decisions made by it stay."),
    },
)

REGULATORY_REPORT = Lifecycle(
    "qms_complaints.RegulatoryReport",
    states=(
        State("draft", _("Draft"), tone="warn", icon="pencil"),
        State("reviewed", _("Reviewed"), tone="info", icon="signature"),
        State("submitted", _("Submitted"), tone="info", icon="mail"),
        State("acknowledged", _("Acknowledged"), tone="good", icon="circle-check", final=True),
        State("withdrawn", _("Withdrawn"), tone="neutral", icon="ban", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "review",
            ("draft",),
            "reviewed",
            _("Review"),
            permission="qms_complaints.review_regulatoryreport",
            signature="reviewed",
            not_by=("author",),
            primary=True,
            explanation=_("The fields are complete and right; it may be sent."),
        ),
        Move(
            "return",
            ("reviewed",),
            "draft",
            _("Back to draft"),
            permission="qms_complaints.review_regulatoryreport",
            reason_required=True,
        ),
        Move(
            "submit",
            ("reviewed",),
            "submitted",
            _("Record the submission"),
            permission="qms_complaints.change_regulatoryreport",
            primary=True,
            explanation=_("It was sent by the authority's own way. Record when, and under which reference."),
        ),
        Move(
            "acknowledge",
            ("submitted",),
            "acknowledged",
            _("Record the acknowledgement"),
            permission="qms_complaints.change_regulatoryreport",
            primary=True,
            explanation=_("The authority or customer confirmed that it arrived."),
        ),
        Move(
            "withdraw",
            ("draft", "reviewed"),
            "withdrawn",
            _("Withdraw"),
            permission="qms_complaints.review_regulatoryreport",
            reason_required=True,
            destructive=True,
            explanation=_("It need not be sent: the decision behind it was replaced by another."),
        ),
    ),
)
