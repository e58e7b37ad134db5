"""How work instructions look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import Shape
from mes.instructions.models import DataPoint, InstructionPicture, InstructionStep, WorkInstruction


class WorkInstructionShape(Shape):
    class Meta:
        model = WorkInstruction
        fields = ("id", "document_revision", "version")


class InstructionPictureShape(Shape):
    sha256 = serializers.CharField(source="attachment.sha256")

    class Meta:
        model = InstructionPicture
        fields = ("id", "step", "attachment", "sha256", "description", "sequence", "version")


class DataPointShape(Shape):
    uom = serializers.CharField(source="unit.code", allow_null=True, default=None)
    choices = serializers.ListField(child=serializers.CharField())
    choices_rejected = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = DataPoint
        fields = (
            "id", "step", "sequence", "code", "name", "kind", "uom", "lower_limit", "lower_warning", "upper_warning",
            "upper_limit", "decimals", "choices", "choices_rejected", "required", "gauge_class",
            "version",
        )  # fmt: skip

    name = serializers.CharField(source="label")


class InstructionStepShape(Shape):
    pictures = InstructionPictureShape(many=True)
    data_points = DataPointShape(many=True)

    class Meta:
        model = InstructionStep
        fields = (
            "id", "work_instruction", "sequence", "title", "text", "caution", "must_be_confirmed", "pictures",
            "data_points", "version",
        )  # fmt: skip
