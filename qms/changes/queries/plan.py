"""What was assessed and what was approved, as digests: a change that is another one since is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.signing.queries import digest_of_content
from qms.changes.models import ChangeItem, ChangeOrder

SCOPE = (
    "number",
    "site_id",
    "change_type_id",
    "urgency",
    "is_temporary",
    "title",
    "description",
    "justification",
    "effectivity",
    "effectivity_mark",
    "effectivity_material_id",
)
RISK = ("severity_before", "probability_before", "severity_after", "probability_after", "risk_note")


def _columns(change: ChangeOrder, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(change, name) for name in names}


def _scope(change: ChangeOrder, named: Sequence[ChangeItem] | None = None) -> dict[str, Any]:
    found = list(change.items.order_by("pk")) if named is None else named
    items = [(one.action, one.revision_type_id, one.from_id) for one in found]
    new = [(one.revision_type_id, one.to_id) for one in found if one.action == ChangeItem.Action.NEW]
    scopes = change.scopes.order_by("pk").values_list("configuration_type", flat=True)
    return {**_columns(change, SCOPE), "items": items, "new": new, "configuration": list(scopes)}


def scope_digest(change: ChangeOrder, items: Sequence[ChangeItem] | None = None) -> str:
    """SHA-256 of what is changed and why: what a function assesses. `items`: those of the change, if they were read."""
    return digest_of_content(_scope(change, items))


def plan_digest(change: ChangeOrder) -> str:
    """SHA-256 of the plan: scope, risk with its assessments, what functions say, answers, tasks and their order."""
    assessments = change.assessments.exclude(status="dropped").order_by("pk")
    suggestions = change.suggestions.order_by("pk")
    tasks = change.tasks.exclude(status="cancelled").order_by("pk")
    risks = list(change.risks.order_by("pk").values_list("assessment", "note"))
    return digest_of_content(
        {
            **_scope(change),
            **_columns(change, RISK),
            **({"risks": risks} if risks else {}),  # without any, a plan has the digest that it had before there were
            "expires_at": change.expires_at,
            "assessments": list(assessments.values_list("function", "answer", "rationale", "scope_digest")),
            "suggestions": list(suggestions.values_list("subject_type", "subject_id", "answer", "reason")),
            "tasks": list(tasks.values_list("pk", "title", "description", "owner", "needs__needed")),
        }
    )
