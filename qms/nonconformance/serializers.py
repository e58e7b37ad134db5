"""How nonconformances, their items and dispositions look in the API."""

from __future__ import annotations

from core.web.api import Shape
from qms.nonconformance.models import AffectedItem, DefectCode, Disposition, NonConformance


class DefectCodeShape(Shape):
    class Meta:
        model = DefectCode
        fields = ("id", "code", "name", "severity", "parent", "is_active", "version")


class NonConformanceShape(Shape):
    class Meta:
        model = NonConformance
        fields = (
            "id", "number", "kind", "site", "title", "description", "severity", "defect_code", "status", "owner",
            "due_at", "reported_by", "reported_at", "recurrence", "recurrence_of", "recurrence_note", "cause",
            "source_label", "version",
        )  # fmt: skip


class AffectedItemShape(Shape):
    class Meta:
        model = AffectedItem
        fields = ("id", "nonconformance", "lot", "unit", "quantity", "uom", "hold", "version")


class DispositionShape(Shape):
    class Meta:
        model = Disposition
        fields = (
            "id", "affected_item", "kind", "quantity", "justification", "status", "proposed_by", "proposed_at", "hold",
            "movement", "version",
        )  # fmt: skip
