"""How the trail looks in answers of the API."""

from __future__ import annotations

from rest_framework import serializers

from core.oversight.models import AccessReview, AccessReviewLine
from core.web.api import Shape, ValueShape


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


class AccessReviewShape(Shape):
    """A review of access."""

    class Meta:
        model = AccessReview
        fields = (
            "id", "number", "site", "status", "previous", "opened_at", "opened_by", "repeat_months", "next_due",
            "ended", "version",
        )  # fmt: skip


class AccessReviewLineShape(Shape):
    """One grant in it, and the decision about it."""

    class Meta:
        model = AccessReviewLine
        fields = (
            "id", "grant", "person", "role", "place", "since", "until", "last_sign_on", "tokens", "terminals",
            "changed", "decision", "reason", "decided_by", "version",
        )  # fmt: skip
