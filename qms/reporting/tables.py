"""Columns of the lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, Table, TimeColumn, YesNoColumn
from qms.reporting.models import ReportRun, ReportSchedule, TrendAlarm, TrendRule


class DayColumn(tables.Column):  # type: ignore[misc]
    """A day."""

    def render(self, value: dt.date) -> str:
        return date_format(value, "j M Y")

    def value(self, value: dt.date) -> dt.date:
        return value


class MonthColumn(DayColumn):
    """A month, by its first day."""

    def render(self, value: dt.date) -> str:
        return date_format(value, "F Y")


class TrendRuleTable(Table):
    """What is watched and how."""

    name = LinkColumn(verbose_name=_("Name"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    judged = tables.Column(verbose_name=_("How it is judged"))
    limit = tables.Column(verbose_name=_("Limit"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = TrendRule
        fields = ("name", "site", "judged", "limit", "is_active")


class TrendAlarmTable(Table):
    """What was found, and where the limit lay."""

    number = LinkColumn(verbose_name=_("Number"))
    rule = tables.Column(accessor="rule__name", verbose_name=_("Rule"))
    month = MonthColumn(verbose_name=_("Month"))
    count = tables.Column(verbose_name=_("Counted"))
    rate = tables.Column(verbose_name=_("Per 1,000"))
    limit = tables.Column(verbose_name=_("Limit"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    stamped_at = TimeColumn(verbose_name=_("Found"))

    class Meta(Table.Meta):
        model = TrendAlarm
        fields = ("number", "rule", "month", "count", "rate", "limit", "site", "stamped_at")

    def render_rate(self, value: Any) -> str:
        return f"{value:.2f}"

    def render_limit(self, value: Any) -> str:
        return f"{value:.2f}"


class ReportRunTable(Table):
    """Which report, for which days."""

    number = LinkColumn(verbose_name=_("Number"))
    kind = tables.Column(verbose_name=_("Report"))
    begins_on = DayColumn(verbose_name=_("From"))
    ends_on = DayColumn(verbose_name=_("To"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    stamped_at = TimeColumn(verbose_name=_("Made"))

    class Meta(Table.Meta):
        model = ReportRun
        fields = ("number", "kind", "begins_on", "ends_on", "site", "stamped_at")


class ReportScheduleTable(Table):
    """Which report is made when."""

    kind = LinkColumn(verbose_name=_("Report"))
    every = tables.Column(verbose_name=_("How often"))
    day = tables.Column(verbose_name=_("Day"))
    hour = tables.Column(verbose_name=_("Hour"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = ReportSchedule
        fields = ("kind", "every", "day", "hour", "site", "is_active")

    def render_kind(self, record: ReportSchedule) -> str:
        return str(record.get_kind_display())
