"""States and moves of a disposal, and who may propose and approve one."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import Permission, declare

DISPOSAL = Lifecycle(
    "core_retention.Disposal",
    states=(
        State("proposed", _("Proposed"), tone="info", icon="clock"),
        State("approved", _("Approved"), tone="warn", icon="check"),
        State("carried_out", _("Carried out"), tone="good", icon="check", final=True),
        State("withdrawn", _("Withdrawn"), tone="neutral", icon="ban", final=True),
    ),
    births=("proposed",),
    moves=(
        Move(
            "approve",
            ("proposed",),
            "approved",
            _("Approve"),
            permission="core_retention.approve_disposal",
            signature="approved",
            not_by=("proposed_by",),
            primary=True,
            explanation=_(
                "The owner of the database may then delete exactly these rows. Their leaf hashes stay in the seals;"
                " what the rows said is gone for good."
            ),
        ),
        Move(
            "withdraw",
            ("proposed", "approved"),
            "withdrawn",
            _("Withdraw"),
            permission="core_retention.approve_disposal",
            reason_required=True,
            destructive=True,
            explanation=_("Nothing is deleted."),
        ),
        Move(
            "carry_out",
            ("approved",),
            "carried_out",
            _("Carry out"),
            permission="core_retention.carry_out_disposal",
            explanation=_("Done by manage.py dispose_records, as the owner of the database."),
            automatic=True,
        ),
    ),
)

declare(
    Permission(
        "core_retention.view_disposal",
        _("See what was disposed of after retention"),
        ("quality_engineer", "quality_head", "auditor", "admin"),
    ),
    Permission(
        "core_retention.add_disposal", _("Propose to dispose of old rows"), ("quality_engineer", "quality_head")
    ),
    Permission("core_retention.approve_disposal", _("Approve a disposal"), ("quality_head",)),
    Permission("core_retention.carry_out_disposal", _("Delete what a signed disposal names")),
)
