"""The ways of what is done for a change: an assessment, an approval, a task."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from qms.changes.lifecycle.rights import APPROVE, ASSESS, MANAGE, PERFORM, VERIFY

IMPACT_ASSESSMENT = Lifecycle(
    "qms_changes.ImpactAssessment",
    states=(
        State("pending", _("Asked"), tone="warn", icon="clock"),
        State("reviewed", _("Reviewed"), tone="good", icon="signature"),
        State("dropped", _("Not needed"), tone="neutral", icon="ban", final=True),
    ),
    births=("pending",),
    moves=(
        Move(
            "review",
            ("pending",),
            "reviewed",
            _("Sign the assessment"),
            ASSESS,
            signature="reviewed",
            primary=True,
            explanation=_("You say what the change means for your function."),
        ),
        Move(
            "ask_again",
            ("reviewed",),
            "pending",
            _("Ask again"),
            MANAGE,
            reason_required=True,
            explanation=_("The change is another one since it was assessed; the function assesses it again."),
        ),
        Move("drop", ("pending", "reviewed"), "dropped", _("Drop"), MANAGE, automatic=True),
    ),
)

CHANGE_APPROVAL = Lifecycle(
    "qms_changes.ChangeApproval",
    states=(
        State("pending", _("Asked"), tone="warn", icon="clock"),
        State("approved", _("Approved"), tone="good", icon="signature"),
        State("dropped", _("Not needed"), tone="neutral", icon="ban", final=True),
    ),
    births=("pending",),
    moves=(
        Move(
            "approve",
            ("pending",),
            "approved",
            _("Approve the plan"),
            APPROVE,
            signature="approved",
            primary=True,
            explanation=_("You approve the plan of the change as it stands: items, assessments, tasks, effectivity."),
        ),
        Move("drop", ("pending", "approved"), "dropped", _("Drop"), APPROVE, automatic=True),
    ),
)

CHANGE_TASK = Lifecycle(
    "qms_changes.ChangeTask",
    states=(
        State("open", _("Open"), tone="warn", icon="circle"),
        State("in_progress", _("In progress"), tone="info", icon="player-play"),
        State("done", _("Done"), tone="info", icon="check"),
        State("accepted", _("Accepted"), tone="good", icon="circle-check", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="ban", final=True),
    ),
    births=("open",),
    moves=(
        Move("start", ("open",), "in_progress", _("Start"), PERFORM, primary=True),
        Move(
            "finish",
            ("in_progress",),
            "done",
            _("Done"),
            PERFORM,
            signature="performed",
            reason_required=True,
            primary=True,
            explanation=_("Say what was done, and where the evidence is."),
        ),
        Move(
            "accept",
            ("done",),
            "accepted",
            _("Accept"),
            VERIFY,
            signature="verified",
            not_by=("owner", "finish"),
            primary=True,
            explanation=_("You checked that it was done."),
        ),
        Move("give_back", ("done",), "in_progress", _("Give back"), VERIFY, reason_required=True),
        Move(
            "cancel",
            ("open", "in_progress"),
            "cancelled",
            _("Cancel"),
            VERIFY,
            reason_required=True,
            destructive=True,
        ),
    ),
)
