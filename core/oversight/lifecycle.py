"""States and moves of an access review, and the rights of those who watch over the system."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import Permission, declare

ACCESS_REVIEW = Lifecycle(
    "core_oversight.AccessReview",
    states=(
        State("open", _("Open"), tone="info", icon="clock"),
        State("signed", _("Signed"), tone="good", icon="check", final=True),
        State("withdrawn", _("Withdrawn"), tone="neutral", icon="ban", final=True),
    ),
    births=("open",),
    moves=(
        Move(
            "sign",
            ("open",),
            "signed",
            _("Sign the review"),
            permission="core_oversight.sign_accessreview",
            signature="reviewed",
            primary=True,
            explanation=_(
                "Grants that were decided to end, end now. The next review falls due after the named months."
            ),
        ),
        Move(
            "withdraw",
            ("open",),
            "withdrawn",
            _("Withdraw"),
            permission="core_oversight.add_accessreview",
            reason_required=True,
            destructive=True,
            explanation=_("No grant is ended. The review stays as it is, unsigned."),
        ),
    ),
)

declare(
    Permission(
        "core_oversight.export_trail",
        _("Export the trail"),
        ("quality_engineer", "quality_head", "auditor", "admin"),
        gmp=False,
    ),
    Permission(
        "core_oversight.view_accessreview",
        _("See access reviews"),
        ("quality_head", "auditor", "admin"),
        gmp=False,
    ),
    Permission(
        "core_oversight.add_accessreview",
        _("Review who holds which role: open a review, decide about its lines"),
        ("quality_head", "admin"),
        gmp=False,
    ),
    Permission(
        "core_oversight.sign_accessreview",
        _("Sign access reviews, which ends the grants that were decided to end"),
        ("quality_head",),
        gmp=False,
    ),
)
