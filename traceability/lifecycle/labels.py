"""States, moves and permissions of label templates and labels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare
from traceability.lifecycle.roles import FLOOR, QUALITY

declare(
    Permission("traceability.view_labeltemplate", _("See label templates"), ROLE_TEMPLATES),
    Permission(
        "traceability.change_labeltemplate", _("Write label templates"), ("process_engineer", "planner", *QUALITY)
    ),
    Permission("traceability.approve_labeltemplate", _("Approve label templates and take them out of use"), QUALITY),
    Permission("traceability.print_label", _("Print labels"), (*FLOOR, "planner", *QUALITY)),
    Permission("traceability.view_label", _("See which labels were printed"), ROLE_TEMPLATES),
    Permission("traceability.reconcile_label", _("Account for printed labels"), ("lead", *QUALITY)),
)

LABEL_TEMPLATE = Lifecycle(
    "traceability.LabelTemplate",
    states=(
        State("draft", _("Draft"), tone="neutral", icon="pencil"),
        State("effective", _("Effective"), tone="good", icon="circle-check"),
        State("superseded", _("Superseded"), tone="neutral", icon="history", final=True),
        State("obsolete", _("Obsolete"), tone="bad", icon="ban", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "make_effective",
            ("draft",),
            "effective",
            _("Approve"),
            permission="traceability.approve_labeltemplate",
            signature="approved",
            not_by=("author", "changed_by"),
            primary=True,
            explanation=_("From now on labels are printed by it. The version before becomes superseded."),
        ),
        Move(
            "supersede",
            ("effective",),
            "superseded",
            _("Supersede"),
            permission="traceability.approve_labeltemplate",
            automatic=True,
        ),
        Move(
            "make_obsolete",
            ("draft", "effective"),
            "obsolete",
            _("Make obsolete"),
            permission="traceability.approve_labeltemplate",
            reason_required=True,
            destructive=True,
            explanation=_("No label is printed by it any more."),
        ),
    ),
)
