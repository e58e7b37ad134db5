"""Who is asked to learn what, by when: set-based, thousands of people in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from core.kernel.bulk import bulk_update
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import begin, perform_many
from core.organization.services import require
from core.trail.services.sets import Stage, literal
from core.worklist.models import Kind
from core.worklist.services import assign
from core.worklist.services.many import assign_each, close_each, follow_due
from qms.documents.models import Document, DocumentRevision
from qms.training.lifecycle import ASSIGN, TAKE, UNDONE
from qms.training.models import (
    Curriculum,
    TrainingAssignment,
    TrainingRecord,
    TrainingRequirement,
)
from qms.training.queries.audience import NEEDED, asked
from qms.training.queries.gate import revisions_that_take_training, training_of_revision
from qms.training.queries.known import COUNTING, KNOWN

TIME_TO_LEARN = dt.timedelta(days=14)
ASSIGNMENTS, RECORDS = TrainingAssignment._meta.db_table, TrainingRecord._meta.db_table
REVISIONS, DOCUMENTS = DocumentRevision._meta.db_table, Document._meta.db_table
REQUIREMENTS, CURRICULA = TrainingRequirement._meta.db_table, Curriculum._meta.db_table
OPEN_SQL = ", ".join(literal(state) for state in UNDONE)


def _tell(where: str, actor: Any, **params: Any) -> int:
    label = "coalesce(d.number || '/' || v.revision || ' ' || v.title, c.code || ': ' || q.title)"
    joins = (
        f"LEFT JOIN {REVISIONS} v ON v.id = t.document_revision_id LEFT JOIN {DOCUMENTS} d ON d.id = v.document_id"
        f" LEFT JOIN {REQUIREMENTS} q ON q.id = t.requirement_id LEFT JOIN {CURRICULA} c ON c.id = q.curriculum_id"
    )
    return assign_each(
        model=TrainingAssignment,
        kind=Kind.TRAINING,
        label=label,
        where=f"{joins} WHERE t.status = 'assigned' AND {where}",
        params=params,
        actor=actor,
    )


@service
def assign_for_revision(*, revision: DocumentRevision, actor: Any, reason: str = "") -> int:
    """Ask everybody who works to the document to learn an approved revision before it becomes effective.

    Those are the people whose curricula name the document, and those who were trained on the revision in force. A
    revision that takes no training asks nobody. Returns how many were asked.
    """
    if revision.training_impact in ("", "none"):
        return 0
    due = revision.effective_from or now() + TIME_TO_LEARN
    stage = Stage(
        "",
        "",
        {**asked(), "revision": revision.pk, "document": revision.document_id, "kind": revision.training_impact}
        | {"due": due},
    )
    source = (
        f"({NEEDED}, named AS (SELECT DISTINCT ON (n.user_id) n.user_id, q.id AS requirement_id, q.curriculum_id"
        f" FROM needed n JOIN {CURRICULA} c ON c.id = n.curriculum_id AND c.is_active"
        f" JOIN {REQUIREMENTS} q ON q.curriculum_id = n.curriculum_id AND q.is_active AND q.document_id = %(document)s"
        " ORDER BY n.user_id, q.id)"
        " SELECT user_id, requirement_id, curriculum_id FROM named UNION ALL"
        f" SELECT DISTINCT r.user_id, NULL::bigint, NULL::bigint FROM {RECORDS} r"
        f" JOIN {REVISIONS} e ON e.id = r.document_revision_id AND e.document_id = %(document)s"
        " JOIN core_organization_user u ON u.id = r.user_id AND u.is_active"
        " WHERE e.status = 'effective' AND r.user_id NOT IN (SELECT user_id FROM named)) n"
        f" WHERE NOT EXISTS (SELECT FROM {ASSIGNMENTS} t WHERE t.user_id = n.user_id"
        f" AND t.document_revision_id = %(revision)s AND t.status IN ({OPEN_SQL}))"
    )
    count = stage.insert_from(
        TrainingAssignment,
        {
            "user_id": "n.user_id",
            "curriculum_id": "n.curriculum_id",
            "requirement_id": "n.requirement_id",
            "document_revision_id": "%(revision)s",
            "kind": "%(kind)s",
            "cause": literal(TrainingAssignment.Cause.REVISION.value),
            "due_at": "%(due)s",
        },
        source=source,
    )
    _tell("t.document_revision_id = %(revision)s", actor, revision=revision.pk)
    return count


@service
def assign_missing(*, actor: Any, reason: str = "") -> int:
    """Ask everybody for what their curricula take and they neither know, nor were asked, nor are spared.

    What is known of a document counts for its effective revision; what is known of practice and proofs counts until it
    expires.
    """
    stage = Stage("", "", {**asked(), "due": now() + TIME_TO_LEARN})
    source = (
        f"({NEEDED}, counting AS ({COUNTING})"
        " SELECT n.user_id, q.curriculum_id, q.id AS requirement_id, e.id AS revision_id, q.kind, EXISTS (SELECT FROM"
        f" {RECORDS} o WHERE o.user_id = n.user_id AND o.requirement_id = q.id) AS again, e.base, e.document_id"
        f" FROM needed n JOIN {CURRICULA} c ON c.id = n.curriculum_id AND c.is_active"
        f" JOIN {REQUIREMENTS} q ON q.curriculum_id = n.curriculum_id AND q.is_active"
        " LEFT JOIN counting e ON e.document_id = q.document_id"
        " WHERE q.document_id IS NULL OR e.id IS NOT NULL) n"
        f" WHERE NOT {KNOWN}"
        f" AND NOT EXISTS (SELECT FROM {ASSIGNMENTS} t WHERE t.user_id = n.user_id AND"
        f" (t.status IN ({OPEN_SQL}) OR t.status = 'waived') AND CASE WHEN n.revision_id IS NULL"
        " THEN t.requirement_id = n.requirement_id ELSE t.document_revision_id >= n.base AND EXISTS (SELECT FROM"
        f" {REVISIONS} x WHERE x.id = t.document_revision_id AND x.document_id = n.document_id) END)"
    )
    count = stage.insert_from(
        TrainingAssignment,
        {
            "user_id": "n.user_id",
            "curriculum_id": "n.curriculum_id",
            "requirement_id": "n.requirement_id",
            "document_revision_id": "n.revision_id",
            "kind": "n.kind",
            "cause": f"CASE WHEN n.again THEN {literal('repeat')} ELSE {literal('curriculum')} END",
            "due_at": "%(due)s",
        },
        source=source,
    )
    if count:
        _tell("t.cause IN ('curriculum', 'repeat')", actor)
    return count


@service
def assign_training(
    *,
    user: Any,
    actor: Any,
    due_at: dt.datetime,
    requirement: TrainingRequirement | None = None,
    document_revision: DocumentRevision | None = None,
    reason: str = "",
) -> TrainingAssignment:
    """Ask one person by hand to learn a requirement of a curriculum, or a document revision. Raises `Blocked`."""
    require(actor, ASSIGN, user)
    if requirement is not None and requirement.document_id is not None and document_revision is None:
        document_revision = requirement.document.revisions.filter(status="effective").first()  # type: ignore[union-attr]
    if document_revision is None and (requirement is None or requirement.document_id is not None):
        raise Blocked(
            Blocker(
                "nothing_to_learn",
                _("There is nothing to learn: no requirement is named, or its document is not effective."),
                record=requirement,
                remedy=_("Choose a requirement whose document is effective, or a document revision."),
            )
        )
    kind = requirement.kind if requirement is not None else training_of_revision(document_revision) or "read"  # type: ignore[arg-type]
    return _begin(user, requirement, document_revision, kind, TrainingAssignment.Cause.WORK, due_at, actor)


@service
def train_now(*, revision: DocumentRevision, actor: Any, reason: str = "") -> TrainingAssignment:
    """The actor's own open assignment on a revision, begun where they have none: what a gate asked for at work."""
    require(actor, TAKE, actor)
    found = (
        TrainingAssignment.objects.filter(user=actor, document_revision=revision, status__in=UNDONE)
        .order_by("pk")
        .first()
    )
    if found is not None:
        return found
    kind = training_of_revision(revision)
    if not kind:
        raise Blocked(
            Blocker("no_training", _("%(revision)s takes no training.") % {"revision": revision}, record=revision)
        )
    return _begin(actor, None, revision, kind, TrainingAssignment.Cause.WORK, now(), actor)


