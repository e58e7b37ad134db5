"""States, moves and permissions of what keeps stock from use: holds, containments and recalls."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare
from traceability.lifecycle.roles import QUALITY

HOLD = Lifecycle(
    "traceability.Hold",
    states=(
        State("open", _("Open"), tone="bad", icon="hand"),
        State("released", _("Released"), tone="good", icon="circle-check", final=True),
    ),
    births=("open",),
    moves=(
        Move(
            "release",
            ("open",),
            "released",
            _("Release the hold"),
            permission="traceability.release_hold",
            signature="hold_released",
            reason_required=True,
            primary=True,
            explanation=_("What was held may be used again, unless another hold covers it."),
        ),
        Move(
            "lift",
            ("open",),
            "released",
            _("Lift by a signed decision"),
            permission="traceability.release_hold",
            reason_required=True,
            explanation=_("A signed disposition stands for the signature on the hold itself."),
            automatic=True,
        ),
    ),
)

declare(
    Permission("traceability.view_containment", _("See containments"), ROLE_TEMPLATES),
    Permission("traceability.place_containment", _("Contain: hold everything in a scope"), QUALITY),
    Permission("traceability.end_containment", _("End containments"), QUALITY),
    Permission("traceability.remove_hold", _("Destroy or return what is on hold"), QUALITY),
)

CONTAINMENT = Lifecycle(
    "traceability.Containment",
    states=(
        State("open", _("Open"), tone="bad", icon="hand"),
        State("ended", _("Ended"), tone="neutral", icon="circle-check", final=True),
    ),
    births=("open",),
    moves=(
        Move(
            "end",
            ("open",),
            "ended",
            _("End the containment"),
            permission="traceability.end_containment",
            signature="closed",
            reason_required=True,
            primary=True,
            explanation=_("Nothing more is caught. Its holds stay until each of them is released."),
        ),
    ),
)

declare(
    Permission(
        "traceability.view_recall", _("See recalls and recall drills"), ("lead", "planner", *QUALITY, "auditor")
    ),
    Permission("traceability.change_recall", _("Prepare recalls, hold recall drills, trace them anew"), QUALITY),
    Permission("traceability.decide_recall", _("Decide about the lines of recalls"), ("lead", *QUALITY)),
    Permission("traceability.start_recall", _("Start and cancel recalls"), ("quality_head",)),
    Permission("traceability.close_recall", _("Close recalls and recall drills"), QUALITY),
)

RECALL = Lifecycle(
    "traceability.Recall",
    states=(
        State("draft", _("Draft"), tone="info", icon="pencil"),
        State("tracing", _("Tracing"), tone="warn", icon="route"),
        State("deciding", _("Working through"), tone="warn", icon="list-check"),
        State("closed", _("Closed"), tone="good", icon="circle-check", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="x", final=True),
    ),
    births=("draft", "tracing"),
    moves=(
        Move(
            "start",
            ("draft",),
            "tracing",
            _("Start the recall"),
            permission="traceability.start_recall",
            signature="approved",
            primary=True,
            explanation=_("Everything affected is searched, and whatever of it is still here goes on hold."),
        ),
        Move(
            "traced",
            ("tracing",),
            "deciding",
            _("Traced"),
            permission="traceability.view_recall",
            explanation=_("Everything affected was found; each line waits for a decision."),
            automatic=True,
        ),
        Move(
            "close",
            ("deciding",),
            "closed",
            _("Close"),
            permission="traceability.close_recall",
            explanation=_("Every line is decided; the signed report stands for the signature."),
            automatic=True,
        ),
        Move(
            "cancel",
            ("draft", "tracing", "deciding"),
            "cancelled",
            _("Cancel"),
            permission="traceability.change_recall",
            reason_required=True,
            destructive=True,
            explanation=_("It ends without a report. Holds that it placed stay until quality releases each of them."),
        ),
    ),
)
