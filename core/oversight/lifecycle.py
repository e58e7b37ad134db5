"""Rights of those who watch over the system."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

declare(
    Permission(
        "core_oversight.export_trail",
        _("Export the trail"),
        ("quality_engineer", "quality_head", "auditor", "admin"),
        gmp=False,
    ),
)
