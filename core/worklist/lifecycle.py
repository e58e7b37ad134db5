"""Permissions over the worklist.

An assignment has no lifecycle of its own: it is done when the deed on its subject is done, and that deed has already
asked for its permission, its guards and its signature.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

declare(
    Permission(
        "core_worklist.reassign_assignment",
        _("Give work to other people and move its due date"),
        ("lead", "quality_engineer", "quality_head"),
    ),
    Permission(
        "core_worklist.view_escalationrule",
        _("See escalation ladders"),
        ("quality_engineer", "quality_head", "auditor", "admin"),
    ),
    Permission(
        "core_worklist.share_savedfilter",
        _("Share saved filters with a site or a role"),
        ("lead", "planner", "process_engineer", "quality_engineer", "quality_head", "admin"),
        gmp=False,
    ),
    Permission("core_worklist.change_escalationrule", _("Set escalation ladders"), ("quality_head",)),
)
