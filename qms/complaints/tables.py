"""Columns of the lists."""

from __future__ import annotations

import datetime as dt

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.web import markup
from core.web.tables import DueColumn, LinkColumn, StateColumn, Table, YesNoColumn
from qms.complaints.models import Complaint, ComplaintCode, DecisionTree, Harm, RegulatoryReport

HARM_TONES = {
    Harm.UNKNOWN: "warn", Harm.NONE: "neutral", Harm.MINOR: "warn", Harm.SERIOUS: "bad", Harm.DEATH: "bad",
}  # fmt: skip
HARM_ICONS = {
    Harm.UNKNOWN: "question", Harm.NONE: "minus", Harm.MINOR: "info", Harm.SERIOUS: "alert", Harm.DEATH: "hexagon",
}  # fmt: skip


class HarmColumn(tables.Column):  # type: ignore[misc]
    """What it did to people, as word + icon + tone."""

    def render(self, value: str, record: Complaint) -> str:
        harm = Harm(record.harm)
        return markup.badge(harm.label, HARM_TONES[harm], HARM_ICONS[harm])

    def value(self, value: str) -> str:
        return str(value)


class DayColumn(tables.Column):  # type: ignore[misc]
    """A day."""

    def render(self, value: dt.date) -> str:
        return date_format(value, "j M Y")

    def value(self, value: dt.date) -> dt.date:
        return value


class ComplaintTable(Table):
    """Who complains of what, where it stands, what is due."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    status = StateColumn()
    harm = HarmColumn(verbose_name=_("Harm"))
    code = tables.Column(accessor="code__code", verbose_name=_("Event code"))
    material = tables.Column(accessor="material__number", verbose_name=_("Product"))
    lot = tables.Column(accessor="lot__number", verbose_name=_("Lot"))
    received_on = DayColumn(verbose_name=_("Received"))
    due_at = DueColumn(verbose_name=_("Next due"))
    owner = tables.Column(accessor="owner__full_name", verbose_name=_("Owner"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))

    class Meta(Table.Meta):
        model = Complaint
        fields = ("number", "title", "status", "harm", "code", "material", "lot", "received_on", "due_at", "owner",
                  "site")  # fmt: skip

    def render_due_at(self, value: dt.datetime, record: Complaint) -> str:
        return markup.due(None if record.lifecycle.state(record.status).final else value)


class ReportTable(Table):
    """What has to be told to whom, until when, and how far that is."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    status = StateColumn()
    authority = tables.Column(verbose_name=_("Reported to"))
    complaint = tables.Column(accessor="complaint__number", verbose_name=_("Complaint"))
    due_on = DayColumn(verbose_name=_("Due on"))
    submitted_on = DayColumn(verbose_name=_("Submitted on"))
    reference = tables.Column(verbose_name=_("Reference"))

    class Meta(Table.Meta):
        model = RegulatoryReport
        fields = ("number", "title", "status", "authority", "complaint", "due_on", "submitted_on", "reference")


class DecisionTreeTable(Table):
    """The regimes under which events are reported."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    authority = tables.Column(verbose_name=_("Reported to"))
    in_force = tables.Column(verbose_name=_("In force"), orderable=False)

    class Meta(Table.Meta):
        model = DecisionTree
        fields = ("code", "name", "authority", "in_force")


class ComplaintCodeTable(Table):
    """The vocabulary of complaints."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    kind = tables.Column(verbose_name=_("Kind"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = ComplaintCode
        fields = ("code", "name", "kind", "is_active")
