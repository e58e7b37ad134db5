"""States and moves of a qualification, and the permissions over training."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

QUALIFICATION = Lifecycle(
    "qms_training.Qualification",
    states=(
        State("active", _("Active"), tone="good", icon="check"),
        State("suspended", _("Suspended"), tone="warn", icon="pause"),
        State("revoked", _("Revoked"), tone="bad", icon="ban", final=True),
    ),
    births=("active",),
    moves=(
        Move(
            "suspend",
            ("active",),
            "suspended",
            _("Suspend"),
            permission="qms_training.change_qualification",
            reason_required=True,
            explanation=_("The person may not do this work until the qualification is reinstated."),
        ),
        Move(
            "reinstate",
            ("suspended",),
            "active",
            _("Reinstate"),
            permission="qms_training.change_qualification",
            reason_required=True,
            not_by=("user",),
            primary=True,
            explanation=_("The person may do this work again, until the date of the qualification."),
        ),
        Move(
            "revoke",
            ("active", "suspended"),
            "revoked",
            _("Revoke"),
            permission="qms_training.change_qualification",
            reason_required=True,
            destructive=True,
            explanation=_("The qualification ends for good; it takes a new one to do this work again."),
        ),
    ),
)

GIVERS = ("lead", "quality_engineer", "quality_head")

declare(
    Permission("qms_training.view_qualification", _("See who is qualified for what"), ROLE_TEMPLATES),
    Permission("qms_training.add_qualification", _("Grant and renew qualifications"), GIVERS),
    Permission("qms_training.change_qualification", _("Suspend, reinstate and revoke qualifications"), GIVERS),
    Permission("qms_training.change_curriculum", _("Write curricula"), ("quality_engineer", "quality_head")),
)
