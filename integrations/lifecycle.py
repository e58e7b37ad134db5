"""Permissions over imports and over the events of others."""

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
    Permission(
        "integrations.view_epcisevent",
        _("See EPCIS events"),
        ("planner", "process_engineer", "quality_head", "quality_engineer", "auditor", "admin"),
        gmp=False,
    ),
    Permission("integrations.capture_epcisevent", _("Take in EPCIS events"), ("planner", "admin"), gmp=False),
)
