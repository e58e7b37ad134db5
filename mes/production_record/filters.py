"""Filters of the list of production records."""

from __future__ import annotations

from core.web.filters import Filters
from mes.production_record.models import ProductionRecord


class ProductionRecordFilters(Filters):
    class Meta:
        model = ProductionRecord
        fields = ("status",)
