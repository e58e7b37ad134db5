"""Permissions over work instructions. An instruction has no states of its own: it lives and dies with its revision."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

declare(
    Permission(
        "mes_instructions.view_workinstruction",
        _("Read work instructions"),
        ("operator", "lead", "planner", "process_engineer", "quality_engineer", "quality_head", "auditor"),
    ),
    Permission(
        "mes_instructions.change_workinstruction",
        _("Build work instructions"),
        ("process_engineer", "quality_engineer", "quality_head"),
    ),
)
