"""Rights of trends, figures and reports (ISO 13485 8.4, 21 CFR 820.100(a)(1), ISO 9001 9.1.3)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

QUALITY = ("quality_engineer", "quality_head")
READERS = ("lead", "planner", "process_engineer", *QUALITY, "auditor")
APP = "qms_reporting"

VIEW_RULE = f"{APP}.view_trendrule"
CHANGE_RULE = f"{APP}.change_trendrule"
VIEW_ALARM = f"{APP}.view_trendalarm"
VIEW_RUN = f"{APP}.view_reportrun"
VIEW_SCHEDULE = f"{APP}.view_reportschedule"
CHANGE_SCHEDULE = f"{APP}.change_reportschedule"

declare(
    Permission(VIEW_RULE, _("See rules of trends"), READERS),
    Permission(CHANGE_RULE, _("Set rules of trends"), QUALITY),
    Permission(VIEW_ALARM, _("See alarms of trends"), READERS),
    Permission(VIEW_RUN, _("See key figures and stored reports"), READERS),
    Permission(VIEW_SCHEDULE, _("See when reports are made and for whom"), READERS),
    Permission(CHANGE_SCHEDULE, _("Set when reports are made and for whom"), QUALITY),
)
