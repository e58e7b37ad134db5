"""The content of a CAPA as data: what its plan is, what its closing covers, and what its sealed print attaches."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet, Value

from core.signing.queries import SignatureState, digest_of_content, manifests
from qms.capa.models import (
    Capa,
    CapaAction,
    CapaClosing,
    CapaDecision,
    CapaPlan,
    CapaReopening,
    CapaVerification,
    EffectivenessCheck,
    EffectivenessResult,
    Extension,
    PlanApproval,
    RootCause,
)


def _cause(one: RootCause) -> dict[str, Any]:
    return {
        "id": one.pk,
        "because_of": one.parent_id,
        "branch": one.branch,
        "cause": one.statement,
        "judged": one.verdict,
        "evidence": one.evidence,
    }


def _action(one: CapaAction) -> dict[str, Any]:
    return {
        "id": one.pk,
        "purpose": one.purpose,
        "kind": one.kind,
        "title": one.title,
        "description": one.description,
        "owner": one.owner.username,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "bound_to": one.bound_label,
        "bound_id": one.bound_id,
        "removes": sorted(link.cause_id for link in one.removes.all()),
    }


def _check(one: EffectivenessCheck) -> dict[str, Any]:
    return {
        "events": one.events,
        "exposure": one.exposure,
        "material": one.material.number if one.material else "",
        "sort": one.sort,
        "test": one.test,
        "baseline": [one.baseline_begins.isoformat(), one.baseline_ends.isoformat()],
        "window_days": one.window_days,
        "minimum_exposure": one.minimum_exposure,
        "alpha_thousandths": one.alpha,
    }


def plan_content(record: Capa) -> dict[str, Any]:
    """The plan of the present cycle: method, causes, actions, how effects and adverse effects are looked for."""
    causes = record.causes.filter(cycle=record.cycle).order_by("pk")
    actions = record.actions.filter(cycle=record.cycle).exclude(status="cancelled").select_related("owner")
    checks = record.checks.filter(cycle=record.cycle).select_related("material")
    across = [
        {"where": one.subject_label, "why": one.why, "answer": one.answer, "rationale": one.rationale}
        for one in record.across.filter(cycle=record.cycle).order_by("pk")
    ]
    return {
        **({"read_across": across} if across else {}),  # plans that were signed before it was asked have none
        "cycle": record.cycle,
        "method": record.method,
        "causes": [_cause(one) for one in causes],
        "actions": [_action(one) for one in actions.prefetch_related("removes").order_by("pk")],
        "retraining_reason": record.retraining_reason,
        "adverse_plan": record.adverse_plan,
        "check": [_check(one) for one in checks],
    }


def plan_digest(record: Capa) -> str:
    """SHA-256 of the plan of the present cycle."""
    return digest_of_content(plan_content(record))


def as_data(record: Capa) -> dict[str, Any]:
    """Everything that the record says, of all its cycles, without what differs between two prints of the same."""
    return {
        "number": record.number,
        "site": record.site.code,
        "kind": record.kind,
        "title": record.title,
        "problem": record.problem,
        "not_problem": record.not_problem,
        "raised_by": record.raised_by.username,
        "cycle": record.cycle,
        "sources": [{"kind": one.kind, "source": str(one), "note": one.note} for one in record.sources.order_by("pk")],
        "team": [str(one.user) for one in record.members.select_related("user").order_by("pk")],
        "triages": [
            {"cycle": one.cycle, "decision": one.decision, "rationale": one.rationale, "priority": one.priority}
            for one in record.decisions.order_by("pk")
        ],
        "plans": [{"cycle": one.cycle, "content": one.content} for one in record.plans.order_by("pk")],
        "actions": [
            {"title": one.title, "cycle": one.cycle, "state": one.status, "bound_to": one.bound_label}
            for one in record.actions.order_by("pk")
        ],
        "verifications": [
            {"cycle": one.cycle, "finding": one.finding, "adverse_effect": one.adverse_effect, "note": one.adverse_note}
            for one in record.verifications.order_by("pk")
        ],
        "results": [
            {
                "cycle": one.cycle,
                "result": one.result,
                "before": [one.events_before, one.exposure_before],
                "after": [one.events_after, one.exposure_after],
                "p_value": None if one.p_value is None else f"{one.p_value:.9f}",
                "judged": one.is_judged,
                "rationale": one.rationale,
            }
            for one in record.results.order_by("pk")
        ],
        "extensions": [
            {"due": one.due_at.isoformat(), "reason": one.reason, "state": one.status}
            for one in record.extensions.order_by("pk")
        ],
        "reopenings": [
            {"cycle": one.cycle, "information": one.information} for one in record.reopenings.order_by("pk")
        ],
    }


def content_digest(record: Capa) -> str:
    """SHA-256 of everything that the record says."""
    return digest_of_content(as_data(record))


SIGNED: tuple[tuple[Any, str], ...] = (
    (CapaDecision, "capa"), (CapaPlan, "capa"), (CapaAction, "capa"), (CapaVerification, "capa"),
    (EffectivenessResult, "capa"), (CapaClosing, "capa"), (CapaReopening, "capa"), (Extension, "capa"),
    (PlanApproval, "plan__capa"),
)  # fmt: skip
"""The kinds of parts that are signed one by one, and how each reaches its CAPA."""


def signed_parts(record: Capa) -> list[Model]:
    """The parts of a CAPA that are signed one by one, in one statement of however many kinds.

    They carry their id alone: that is what finds a signature, and what a signature covers is read from the database.
    """
    found: list[QuerySet[Any, Any]] = [
        model._base_manager.filter(**{path: record}).order_by().values_list(Value(kind), "pk")
        for kind, (model, path) in enumerate(SIGNED)
    ]
    return [SIGNED[kind][0](pk=pk) for kind, pk in sorted(found[0].union(*found[1:], all=True))]


def signatures_in(record: Capa) -> list[SignatureState]:
    """Every signature on the CAPA and its parts, oldest first."""
    found = manifests([record, *signed_parts(record)]).values()
    return sorted((state for states in found for state in states), key=lambda state: state.signature.pk)
