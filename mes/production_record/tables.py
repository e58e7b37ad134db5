"""Lists of production records."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, StateColumn, Table


class ProductionRecordTable(Table):
    number = LinkColumn(verbose_name=_("Number"))
    order = tables.Column(accessor="order__number", verbose_name=_("Order"))
    material = tables.Column(accessor="order__material__name", verbose_name=_("Material"))
    lot = tables.Column(accessor="lot__number", verbose_name=_("Lot"))
    status = StateColumn()
