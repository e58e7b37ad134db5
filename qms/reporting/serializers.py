"""How trends, figures and reports look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from qms.reporting.models import ReportRun, ReportSchedule, ReportSubscription, TrendAlarm, TrendRule


class ParetoBarShape(ValueShape):
    """One value by which nonconformances are counted."""

    name = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.FloatField()
    cumulative = serializers.FloatField()


class RatePointShape(ValueShape):
    """One month of a rate with the limits of its u chart."""

    month = serializers.DateField()
    count = serializers.IntegerField()
    volume = serializers.DecimalField(max_digits=18, decimal_places=6)
    rate = serializers.FloatField(allow_null=True)
    lower = serializers.FloatField()
    upper = serializers.FloatField()


class KeyFigureShape(ValueShape):
    """A key figure with its definition."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    definition = serializers.CharField()
    made_of = serializers.CharField()
    when = serializers.CharField()


class TrendRuleShape(Shape):
    class Meta:
        model = TrendRule
        fields = ("id", "site", "name", "judged", "limit", "volume", "months", "kind", "defect_code", "material",
                  "supplier", "work_center", "starts_on", "is_active", "version")  # fmt: skip


class TrendAlarmShape(FactShape):
    class Meta:
        model = TrendAlarm
        fields = ("id", "site", "number", "rule", "month", "count", "volume", "rate", "limit", "stamped_at")


class ReportScheduleShape(Shape):
    class Meta:
        model = ReportSchedule
        fields = ("id", "site", "kind", "every", "day", "hour", "starts_on", "is_active", "version")


class ReportSubscriptionShape(Shape):
    class Meta:
        model = ReportSubscription
        fields = ("id", "schedule", "person", "role", "by_mail", "version")


class ReportRunShape(FactShape):
    class Meta:
        model = ReportRun
        fields = ("id", "site", "number", "schedule", "kind", "begins_on", "ends_on", "stamped_at")
