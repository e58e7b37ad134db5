"""How production records look in the API."""

from __future__ import annotations

from core.web.api import Shape
from mes.production_record.models import ProductionRecord


class ProductionRecordShape(Shape):
    class Meta:
        model = ProductionRecord
        fields = ("id", "number", "order", "lot", "status", "version")
