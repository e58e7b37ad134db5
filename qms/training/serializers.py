"""How curricula and qualifications look in the API."""

from __future__ import annotations

from core.web.api import FactShape, Shape
from qms.training.models import (
    Curriculum,
    CurriculumAudience,
    Qualification,
    Quiz,
    QuizQuestion,
    ShiftAssignment,
    SigningPolicy,
    TrainingAssignment,
    TrainingRecord,
    TrainingRequirement,
)


class CurriculumShape(Shape):
    class Meta:
        model = Curriculum
        fields = ("id", "code", "name", "description", "valid_months", "inactivity_days", "is_active", "version")


class QualificationShape(Shape):
    class Meta:
        model = Qualification
        fields = (
            "id", "user", "curriculum", "level", "valid_from", "valid_until", "status", "granted_by", "basis",
            "version",
        )  # fmt: skip


class TrainingRequirementShape(Shape):
    class Meta:
        model = TrainingRequirement
        fields = (
            "id", "curriculum", "kind", "title", "document", "repetitions", "valid_months", "is_active", "version",
        )  # fmt: skip


class CurriculumAudienceShape(Shape):
    class Meta:
        model = CurriculumAudience
        fields = ("id", "curriculum", "role", "work_center", "by_operation", "version")


class TrainingAssignmentShape(Shape):
    class Meta:
        model = TrainingAssignment
        fields = (
            "id", "user", "curriculum", "requirement", "document_revision", "kind", "cause", "due_at", "status",
            "revision_digest", "evidence", "version",
        )  # fmt: skip


class TrainingRecordShape(FactShape):
    class Meta:
        model = TrainingRecord
        fields = (
            "id", "user", "how", "document_revision", "requirement", "assignment", "revision_digest", "completed_at",
            "valid_until", "score", "signature", "attestation", "note",
        )  # fmt: skip


class QuizShape(Shape):
    class Meta:
        model = Quiz
        fields = ("id", "document", "version", "pass_percent", "attempts_allowed", "status")


class QuizQuestionShape(Shape):
    class Meta:
        model = QuizQuestion
        fields = ("id", "quiz", "sequence", "text", "answers", "right", "version")


class ShiftAssignmentShape(Shape):
    class Meta:
        model = ShiftAssignment
        fields = ("id", "user", "work_center", "shift", "starts_at", "ends_at", "version")


class SigningPolicyShape(Shape):
    class Meta:
        model = SigningPolicy
        fields = ("id", "site", "document", "is_on", "version")
