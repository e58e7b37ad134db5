"""The way of a change order: asked for, assessed, approved, implemented, released, watched, closed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from qms.changes.lifecycle.rights import APPROVE, CLOSE, MANAGE, RAISE, RELEASE

DRAFTING = ("draft", "submitted", "assessment")
"""States in which what is changed, and why, may still be written."""
WORKING = (*DRAFTING, "implementation")
"""States in which tasks and the plan for open orders may still be written."""
NAMING = WORKING
"""States in which an item may be told the revision that it leads to."""
BEFORE_RELEASE = (*DRAFTING, "plan_approval", "implementation", "ready")
IN_FORCE = ("released", "monitoring")
WAY = (
    "draft", "submitted", "assessment", "plan_approval", "implementation", "ready", "released", "monitoring", "closed",
)  # fmt: skip
"""The states of a change that goes its usual way, as pages show it."""
OPEN_STATES = (*BEFORE_RELEASE, *IN_FORCE, "returned")

CHANGE_ORDER = Lifecycle(
    "qms_changes.ChangeOrder",
    states=(
        State("draft", _("Draft"), tone="neutral", icon="pencil"),
        State("submitted", _("Submitted"), tone="info", icon="send"),
        State("assessment", _("Assessment"), tone="info", icon="search"),
        State("plan_approval", _("Plan approval"), tone="warn", icon="signature"),
        State("implementation", _("Implementation"), tone="info", icon="list-check"),
        State("ready", _("Ready"), tone="warn", icon="calendar"),
        State("released", _("Released"), tone="good", icon="check"),
        State("monitoring", _("Monitoring"), tone="good", icon="eye"),
        State("returned", _("Returned"), tone="neutral", icon="history"),
        State("closed", _("Closed"), tone="neutral", icon="lock", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="ban", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "submit",
            ("draft",),
            "submitted",
            _("Submit"),
            RAISE,
            primary=True,
            explanation=_("The change is asked for. What it affects is looked up."),
        ),
        Move(
            "send_back",
            ("submitted",),
            "draft",
            _("Send back"),
            MANAGE,
            reason_required=True,
            explanation=_("The change goes back to whoever asked for it, who reads the reason."),
        ),
        Move(
            "reject_plan",
            ("plan_approval",),
            "assessment",
            _("Reject the plan"),
            APPROVE,
            reason_required=True,
            explanation=_("The plan is written again. Approvals that were given for it count no more."),
        ),
        Move(
            "start_assessment",
            ("submitted",),
            "assessment",
            _("Start the assessment"),
            MANAGE,
            primary=True,
            explanation=_("Every function that the type of change names is asked what the change means for it."),
        ),
        Move(
            "request_approval",
            ("assessment",),
            "plan_approval",
            _("Ask for approval of the plan"),
            MANAGE,
            primary=True,
            explanation=_("The plan stands still from now on; the approvers are asked to sign it."),
        ),
        Move(
            "approve",
            ("plan_approval",),
            "implementation",
            _("Approve"),
            MANAGE,
            automatic=True,
            explanation=_("Happens when the last approver has signed the plan."),
        ),
        Move(
            "make_ready",
            ("implementation",),
            "ready",
            _("Implementation is finished"),
            MANAGE,
            primary=True,
            explanation=_("Tasks are accepted, the revisions are approved, every open order has its decision."),
        ),
        Move(
            "take_up_again",
            ("ready",),
            "implementation",
            _("Back to implementation"),
            MANAGE,
            reason_required=True,
            explanation=_("Something is still to be done before the release. A planned date is taken back."),
        ),
        Move(
            "release",
            ("ready",),
            "released",
            _("Release now"),
            RELEASE,
            signature="released",
            not_by=("owner", "requested_by"),
            primary=True,
            explanation=_(
                "Every item becomes effective or obsolete in one moment, and the decisions about open orders are"
                " carried out; or nothing is changed."
            ),
        ),
        Move(
            "release_on_date",
            ("ready",),
            "released",
            _("Release on its date"),
            RELEASE,
            automatic=True,
            explanation=_("Happens at the moment for which the release was signed."),
        ),
        Move(
            "release_emergency",
            ("submitted",),
            "released",
            _("Release as emergency"),
            RELEASE,
            signature="approved_emergency",
            reason_required=True,
            not_by=("owner", "requested_by"),
            primary=True,
            explanation=_(
                "The items become effective before they are assessed. Assessment and approval follow within the"
                " working days that the type of change allows."
            ),
        ),
        Move(
            "monitor",
            ("released",),
            "monitoring",
            _("Monitor"),
            RELEASE,
            automatic=True,
            explanation=_("Follows the release of a routine change."),
        ),
        Move(
            "approve_retrospectively",
            ("released",),
            "monitoring",
            _("Approve retrospectively"),
            RELEASE,
            signature="approved",
            not_by=("owner", "requested_by", "release_emergency"),
            primary=True,
            explanation=_("The emergency change was assessed after its release and stays."),
        ),
        Move(
            "return_to_previous",
            IN_FORCE,
            "returned",
            _("Return to the previous revisions"),
            RELEASE,
            automatic=True,
            explanation=_("Happens when a temporary change expires: the revisions before it are effective again."),
        ),
        Move(
            "close",
            ("monitoring", "returned"),
            "closed",
            _("Close"),
            CLOSE,
            signature="closed",
            reason_required=True,
            not_by=("owner", "requested_by"),
            primary=True,
            explanation=_("Nothing uses the old revisions any more. Write the review of the change as the reason."),
        ),
        Move(
            "cancel",
            ("submitted", "assessment", "plan_approval", "implementation", "ready"),
            "cancelled",
            _("Cancel"),
            CLOSE,
            signature="cancelled",
            reason_required=True,
            destructive=True,
            explanation=_("The change will not be made. Open work on it is taken back."),
        ),
        Move(
            "void",
            ("draft",),
            "cancelled",
            _("Void"),
            RAISE,
            reason_required=True,
            destructive=True,
            explanation=_("A draft is given up; its number is not used again."),
        ),
    ),
)
