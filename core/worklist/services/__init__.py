"""Writes of the worklist: give work, finish it, pass it on, move its date, speak about a record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from core.files.queries import site_of
from core.kernel.bulk import bulk_update
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import catalogue, view_permission
from core.kernel.records import subject_ref
from core.organization.models import Site
from core.organization.queries import may
from core.organization.services import require
from core.worklist.models import Assignment, Comment, Kind, Notification
from core.worklist.queries import GIVES_OUT, would_find
from core.worklist.services.escalating import escalate_due
from core.worklist.services.ladders import set_escalation_rule, set_first_ladder
from core.worklist.services.standing_in import place
from core.worklist.services.telling import people_mentioned, tell, tell_of_comment

__all__ = [
    "assign",
    "cancel_for",
    "comment",
    "complete_for",
    "escalate_due",
    "leave_out",
    "mark_read",
    "move_due",
    "reassign",
    "reschedule",
    "set_escalation_rule",
    "set_first_ladder",
]

OPEN = Assignment.Status.OPEN


@service
def assign(
    *,
    subject: models.Model,
    kind: str,
    title: str,
    to_user: Any = None,
    to_role: str | None = None,
    to_permission: str | None = None,
    not_to: Any = None,
    site: Site | None = None,
    due_at: datetime | None = None,
    actor: Any,
) -> Assignment:
    """Give work on a record to a person, to a role or to whoever holds a right at a site, and tell them.

    What anybody with a right may do is asked by that right: a plant names its roles as it likes. `not_to` is left out
    although they hold it, such as the author of what is approved. Without a site it is the subject's own. Work of
    somebody who is away goes to who does it in their place. `ValueError` for an unknown kind or right, when nobody is
    named, or for the one left out by name.
    """
    if kind not in Kind.values:
        raise ValueError(f"unknown kind of work {kind!r}")
    if to_permission and to_permission not in catalogue():
        raise ValueError(f"unknown permission {to_permission!r}")
    if to_user is None and not to_role and not to_permission:
        raise ValueError("work is given to a person, a role or the holders of a right")
    if to_user is not None and to_user == not_to:
        raise ValueError("work is not given to whom it leaves out")
    assignment = Assignment(
        kind=kind,
        title=title[:300],
        to_user=to_user,
        to_role=to_role or "",
        to_permission=to_permission or "",
        not_to=not_to,
        site=site or site_of(subject),
        due_at=due_at,
        **subject_ref(subject),
    )
    place(assignment)
    assignment.save()
    tell(assignment, Notification.Cause.ASSIGNED, leave_out=actor)
    return assignment


def _close(subject: models.Model, kind: str, status: str, actor: Any) -> list[Assignment]:
    about = Assignment.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk, status=OPEN
    )
    # First the work itself, then what was escalated from it: a running escalation holds the former's lock.
    closed = list(about.filter(kind=kind).select_for_update().order_by("pk"))
    closed += about.filter(escalated_from__kind=kind).select_for_update(of=("self",)).order_by("pk")
    moment = now()
    for assignment in closed:
        assignment.status = status
        assignment.closed_at = moment
        assignment.closed_by = actor
    bulk_update(closed, ["status", "closed_at", "closed_by"])
    return closed


@service
def complete_for(*, subject: models.Model, kind: str, actor: Any) -> list[Assignment]:
    """Mark the open work of a kind on a record as done, with what was escalated from it; returns what was closed."""
    return _close(subject, kind, Assignment.Status.DONE, actor)


@service
def cancel_for(*, subject: models.Model, kind: str, actor: Any, reason: str = "") -> list[Assignment]:
    """Take back the open work of a kind on a record, with what was escalated from it; returns what was closed."""
    return _close(subject, kind, Assignment.Status.CANCELLED, actor)


@service
def leave_out(*, subject: models.Model, kind: str, person: Any, actor: Any) -> list[Assignment]:
    """Say who is not asked for the open work of a kind on a record although they hold its right; None for nobody.

    Returns what changed. Work that was passed on to somebody by name stays as it is.
    """
    found = Assignment.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk, kind=kind, status=OPEN
    )
    changed = [
        assignment
        for assignment in found.exclude(to_permission="").select_for_update().order_by("pk")
        if assignment.not_to_id != (None if person is None else person.pk)
    ]
    for assignment in changed:
        assignment.not_to = person
    bulk_update(changed, ["not_to"])
    return changed


def _open_and_locked(assignment: Assignment) -> Assignment:
    found = Assignment.objects.select_for_update(of=("self",)).select_related("to_user", "site").get(pk=assignment.pk)
    if found.status != OPEN:
        raise Blocked(Blocker("assignment_closed", _("This work is already closed."), record=found))
    return found


def _require_reason(reason: str, record: models.Model) -> None:
    if not reason.strip():
        raise Blocked(Blocker("reason_missing", _("A reason is needed."), record=record))


def _require_fit(person: Any, work: Assignment) -> None:
    """Work goes only to somebody who finds it and may do it: it would be lost otherwise."""
    if person is None:
        return
    if not would_find(person, work):
        message = _("%(who)s may not see what this work is about.")
        remedy = _("Choose somebody who may see it, or have the role given first.")
    elif work.not_to_id == person.pk:
        message = _("%(who)s is left out of this work: it needs another person.")
        remedy = _("Choose somebody else.")
    elif work.to_permission not in ("", GIVES_OUT) and not may(person, work.to_permission, work):
        message = _("%(who)s may not do this work.")
        remedy = _("Choose somebody who may do it, or have the role given first.")
    else:
        return
    raise Blocked(Blocker("person_right", message % {"who": person}, record=work, remedy=remedy))


@service
def reassign(
    *, assignment: Assignment, to_user: Any = None, to_role: str | None = None, reason: str, actor: Any
) -> Assignment:
    """Pass open work on to another person or role, with a reason; whoever was asked by a right is asked no more.

    Whoever was asked by name may do it, and whoever holds the right at the site; otherwise `Blocked`, as for a person
    who may not see what the work is about, who may not do it, or who is left out of it.
    """
    if to_user is None and not to_role:
        raise ValueError("work is given to a person or a role")
    found = _open_and_locked(assignment)
    if actor.pk not in (found.to_user_id, found.also_to_id):
        require(actor, GIVES_OUT, found)
    _require_reason(reason, found)
    _require_fit(to_user, found)
    found.to_user, found.to_role, found.to_permission = to_user, to_role or "", ""
    found.also_to = found.delegation = None
    if found.for_user_id is not None and to_user is not None and found.for_user_id == to_user.pk:
        found.for_user = None
    found.save()
    tell(found, Notification.Cause.REASSIGNED, leave_out=actor)
    return found


@service
def reschedule(*, assignment: Assignment, due_at: datetime, reason: str, actor: Any) -> Assignment:
    """Move the due date of open work, with a reason; the escalation rules then count from the new date."""
    found = _open_and_locked(assignment)
    require(actor, GIVES_OUT, found)
    _require_reason(reason, found)
    _move([found], due_at, actor)
    return found


@service
def move_due(
    *, subject: models.Model, kind: str, due_at: datetime, actor: Any, title: str = "", reason: str = ""
) -> list[Assignment]:
    """Move the due date of the open work of a kind on a record, as when an extension was approved; returns that work.

    What was escalated from it is taken back: the ladder is quiet until it counts from the new date.
    """
    found = list(
        Assignment.objects.select_for_update(of=("self",))
        .filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk, kind=kind, status=OPEN)
        .order_by("pk")
    )
    for assignment in found:
        assignment.title = title[:300] or assignment.title
    _move(found, due_at, actor)
    return found


def _move(work: list[Assignment], due_at: datetime, actor: Any) -> None:
    """A new due date of open work that is locked: a new version of it, and an end to what was escalated before."""
    moment = now()
    for assignment in work:
        assignment.due_at, assignment.due_since = due_at, moment
        assignment.due_version += 1
    bulk_update(work, ["due_at", "due_since", "due_version", "title"])
    raised = list(
        Assignment.objects.select_for_update(of=("self",))
        .filter(escalated_from__in=[one.pk for one in work], status=OPEN)
        .order_by("pk")
    )
    for assignment in raised:
        assignment.status = Assignment.Status.CANCELLED
        assignment.closed_at, assignment.closed_by = moment, actor
    bulk_update(raised, ["status", "closed_at", "closed_by"])


@service
def comment(*, subject: models.Model, text: str, actor: Any) -> Comment:
    """Say something about a record that one may see; it cannot be taken back.

    Whoever is mentioned (`@user`) and whoever watches the record is told. Raises `Blocked` for a mention of somebody
    who may not see it.
    """
    require(actor, view_permission(type(subject)), subject)
    if not text.strip():
        raise Blocked(Blocker("comment_empty", _("The comment is empty."), record=subject))
    mentioned = people_mentioned(text, subject)
    said = Comment.objects.create(text=text.strip(), site=site_of(subject), **subject_ref(subject))
    tell_of_comment(said, mentioned, actor)
    return said


@service
def mark_read(*, actor: Any) -> int:
    """Mark all notifications of the actor as read; returns how many were unread."""
    return Notification.objects.filter(user=actor, read_at__isnull=True).update(read_at=now())
