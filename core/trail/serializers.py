"""How seals and the trail's events look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.trail.models import Seal, SealedTable, TrailEvent
from core.web.api import FactShape, ValueShape


class SealShape(FactShape):
    class Meta:
        model = Seal
        fields = (
            "id", "number", "epoch", "opens_epoch", "system_identifier", "timeline", "tx_from", "tx_to", "rows", "root",
            "previous", "head", "sealed_at",
        )  # fmt: skip


class SealedTableShape(FactShape):
    class Meta:
        model = SealedTable
        fields = ("id", "seal", "table", "columns", "rows", "root")


class VerificationShape(ValueShape):
    """A verification that was asked for: the background job whose end tells its outcome, and its page."""

    job = serializers.IntegerField()
    url = serializers.CharField()


class TrailEventShape(FactShape):
    """What happened that changed no row."""

    class Meta:
        model = TrailEvent
        fields = ("id", "stamped_at", "actor", "kind", "text", "data", "subject_label")