def _begin(
    user: Any,
    requirement: TrainingRequirement | None,
    revision: DocumentRevision | None,
    kind: str,
    cause: str,
    due_at: dt.datetime,
    actor: Any,
) -> TrainingAssignment:
    same = TrainingAssignment.objects.filter(user=user, document_revision=revision, status__in=UNDONE)
    held = same.filter(requirement=requirement).first() if revision is None else same.first()
    if held is not None:
        raise Blocked(
            Blocker(
                "assigned_already",
                _("%(who)s is asked for %(what)s already.") % {"who": user, "what": held.what},
                record=held,
                remedy_url=held.get_absolute_url(),
            )
        )
    made = TrainingAssignment(
        user=user,
        requirement=requirement,
        curriculum=requirement.curriculum if requirement is not None else None,
        document_revision=revision,
        kind=kind,
        cause=cause,
        due_at=due_at,
    )
    begin(made, actor=actor)
    assign(subject=made, kind=Kind.TRAINING, title=made.what, to_user=user, due_at=due_at, actor=actor)
    return made


@service
def carry_forward(*, revision: DocumentRevision, actor: Any, reason: str = "") -> int:
    """A revision that takes no training became effective: whoever knew the one before knows it, which is recorded."""
    counting = [pk for pk in revisions_that_take_training(revision) if pk != revision.pk]
    if revision.training_impact != "none" or not counting:
        return 0
    stage = Stage("", "", {"revision": revision.pk, "counting": counting, "at": now()})
    return stage.insert_from(
        TrainingRecord,
        {
            "user_id": "r.user_id",
            "how": literal(TrainingRecord.How.CARRIED.value),
            "document_revision_id": "%(revision)s",
            "requirement_id": "r.requirement_id",
            "completed_at": "%(at)s",
            "valid_until": "r.valid_until",
        },
        source=(
            f"(SELECT DISTINCT ON (user_id) user_id, requirement_id, valid_until FROM {RECORDS}"
            " WHERE document_revision_id = ANY(%(counting)s) AND (valid_until IS NULL OR valid_until > %(at)s)"
            " ORDER BY user_id, valid_until DESC NULLS FIRST, id) r"
        ),
    )


