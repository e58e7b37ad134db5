"""May this person do this work: qualified, and trained on exactly the revision that it follows? One statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.kernel.prepared import prepared_cursor
from qms.documents.models import DocumentRevision
from qms.training.models import Curriculum, Qualification, TrainingOverride, TrainingRecord

FOR_EVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
TAKES_TRAINING = ("read", "quiz", "ojt")


@dataclass(frozen=True)
class Held:
    """A person's open qualification for a curriculum."""

    id: int
    status: str
    valid_from: dt.datetime
    valid_until: dt.datetime | None
    level: str


@dataclass(frozen=True)
class Standing:
    """What is known about a person for one piece of work."""

    qualifications: Mapping[int, Held] = field(default_factory=dict)
    trained: Mapping[int, dt.datetime | None] = field(default_factory=dict)
    """By revision that takes training: until when the person is trained on it, None when not at all."""
    is_overridden: bool = False


_QUALIFIED = f"""
SELECT 'q', q.curriculum_id, q.id, q.status, q.valid_from, q.valid_until, q.level
FROM {Qualification._meta.db_table} q
WHERE q.user_id = %s AND q.curriculum_id = ANY(%s) AND q.status IN ('active', 'suspended')"""

_BASE = f"""
JOIN LATERAL (SELECT b.id FROM {DocumentRevision._meta.db_table} b
  WHERE b.document_id = p.document_id AND b.id <= p.id AND b.training_impact IN ('read', 'quiz', 'ojt')
  AND (b.id = p.id OR b.effective_from IS NOT NULL) ORDER BY b.id DESC LIMIT 1) base ON true"""
"""The last revision up to the pinned one that took training: what came after it takes none and is carried forward."""

_TRAINED = f"""
SELECT 't', p.id, 0, '', NULL::timestamptz, (SELECT max(coalesce(r.valid_until, '9999-01-01'::timestamptz))
  FROM {TrainingRecord._meta.db_table} r JOIN {DocumentRevision._meta.db_table} d ON d.id = r.document_revision_id
  WHERE r.user_id = %s AND d.document_id = p.document_id AND d.id BETWEEN base.id AND p.id), ''
FROM {DocumentRevision._meta.db_table} p {_BASE}
WHERE p.id = ANY(%s)"""

_OVERRIDDEN = f"""
SELECT 'o', 0, o.id, '', NULL, NULL, '' FROM {TrainingOverride._meta.db_table} o
WHERE o.user_id = %s AND o.subject_type_id = %s AND o.subject_id = %s"""


def standing_of(
    user: Any,
    *,
    curricula: Iterable[int] = (),
    revisions: Iterable[DocumentRevision | None] = (),
    subject: models.Model | None = None,
) -> Standing:
    """A person's qualifications and training for a piece of work, in one statement or none where nothing is asked."""
    asked = [revision.pk for revision in revisions if revision is not None and revision.training_impact]
    wanted = sorted(set(curricula))
    if not asked and not wanted:
        return Standing()
    parts: list[str] = []
    values: list[Any] = []
    if wanted:
        parts, values = [_QUALIFIED], [user.pk, wanted]
    if asked:
        parts, values = [*parts, _TRAINED], [*values, user.pk, asked]
    if subject is not None:
        kind = ContentType.objects.get_for_model(subject).pk
        parts, values = [*parts, _OVERRIDDEN], [*values, user.pk, kind, subject.pk]
    with prepared_cursor(connection) as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = cursor.fetchall()
    return Standing(
        {
            key: Held(pk, status, since, until, level)
            for kind, key, pk, status, since, until, level in rows
            if kind == "q"
        },
        {key: until for kind, key, _pk, _status, _since, until, _level in rows if kind == "t"},
        any(row[0] == "o" for row in rows),
    )


def overridden_work(user: Any, work: Sequence[models.Model]) -> frozenset[int]:
    """Which of these pieces of work (of one kind) a supervisor let the person do untrained."""
    if not work:
        return frozenset()
    kind = ContentType.objects.get_for_model(work[0])
    found = TrainingOverride.objects.filter(user=user, subject_type=kind, subject_id__in=[one.pk for one in work])
    return frozenset(found.values_list("subject_id", flat=True))


def training_blockers(
    standing: Standing, user: Any, revision: DocumentRevision | None, at: dt.datetime, *, remedy_url: str = ""
) -> list[Blocker]:
    """Why the person may not work to the revision; empty when they are trained on it or it takes no training."""
    if revision is None or revision.pk not in standing.trained or standing.is_overridden:
        return []
    until = standing.trained[revision.pk]
    names = {"who": user, "revision": revision}
    remedy = _("Train now, or let a trained colleague do it.")
    if until is None:
        message = _("%(who)s is not trained on %(revision)s.") % names
        return [Blocker("not_trained", message, record=revision, remedy=remedy, remedy_url=remedy_url)]
    if until <= at:
        message = _("The training of %(who)s on %(revision)s expired on %(date)s.") % {
            **names,
            "date": date_format(until, "SHORT_DATE_FORMAT"),
        }
        return [Blocker("training_expired", message, record=revision, remedy=remedy, remedy_url=remedy_url)]
    return []


def qualification_blockers(
    user: Any, curriculum: Curriculum, at: dt.datetime, *, standing: Standing | None = None
) -> list[Blocker]:
    """Why the person may not do what the curriculum teaches at that moment; empty when they may."""
    known = standing if standing is not None else standing_of(user, curricula=[curriculum.pk])
    if known.is_overridden:
        return []
    found = known.qualifications.get(curriculum.pk)
    who = {"who": user, "curriculum": curriculum}
    url = curriculum.get_absolute_url()
    remedy = _("Ask the lead for training, or let a qualified person do it.")
    if found is None:
        message = _("%(who)s is not qualified for %(curriculum)s.") % who
        return [Blocker("not_qualified", message, record=curriculum, remedy=remedy, remedy_url=url)]
    if found.status == "suspended":
        message = _("The qualification of %(who)s for %(curriculum)s is suspended.") % who
        return [Blocker("qualification_suspended", message, record=curriculum, remedy=remedy, remedy_url=url)]
    if found.valid_from > at:
        message = _("%(who)s is qualified for %(curriculum)s only from %(date)s.") % {
            **who,
            "date": date_format(found.valid_from, "SHORT_DATE_FORMAT"),
        }
        return [Blocker("qualification_not_yet", message, record=curriculum, remedy=remedy, remedy_url=url)]
    if found.valid_until is not None and found.valid_until < at:
        message = _("The qualification of %(who)s for %(curriculum)s expired on %(date)s.") % {
            **who,
            "date": date_format(found.valid_until, "SHORT_DATE_FORMAT"),
        }
        return [Blocker("qualification_expired", message, record=curriculum, remedy=remedy, remedy_url=url)]
    return []


def revisions_that_take_training(pinned: DocumentRevision) -> Sequence[int]:
    """Ids of the revisions a record on which counts for the pinned one; empty when it takes no training."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.id FROM {DocumentRevision._meta.db_table} p {_BASE} JOIN {DocumentRevision._meta.db_table} d"
            " ON d.document_id = p.document_id AND d.id BETWEEN base.id AND p.id WHERE p.id = %s",
            [pinned.pk],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def training_of_revision(pinned: DocumentRevision) -> str:
    """What training somebody new takes for a revision: its own, or that of the last one that took any; "" for none."""
    counting = revisions_that_take_training(pinned)
    if not counting:
        return ""
    return str(DocumentRevision.objects.filter(pk=min(counting)).values_list("training_impact", flat=True).get())
