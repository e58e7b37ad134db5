"""States, moves and permissions of nonconformances and of the dispositions of what they affect (ISO 9001 8.7)."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

QUALITY = ("quality_engineer", "quality_head")
SEEN_BY = ("lead", "planner", "process_engineer", *QUALITY, "auditor")

CONTAIN_WITHIN_HOURS = 24
"""Until everything is contained, where no defect code says another time."""
TRIAGE_WITHIN = timedelta(hours=24)
REVIEW_WITHIN = timedelta(days=5)
CLOSE_WITHIN = {"minor": timedelta(days=30), "major": timedelta(days=30), "critical": timedelta(days=15)}
"""How long each step may take; whoever is asked when it takes longer stands in the escalation rules."""
SIMILAR_WITHIN = timedelta(days=365)

declare(
    Permission(
        "qms_nonconformance.view_nonconformance",
        _("See nonconformances"),
        ("operator", "lead", "planner", "process_engineer", *QUALITY, "auditor"),
    ),
    Permission(
        "qms_nonconformance.raise_nonconformance",
        _("Raise nonconformances"),
        ("operator", "lead", "process_engineer", *QUALITY),
    ),
    Permission("qms_nonconformance.triage_nonconformance", _("Triage and review nonconformances"), QUALITY),
    Permission("qms_nonconformance.propose_disposition", _("Propose dispositions"), ("process_engineer", *QUALITY)),
    Permission("qms_nonconformance.approve_disposition", _("Approve dispositions"), QUALITY),
    Permission(
        "qms_nonconformance.complete_disposition",
        _("Confirm that a disposition was carried out"),
        ("lead", "process_engineer", *QUALITY),
    ),
    Permission("qms_nonconformance.close_nonconformance", _("Close and cancel nonconformances"), QUALITY),
    Permission("qms_nonconformance.view_concession", _("See concessions"), SEEN_BY),
    Permission("qms_nonconformance.view_boardrule", _("See the rules of the review board"), SEEN_BY),
    Permission(
        "qms_nonconformance.change_boardrule", _("Say which functions sign which disposition"), ("quality_head",)
    ),
    Permission("qms_nonconformance.view_boardauthority", _("See who may sign on the review board"), SEEN_BY),
    Permission("qms_nonconformance.change_boardauthority", _("Appoint people to the review board"), ("quality_head",)),
    Permission("qms_nonconformance.view_planneddeviation", _("See planned deviations"), ("operator", *SEEN_BY)),
    Permission(
        "qms_nonconformance.draft_planneddeviation", _("Draft planned deviations"), ("process_engineer", *QUALITY)
    ),
    Permission("qms_nonconformance.approve_planneddeviation", _("Approve and close planned deviations"), QUALITY),
    Permission(
        "qms_nonconformance.use_planneddeviation",
        _("Record that something was made under a planned deviation"),
        ("operator", "lead", "process_engineer", *QUALITY),
    ),
    Permission("qms_nonconformance.view_defectcode", _("See defect codes"), ROLE_TEMPLATES),
    Permission("qms_nonconformance.change_defectcode", _("Create and change defect codes"), QUALITY),
)

NONCONFORMANCE = Lifecycle(
    "qms_nonconformance.NonConformance",
    states=(
        State("draft", _("Draft"), tone="warn", icon="pencil"),
        State("open", _("Open"), tone="warn", icon="alert"),
        State("under_review", _("Under review"), tone="info", icon="search"),
        State("dispositioned", _("Dispositioned"), tone="info", icon="list-check"),
        State("closed", _("Closed"), tone="good", icon="circle-check", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="ban", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "open",
            ("draft",),
            "open",
            _("Open"),
            permission="qms_nonconformance.triage_nonconformance",
            primary=True,
            explanation=_("It is a nonconformance: somebody owns it now, and the holds stay."),
        ),
        Move(
            "send_to_review",
            ("open",),
            "under_review",
            _("Send to review board"),
            permission="qms_nonconformance.triage_nonconformance",
            primary=True,
            explanation=_("The affected quantities are known and contained; the dispositions can be signed."),
        ),
        Move(
            "disposition",
            ("under_review",),
            "dispositioned",
            _("Finish the review"),
            permission="qms_nonconformance.approve_disposition",
            primary=True,
            explanation=_("Every affected quantity has an approved disposition."),
        ),
        Move(
            "return_to_review",
            ("dispositioned",),
            "under_review",
            _("Back to review"),
            permission="qms_nonconformance.close_nonconformance",
            reason_required=True,
        ),
        Move(
            "close",
            ("dispositioned",),
            "closed",
            _("Close"),
            permission="qms_nonconformance.close_nonconformance",
            signature="closed",
            primary=True,
            explanation=_("Everything that was decided has been done. The record stays as it is."),
        ),
        Move(
            "cancel",
            ("draft", "open", "under_review"),
            "cancelled",
            _("Cancel"),
            permission="qms_nonconformance.close_nonconformance",
            signature="hold_released",
            reason_required=True,
            destructive=True,
            explanation=_("It was no nonconformance. The holds that it placed are lifted."),
        ),
    ),
)

DISPOSITION = Lifecycle(
    "qms_nonconformance.Disposition",
    states=(
        State("proposed", _("Proposed"), tone="warn", icon="pencil"),
        State("approved", _("Approved"), tone="info", icon="signature"),
        State("done", _("Done"), tone="good", icon="circle-check", final=True),
        State("withdrawn", _("Withdrawn"), tone="neutral", icon="ban", final=True),
        State("rejected", _("Rejected"), tone="bad", icon="x", final=True),
        State("superseded", _("Decided anew"), tone="neutral", icon="refresh", final=True),
    ),
    births=("proposed",),
    moves=(
        Move(
            "approve",
            ("proposed",),
            "approved",
            _("Approve"),
            permission="qms_nonconformance.approve_disposition",
            signature="dispositioned",
            primary=True,
            explanation=_("The hold on exactly this quantity is lifted, or the quantity is scrapped."),
        ),
        Move(
            "complete",
            ("approved",),
            "done",
            _("Confirm as done"),
            permission="qms_nonconformance.complete_disposition",
            reason_required=True,
            primary=True,
            explanation=_("Say how it was done and checked again."),
        ),
        Move(
            "withdraw",
            ("proposed",),
            "withdrawn",
            _("Withdraw"),
            permission="qms_nonconformance.propose_disposition",
            reason_required=True,
            destructive=True,
        ),
        Move(
            "reject",
            ("proposed",),
            "rejected",
            _("Reject"),
            permission="qms_nonconformance.approve_disposition",
            signature="rejected",
            reason_required=True,
            destructive=True,
            explanation=_("The line does not count; its quantity waits for another proposal."),
        ),
        Move(
            "redispose",
            ("approved",),
            "superseded",
            _("Decide anew"),
            permission="qms_nonconformance.close_nonconformance",
            signature="rejected",
            reason_required=True,
            destructive=True,
            explanation=_(
                "The signed line no longer counts: its quantity is held again and needs another disposition."
            ),
        ),
    ),
)

PLANNED_DEVIATION = Lifecycle(
    "qms_nonconformance.PlannedDeviation",
    states=(
        State("draft", _("Draft"), tone="warn", icon="pencil"),
        State("in_review", _("In review"), tone="info", icon="search"),
        State("approved", _("Approved"), tone="good", icon="signature"),
        State("closed", _("Closed"), tone="neutral", icon="circle-check", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="ban", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "submit",
            ("draft",),
            "in_review",
            _("Submit for approval"),
            permission="qms_nonconformance.draft_planneddeviation",
            signature="authored",
            primary=True,
        ),
        Move(
            "return",
            ("in_review",),
            "draft",
            _("Return to draft"),
            permission="qms_nonconformance.approve_planneddeviation",
            reason_required=True,
        ),
        Move(
            "approve",
            ("in_review",),
            "approved",
            _("Approve"),
            permission="qms_nonconformance.approve_planneddeviation",
            signature="approved",
            not_by=("author",),
            primary=True,
            explanation=_("It may be used from its first day on, until its last day or until its quota is used up."),
        ),
        Move(
            "close",
            ("approved",),
            "closed",
            _("Close"),
            permission="qms_nonconformance.approve_planneddeviation",
            signature="closed",
            reason_required=True,
            explanation=_("Nobody uses it any more. Say what its use has shown."),
        ),
        Move(
            "cancel",
            ("draft", "in_review"),
            "cancelled",
            _("Cancel"),
            permission="qms_nonconformance.draft_planneddeviation",
            reason_required=True,
            destructive=True,
        ),
    ),
)
