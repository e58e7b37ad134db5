"""The content of a change as data: what its sealed print attaches."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from core.signing.queries import SignatureState, manifests
from qms.changes.models import ChangeApproval, ChangeExtension, ChangeOrder, ChangeTask, ImpactAssessment
from qms.changes.queries.parts import approvals_of, assessments_of, risks_of_change, suggestions_of, tasks_of


def as_data(change: ChangeOrder) -> dict[str, Any]:
    """Everything that the print says, without anything that differs between two prints of the same change."""
    return {
        "number": change.number,
        "title": change.title,
        "type": change.change_type.code,
        "class": change.urgency,
        "temporary": change.is_temporary,
        "expires_at": change.expires_at,
        "site": change.site.code,
        "state": change.status,
        "description": change.description,
        "justification": change.justification,
        "owner": change.owner.username,
        "requested_by": change.requested_by.username,
        "effectivity": {
            "kind": change.effectivity,
            "mark": change.effectivity_mark,
            "material": change.effectivity_material.number if change.effectivity_material else "",
        },
        "risk": {
            "before": [change.severity_before, change.probability_before],
            "after": [change.severity_after, change.probability_after],
            "note": change.risk_note,
            "assessments": [
                {"number": one.assessment.number, "title": one.assessment.title, "note": one.note}
                for one in risks_of_change(change)
            ],
        },
        "items": [
            {"action": one.action, "from": one.from_label, "to": one.to_label} for one in change.items.order_by("pk")
        ],
        "suggestions": [
            {"kind": one.kind, "subject": one.subject_label, "answer": one.answer, "reason": one.reason}
            for one in suggestions_of(change)
        ],
        "assessments": [
            {"function": one.function, "answer": one.answer, "rationale": one.rationale, "state": one.status}
            for one in assessments_of(change)
        ],
        "approvals": [{"function": one.function, "state": one.status} for one in approvals_of(change)],
        "tasks": [{"title": one.title, "owner": one.owner.username, "state": one.status} for one in tasks_of(change)],
        "orders": [
            {
                "order": one.subject_label,
                "decision": one.decision,
                "from_operation": one.from_sequence,
                "reason": one.reason,
            }
            for one in change.wip_decisions.order_by("pk")
        ],
        "releases": [{"kind": one.kind, "content": one.content} for one in change.releases.order_by("pk")],
        "configuration": [
            {"subject": one.subject_label, "before": one.before, "after": one.after}
            for one in change.edits.order_by("pk")
        ],
    }


def signed_parts(change: ChangeOrder) -> list[Model]:
    """The parts of a change that are signed one by one."""
    models: tuple[Any, ...] = (ImpactAssessment, ChangeApproval, ChangeTask, ChangeExtension)
    return [part for model in models for part in model._default_manager.filter(change=change).order_by("pk")]


def signatures_in(change: ChangeOrder) -> list[SignatureState]:
    """Every signature on the change and on its parts, oldest first."""
    found = manifests([change, *signed_parts(change)]).values()
    return sorted((state for states in found for state in states), key=lambda state: state.signature.pk)
