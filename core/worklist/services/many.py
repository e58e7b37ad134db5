"""The same work for many people, set-based: one statement for the work, one for what tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from core.kernel.bulk import bulk_update
from core.kernel.clock import now
from core.kernel.deeds import service
from core.trail.services.sets import Stage, literal
from core.worklist.models import Assignment, Kind, Notification


@service
def assign_each(
    *, model: type[models.Model], kind: str, label: str, where: str, params: Mapping[str, Any], actor: Any
) -> int:
    """Give everybody their own record of a model to work on; returns how many were given.

    The model has `user_id` and `due_at`; `label` is an SQL expression for the words, `where` (with joins before it)
    says which of its rows `t` are meant. Rows whose work was given before are left out.
    """
    if kind not in Kind.values:
        raise ValueError(f"unknown kind of work {kind!r}")
    subject, given = ContentType.objects.get_for_model(model).pk, Assignment._meta.db_table
    stage = Stage("", "", dict(params))
    count = stage.insert_from(
        Assignment,
        {
            "subject_type_id": str(subject),
            "subject_id": "t.id",
            "subject_label": label,
            "kind": literal(kind),
            "title": f"left({label}, 300)",
            "to_user_id": "t.user_id",
            "due_at": "t.due_at",
            "due_since": "now()",
        },
        source=(
            f"{model._meta.db_table} t {where} AND NOT EXISTS (SELECT FROM {given} w"
            f" WHERE w.subject_type_id = {subject} AND w.subject_id = t.id)"
        ),
    )
    for written in stage.written:
        for first, last in written.ranges:
            _tell(first, last, actor)
    return count


def _tell(first: int, last: int, actor: Any) -> None:
    """Everybody but whoever gave it reads of it, by the run of history rows that was just written."""
    history = Assignment.history.model._meta.db_table
    stage = Stage("", "", {"first": first, "last": last, "giver": actor.pk})
    stage.insert_from(
        Notification,
        {
            "user_id": "a.to_user_id",
            "assignment_id": "a.id",
            "cause": literal(Notification.Cause.ASSIGNED.value),
            "text": "a.title",
            "created_at": "now()",
            "subject_type_id": "a.subject_type_id",
            "subject_id": "a.subject_id",
            "subject_label": "a.subject_label",
        },
        source=(f"{history} a WHERE a.history_id BETWEEN %(first)s AND %(last)s AND a.to_user_id <> %(giver)s"),
    )


@service
def close_each(*, model: type[models.Model], keys: Sequence[int], done: bool, actor: Any, reason: str = "") -> int:
    """End the open work on many records of a model, done or taken back; returns how much there was."""
    kind = ContentType.objects.get_for_model(model)
    found = list(
        Assignment.objects.filter(subject_type=kind, subject_id__in=keys, status=Assignment.Status.OPEN)
        .select_for_update()
        .order_by("pk")
    )
    moment = now()
    for assignment in found:
        assignment.status = Assignment.Status.DONE if done else Assignment.Status.CANCELLED
        assignment.closed_at, assignment.closed_by = moment, actor
    bulk_update(found, ["status", "closed_at", "closed_by"])
    return len(found)


@service
def follow_due(*, model: type[models.Model], actor: Any, reason: str = "") -> int:
    """Bring the due dates of open work into line with those of its records; returns how many changed."""
    kind = ContentType.objects.get_for_model(model)
    due = models.OuterRef("subject_id")
    theirs = models.Subquery(model._default_manager.filter(pk=due).values("due_at")[:1])
    found = list(
        Assignment.objects.filter(subject_type=kind, status=Assignment.Status.OPEN)
        .annotate(wanted=theirs)
        .exclude(due_at=models.F("wanted"))
        .select_for_update()
        .order_by("pk")
    )
    moment = now()
    for assignment in found:
        assignment.due_at, assignment.due_since = assignment.wanted, moment
        assignment.due_version += 1
    bulk_update(found, ["due_at", "due_since", "due_version"])
    return len(found)
