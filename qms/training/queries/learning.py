"""What people still have to learn, what they have learned, and who has not practised."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.lifecycle.models import Transition
from qms.training.lifecycle import UNDONE
from qms.training.models import Curriculum, Qualification, TrainingAssignment, TrainingRecord, TrainingRequirement
from qms.training.queries.known import COUNTING, KNOWN, SPARED
from qms.training.questions import LastPractice


def open_requirements(user: Any, curriculum: Curriculum) -> list[TrainingRequirement]:
    """What of a curriculum a person neither knows now nor was spared; documents without an effective revision wait."""
    table = TrainingRequirement._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH counting AS ({COUNTING}) SELECT n.requirement_id FROM (SELECT %(user)s::bigint AS user_id,"
            " q.id AS requirement_id, e.id AS revision_id, e.base, e.document_id"
            f" FROM {table} q LEFT JOIN counting e ON e.document_id = q.document_id WHERE q.curriculum_id ="
            " %(curriculum)s AND q.is_active AND (q.document_id IS NULL OR e.id IS NOT NULL)) n"
            f" WHERE NOT {KNOWN} AND NOT {SPARED}",
            {"user": user.pk, "curriculum": curriculum.pk, "at": now()},
        )
        keys = [row[0] for row in cursor.fetchall()]
    return list(curriculum.requirements.filter(pk__in=keys)) if keys else []


def unpractised(at: dt.datetime) -> list[Qualification]:
    """Active qualifications that were neither granted, reinstated nor practised within the days of their curricula."""
    curricula = {one.pk: one for one in Curriculum.objects.filter(inactivity_days__isnull=False)}
    if not curricula:
        return []
    practised = {(one.user_id, one.curriculum_id): one.at for one in ask(LastPractice(tuple(sorted(curricula))))}
    kind = ContentType.objects.get_for_model(Qualification)
    reinstated = dict(
        Transition.objects.filter(subject_type=kind, move="reinstate")
        .order_by("stamped_at")
        .values_list("subject_id", "stamped_at")
    )
    found = []
    for held in Qualification.objects.filter(status="active", curriculum__in=curricula).select_related("user"):
        days = curricula[held.curriculum_id].inactivity_days or 0
        moments = [held.valid_from, reinstated.get(held.pk), practised.get((held.user_id, held.curriculum_id))]
        if max(moment for moment in moments if moment is not None) < at - dt.timedelta(days=days):
            found.append(held)
    return found


def open_assignments(user: Any) -> QuerySet[TrainingAssignment]:
    """What a person still has to learn, the most urgent first."""
    return (
        TrainingAssignment.objects.filter(user=user, status__in=UNDONE)
        .select_related("document_revision__document", "requirement", "curriculum")
        .order_by("due_at", "pk")
    )


def still_learning(revision: Any) -> QuerySet[TrainingAssignment]:
    """Who was asked to learn a document revision and has not yet."""
    asked = TrainingAssignment.objects.filter(document_revision=revision, status__in=UNDONE)
    return asked.select_related("user").order_by("user__full_name", "pk")


def records_of(user: Any) -> QuerySet[TrainingRecord]:
    """Everything a person has learned, newest first."""
    return (
        TrainingRecord.objects.filter(user=user)
        .select_related(
            "document_revision__document", "requirement__curriculum", "signature__signer", "attestation__signer"
        )
        .order_by("-completed_at", "-pk")
    )