@service
def supersede_older(*, revision: DocumentRevision, actor: Any, reason: str = "") -> int:
    """A revision that takes training became effective: what was asked for older ones is superseded."""
    if revision.training_impact in ("", "none"):
        return 0
    older = TrainingAssignment.objects.filter(
        document_revision__document=revision.document_id, document_revision__lt=revision.pk
    )
    return _supersede(older, _("Replaced by %(revision)s") % {"revision": revision}, actor)


@service
def withdraw_assignments(*, revision: DocumentRevision, actor: Any, reason: str = "") -> int:
    """A revision was given up or made obsolete: nobody is asked to learn it any more."""
    asked_for = TrainingAssignment.objects.filter(document_revision=revision, status__in=UNDONE)
    return _supersede(asked_for, _("%(revision)s is no longer used") % {"revision": revision}, actor)


def _supersede(found: Any, reason: str, actor: Any) -> int:
    rows = list(found.exclude(status="superseded").select_related("document_revision__document", "requirement", "user"))
    keys = [row.pk for row in rows if row.status in UNDONE]
    perform_many(rows, "supersede", actor=actor, reason=reason)
    close_each(model=TrainingAssignment, keys=keys, done=False, actor=actor, reason=reason)
    return len(rows)


@service
def follow_dates(*, actor: Any, reason: str = "") -> int:
    """Training on an approved revision is due when it becomes effective: follow a date that was set or moved."""
    moved = list(
        TrainingAssignment.objects.filter(
            status__in=UNDONE,
            document_revision__status="approved",
            document_revision__effective_from__isnull=False,
        )
        .exclude(due_at=F("document_revision__effective_from"))
        .select_related("document_revision")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    for assignment in moved:
        assignment.due_at = assignment.document_revision.effective_from  # type: ignore[union-attr, assignment]
    bulk_update(moved, ["due_at"])
    if moved:
        follow_due(model=TrainingAssignment, actor=actor)
    return len(moved)


@service
def expire_training(*, actor: Any, reason: str = "") -> int:
    """What was learned for a time ends: assignments whose record is no longer valid are expired."""
    over: Sequence[TrainingAssignment] = list(
        TrainingAssignment.objects.filter(status="completed", records__valid_until__lte=now()).order_by("pk")[:5000]
    )
    perform_many(over, "expire", actor=actor, reason=reason or _("The time for which it counted is over."))
    return len(over)
