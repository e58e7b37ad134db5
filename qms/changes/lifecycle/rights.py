"""Rights over changes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare

VIEW = "qms_changes.view_changeorder"
RAISE = "qms_changes.raise_changeorder"
MANAGE = "qms_changes.manage_changeorder"
ASSESS = "qms_changes.assess_impactassessment"
APPROVE = "qms_changes.approve_changeapproval"
RELEASE = "qms_changes.release_changeorder"
CLOSE = "qms_changes.close_changeorder"
PERFORM = "qms_changes.perform_changetask"
VERIFY = "qms_changes.verify_changetask"
VIEW_TYPE = "qms_changes.view_changetype"
CONFIGURE = "qms_changes.change_changetype"
SWITCH = "qms_changes.switch_configurationcontrol"

QUALITY = ("quality_engineer", "quality_head")
ENGINEERS = ("process_engineer", *QUALITY)
DESK = ("lead", "planner", *ENGINEERS)

declare(
    Permission(VIEW, _("See changes"), ROLE_TEMPLATES),
    Permission(RAISE, _("Ask for changes"), ("operator", *DESK)),
    Permission(MANAGE, _("Plan changes and carry them out"), ("planner", *ENGINEERS)),
    Permission(ASSESS, _("Assess the impact of changes"), DESK),
    Permission(APPROVE, _("Approve the plans of changes"), ENGINEERS),
    Permission(RELEASE, _("Release changes"), QUALITY),
    Permission(CLOSE, _("Close and cancel changes"), QUALITY),
    Permission(PERFORM, _("Carry out tasks of changes"), ("operator", *DESK)),
    Permission(VERIFY, _("Accept tasks of changes"), ENGINEERS),
    Permission(VIEW_TYPE, _("See types of changes and what needs a change"), ROLE_TEMPLATES),
    Permission(CONFIGURE, _("Configure types of changes and what needs a change"), ("quality_head",)),
    Permission(SWITCH, _("Put configuration under change control"), ("quality_head",)),
)
