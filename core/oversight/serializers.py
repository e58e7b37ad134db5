"""How the trail looks in answers of the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import ValueShape


class FieldChangeShape(ValueShape):
    """One value, old and new, in words."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_blank=True)


class ToldShape(ValueShape):
    """One entry of the trail; `table` and `key` name its row, of which `/core/trail/proofs/` has the proof."""

    at = serializers.DateTimeField()
    table = serializers.CharField()
    key = serializers.IntegerField()
    kind = serializers.CharField()
    what = serializers.CharField(allow_blank=True)
    deed = serializers.CharField()
    who = serializers.CharField()
    username = serializers.CharField()
    through = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)
    changes = FieldChangeShape(many=True)
