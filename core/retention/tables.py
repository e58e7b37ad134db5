"""The list of disposals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.retention.models import Disposal
from core.web.tables import LinkColumn, NumberColumn, StateColumn, Table, TimeColumn


class DisposalTable(Table):
    """Which table, before when, how many rows."""

    table = LinkColumn(verbose_name=_("Table"))
    status = StateColumn(verbose_name=_("State"))
    before = TimeColumn(verbose_name=_("Written before"))
    rows = NumberColumn(verbose_name=_("Rows"))

    class Meta(Table.Meta):
        model = Disposal
        fields = ()
