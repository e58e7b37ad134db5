"""Columns of the lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.web import markup
from core.web.tables import DueColumn, LinkColumn, StateColumn, Table
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from qms.calibration.queries import site_of, standing, today_at


class StandingColumn(tables.Column):  # type: ignore[misc]
    """How a gauge stands today, as word + icon + tone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, accessor="status", orderable=False, **kwargs)

    def render(self, record: CalibrationPlan) -> str:
        found = standing(record, today_at(site_of(record), now()))
        return markup.badge(found.label, found.tone, found.icon)

    def value(self, record: CalibrationPlan) -> str:
        return str(standing(record, today_at(site_of(record), now())).label)


class DayColumn(tables.Column):  # type: ignore[misc]
    """A day."""

    def render(self, value: dt.date) -> str:
        return date_format(value, "SHORT_DATE_FORMAT")

    def value(self, value: Any) -> Any:
        return value


class CalibrationPlanTable(Table):
    """What stands where, how it stands, until when."""

    number = LinkColumn(verbose_name=_("Gauge"), accessor="equipment__code")
    name = tables.Column(verbose_name=_("Name"), accessor="equipment__name")
    standing = StandingColumn(verbose_name=_("Standing"))
    due_on = DayColumn(verbose_name=_("Due on"))
    kind = tables.Column(verbose_name=_("Class"), accessor="equipment__equipment_class__name")
    work_center = tables.Column(verbose_name=_("Work center"), accessor="equipment__work_center__code")
    responsible = tables.Column(verbose_name=_("Responsible"), accessor="responsible__full_name")

    class Meta(Table.Meta):
        model = CalibrationPlan
        fields = ("number", "name", "standing", "due_on", "kind", "work_center", "responsible")


class CalibrationRecordTable(Table):
    """Which gauge, how far, by when, by whom."""

    number = LinkColumn(verbose_name=_("Number"))
    gauge = tables.Column(verbose_name=_("Gauge"), accessor="plan__equipment__code")
    name = tables.Column(verbose_name=_("Name"), accessor="plan__equipment__name")
    status = StateColumn()
    due_at = DueColumn(verbose_name=_("Due"))
    performed_on = DayColumn(verbose_name=_("Performed on"))
    performed_by = tables.Column(verbose_name=_("Performed by"), accessor="performed_by__full_name")
    valid_until = DayColumn(verbose_name=_("Good until"))

    class Meta(Table.Meta):
        model = CalibrationRecord
        fields = ("number", "gauge", "name", "status", "due_at", "performed_on", "performed_by", "valid_until")
