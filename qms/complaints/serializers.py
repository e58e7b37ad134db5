"""How complaints, decision trees and reports look in the API."""

from __future__ import annotations

from rest_framework import serializers

from core.web.api import FactShape, Shape, ValueShape
from qms.complaints.models import (
    Complaint,
    ComplaintAssessment,
    ComplaintCode,
    DecisionTree,
    DecisionTreeVersion,
    RegulatoryReport,
    ReportabilityDecision,
)


class ComplaintCodeShape(Shape):
    class Meta:
        model = ComplaintCode
        fields = ("id", "kind", "code", "name", "is_active", "version")


class ComplaintShape(Shape):
    class Meta:
        model = Complaint
        fields = (
            "id", "number", "site", "status", "cycle", "title", "received_on", "event_on", "aware_on", "channel",
            "complainant_name", "complainant_organization", "complainant_address", "complainant_phone",
            "complainant_email", "customer", "claimed_product", "claimed_udi", "claimed_lot", "claimed_serial",
            "material", "lot", "unit", "not_identified", "nature", "harm", "harm_note", "is_complaint", "code", "owner",
            "due_at", "similar_to", "similar_reason", "investigation", "cause", "correction", "capa", "capa_note",
            "reply", "replied_on", "reply_text", "recorded_by", "recorded_at", "version",
        )  # fmt: skip


class ComplaintAssessmentShape(FactShape):
    class Meta:
        model = ComplaintAssessment
        fields = ("id", "complaint", "cycle", "is_complaint", "reason", "harm", "code", "material", "lot", "unit",
                  "not_identified", "actor", "stamped_at")  # fmt: skip


class ReportabilityDecisionShape(FactShape):
    class Meta:
        model = ReportabilityDecision
        fields = ("id", "complaint", "cycle", "tree_version", "answers", "result", "is_reportable", "aware_on",
                  "due_on", "rationale", "supersedes", "reason", "actor", "stamped_at")  # fmt: skip


class DecisionTreeShape(Shape):
    class Meta:
        model = DecisionTree
        fields = ("id", "code", "name", "authority", "version")


class DecisionTreeVersionShape(Shape):
    class Meta:
        model = DecisionTreeVersion
        fields = ("id", "tree", "number", "status", "author", "content", "change_summary", "is_example",
                  "effective_from", "effective_until", "version")  # fmt: skip


class RegulatoryReportShape(Shape):
    class Meta:
        model = RegulatoryReport
        fields = ("id", "complaint", "decision", "supplement_to", "number", "status", "title", "authority", "form",
                  "due_on", "fields", "author", "reference", "submitted_on", "acknowledgement", "acknowledged_on",
                  "version")  # fmt: skip


class ExposureShape(ValueShape):
    """What else of the same lot there is."""

    on_hand = serializers.DecimalField(max_digits=18, decimal_places=6)
    with_customers = serializers.DecimalField(max_digits=18, decimal_places=6)
    made_of_it = serializers.IntegerField()
    holds = serializers.ListField(child=serializers.IntegerField())
    nonconformances = serializers.ListField(child=serializers.IntegerField())
    complaints = serializers.ListField(child=serializers.IntegerField())


class TrendPointShape(ValueShape):
    """One month of the trend."""

    month = serializers.DateField()
    count = serializers.IntegerField()
    shipped = serializers.DecimalField(max_digits=18, decimal_places=6)
    rate = serializers.FloatField(allow_null=True)
    lower = serializers.FloatField()
    upper = serializers.FloatField()
