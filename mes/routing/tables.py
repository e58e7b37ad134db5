"""Columns of the lists."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.web import markup
from core.web.tables import LinkColumn, StateColumn, Table, TimeColumn
from mes.routing.models import Routing, RoutingRevision, ScrapReason


class RoutingTable(Table):
    """Routings with the revision in force and the one in work."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    material = tables.Column(accessor="material__number", verbose_name=_("Material"))
    material_name = tables.Column(accessor="material__name", verbose_name=_("Material name"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    effective = tables.Column(accessor="effective_code", verbose_name=_("Effective"), orderable=False, default="–")
    in_work = tables.Column(accessor="in_work_status", verbose_name=_("In work"), orderable=False, default="–")

    class Meta(Table.Meta):
        model = Routing
        fields = ("code", "name", "material", "material_name", "site", "effective", "in_work")

    def render_in_work(self, value: str, record: Any) -> SafeString:
        state = RoutingRevision.lifecycle.state(value)
        return markup.badge(f"{record.in_work_code} · {state.label}", state.tone, state.icon)

    def value_in_work(self, value: str, record: Any) -> str:
        return f"{record.in_work_code} {RoutingRevision.lifecycle.state(value).label}"


class RevisionTable(Table):
    """The revisions of one routing."""

    revision = LinkColumn(verbose_name=_("Revision"))
    status = StateColumn()
    author = tables.Column(verbose_name=_("Author"))
    approved_at = TimeColumn(verbose_name=_("Approved"))
    effective_from = TimeColumn(verbose_name=_("Effective from"))
    change_summary = tables.Column(verbose_name=_("What changed"))

    class Meta(Table.Meta):
        model = RoutingRevision
        fields = ("revision", "status", "author", "approved_at", "effective_from", "change_summary")


class ScrapReasonTable(Table):
    """Scrap reasons."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    is_active = tables.Column(verbose_name=_("Active"))
    origin = tables.Column(verbose_name=_("Origin"))

    class Meta(Table.Meta):
        model = ScrapReason
        fields = ("code", "name", "is_active", "origin")

    def render_is_active(self, value: bool) -> SafeString:
        return (
            markup.badge(_("Active"), "good", "check") if value else markup.badge(_("Inactive"), "neutral", "archive")
        )

    def value_is_active(self, value: bool) -> str:
        return str(_("yes") if value else _("no"))
