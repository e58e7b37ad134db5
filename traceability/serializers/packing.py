"""How containers, transformations and labels look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from traceability.models import (
    CompanyPrefix,
    Container,
    ContainerEntry,
    Label,
    LabelReconciliation,
    LabelTemplate,
    Transformation,
)

ORIGIN = ("origin", "external_id")


class TransformationShape(FactShape):
    class Meta:
        model = Transformation
        fields = ("id", "site", "kind", "reason", "reverses", "actor", "stamped_at")


class CompanyPrefixShape(Shape):
    class Meta:
        model = CompanyPrefix
        fields = ("id", "site", "prefix", "extension", "version")


class ContainerShape(Shape):
    class Meta:
        model = Container
        fields = ("id", "site", "number", "sscc", "kind", "status", "location", "parent", "version")


class ContainerEntryShape(FactShape):
    class Meta:
        model = ContainerEntry
        fields = (
            "id", "container", "kind", "lot", "unit", "child", "quantity", "location", "reason", "actor", "stamped_at",
        )  # fmt: skip


class PackedShape(ValueShape):
    """A line of what is in a container: a quantity of a lot, a unit, or (without a lot) a container in it."""

    container = serializers.IntegerField(source="container.pk")
    container_number = serializers.CharField(source="container.number")
    level = serializers.IntegerField()
    lot = serializers.IntegerField(source="lot.pk", allow_null=True, default=None)
    unit = serializers.IntegerField(source="unit.pk", allow_null=True, default=None)
    number = serializers.CharField(source="goods")
    quantity = serializers.DecimalField(max_digits=18, decimal_places=6)


class BuiltInShape(ValueShape):
    """A component of a unit; `until` and `why` where it was taken out."""

    link = serializers.IntegerField(source="link.pk")
    lot = serializers.IntegerField(source="link.parent_lot_id", allow_null=True)
    unit = serializers.IntegerField(source="link.parent_unit_id", allow_null=True)
    number = serializers.CharField(source="component")
    quantity = serializers.DecimalField(source="link.quantity", max_digits=18, decimal_places=6)
    uom = serializers.CharField(source="link.uom.code")
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField(allow_blank=True)


class LabelTemplateShape(Shape):
    template_version = serializers.IntegerField(source="version")
    version = serializers.IntegerField(source="row_version", read_only=True)

    class Meta:
        model = LabelTemplate
        fields = (
            "id", "site", "code", "template_version", "name", "kind", "width_mm", "height_mm", "dpmm", "elements",
            "author", "changed_by", "status", "version",
        )  # fmt: skip


class PrintedLabelShape(FactShape):
    class Meta:
        model = Label
        fields = (
            "id", "site", "subject_label", "template", "code", "content", "texts", "copies", "print_job", "reprint_of",
            "reason", "actor", "stamped_at",
        )  # fmt: skip


class LabelReconciliationShape(FactShape):
    difference = serializers.IntegerField(read_only=True)

    class Meta:
        model = LabelReconciliation
        fields = (
            "id", "site", "subject_label", "printed", "used", "spoiled", "returned", "difference", "remark", "actor",
            "stamped_at",
        )  # fmt: skip
