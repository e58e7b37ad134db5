"""How materials, lots, units, places, holds and movements look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from traceability.models import (
    BillOfMaterial,
    BillOfMaterialLine,
    Hold,
    Lot,
    Material,
    MaterialRevision,
    PurchaseOrder,
    PurchaseOrderLine,
    SerializedUnit,
    StockMovement,
    StorageLocation,
    UnitOfMeasure,
)

ORIGIN = ("origin", "external_id")


class UnitOfMeasureShape(Shape):
    class Meta:
        model = UnitOfMeasure
        fields = ("id", "code", "name", "pint_unit", "whole_only", *ORIGIN, "version")


class MaterialShape(Shape):
    uom = serializers.CharField(source="uom.code")

    class Meta:
        model = Material
        fields = (
            "id", "number", "name", "kind", "tracking", "uom", "shelf_life_days", "is_active", *ORIGIN, "version",
        )  # fmt: skip


class MaterialRevisionShape(Shape):
    class Meta:
        model = MaterialRevision
        fields = ("id", "material", "revision", "description", "status", "use_up_until", *ORIGIN, "version")


class BillOfMaterialShape(Shape):
    class Meta:
        model = BillOfMaterial
        fields = ("id", "material", "code", "is_active", *ORIGIN, "version")


class BillOfMaterialLineShape(Shape):
    uom = serializers.CharField(source="uom.code")

    class Meta:
        model = BillOfMaterialLine
        fields = ("id", "bom", "component", "quantity", "uom", "valid_from", "valid_to", "version")


class StorageLocationShape(Shape):
    class Meta:
        model = StorageLocation
        fields = ("id", "site", "code", "name", "kind", "is_active", *ORIGIN, "version")


class LotShape(Shape):
    material_number = serializers.CharField(source="material.number")
    uom = serializers.CharField(source="material.uom.code")

    class Meta:
        model = Lot
        fields = (
            "id", "number", "site", "material", "material_number", "uom", "revision", "status", "expires_on",
            "supplier_lot", *ORIGIN, "version",
        )  # fmt: skip


class SerializedUnitShape(Shape):
    material_number = serializers.CharField(source="material.number")

    class Meta:
        model = SerializedUnit
        fields = (
            "id", "serial", "site", "material", "material_number", "lot", "status", "source_label", *ORIGIN, "version",
        )  # fmt: skip


class HoldShape(Shape):
    class Meta:
        model = Hold
        fields = (
            "id", "site", "lot", "unit", "quantity", "reason", "status", "placed_by", "placed_at", "source_label",
            "version",
        )  # fmt: skip


class StockMovementShape(FactShape):
    uom = serializers.CharField(source="uom.code")

    class Meta:
        model = StockMovement
        fields = (
            "id", "kind", "lot", "unit", "quantity", "uom", "from_location", "to_location", "note", "actor",
            "stamped_at", "source_label",
        )  # fmt: skip


class PlaceShape(ValueShape):
    """How much of a lot lies in a place."""

    location = serializers.IntegerField(source="location.pk")
    code = serializers.CharField(source="location.code")
    quantity = serializers.DecimalField(max_digits=18, decimal_places=6)


class TraceRowShape(ValueShape):
    """One step of a trace."""

    level = serializers.IntegerField()
    relation = serializers.CharField()
    lot = serializers.IntegerField(source="lot_id", allow_null=True)
    unit = serializers.IntegerField(source="unit_id", allow_null=True)
    number = serializers.CharField()
    material = serializers.CharField()
    site = serializers.IntegerField(source="site_id")
    status = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    uom = serializers.CharField()
    source_label = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    repeated = serializers.BooleanField()
    holds = serializers.IntegerField()


class PurchaseOrderShape(Shape):
    class Meta:
        model = PurchaseOrder
        fields = ("id", "site", "number", "supplier", "ordered_on", "is_closed", *ORIGIN, "version")


class PurchaseOrderLineShape(Shape):
    class Meta:
        model = PurchaseOrderLine
        fields = (
            "id", "order", "position", "material", "quantity", "due_on", "received", "rejected", *ORIGIN, "version",
        )  # fmt: skip
