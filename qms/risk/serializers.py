"""How matrices and assessments look in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.web.api import Shape, ValueShape
from qms.risk.models import RiskAssessment, RiskControl, RiskItem, RiskLink, RiskMatrix


class RiskMatrixShape(Shape):
    severities = serializers.ListField(child=serializers.CharField())
    probabilities = serializers.ListField(child=serializers.CharField())
    bands = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    cells = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))

    class Meta:
        model = RiskMatrix
        fields = (
            "id", "code", "revision", "name", "severities", "probabilities", "bands", "cells", "change_summary",
            "author", "status", "version",
        )  # fmt: skip


class RiskAssessmentShape(Shape):
    class Meta:
        model = RiskAssessment
        fields = (
            "id", "number", "site", "kind", "title", "scope", "material", "matrix", "status", "author", "owner",
            "conclusion", "review_months", "review_on", "version",
        )  # fmt: skip


class RiskItemShape(Shape):
    class Meta:
        model = RiskItem
        fields = (
            "id", "assessment", "position", "hazard", "cause", "situation", "effect", "severity", "probability",
            "detection", "residual_severity", "residual_probability", "residual_detection", "rationale", "new_risks",
            "version",
        )  # fmt: skip


class RiskControlShape(Shape):
    class Meta:
        model = RiskControl
        fields = ("id", "item", "kind", "description", "verification", "version")


class RiskLinkShape(Shape):
    class Meta:
        model = RiskLink
        fields = ("id", "item", "subject_id", "subject_label", "version")


class JudgedShape(ValueShape):
    """A risk with its judgement before and after the controls."""

    item = RiskItemShape()
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()
    controls = RiskControlShape(many=True)
    links = RiskLinkShape(many=True)

    def get_before(self, one: Any) -> str:
        """Acceptable, to be reduced, or not acceptable; empty where it is not estimated."""
        return one.before.acceptability.value if one.before is not None else ""

    def get_after(self, one: Any) -> str:
        """The same after the controls."""
        return one.after.acceptability.value if one.after is not None else ""
