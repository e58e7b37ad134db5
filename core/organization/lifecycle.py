"""Permissions over people and places. This app has no lifecycles: activation is a trailed boolean."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

declare(
    Permission("core_organization.view_site", _("See sites, areas and work centers"), ROLE_TEMPLATES, gmp=False),
    Permission("core_organization.change_site", _("Configure sites, areas and work centers"), ("admin",), gmp=False),
    Permission(
        "core_organization.view_user",
        _("See people and their roles"),
        ("admin", "auditor", "quality_head", "lead"),
        gmp=False,
    ),
    Permission("core_organization.change_user", _("Create, change and deactivate people"), ("admin",), gmp=False),
    Permission(
        "core_organization.create_apitoken",
        _("Make personal API tokens"),
        ("admin", "planner", "process_engineer", "quality_engineer", "quality_head"),
        gmp=False,
    ),
    Permission("core_organization.grant_role", _("Give and end roles"), ("admin",), gmp=False),
    Permission("core_organization.enrol_terminal", _("Enrol shop-floor terminals"), ("admin",), gmp=False),
    Permission("core_organization.view_terminal", _("See terminals"), ("admin", "lead", "auditor"), gmp=False),
    Permission("core_organization.view_equipment", _("See equipment"), ROLE_TEMPLATES, gmp=False),
    Permission(
        "core_organization.change_equipment", _("Configure equipment"), ("admin", "process_engineer"), gmp=False
    ),
    Permission(
        "core_organization.view_tables",
        _("See every table as it is stored, read-only"),
        ("admin", "auditor"),
        gmp=False,
    ),
    Permission(
        "core_organization.change_partner",
        _("Add and change suppliers and customers"),
        ("planner", "quality_head", "admin"),
        gmp=False,
    ),
    Permission(
        "core_organization.view_partner",
        _("See suppliers and customers"),
        ("planner", "quality_engineer", "quality_head", "auditor", "admin"),
        gmp=False,
    ),
)
