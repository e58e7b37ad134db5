"""Permissions over sealed records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

declare(
    Permission(
        "core_printing.view_printedrecord",
        _("See and download every sealed record of a site"),
        ("auditor", "external_auditor", "quality_engineer", "quality_head"),
    ),
)
