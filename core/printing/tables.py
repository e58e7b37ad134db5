"""The list of sealed records."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, NumberColumn, Table, TimeColumn


class PrintedRecordTable(Table):
    """Number, kind, when sealed."""

    number = LinkColumn(verbose_name=_("Number"))
    kind_label = tables.Column(verbose_name=_("Kind"))
    title = tables.Column(verbose_name=_("Title"), orderable=False)
    edition = NumberColumn(verbose_name=_("Edition"), orderable=False)
    site = tables.Column(verbose_name=_("Site"), orderable=False)
    sealed_at = TimeColumn(verbose_name=_("Sealed"))
    pages = NumberColumn(verbose_name=_("Pages"), orderable=False)
