"""The lists of imports and of remembered mappings."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, Table, TimeColumn, YesNoColumn
from integrations.services.kinds import kind_label


class KindColumn(tables.Column):  # type: ignore[misc]
    """What was imported, as the form for it says."""

    def render(self, value: str) -> str:
        return kind_label(value)


class ImportBatchTable(Table):
    file_name = LinkColumn(verbose_name=_("File"))
    kind = KindColumn(verbose_name=_("What"))
    stamped_at = TimeColumn(verbose_name=_("When"))
    actor = tables.Column(accessor="actor__full_name", verbose_name=_("By"))
    rows = tables.Column(verbose_name=_("Rows"))
    created = tables.Column(verbose_name=_("Created"))
    changed = tables.Column(verbose_name=_("Changed"))
    is_signed = YesNoColumn(verbose_name=_("Signed"), orderable=False)
    is_undone = YesNoColumn(verbose_name=_("Undone"), orderable=False)


class ImportMappingTable(Table):
    name = LinkColumn(verbose_name=_("Name"))
    kind = KindColumn(verbose_name=_("What"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
