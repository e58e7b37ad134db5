"""The lists of sealed records, printers and prints."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, NumberColumn, StateColumn, Table, TimeColumn, YesNoColumn


class PrintedRecordTable(Table):
    """Number, kind, when sealed."""

    number = LinkColumn(verbose_name=_("Number"))
    kind_label = tables.Column(verbose_name=_("Kind"))
    title = tables.Column(verbose_name=_("Title"), orderable=False)
    edition = NumberColumn(verbose_name=_("Edition"), orderable=False)
    site = tables.Column(verbose_name=_("Site"), orderable=False)
    sealed_at = TimeColumn(verbose_name=_("Sealed"))
    pages = NumberColumn(verbose_name=_("Pages"), orderable=False)


class PrinterTable(Table):
    """Label printers."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    address = tables.Column(verbose_name=_("Address"), orderable=False)
    dpmm = NumberColumn(verbose_name=_("Dots in a millimetre"), orderable=False)
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    is_active = YesNoColumn(verbose_name=_("In use"))


class PrintJobTable(Table):
    """What was sent to printers, the latest first."""

    title = LinkColumn(verbose_name=_("Print"))
    status = StateColumn()
    labels = NumberColumn(verbose_name=_("Labels"), orderable=False)
    printer = tables.Column(accessor="printer__code", verbose_name=_("Printer"), default=_("PDF"))
    asked_by = tables.Column(accessor="asked_by__full_name", verbose_name=_("Asked for by"), orderable=False)
    asked_at = TimeColumn(verbose_name=_("Asked for"))
    problem = tables.Column(verbose_name=_("What went wrong"), orderable=False, default="")
    site = tables.Column(accessor="site__code", verbose_name=_("Site"), orderable=False)
