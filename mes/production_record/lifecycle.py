"""A production record is compiled while the order runs, reviewed when it is complete, and released with its lot.

None of these moves is made by hand: the record follows its order and its lot (subscribers.py).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import Permission, declare

VIEW = "mes_production_record.view_productionrecord"
RELEASE = "mes_production_record.release_productionrecord"
PRINT = "mes_production_record.print_productionrecord"

declare(
    Permission(
        VIEW,
        _("See production records"),
        ("lead", "planner", "process_engineer", "quality_engineer", "quality_head", "auditor"),
    ),
    Permission(RELEASE, _("Release production records with their lot"), ("quality_engineer", "quality_head")),
    Permission(
        PRINT, _("Have production records rendered and sealed"), ("quality_engineer", "quality_head", "auditor")
    ),
)

PRODUCTION_RECORD = Lifecycle(
    "mes_production_record.ProductionRecord",
    states=(
        State("compiling", _("In production"), tone="info", icon="player-play"),
        State("review", _("Waits for review"), tone="warn", icon="clock"),
        State("released", _("Released"), tone="good", icon="circle-check"),
        State("cancelled", _("Order cancelled"), tone="neutral", icon="x", final=True),
    ),
    births=("compiling",),
    moves=(
        Move("complete", ("compiling",), "review", _("Hand over for review"), permission=RELEASE, automatic=True),
        Move("reopen", ("review",), "compiling", _("Back to production"), permission=RELEASE, automatic=True),
        Move("release", ("review",), "released", _("Release"), permission=RELEASE, automatic=True),
        Move(
            "cancel",
            ("compiling",),
            "cancelled",
            _("Order cancelled"),
            permission=RELEASE,
            reason_required=True,
            automatic=True,
        ),
        Move(
            "withdraw",
            ("released",),
            "review",
            _("Release withdrawn"),
            permission=RELEASE,
            reason_required=True,
            automatic=True,
        ),
    ),
)
