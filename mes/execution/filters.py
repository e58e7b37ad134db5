"""Filters of the lists of orders and calls."""

from __future__ import annotations

from core.web.filters import Filters
from mes.execution.models import Andon, ProductionOrder


class ProductionOrderFilters(Filters):
    class Meta:
        model = ProductionOrder
        fields = ("status", "site", "is_sandbox")


class AndonFilters(Filters):
    class Meta:
        model = Andon
        fields = ("status", "category")
