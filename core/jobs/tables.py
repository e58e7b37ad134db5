"""The list of background work."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.jobs.models import JobStatus
from core.web import markup
from core.web.tables import LinkColumn, Table, TimeColumn

LOOKS: dict[str, tuple[str, str]] = {
    JobStatus.QUEUED: ("neutral", "clock"),
    JobStatus.RUNNING: ("info", "play"),
    JobStatus.DONE: ("good", "check"),
    JobStatus.FAILED: ("bad", "alert"),
    JobStatus.CANCELLED: ("neutral", "ban"),
}
"""Tone and icon of each status."""


class BackgroundJobTable(Table):
    """What was asked for, how far it got."""

    title = LinkColumn(verbose_name=_("Work"))
    status = tables.Column(verbose_name=_("Status"))
    percent = tables.Column(verbose_name=_("Progress"), accessor="percent", orderable=False)
    actor = tables.Column(verbose_name=_("Asked for by"), orderable=False)
    created_at = TimeColumn(verbose_name=_("Asked for"))
    finished_at = TimeColumn(verbose_name=_("Ended"), orderable=False)

    def render_status(self, value: Any, record: Any) -> SafeString:
        tone, icon = LOOKS[record.status]
        return markup.badge(record.get_status_display(), tone, icon)

    def value_status(self, value: Any, record: Any) -> str:
        return str(record.get_status_display())

    def render_percent(self, value: int) -> str:
        return f"{value} %"
