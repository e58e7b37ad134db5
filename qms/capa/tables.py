"""Columns of the lists."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import DueColumn, LinkColumn, StateColumn, Table
from qms.capa.models import Capa, CapaAction


class CapaTable(Table):
    """What the problem is, where it stands, whose it is, until when."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    status = StateColumn()
    priority = tables.Column(verbose_name=_("Priority"))
    cycle = tables.Column(verbose_name=_("Cycle"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    owner = tables.Column(accessor="owner__full_name", verbose_name=_("Owner"))
    due_at = DueColumn(verbose_name=_("Due"))

    class Meta(Table.Meta):
        model = Capa
        fields = ("number", "title", "status", "priority", "cycle", "site", "owner", "due_at")


class CapaActionTable(Table):
    """What is done, for which CAPA, by whom, until when."""

    title = LinkColumn(verbose_name=_("Action"))
    capa = tables.Column(accessor="capa__number", verbose_name=_("CAPA"))
    status = StateColumn()
    purpose = tables.Column(verbose_name=_("Purpose"))
    bound_label = tables.Column(verbose_name=_("Bound to"))
    owner = tables.Column(accessor="owner__full_name", verbose_name=_("Owner"))
    due_at = DueColumn(verbose_name=_("Due"))

    class Meta(Table.Meta):
        model = CapaAction
        fields = ("title", "capa", "status", "purpose", "bound_label", "owner", "due_at")
