"""The parts of a change: suggestions, assessments, approvals, tasks."""

from __future__ import annotations

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.organization.models import Site, User
from core.organization.queries import people_who_may
from qms.changes.lifecycle import VIEW
from qms.changes.models import (
    ChangeApproval,
    ChangeItem,
    ChangeOrder,
    ChangeRisk,
    ChangeSuggestion,
    ChangeTask,
    ConfigurationEdit,
    ConfigurationScope,
    ImpactAssessment,
    TaskDependency,
)

COUNTED = {"item": ChangeItem, "scope": ConfigurationScope, "task": ChangeTask, "edit": ConfigurationEdit}


def with_counts(changes: QuerySet[ChangeOrder]) -> QuerySet[ChangeOrder]:
    """The changes, each with how many items, settings, tasks and edits it has (`item_count` and so on)."""
    counts = {}
    for part, model in COUNTED.items():
        rows = model._default_manager.filter(change=OuterRef("pk")).order_by().values("change")
        counts[f"{part}_count"] = Coalesce(Subquery(rows.values(number=Count("pk"))), 0)
    return changes.annotate(**counts)


def suggestions_of(change: ChangeOrder) -> QuerySet[ChangeSuggestion]:
    """What may be affected, those without an answer first."""
    return change.suggestions.select_related("answered_by").order_by("answer", "kind", "pk")


def open_suggestions(change: ChangeOrder) -> QuerySet[ChangeSuggestion]:
    """What nobody answered yet."""
    return change.suggestions.filter(answer="").order_by("kind", "pk")


def assessments_of(change: ChangeOrder) -> QuerySet[ImpactAssessment]:
    """The assessments that count."""
    return change.assessments.exclude(status="dropped").select_related("owner", "change").order_by("pk")


def approval_round(change: ChangeOrder) -> int:
    """Which time the plan is being approved; 0 before the first."""
    return change.approvals.aggregate(last=Max("round"))["last"] or 0


def approvals_of(change: ChangeOrder) -> QuerySet[ChangeApproval]:
    """The approvals of the present round."""
    return change.approvals.filter(round=approval_round(change)).select_related("change").order_by("pk")


def risks_of_change(change: ChangeOrder) -> QuerySet[ChangeRisk]:
    """The risk assessments that the change names."""
    return change.risks.select_related("assessment__site").order_by("pk")


def tasks_of(change: ChangeOrder) -> QuerySet[ChangeTask]:
    """The tasks, each with what it waits for."""
    return change.tasks.select_related("owner", "change").prefetch_related("needs__needed").order_by("pk")


def depends_on(task: ChangeTask, other: ChangeTask) -> bool:
    """Whether a task begins only after another one, directly or through others."""
    pairs = TaskDependency.objects.filter(task__change=task.change_id).values_list("task", "needed")
    needs: dict[int, set[int]] = {}
    for one, needed in pairs:
        needs.setdefault(one, set()).add(needed)
    seen: set[int] = set()
    waiting = [task.pk]
    while waiting:
        present = waiting.pop()
        if present == other.pk:
            return True
        if present not in seen:
            seen.add(present)
            waiting += needs.get(present, ())
    return False


def people_for(right: str, site: Site) -> QuerySet[User]:
    """Who can open a change at the site and holds this right there."""
    return people_who_may([VIEW, right], site)
