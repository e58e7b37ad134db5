"""Columns of the lists."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.web import markup
from core.web.tables import DueColumn, LinkColumn, StateColumn, Table, TimeColumn, YesNoColumn
from qms.nonconformance.models import (
    BoardAuthority,
    BoardRule,
    Concession,
    DefectCode,
    NonConformance,
    OtherLot,
    PlannedDeviation,
    Severity,
)

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
    contained_at = TimeColumn(verbose_name=_("Contained"))
    due_at = DueColumn(verbose_name=_("Due"))

    class Meta(Table.Meta):
        model = NonConformance
        fields = (
            "number",
            "title",
            "status",
            "severity",
            "defect_code",
            "site",
            "owner",
            "reported_at",
            "contained_at",
            "due_at",
        )


class DefectCodeTable(Table):
    """The vocabulary of defects."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    severity = SeverityColumn(verbose_name=_("Severity"))
    concession_stop_at = tables.Column(verbose_name=_("No use-as-is from number"))
    parent = tables.Column(accessor="parent__code", verbose_name=_("Broader code"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = DefectCode
        fields = ("code", "name", "severity", "parent", "concession_stop_at", "is_active")


class DayColumn(tables.Column):  # type: ignore[misc]
    """A day."""

    def render(self, value: dt.date) -> str:
        return date_format(value, "j M Y")

    def value(self, value: dt.date) -> dt.date:
        return value


class AmountColumn(tables.Column):  # type: ignore[misc]
    """A quantity in the unit of its row."""

    def render(self, value: Decimal, record: Any) -> str:
        return markup.quantity(value, record.uom.symbol if hasattr(record, "uom") else "")

    def value(self, value: Decimal) -> Decimal:
        return value


class BoardRuleTable(Table):
    """Which function signs what."""

    kind = LinkColumn(verbose_name=_("Disposition"))
    severity = tables.Column(verbose_name=_("Severity"), empty_values=(None,))
    function = tables.Column(verbose_name=_("Function"))
    needs_witness = YesNoColumn(verbose_name=_("Witness"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = BoardRule
        fields = ("kind", "severity", "function", "needs_witness", "is_active")

    def render_kind(self, record: BoardRule) -> str:
        return str(record.get_kind_display())

    def render_severity(self, record: BoardRule) -> str:
        return str(record.get_severity_display() if record.severity else _("every"))


class BoardAuthorityTable(Table):
    """Who may sign for what, how far and how long."""

    person = LinkColumn(accessor="person__full_name", verbose_name=_("Person"))
    function = tables.Column(verbose_name=_("Function"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    highest_severity = tables.Column(verbose_name=_("Up to severity"))
    highest_quantity = AmountColumn(verbose_name=_("Up to a quantity of"))
    valid_from = DayColumn(verbose_name=_("Valid from"))
    valid_until = DayColumn(verbose_name=_("Valid until"))

    class Meta(Table.Meta):
        model = BoardAuthority
        fields = ("person", "function", "site", "highest_severity", "highest_quantity", "valid_from", "valid_until")


class ConcessionTable(Table):
    """What was used as it is, and the how manieth time."""

    number = LinkColumn(verbose_name=_("Number"))
    nonconformance = tables.Column(accessor="nonconformance__number", verbose_name=_("Nonconformance"))
    material = tables.Column(accessor="material__number", verbose_name=_("Material"))
    lot = tables.Column(accessor="lot__number", verbose_name=_("Lot"))
    defect_code = tables.Column(accessor="defect_code__code", verbose_name=_("Defect code"))
    quantity = AmountColumn(verbose_name=_("Quantity"))
    counter = tables.Column(verbose_name=_("Within the window"))
    stamped_at = TimeColumn(verbose_name=_("Signed"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))

    class Meta(Table.Meta):
        model = Concession
        fields = (
            "number", "nonconformance", "material", "lot", "defect_code", "quantity", "counter", "stamped_at", "site",
        )  # fmt: skip


class OtherLotTable(Table):
    """Which lots are asked about, and what was answered."""

    lot = tables.Column(accessor="lot__number", verbose_name=_("Lot"))
    material = tables.Column(accessor="lot__material__number", verbose_name=_("Material"))
    nonconformance = LinkColumn(accessor="nonconformance__number", verbose_name=_("Nonconformance"))
    relation = tables.Column(verbose_name=_("Why it is asked"))
    answer = tables.Column(verbose_name=_("Answer"), empty_values=(None,))
    rationale = tables.Column(verbose_name=_("Why so"))

    class Meta(Table.Meta):
        model = OtherLot
        fields = ("lot", "material", "nonconformance", "relation", "answer", "rationale")

    def render_answer(self, record: OtherLot) -> str:
        tones = {"": "warn", "affected": "bad", "not_affected": "good"}
        icons = {"": "question", "affected": "alert", "not_affected": "check"}
        return markup.badge(record.get_answer_display(), tones[record.answer], icons[record.answer])


class PlannedDeviationTable(Table):
    """What may be done otherwise, for what, how much of it is left, until when."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    status = StateColumn()
    material = tables.Column(accessor="material__number", verbose_name=_("Material"))
    quota = AmountColumn(verbose_name=_("Quota"))
    used = AmountColumn(verbose_name=_("Used"))
    valid_from = DayColumn(verbose_name=_("Valid from"))
    valid_until = DayColumn(verbose_name=_("Valid until"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))

    class Meta(Table.Meta):
        model = PlannedDeviation
        fields = ("number", "title", "status", "material", "quota", "used", "valid_from", "valid_until", "site")
