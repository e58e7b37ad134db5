"""Columns of the lists."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web import markup
from core.web.tables import DueColumn, LinkColumn, StateColumn, Table, TimeColumn, YesNoColumn
from qms.nonconformance.models import DefectCode, NonConformance, Severity

SEVERITY_TONES = {Severity.MINOR: "neutral", Severity.MAJOR: "bad", Severity.CRITICAL: "bad"}
SEVERITY_ICONS = {Severity.MINOR: "minus", Severity.MAJOR: "alert", Severity.CRITICAL: "hexagon"}


class SeverityColumn(tables.Column):  # type: ignore[misc]
    """How bad it is, as word + icon + tone."""

    def render(self, value: str, record: NonConformance | DefectCode) -> str:
        code = Severity(record.severity)
        return markup.badge(code.label, SEVERITY_TONES[code], SEVERITY_ICONS[code])

    def value(self, value: str) -> str:
        return str(value)


class NonConformanceTable(Table):
    """What is wrong, how bad, whose, until when."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    status = StateColumn()
    severity = SeverityColumn(verbose_name=_("Severity"))
    defect_code = tables.Column(accessor="defect_code__code", verbose_name=_("Defect code"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    owner = tables.Column(accessor="owner__full_name", verbose_name=_("Owner"))
    reported_at = TimeColumn(verbose_name=_("Reported"))
    due_at = DueColumn(verbose_name=_("Due"))

    class Meta(Table.Meta):
        model = NonConformance
        fields = ("number", "title", "status", "severity", "defect_code", "site", "owner", "reported_at", "due_at")


class DefectCodeTable(Table):
    """The vocabulary of defects."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    severity = SeverityColumn(verbose_name=_("Severity"))
    parent = tables.Column(accessor="parent__code", verbose_name=_("Broader code"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = DefectCode
        fields = ("code", "name", "severity", "parent", "is_active")
