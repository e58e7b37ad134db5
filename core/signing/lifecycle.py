"""The controlled vocabulary of what a signature means (21 CFR 11.50(a)(3))."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

MEANINGS = {
    "authored": _("Authored"),
    "reviewed": _("Reviewed"),
    "approved": _("Approved"),
    "approved_emergency": _("Approved (emergency)"),
    "performed": _("Performed"),
    "verified": _("Verified"),
    "witnessed": _("Witnessed"),
    "hold_placed": _("Hold placed"),
    "hold_released": _("Hold released"),
    "dispositioned": _("Dispositioned"),
    "released": _("Released"),
    "closed": _("Closed"),
    "cancelled": _("Cancelled"),
    "rejected": _("Rejected"),
    "acknowledged": _("Acknowledged"),
    "trained": _("Trained (read and understood)"),
    "attested": _("Trainer attests"),
}

TRAINING_MEANINGS = frozenset({"trained", "attested"})
"""Meanings that are given on training only: no operation asks for them."""

PIN_MEANINGS = frozenset({"performed", "witnessed", "hold_placed"})
"""Meanings for which a personal PIN may be the secret at an enrolled terminal; all others take the password."""

declare(
    Permission(
        "core_signing.view_signature",
        _("See signatures"),
        ("operator", "lead", "planner", "process_engineer", "quality_engineer", "quality_head", "auditor"),
    ),
)
