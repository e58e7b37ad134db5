"""Columns of the list of documents."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.web.markup import badge
from core.web.tables import LinkColumn, Table, TimeColumn
from qms.documents.lifecycle import DOCUMENT_REVISION
from qms.documents.models import Document


class DocumentTable(Table):
    """One line per document: what is effective, and what is on its way."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    kind = tables.Column(verbose_name=_("Kind"))
    site = tables.Column(verbose_name=_("Site"), accessor="site__code", default=_("All"))
    effective_revision = tables.Column(verbose_name=_("Effective"), orderable=False)
    effective_from = TimeColumn(verbose_name=_("Since"), orderable=False)
    next_revision = tables.Column(verbose_name=_("On its way"), orderable=False)
    owner = tables.Column(verbose_name=_("Owner"), accessor="owner__full_name")

    class Meta(Table.Meta):
        model = Document
        fields = ()

    def render_next_revision(self, value: str, record: Any) -> SafeString:
        state = DOCUMENT_REVISION.state(record.next_status)
        return badge(f"{value} · {state.label}", state.tone, state.icon)

    def value_next_revision(self, value: str, record: Any) -> str:
        return f"{value} {DOCUMENT_REVISION.state(record.next_status).label}"
