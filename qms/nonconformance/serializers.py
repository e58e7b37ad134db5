"""How nonconformances, their items and dispositions look in the API."""

from __future__ import annotations

from core.web.api import FactShape, Shape
from qms.nonconformance.models import (
    AffectedItem,
    BoardAuthority,
    BoardRule,
    Concession,
    ContainmentCheck,
    DefectCode,
    DeviationUse,
    Disposition,
    NonConformance,
    OtherLot,
    PlannedDeviation,
)


class DefectCodeShape(Shape):
    class Meta:
        model = DefectCode
        fields = (
            "id", "code", "name", "severity", "parent", "concession_months", "concession_triage_at",
            "concession_stop_at", "containment_hours", "is_active", "version",
        )  # fmt: skip


class NonConformanceShape(Shape):
    class Meta:
        model = NonConformance
        fields = (
            "id", "number", "kind", "site", "title", "description", "severity", "defect_code", "status", "owner",
            "due_at", "reported_by", "reported_at", "recurrence", "recurrence_of", "recurrence_note", "cause",
            "source_label", "detection_point", "escape_point", "cause_category", "capa_decision", "capa_rationale",
            "capa", "merged_into", "contain_by", "contained_at", "version",
        )  # fmt: skip


class AffectedItemShape(Shape):
    class Meta:
        model = AffectedItem
        fields = ("id", "nonconformance", "lot", "unit", "quantity", "uom", "hold", "version")


class DispositionShape(Shape):
    class Meta:
        model = Disposition
        fields = (
            "id", "affected_item", "kind", "quantity", "justification", "route_label", "status", "proposed_by",
            "proposed_at", "hold", "movement", "version",
        )  # fmt: skip


class BoardRuleShape(Shape):
    class Meta:
        model = BoardRule
        fields = ("id", "kind", "severity", "function", "needs_witness", "is_active", "version")


class BoardAuthorityShape(Shape):
    class Meta:
        model = BoardAuthority
        fields = (
            "id", "site", "person", "function", "highest_severity", "highest_quantity", "valid_from", "valid_until",
            "basis", "version",
        )  # fmt: skip


class ConcessionShape(FactShape):
    class Meta:
        model = Concession
        fields = (
            "id", "site", "number", "nonconformance", "disposition", "material", "lot", "unit", "defect_code",
            "quantity", "uom", "counter", "window_months", "stamped_at",
        )  # fmt: skip


class ContainmentCheckShape(Shape):
    class Meta:
        model = ContainmentCheck
        fields = (
            "id", "nonconformance", "where", "is_made_of_it", "lot", "unit", "place", "shipment", "source_label",
            "quantity", "uom", "result", "evidence", "answered_by", "answered_at", "version",
        )  # fmt: skip


class OtherLotShape(Shape):
    class Meta:
        model = OtherLot
        fields = (
            "id", "nonconformance", "lot", "relation", "answer", "rationale", "answered_by", "answered_at", "version",
        )  # fmt: skip


class PlannedDeviationShape(Shape):
    class Meta:
        model = PlannedDeviation
        fields = (
            "id", "site", "number", "title", "requirement", "instead", "justification", "material", "quota", "used",
            "uom", "valid_from", "valid_until", "document", "parameter", "lower_allowed", "upper_allowed", "author",
            "status", "version",
        )  # fmt: skip


class DeviationUseShape(FactShape):
    class Meta:
        model = DeviationUse
        fields = ("id", "deviation", "lot", "unit", "quantity", "source_label", "actor", "stamped_at")
