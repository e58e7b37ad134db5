"""States, moves and rights of corrective and preventive action (ISO 13485 8.5.2 and 8.5.3, 21 CFR 820.100)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

VIEW = "qms_capa.view_capa"
RAISE = "qms_capa.raise_capa"
TRIAGE = "qms_capa.triage_capa"
MANAGE = "qms_capa.manage_capa"
APPROVE = "qms_capa.approve_capa"
PERFORM = "qms_capa.perform_capaaction"
VERIFY = "qms_capa.verify_capa"
EXTEND = "qms_capa.approve_extension"
CLOSE = "qms_capa.close_capa"
REOPEN = "qms_capa.reopen_capa"

QUALITY = ("quality_engineer", "quality_head")
ENGINEERS = ("process_engineer", *QUALITY)
DESK = ("lead", "planner", *ENGINEERS)

OPEN_STATES = ("draft", "triage", "investigation", "plan_review", "implementation", "verification", "effectiveness")
DATED_STATES = OPEN_STATES[2:]
"""States in which the due date stands and is moved by an approved extension only."""

declare(
    Permission(VIEW, _("See CAPAs"), ROLE_TEMPLATES),
    Permission(RAISE, _("Raise CAPAs"), DESK),
    Permission(TRIAGE, _("Decide whether a CAPA is opened"), QUALITY),
    Permission(MANAGE, _("Find causes and plan actions of CAPAs"), ENGINEERS),
    Permission(APPROVE, _("Approve the plans of CAPAs"), QUALITY),
    Permission(PERFORM, _("Carry out actions of CAPAs"), ("operator", *DESK)),
    Permission(VERIFY, _("Verify actions of CAPAs"), ENGINEERS),
    Permission(EXTEND, _("Approve that a CAPA takes longer"), QUALITY),
    Permission(CLOSE, _("Close and cancel CAPAs"), QUALITY),
    Permission(REOPEN, _("Reopen CAPAs, and judge what the figures leave open"), ("quality_head",)),
)

CAPA = Lifecycle(
    "qms_capa.Capa",
    states=(
        State("draft", _("Draft"), tone="neutral", icon="pencil"),
        State("triage", _("Triage"), tone="warn", icon="inbox"),
        State("investigation", _("Investigation"), tone="info", icon="search"),
        State("plan_review", _("Plan approval"), tone="warn", icon="signature"),
        State("implementation", _("Implementation"), tone="info", icon="list-check"),
        State("verification", _("Verification"), tone="info", icon="eye"),
        State("effectiveness", _("Effectiveness"), tone="info", icon="chart"),
        State("closed", _("Closed"), tone="good", icon="circle-check", final=True),
        State("no_capa", _("No CAPA"), tone="neutral", icon="file-check", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="ban", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "submit",
            ("draft",),
            "triage",
            _("Submit"),
            RAISE,
            signature="authored",
            primary=True,
            explanation=_("You sign the problem as it is stated. It stays as it is from now on."),
        ),
        Move(
            "send_back",
            ("triage",),
            "draft",
            _("Send back"),
            TRIAGE,
            reason_required=True,
            explanation=_("The problem is stated again by whoever raised it, who reads the reason."),
        ),
        Move(
            "open",
            ("triage",),
            "investigation",
            _("Open the CAPA"),
            TRIAGE,
            primary=True,
            explanation=_("You sign that a CAPA is opened, by which answers and why; who owns it, and by when."),
        ),
        Move(
            "decline",
            ("triage",),
            "no_capa",
            _("Open no CAPA"),
            TRIAGE,
            destructive=True,
            explanation=_("You sign that a correction or the trend suffices, and why."),
        ),
        Move(
            "hand_over",
            ("investigation",),
            "plan_review",
            _("Hand over the plan"),
            MANAGE,
            primary=True,
            explanation=_("You sign causes, actions and the check of effectiveness. They stand still from now on."),
        ),
        Move(
            "reject_plan",
            ("plan_review",),
            "investigation",
            _("Reject the plan"),
            APPROVE,
            reason_required=True,
            explanation=_("The plan is written again by its owner, who reads the reason."),
        ),
        Move(
            "approve_plan",
            ("plan_review",),
            "implementation",
            _("Approve the plan"),
            APPROVE,
            not_by=("owner", "hand_over"),
            primary=True,
            explanation=_("You approve the plan as it was handed over. Its actions begin."),
        ),
        Move(
            "finish",
            ("implementation",),
            "verification",
            _("Everything is implemented"),
            MANAGE,
            primary=True,
            explanation=_("Every action is done and accepted; what it was bound to has reached its state."),
        ),
        Move(
            "revise_plan",
            ("implementation", "verification"),
            "investigation",
            _("Plan again"),
            MANAGE,
            reason_required=True,
            explanation=_("The plan does not suffice. It is written, handed over and approved again."),
        ),
        Move(
            "take_up_again",
            ("verification",),
            "implementation",
            _("Back to implementation"),
            VERIFY,
            reason_required=True,
            explanation=_("Something is still to be done, or something adverse was found."),
        ),
        Move(
            "find_adverse",
            ("verification",),
            "implementation",
            _("An adverse effect was found"),
            VERIFY,
            automatic=True,
            explanation=_("Happens when a verification finds that the actions harm something."),
        ),
        Move(
            "verify",
            ("verification",),
            "effectiveness",
            _("Verify"),
            VERIFY,
            not_by=("owner",),
            primary=True,
            explanation=_("You sign that the actions hold and harm nothing else. Their effect is watched from now on."),
        ),
        Move(
            "begin_again",
            ("effectiveness",),
            "investigation",
            _("Begin a new cycle"),
            CLOSE,
            automatic=True,
            explanation=_("Happens when the figures show no effect: causes are looked for again."),
        ),
        Move(
            "close",
            ("effectiveness",),
            "closed",
            _("Close"),
            CLOSE,
            not_by=("owner",),
            primary=True,
            explanation=_("You sign the whole record as it stands: it was effective."),
        ),
        Move(
            "cancel",
            ("triage", "investigation", "plan_review", "implementation", "verification"),
            "cancelled",
            _("Cancel"),
            CLOSE,
            signature="cancelled",
            reason_required=True,
            destructive=True,
            explanation=_("Nothing more is done. Open work is taken back; the record stays."),
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
        Move(
            "reopen",
            ("closed", "no_capa"),
            "investigation",
            _("Reopen"),
            REOPEN,
            explanation=_("You sign what is new. A new cycle begins; what was signed before stays."),
        ),
    ),
)

CAPA_ACTION = Lifecycle(
    "qms_capa.CapaAction",
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
            APPROVE,
            signature="cancelled",
            reason_required=True,
            destructive=True,
            explanation=_("Its causes must be covered by other actions."),
        ),
    ),
)

EXTENSION = Lifecycle(
    "qms_capa.Extension",
    states=(
        State("requested", _("Asked for"), tone="warn", icon="clock"),
        State("approved", _("Approved"), tone="good", icon="signature", final=True),
        State("rejected", _("Rejected"), tone="bad", icon="x", final=True),
    ),
    births=("requested",),
    moves=(
        Move(
            "approve",
            ("requested",),
            "approved",
            _("Approve the extension"),
            EXTEND,
            signature="approved",
            not_by=("requested_by",),
            primary=True,
            explanation=_("The CAPA is due later; its first date stays on record."),
        ),
        Move(
            "reject",
            ("requested",),
            "rejected",
            _("Reject the extension"),
            EXTEND,
            signature="rejected",
            reason_required=True,
            not_by=("requested_by",),
            explanation=_("The date stays."),
        ),
    ),
)
