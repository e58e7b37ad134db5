"""How holds, containments and recalls look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from traceability.models import (
    Containment,
    Hold,
    Recall,
    RecallDecision,
    RecallLine,
    StockRemoval,
)
from traceability.queries import in_containers

ORIGIN = ("origin", "external_id")


class HoldShape(Shape):
    class Meta:
        model = Hold
        fields = (
            "id", "site", "lot", "unit", "quantity", "reason", "status", "placed_by", "placed_at", "source_label",
            "inherited_from", "version",
        )  # fmt: skip


class ContainmentShape(Shape):
    class Meta:
        model = Containment
        fields = (
            "id", "site", "number", "kind", "material", "supplier", "supplier_lot", "since", "until", "scope_label",
            "with_descendants", "reason", "status", "placed_by", "placed_at", "source_label", "version",
        )  # fmt: skip


class ContainmentMemberShape(ValueShape):
    """One lot or unit that a containment holds."""

    lot = serializers.IntegerField(allow_null=True)
    unit = serializers.IntegerField(allow_null=True)
    on_hand = serializers.DecimalField(max_digits=18, decimal_places=6)
    shipped = serializers.DecimalField(max_digits=18, decimal_places=6)
    hold = serializers.IntegerField()
    status = serializers.CharField()


class StockRemovalShape(FactShape):
    class Meta:
        model = StockRemoval
        fields = ("id", "kind", "hold", "lot", "unit", "quantity", "reason", "actor", "stamped_at")


class RecallShape(Shape):
    class Meta:
        model = Recall
        fields = (
            "id", "number", "site", "kind", "title", "reason", "advice", "contact", "scope", "status", "started_at",
            "traced_at", "closed_at", "version",
        )  # fmt: skip


class RecallLineShape(FactShape):
    material_number = serializers.CharField(source="material.number")
    uom = serializers.CharField(source="material.uom.code")
    disposition = serializers.SerializerMethodField(help_text="What is decided about it; empty while nobody has.")
    containers = serializers.SerializerMethodField(
        help_text="In which containers it stands here, or with which it left."
    )

    class Meta:
        model = RecallLine
        fields = (
            "id", "recall", "lot", "unit", "material", "material_number", "quantity", "uom", "where", "location",
            "shipment_line", "customer", "containers", "trouble", "settled", "disposition",
        )  # fmt: skip

    def get_containers(self, line: RecallLine) -> str:
        """Their numbers."""
        return in_containers(line)

    def get_disposition(self, line: RecallLine) -> str:
        """The decision that was not corrected."""
        return next((one.disposition for one in line.decisions.all() if not hasattr(one, "superseded_by")), "")


class RecallDecisionShape(FactShape):
    class Meta:
        model = RecallDecision
        fields = ("id", "line", "disposition", "note", "supersedes", "reason", "actor", "stamped_at")


class RecallMaterialShape(ValueShape):
    number = serializers.CharField()
    name = serializers.CharField()
    uom = serializers.CharField()
    total = serializers.DecimalField(max_digits=None, decimal_places=None)
    on_site = serializers.DecimalField(max_digits=None, decimal_places=None)
    customers = serializers.DecimalField(max_digits=None, decimal_places=None)
    consumed = serializers.DecimalField(max_digits=None, decimal_places=None)
    scrapped = serializers.DecimalField(max_digits=None, decimal_places=None)
    lost = serializers.DecimalField(max_digits=None, decimal_places=None)


class RecallFiguresShape(ValueShape):
    lots = serializers.IntegerField()
    units = serializers.IntegerField()
    customers = serializers.IntegerField()
    shipments = serializers.IntegerField()
    orders = serializers.IntegerField()
    lines = serializers.IntegerField()
    to_decide = serializers.IntegerField()
    open = serializers.IntegerField()
    unresolved = serializers.IntegerField()
    coverage = serializers.DecimalField(max_digits=None, decimal_places=None)
    decided = serializers.DecimalField(max_digits=None, decimal_places=None)
    materials = RecallMaterialShape(many=True)
