"""Filters of the lists."""

from __future__ import annotations

from core.web.filters import Filters
from qms.reporting.models import ReportRun, ReportSchedule, TrendAlarm, TrendRule


class TrendRuleFilters(Filters):
    """Site, how it is judged, and whether it is watched."""

    class Meta:
        model = TrendRule
        fields = ("site", "judged", "is_active")


class TrendAlarmFilters(Filters):
    """Site and rule."""

    class Meta:
        model = TrendAlarm
        fields = ("site", "rule")


class ReportRunFilters(Filters):
    """Site and report."""

    class Meta:
        model = ReportRun
        fields = ("site", "kind")


class ReportScheduleFilters(Filters):
    """Site, report, and whether it is made."""

    class Meta:
        model = ReportSchedule
        fields = ("site", "kind", "is_active")
