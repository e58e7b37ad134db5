"""Permissions over imports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

declare(
    Permission(
        "integrations.view_importbatch",
        _("See imports"),
        ("planner", "process_engineer", "quality_head", "auditor", "admin"),
        gmp=False,
    ),
    Permission("integrations.apply_importbatch", _("Import master data and opening stock"), ("admin",), gmp=False),
    Permission("integrations.undo_importbatch", _("Take an import back"), ("admin",), gmp=False),
)
