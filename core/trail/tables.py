"""The list of seals."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, NumberColumn, Table, TimeColumn


class SealTable(Table):
    """Number, when, how much, the head."""

    number = LinkColumn(verbose_name=_("Number"))
    sealed_at = TimeColumn(verbose_name=_("Sealed"))
    rows = NumberColumn(verbose_name=_("Rows"), orderable=False)
    epoch = NumberColumn(verbose_name=_("Epoch"), orderable=False)
    head = tables.Column(verbose_name=_("Head"), orderable=False, attrs={"td": {"class": "tl-mono tl-small"}})
