"""Permissions over the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

declare(
    Permission(
        "core_trail.view_trailevent",
        _("See the trail"),
        ("quality_engineer", "quality_head", "auditor", "admin"),
        gmp=False,
    ),
    Permission(
        "core_trail.view_seal",
        _("See and export the seals of the trail"),
        ("quality_engineer", "quality_head", "auditor", "admin"),
        gmp=False,
    ),
    Permission(
        "core_trail.verify_seal",
        _("Have every sealed record verified"),
        ("quality_head", "auditor", "admin"),
        gmp=False,
    ),
)
