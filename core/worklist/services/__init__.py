"""Writes of the worklist: give work, finish it, pass it on, escalate what is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from core.files.queries import site_of, view_permission
from core.kernel.bulk import bulk_create, bulk_update
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import catalogue
from core.kernel.records import subject_ref
from core.kernel.wiring import publish
from core.organization.models import Role, Site
from core.organization.queries import holders_of, may
from core.organization.services import require
from core.trail.services import note
from core.worklist.events import AssignmentEscalated
from core.worklist.models import Assignment, Comment, Escalation, EscalationRule, Kind, Notification
from core.worklist.queries import people_asked, would_find

OPEN = Assignment.Status.OPEN
ESCALATED_PER_RUN = 500


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
    although they hold it, such as the author of what is approved. Without a site it is the subject's own. `ValueError`
    for an unknown kind or right, when nobody is named, or for the one left out by name.
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
    assignment.save()
    _tell(assignment, Notification.Cause.ASSIGNED, leave_out=actor)
    return assignment


def _tell(assignment: Assignment, cause: str, *, leave_out: Any = None) -> None:
    """Notify everybody who is asked, except whoever did it."""
    Notification.objects.bulk_create(
        Notification(
            user_id=person,
            assignment=assignment,
            cause=cause,
            text=assignment.title,
            subject_type_id=assignment.subject_type_id,
            subject_id=assignment.subject_id,
            subject_label=assignment.subject_label,
        )
        for person in sorted(people_asked(assignment))
        if leave_out is None or person != leave_out.pk
    )


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
    elif work.to_permission and not may(person, work.to_permission, work):
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
    if found.to_user_id != actor.pk:
        require(actor, "core_worklist.reassign_assignment", found)
    _require_reason(reason, found)
    _require_fit(to_user, found)
    found.to_user, found.to_role, found.to_permission = to_user, to_role or "", ""
    found.save()
    _tell(found, Notification.Cause.REASSIGNED, leave_out=actor)
    return found


@service
def reschedule(*, assignment: Assignment, due_at: datetime, reason: str, actor: Any) -> Assignment:
    """Move the due date of open work, with a reason; the escalation rules then count from the new date."""
    found = _open_and_locked(assignment)
    require(actor, "core_worklist.reassign_assignment", found)
    _require_reason(reason, found)
    found.due_at = due_at
    found.due_version += 1
    found.save()
    return found


@service
def set_escalation_rule(
    *, kind: str, step: int, after: int, to_role: str, is_active: bool = True, actor: Any, reason: str = ""
) -> EscalationRule:
    """Set when overdue work of a kind goes on to which role; the same kind and step replaces the earlier rule."""
    require(actor, "core_worklist.change_escalationrule")
    if not Role.objects.filter(code=to_role, is_active=True).exists():
        raise Blocked(
            Blocker(
                "role_unknown",
                _("There is no active role “%(code)s”.") % {"code": to_role},
                remedy=_("Choose a role that exists."),
            )
        )
    rule = EscalationRule.objects.select_for_update().filter(kind=kind, step=step).first()
    rule = rule or EscalationRule(kind=kind, step=step)
    rule.after, rule.to_role, rule.is_active = after, to_role, is_active
    rule.save()
    return rule


def _due(rule: EscalationRule, moment: datetime) -> Q:
    """Open work that has reached this step of the rules and has not taken it for its present due date."""
    taken = Escalation.objects.filter(assignment=OuterRef("pk"), due_version=OuterRef("due_version"), step=rule.step)
    return Q(kind=rule.kind, due_at__lte=moment - rule.delay) & Q(~Exists(taken))


@service
def escalate_due(*, actor: Any) -> list[Escalation]:
    """Pass all overdue work on to the next person, each step exactly once per due date.

    Rows that another run holds are skipped: what they miss is taken by the next run. The taken steps are read after
    the locks were won, in a second statement, so that a run that has just committed is seen.
    """
    moment = now()
    rules = list(EscalationRule.objects.filter(is_active=True))
    reached = Q(pk__in=[])
    for rule in rules:
        reached |= _due(rule, moment)
    overdue = list(
        Assignment.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(reached, status=OPEN)
        .select_related("site")
        .order_by("due_at", "pk")[:ESCALATED_PER_RUN]
    )
    taken = set(Escalation.objects.filter(assignment__in=overdue).values_list("assignment_id", "step", "due_version"))
    steps = [
        (assignment, rule)
        for assignment in overdue
        for rule in rules
        if rule.kind == assignment.kind
        and _due_at(assignment) + rule.delay <= moment
        and (assignment.pk, rule.step, assignment.due_version) not in taken
    ]
    return _escalate(steps, actor)


def _due_at(assignment: Assignment) -> datetime:
    if assignment.due_at is None:
        raise ValueError(f"assignment {assignment.pk} has no due date to escalate")
    return assignment.due_at


def _escalate(steps: list[tuple[Assignment, EscalationRule]], actor: Any) -> list[Escalation]:
    chooser = _NextPerson(steps)
    raised = bulk_create(
        [
            Assignment(
                kind=Kind.ESCALATION,
                title=assignment.title,
                to_user_id=chooser.choose(assignment, rule),
                to_role=rule.to_role,
                not_to_id=assignment.not_to_id,
                site=assignment.site,
                due_at=assignment.due_at,
                escalated_from=assignment,
                subject_type_id=assignment.subject_type_id,
                subject_id=assignment.subject_id,
                subject_label=assignment.subject_label,
            )
            for assignment, rule in steps
        ]
    )
    escalations = Escalation.objects.bulk_create(
        Escalation(
            assignment=assignment,
            rule=rule,
            step=rule.step,
            due_version=assignment.due_version,
            due_at=_due_at(assignment),
            raised=new,
        )
        for (assignment, rule), new in zip(steps, raised, strict=True)
    )
    for escalation in escalations:
        _record(escalation, actor)
    return escalations


def _record(escalation: Escalation, actor: Any) -> None:
    """Tell the next person, the trail of the subject, and whoever listens."""
    assignment, raised = escalation.assignment, escalation.raised
    _tell(raised, Notification.Cause.ESCALATED)
    note(
        kind="escalated",
        actor=actor,
        subject=assignment.subject,
        text=str(escalation),
        data={"assignment": assignment.pk, "step": escalation.step, "due_at": escalation.due_at.isoformat()},
    )
    publish(AssignmentEscalated(escalation.pk, assignment.pk, assignment.subject_type_id, assignment.subject_id))


class _NextPerson:
    """Chooses, per role and site, the holder with the least open work who was not asked before and is not left out."""

    def __init__(self, steps: Iterable[tuple[Assignment, EscalationRule]]) -> None:
        steps = list(steps)
        self.load: dict[tuple[str, int | None], dict[int, int]] = {}
        for assignment, rule in steps:
            key = (rule.to_role, assignment.site_id)
            if key not in self.load:
                holders = holders_of(rule.to_role, assignment.site).annotate(
                    waiting=Count("assignments", filter=Q(assignments__status=OPEN))
                )
                self.load[key] = dict(holders.values_list("pk", "waiting"))
        self.asked: dict[int, set[int | None]] = {
            found.pk: {found.to_user_id, found.not_to_id} for found, _rule in steps
        }
        earlier = Assignment.objects.filter(escalated_from__in=self.asked, to_user__isnull=False)
        for raised in earlier:
            self.asked[raised.escalated_from_id or 0].add(raised.to_user_id)

    def choose(self, assignment: Assignment, rule: EscalationRule) -> int | None:
        """The person's id, or None when nobody else holds the role: the work then waits for the role."""
        load = self.load[rule.to_role, assignment.site_id]
        free = [person for person in load if person not in self.asked[assignment.pk]]
        if not free:
            return None
        person = min(free, key=lambda candidate: (load[candidate], candidate))
        load[person] += 1
        self.asked[assignment.pk].add(person)
        return person


@service
def comment(*, subject: models.Model, text: str, actor: Any) -> Comment:
    """Say something about a record that one may see; it cannot be taken back."""
    require(actor, view_permission(type(subject)), subject)
    if not text.strip():
        raise Blocked(Blocker("comment_empty", _("The comment is empty."), record=subject))
    return Comment.objects.create(text=text.strip(), site=site_of(subject), **subject_ref(subject))


@service
def mark_read(*, actor: Any) -> int:
    """Mark all notifications of the actor as read; returns how many were unread."""
    return Notification.objects.filter(user=actor, read_at__isnull=True).update(read_at=now())
