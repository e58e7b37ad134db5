"""How materials, lots, units, places, goods and movements look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from traceability.models import (
    BillOfMaterial,
    BillOfMaterialLine,
    CustomerReturn,
    Lot,
    Material,
    MaterialRevision,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    SerializedUnit,
    Shipment,
    ShipmentLine,
    StockCount,
    StockCountLine,
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
            "id", "number", "name", "kind", "tracking", "uom", "shelf_life_days", "shelf_life_rule", "retest_days",
            "open_life_days", "gtin", "is_active", *ORIGIN, "version",
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
            "open_until", "retest_on", "supplier_lot", *ORIGIN, "version",
        )  # fmt: skip


class SerializedUnitShape(Shape):
    material_number = serializers.CharField(source="material.number")

    class Meta:
        model = SerializedUnit
        fields = (
            "id", "serial", "site", "material", "material_number", "lot", "status", "source_label", *ORIGIN, "version",
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


class LabelShape(ValueShape):
    """What the label of a lot or unit says, for programs that print it; empty texts without a GTIN."""

    number = serializers.CharField()
    element_string = serializers.CharField()
    readable = serializers.CharField()
    link = serializers.CharField()
    problem = serializers.CharField()


class TraceRowShape(ValueShape):
    """One step of a trace."""

    direction = serializers.CharField()
    level = serializers.IntegerField()
    relation = serializers.CharField()
    lot = serializers.IntegerField(source="lot_id", allow_null=True)
    unit = serializers.IntegerField(source="unit_id", allow_null=True)
    number = serializers.CharField()
    material = serializers.CharField()
    material_number = serializers.CharField()
    site = serializers.IntegerField(source="site_id")
    status = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)
    quantity = serializers.DecimalField(max_digits=18, decimal_places=6, allow_null=True)
    uom = serializers.CharField()
    source_label = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    repeated = serializers.BooleanField()
    skips = serializers.BooleanField()
    holds = serializers.IntegerField()


class AboutLotShape(ValueShape):
    """One thing that concerns a lot."""

    part = serializers.CharField()
    what = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)


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


class ReceiptShape(FactShape):
    quantity = serializers.DecimalField(source="movement.quantity", max_digits=18, decimal_places=6)
    uom = serializers.CharField(source="movement.uom.code")
    lot_number = serializers.CharField(source="lot.number")
    supplier_lot = serializers.CharField(source="lot.supplier_lot")

    class Meta:
        model = Receipt
        fields = (
            "id", "site", "supplier", "line", "lot", "lot_number", "supplier_lot", "quantity", "uom", "movement",
            "over_reason", "actor", "stamped_at",
        )  # fmt: skip


class ShipmentShape(Shape):
    class Meta:
        model = Shipment
        fields = ("id", "site", "number", "customer", "status", "version")


class ShipmentLineShape(Shape):
    uom = serializers.CharField(source="lot.material.uom.code")
    returned = serializers.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        model = ShipmentLine
        fields = ("id", "shipment", "lot", "unit", "quantity", "uom", "returned", "movement", "container", "version")


class CustomerReturnShape(FactShape):
    class Meta:
        model = CustomerReturn
        fields = ("id", "line", "movement", "hold", "reason", "actor", "stamped_at")


class StockCountShape(Shape):
    class Meta:
        model = StockCount
        fields = ("id", "site", "number", "location", "lot", "status", "version")


class StockCountLineShape(Shape):
    """What the ledger said stays hidden while people count, here too."""

    uom = serializers.CharField(source="lot.material.uom.code")
    expected = serializers.SerializerMethodField()

    class Meta:
        model = StockCountLine
        fields = (
            "id", "count", "lot", "unit", "expected", "counted", "uom", "reason", "counted_by", "counted_at",
            "movement", "version",
        )  # fmt: skip

    def get_expected(self, line: StockCountLine) -> str | None:
        """The quantity in the ledger when it was counted; null while the count is open."""
        return None if line.count.status == "counting" else format(line.expected, "f")
