"""Columns of the lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, NumberColumn, StateColumn, Table
from qms.risk.models import RiskAssessment, RiskMatrix


class DayColumn(tables.Column):  # type: ignore[misc]
    """A day."""

    def render(self, value: dt.date) -> str:
        return date_format(value, "SHORT_DATE_FORMAT")

    def value(self, value: Any) -> Any:
        return value


class RiskAssessmentTable(Table):
    """Which file, how far, about what, until when."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    status = StateColumn()
    kind = tables.Column(verbose_name=_("Kind"))
    risks = NumberColumn(verbose_name=_("Risks"), orderable=False)
    material = tables.Column(accessor="material__number", verbose_name=_("Material"))
    matrix = tables.Column(verbose_name=_("Matrix"), orderable=False)
    owner = tables.Column(accessor="owner__full_name", verbose_name=_("Owner"))
    review_on = DayColumn(verbose_name=_("Review on"))

    class Meta(Table.Meta):
        model = RiskAssessment
        fields = ("number", "title", "status", "kind", "risks", "material", "matrix", "owner", "review_on")


class RiskMatrixTable(Table):
    """The matrices and their revisions."""

    code = LinkColumn(verbose_name=_("Code"))
    revision = NumberColumn(verbose_name=_("Revision"))
    name = tables.Column(verbose_name=_("Name"))
    status = StateColumn()

    class Meta(Table.Meta):
        model = RiskMatrix
        fields = ("code", "revision", "name", "status")
