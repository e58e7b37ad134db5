"""How CAPAs and their parts look in the API."""

from __future__ import annotations

from core.web.api import FactShape, Shape
from qms.capa.models import (
    Capa,
    CapaAction,
    CapaClosing,
    CapaDecision,
    CapaMember,
    CapaPlan,
    CapaReopening,
    CapaSource,
    CapaVerification,
    EffectivenessCheck,
    EffectivenessResult,
    Extension,
    ReadAcross,
    RootCause,
)

STAMP = ("actor", "stamped_at")


class CapaShape(Shape):
    class Meta:
        model = Capa
        fields = (
            "id", "number", "site", "kind", "title", "problem", "not_problem", "status", "cycle", "priority", "owner",
            "raised_by", "due_at", "first_due_at", "method", "retraining_reason", "adverse_plan",
            "looked_across", "version",
        )  # fmt: skip


class CapaSourceShape(Shape):
    class Meta:
        model = CapaSource
        fields = ("id", "capa", "kind", "source_type", "source_id", "source_label", "note", "version")


class CapaMemberShape(Shape):
    class Meta:
        model = CapaMember
        fields = ("id", "capa", "user", "part", "version")


class RootCauseShape(Shape):
    class Meta:
        model = RootCause
        fields = ("id", "capa", "cycle", "parent", "branch", "statement", "verdict", "evidence", "version")


class CapaActionShape(Shape):
    class Meta:
        model = CapaAction
        fields = (
            "id", "capa", "cycle", "purpose", "kind", "title", "description", "owner", "due_at", "status",
            "bound_type", "bound_id", "bound_label", "version",
        )  # fmt: skip


class ReadAcrossShape(Shape):
    class Meta:
        model = ReadAcross
        fields = (
            "id", "capa", "cycle", "subject_type", "subject_id", "subject_label", "why", "answer", "rationale",
            "answered_by", "answered_at", "version",
        )  # fmt: skip


class ExtensionShape(Shape):
    class Meta:
        model = Extension
        fields = ("id", "capa", "status", "was_due_at", "due_at", "reason", "requested_by", "version")


class EffectivenessCheckShape(Shape):
    class Meta:
        model = EffectivenessCheck
        fields = (
            "id", "capa", "cycle", "events", "exposure", "material", "sort", "test", "baseline_begins",
            "baseline_ends", "window_days", "minimum_exposure", "alpha", "watched_from", "watched_until", "version",
        )  # fmt: skip


class EffectivenessResultShape(FactShape):
    class Meta:
        model = EffectivenessResult
        fields = (
            "id", "capa", "cycle", "result", "watched_from", "watched_until", "events_before", "exposure_before",
            "events_after", "exposure_after", "p_value", "is_judged", "rationale", *STAMP,
        )  # fmt: skip


class CapaDecisionShape(FactShape):
    class Meta:
        model = CapaDecision
        fields = (
            "id", "capa", "cycle", "severity", "occurrence", "escaped", "recurs", "regulatory", "decision",
            "rationale", "priority", "owner", "due_at", "sources", *STAMP,
        )  # fmt: skip


class CapaPlanShape(FactShape):
    class Meta:
        model = CapaPlan
        fields = ("id", "capa", "cycle", "content", "plan_digest", *STAMP)


class CapaVerificationShape(FactShape):
    class Meta:
        model = CapaVerification
        fields = ("id", "capa", "cycle", "finding", "adverse_effect", "adverse_note", *STAMP)


class CapaClosingShape(FactShape):
    class Meta:
        model = CapaClosing
        fields = ("id", "capa", "cycle", "conclusion", "content_digest", *STAMP)


class CapaReopeningShape(FactShape):
    class Meta:
        model = CapaReopening
        fields = ("id", "capa", "cycle", "information", "due_at", *STAMP)
