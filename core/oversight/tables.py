"""Columns of the lists of those who watch over the system."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.oversight.models import AccessReview
from core.trail.models import TrailEvent
from core.trail.queries.wording import words_of_event, words_of_value
from core.web.tables import LinkColumn, NumberColumn, StateColumn, Table, TimeColumn


class ExportTable(Table):
    """Who took out what, when, filtered how, how much of it, and the digest of the file."""

    stamped_at = TimeColumn(verbose_name=_("When"), orderable=False)
    actor = tables.Column(verbose_name=_("Who"), orderable=False)
    kind = tables.Column(verbose_name=_("What"), orderable=False)
    text = tables.Column(verbose_name=_("Of what"), orderable=False)
    filtered = tables.Column(verbose_name=_("Filter"), orderable=False, empty_values=())
    format = tables.Column(verbose_name=_("Format"), orderable=False, empty_values=())
    rows = NumberColumn(verbose_name=_("Rows"), orderable=False, empty_values=())
    sha256 = tables.Column(
        verbose_name=_("Digest"), orderable=False, empty_values=(), attrs={"td": {"class": "tl-mono tl-small"}}
    )

    class Meta(Table.Meta):
        model = TrailEvent
        fields = ()

    def value_kind(self, value: str) -> str:
        """The kind in words."""
        return words_of_event(value)

    render_kind = value_kind

    def _of(self, record: TrailEvent, name: str) -> Any:
        return record.data.get(name, "") if isinstance(record.data, dict) else ""

    def value_filtered(self, record: TrailEvent) -> str:
        """The filter in words; that of a list as it stands in its address."""
        return words_of_value(self._of(record, "filter") or self._of(record, "query"))

    render_filtered = value_filtered

    def value_format(self, record: TrailEvent) -> str:
        """The format of the file."""
        return str(self._of(record, "format")).upper()

    render_format = value_format

    def value_rows(self, record: TrailEvent) -> Any:
        """How many rows the file holds."""
        return self._of(record, "rows")

    render_rows = value_rows

    def value_sha256(self, record: TrailEvent) -> str:
        """The SHA-256 of the file."""
        return str(self._of(record, "sha256"))

    render_sha256 = value_sha256


class AccessReviewTable(Table):
    """Number, site, state, when opened, when due again."""

    number = LinkColumn(verbose_name=_("Number"))
    site = tables.Column(verbose_name=_("Site"), orderable=False)
    status = StateColumn()
    opened_at = TimeColumn(verbose_name=_("Opened"))
    opened_by = tables.Column(verbose_name=_("Opened by"), orderable=False)
    next_due = TimeColumn(verbose_name=_("Next review due"))

    class Meta(Table.Meta):
        model = AccessReview
        fields = ()
