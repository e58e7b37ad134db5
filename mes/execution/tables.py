"""Lists of orders and calls for help."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, QuantityColumn, StateColumn, Table, TimeColumn


class ProductionOrderTable(Table):
    number = LinkColumn(verbose_name=_("Number"))
    material = tables.Column(accessor="material__name", verbose_name=_("Material"))
    lot = tables.Column(accessor="lot__number", verbose_name=_("Lot"))
    status = StateColumn()
    quantity = QuantityColumn(unit_path="material__uom__symbol", verbose_name=_("Quantity"))
    due_on = tables.Column(verbose_name=_("Due on"))
    priority = tables.Column(verbose_name=_("Priority"))


class AndonTable(Table):
    raised_at = TimeColumn(verbose_name=_("Since"))
    category = LinkColumn(verbose_name=_("What"))
    order_operation = tables.Column(verbose_name=_("Where"), orderable=False)
    raised_by = tables.Column(accessor="raised_by__full_name", verbose_name=_("By"))
    status = StateColumn()
