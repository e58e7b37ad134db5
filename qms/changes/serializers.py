"""How changes and their parts look in the API."""

from __future__ import annotations

from core.web.api import FactShape, Shape
from qms.changes.models import (
    ChangeApproval,
    ChangeExtension,
    ChangeItem,
    ChangeOrder,
    ChangePolicy,
    ChangeRelease,
    ChangeRisk,
    ChangeSuggestion,
    ChangeTask,
    ChangeType,
    ConfigurationControl,
    ConfigurationEdit,
    ImpactAssessment,
    WipDecision,
)


class ChangeTypeShape(Shape):
    class Meta:
        model = ChangeType
        fields = ("id", "code", "name", "category", "retrospective_days", "is_active", "version")


class ChangePolicyShape(Shape):
    class Meta:
        model = ChangePolicy
        fields = ("id", "revision_type", "kind", "is_active", "version")


class ConfigurationControlShape(Shape):
    class Meta:
        model = ConfigurationControl
        fields = ("id", "is_on", "version")


class ChangeOrderShape(Shape):
    class Meta:
        model = ChangeOrder
        fields = (
            "id", "number", "site", "change_type", "urgency", "is_temporary", "expires_at", "title", "description",
            "justification", "status", "owner", "requested_by", "due_at", "effectivity", "effectivity_mark",
            "effectivity_material", "severity_before", "probability_before", "severity_after", "probability_after",
            "risk_note", "release_at", "released_at", "retrospective_due_at", "version",
        )  # fmt: skip


class ChangeItemShape(Shape):
    class Meta:
        model = ChangeItem
        fields = (
            "id", "change", "action", "revision_type", "from_id", "from_label", "to_id", "to_label", "note", "version",
        )  # fmt: skip


class ChangeSuggestionShape(Shape):
    class Meta:
        model = ChangeSuggestion
        fields = (
            "id", "change", "kind", "subject_type", "subject_id", "subject_label", "why", "answer", "reason",
            "answered_by", "version",
        )  # fmt: skip


class ChangeRiskShape(Shape):
    class Meta:
        model = ChangeRisk
        fields = ("id", "change", "assessment", "note", "version")


class ImpactAssessmentShape(Shape):
    class Meta:
        model = ImpactAssessment
        fields = ("id", "change", "function", "owner", "status", "answer", "rationale", "scope_digest", "version")


class ChangeApprovalShape(Shape):
    class Meta:
        model = ChangeApproval
        fields = ("id", "change", "function", "round", "status", "plan_digest", "version")


class ChangeTaskShape(Shape):
    class Meta:
        model = ChangeTask
        fields = ("id", "change", "title", "description", "owner", "due_at", "status", "version")


class WipDecisionShape(Shape):
    class Meta:
        model = WipDecision
        fields = (
            "id", "change", "subject_type", "subject_id", "subject_label", "decision", "from_sequence", "reason",
            "decided_by", "applied_at", "version",
        )  # fmt: skip


class ChangeReleaseShape(FactShape):
    class Meta:
        model = ChangeRelease
        fields = ("id", "change", "kind", "content", "actor", "stamped_at")


class ChangeExtensionShape(FactShape):
    class Meta:
        model = ChangeExtension
        fields = ("id", "change", "expired_at", "expires_at", "reason", "actor", "stamped_at")


class ConfigurationEditShape(FactShape):
    class Meta:
        model = ConfigurationEdit
        fields = (
            "id", "change", "subject_type", "subject_id", "subject_label", "before", "after", "actor", "stamped_at",
        )  # fmt: skip
