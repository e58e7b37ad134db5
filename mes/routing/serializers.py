"""How routings, their revisions and operations look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import Shape
from mes.routing.models import (
    OmittedMaterial,
    Operation,
    OperationMaterial,
    OperationRequirement,
    Routing,
    RoutingRevision,
    ScrapReason,
)


class RoutingShape(Shape):
    material_number = serializers.CharField(source="material.number")

    class Meta:
        model = Routing
        fields = ("id", "site", "material", "material_number", "code", "name", "is_rework", "version")


class RoutingRevisionShape(Shape):
    class Meta:
        model = RoutingRevision
        fields = (
            "id", "routing", "revision", "status", "author", "change_summary", "content_hash", "approved_at",
            "effective_from", "version",
        )  # fmt: skip


class OperationMaterialShape(Shape):
    material_number = serializers.CharField(source="material.number")
    uom = serializers.CharField(source="uom.code")

    class Meta:
        model = OperationMaterial
        fields = ("id", "operation", "material", "material_number", "bom_line", "quantity", "uom", "version")


class OperationRequirementShape(Shape):
    class Meta:
        model = OperationRequirement
        fields = ("id", "operation", "kind", "curriculum", "meaning", "equipment_class", "witness", "version")


class OperationShape(Shape):
    materials = OperationMaterialShape(many=True)
    requirements = OperationRequirementShape(many=True)

    class Meta:
        model = Operation
        fields = (
            "id", "routing_revision", "sequence", "name", "work_center", "document", "yields_unit", "overlap_allowed",
            "setup_minutes", "run_minutes", "materials", "requirements", "version",
        )  # fmt: skip


class OmittedMaterialShape(Shape):
    class Meta:
        model = OmittedMaterial
        fields = ("id", "routing_revision", "bom_line", "reason", "version")


class ScrapReasonShape(Shape):
    class Meta:
        model = ScrapReason
        fields = ("id", "code", "name", "is_active", "origin", "external_id", "version")
