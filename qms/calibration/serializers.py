"""How gauges and calibrations look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import Shape, ValueShape
from core.web.api.shapes import FactShape
from qms.calibration.models import (
    CalibrationPlan,
    CalibrationPoint,
    CalibrationReading,
    CalibrationRecord,
    ImpactAnswer,
    PlannedStandard,
    StandardUse,
)


class CalibrationPlanShape(Shape):
    code = serializers.CharField(source="equipment.code")

    class Meta:
        model = CalibrationPlan
        fields = (
            "id", "code", "equipment", "interval_months", "procedure", "responsible", "is_standard", "status",
            "in_force", "failed", "due_on", "origin", "external_id", "version",
        )  # fmt: skip


class CalibrationPointShape(Shape):
    class Meta:
        model = CalibrationPoint
        fields = (
            "id", "plan", "sequence", "label", "nominal", "tolerance_minus", "tolerance_plus", "uom", "is_active",
            "version",
        )  # fmt: skip


class PlannedStandardShape(Shape):
    class Meta:
        model = PlannedStandard
        fields = ("id", "plan", "standard", "version")


class CalibrationRecordShape(Shape):
    class Meta:
        model = CalibrationRecord
        fields = (
            "id", "number", "plan", "status", "due_at", "interval_months", "procedure", "laboratory",
            "certificate_number", "temperature", "humidity", "note", "performed_by", "performed_on", "valid_until",
            "found_in_tolerance", "left_in_tolerance", "impact", "impact_note", "affected_values", "affected_sha256",
            "version",
        )  # fmt: skip


class CalibrationReadingShape(FactShape):
    class Meta:
        model = CalibrationReading
        fields = (
            "id", "record", "point", "label", "nominal", "tolerance_minus", "tolerance_plus", "uom", "as_found",
            "as_left", "supersedes", "reason", "actor", "stamped_at",
        )  # fmt: skip


class StandardUseShape(FactShape):
    class Meta:
        model = StandardUse
        fields = ("id", "record", "standard", "calibration", "valid_until", "actor", "stamped_at")


class ImpactAnswerShape(FactShape):
    class Meta:
        model = ImpactAnswer
        fields = ("id", "record", "key", "label", "answer", "reason", "actor", "stamped_at")


class MeasuredValueShape(ValueShape):
    """A value that was measured with a gauge."""

    key = serializers.CharField()
    at = serializers.DateTimeField()
    what = serializers.CharField(source="label")
    value = serializers.CharField()
    judgement = serializers.CharField()
    where = serializers.CharField()
    lot = serializers.CharField()
    unit = serializers.CharField()
    who = serializers.CharField()
    calibration = serializers.CharField()
