"""How imports look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from integrations.models import ImportBatch, ImportMapping


class ImportBatchShape(FactShape):
    class Meta:
        model = ImportBatch
        fields = (
            "id", "site", "kind", "file_name", "file_sha256", "rows", "created", "changed", "unchanged", "skipped",
            "is_signed", "is_undone", "actor", "stamped_at",
        )  # fmt: skip


class ImportMappingShape(Shape):
    class Meta:
        model = ImportMapping
        fields = ("id", "site", "kind", "name", "columns", "mapping", "version")


class IssueShape(ValueShape):
    """Something wrong in a line of the file; line 0 is the file itself."""

    line = serializers.IntegerField()
    column = serializers.CharField()
    field = serializers.CharField()
    message = serializers.CharField()


class VerdictShape(ValueShape):
    """What the import would do with a line: created, changed, unchanged, skipped or wrong.

    `changes` are field, old and new value of what a changed line changes.
    """

    line = serializers.IntegerField()
    key = serializers.CharField()
    verdict = serializers.CharField()
    changes = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_null=True)))


class CheckShape(ValueShape):
    """What a dry run found, and the word by which exactly this is applied; null while there are errors."""

    rows = serializers.IntegerField()
    totals = serializers.DictField(child=serializers.IntegerField())
    error_count = serializers.IntegerField()
    issues = IssueShape(many=True)
    verdicts = VerdictShape(many=True)
    confirm = serializers.CharField(allow_null=True)
