"""How orders, operations and what happens on the floor look in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from mes.execution.models import (
    Andon,
    Consumption,
    DataRecord,
    FloorNote,
    OperationRun,
    OrderOperation,
    Output,
    ProductionOrder,
    StepRecord,
)

BOOKED = ("id", "order_operation", "run", "actor", "stamped_at", "stamped_source")


class ProductionOrderShape(Shape):
    material_number = serializers.CharField(source="material.number")

    class Meta:
        model = ProductionOrder
        fields = (
            "id", "number", "site", "material", "material_number", "quantity", "status", "due_on", "priority", "lot",
            "routing_revision", "is_sandbox", "created_by", "origin", "external_id", "version",
        )  # fmt: skip


class OrderOperationShape(Shape):
    class Meta:
        model = OrderOperation
        fields = (
            "id", "order", "sequence", "name", "work_center", "status", "document_revision", "explanation",
            "material_explanation", "version",
        )  # fmt: skip


class OperationRunShape(Shape):
    class Meta:
        model = OperationRun
        fields = ("id", "order_operation", "operator", "terminal", "status", "started_at", "ended_at", "version")


class AndonShape(Shape):
    class Meta:
        model = Andon
        fields = ("id", "order_operation", "category", "text", "status", "raised_by", "raised_at", "version")


class StepRecordShape(FactShape):
    class Meta:
        model = StepRecord
        fields = (*BOOKED, "step", "done")


class DataRecordShape(FactShape):
    class Meta:
        model = DataRecord
        fields = (
            *BOOKED, "data_point", "label", "unit", "value_number", "value_text", "uom", "judgement", "judgement_text",
            "supersedes", "reason", "nonconformance", "gauge", "calibration", "deviation_use",
        )  # fmt: skip


class ConsumptionShape(FactShape):
    class Meta:
        model = Consumption
        fields = (*BOOKED, "material", "lot", "unit", "quantity", "uom", "into_unit", "explanation", "reverses")


class FloorNoteShape(FactShape):
    class Meta:
        model = FloorNote
        fields = (
            "id", "work_center", "order_operation", "kind", "text", "number", "noted_at", "actor", "stamped_at",
            "stamped_source",
        )  # fmt: skip


class OutputShape(FactShape):
    class Meta:
        model = Output
        fields = (*BOOKED, "good", "scrap", "scrap_reason", "unit", "serial", "explanation", "reverses")


class ProgressShape(ValueShape):
    """An operation of an order with its counters."""

    operation = OrderOperationShape()
    good = serializers.DecimalField(source="counters.good", max_digits=18, decimal_places=6)
    scrap = serializers.DecimalField(source="counters.scrap", max_digits=18, decimal_places=6)


class WorkerShape(ValueShape):
    """A person for an operation on a shift: whether they can run it, are planned, and what they lack."""

    user = serializers.IntegerField(source="user.pk")
    name = serializers.CharField(source="user.full_name")
    can = serializers.BooleanField()
    is_planned = serializers.BooleanField()
    is_trained = serializers.BooleanField()
    lacking = serializers.SerializerMethodField()

    def get_lacking(self, row: Any) -> list[str]:
        """Codes of the curricula for which they are not qualified then."""
        return [curriculum.code for curriculum in row.lacking]


class DispatchShape(ValueShape):
    """What there is to do at a work center: what the person would do next, and what stands against it."""

    operation = OrderOperationShape()
    order_number = serializers.CharField(source="operation.order.number")
    action = serializers.CharField()
    is_ready = serializers.BooleanField()
    blockers = serializers.SerializerMethodField()

    def get_blockers(self, row: Any) -> list[dict[str, str]]:
        """Why not."""
        return [blocker.as_dict() for blocker in row.blockers]
