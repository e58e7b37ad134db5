"""The steps of the ladders, each taken exactly once per due date, whoever runs the clock; set-based."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q

from core.kernel.bulk import bulk_create
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.permissions import view_permission
from core.kernel.wiring import publish
from core.organization.models import User
from core.organization.queries import holders_of, people_seeing
from core.trail.services import note_each
from core.worklist.events import AssignmentEscalated
from core.worklist.models import Assignment, Escalation, EscalationRule, Kind, Notification, Whom
from core.worklist.queries.ladders import Ladder, asked_for_each, is_reached, ladders
from core.worklist.queries.standing_in import substitutes_of

OPEN = Assignment.Status.OPEN
ESCALATED_PER_RUN = 500
"""Pieces of work that one run takes of one ladder; the next run goes on."""
NAMED = 3
"""People whom the record of a step names; of more it says how many."""

Step = tuple[Assignment, EscalationRule]


@service
def escalate_due(*, actor: Any) -> list[Escalation]:
    """Take every step that open work has come to, each exactly once per due date.

    Rows that another run holds are skipped: what they miss is taken by the next run. The taken steps are read after
    the locks were won, in a second statement, so that a run that has just committed is seen.
    """
    moment = now()
    everything = ladders()
    steps: list[Step] = []
    for ladder in everything:
        steps += _reached(ladder, everything, moment)
    return _escalate(steps, actor) if steps else []


def _reached(ladder: Ladder, everything: list[Ladder], moment: dt.datetime) -> list[Step]:
    late = list(
        Assignment.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(ladder.counts_for(everything), ladder.reached(moment), status=OPEN)
        .select_related("site", "to_user")
        .order_by("due_at", "pk")[:ESCALATED_PER_RUN]
    )
    if not late:
        return []
    taken = set(Escalation.objects.filter(assignment__in=late).values_list("assignment_id", "step", "due_version"))
    return [
        (work, rule)
        for work in late
        for rule in ladder.rules
        if is_reached(rule, work, moment) and (work.pk, rule.step, work.due_version) not in taken
    ]


def _due_at(assignment: Assignment) -> dt.datetime:
    if assignment.due_at is None:
        raise ValueError(f"assignment {assignment.pk} has no due date to escalate")
    return assignment.due_at


def _escalate(steps: list[Step], actor: Any) -> list[Escalation]:
    handed_on = [step for step in steps if step[1].whom != Whom.ASKED]
    people = _NextPerson(handed_on)
    raised = dict(
        zip(
            [(work.pk, rule.pk) for work, rule in handed_on],
            bulk_create([_raised(work, rule, people) for work, rule in handed_on]),
            strict=True,
        )
    )
    asked = asked_for_each([*(work for work, _rule in steps), *raised.values()])
    reached = [_told(work, rule, raised.get((work.pk, rule.pk)), asked) for work, rule in steps]
    names = dict(User.objects.filter(pk__in=set().union(*reached)).values_list("pk", "full_name"))
    escalations = Escalation.objects.bulk_create(
        Escalation(
            assignment=work,
            rule=rule,
            step=rule.step,
            due_version=work.due_version,
            due_at=_due_at(work),
            told=_in_words(told, raised.get((work.pk, rule.pk)), names),
            raised=raised.get((work.pk, rule.pk)),
        )
        for (work, rule), told in zip(steps, reached, strict=True)
    )
    _tell(steps, raised, asked)
    note_each(kind="escalated", actor=actor, rows=[_event(one) for one in escalations])
    for one in escalations:
        work = one.assignment
        publish(AssignmentEscalated(one.pk, work.pk, work.subject_type_id, work.subject_id))
    return escalations


def _raised(work: Assignment, rule: EscalationRule, people: _NextPerson) -> Assignment:
    person, instead_of = people.choose(work, rule)
    return Assignment(
        kind=Kind.ESCALATION,
        title=work.title,
        to_user_id=person,
        for_user_id=instead_of,
        to_role=rule.to_role,
        not_to_id=work.not_to_id,
        site=work.site,
        due_at=work.due_at,
        escalated_from=work,
        subject_type_id=work.subject_type_id,
        subject_id=work.subject_id,
        subject_label=work.subject_label,
    )


def _told(work: Assignment, rule: EscalationRule, raised: Assignment | None, asked: dict[int, set[int]]) -> set[int]:
    """Everybody whom the step reaches."""
    reminded = _reminded(work, asked) if rule.whom in (Whom.ASKED, Whom.BOTH) else set()
    return reminded | (asked[raised.pk] if raised is not None else set())


def _reminded(work: Assignment, asked: dict[int, set[int]]) -> set[int]:
    return asked[work.pk] | ({work.also_to_id} if work.also_to_id is not None else set())


def _in_words(told: set[int], raised: Assignment | None, names: dict[int, str]) -> str:
    """Who was told, by name; of many how many; the role where nobody holds it."""
    if not told:
        return raised.to_role if raised is not None else "–"
    some = sorted(names.get(person, str(person)) for person in told)
    return ", ".join(some[:NAMED]) + (f" +{len(some) - NAMED}" if len(some) > NAMED else "")


def _tell(steps: list[Step], raised: dict[tuple[int, int], Assignment], asked: dict[int, set[int]]) -> None:
    """A line on the screen of everybody whom a step reaches; by mail at once where the step says so."""
    lines: list[Notification] = []
    for work, rule in steps:
        if rule.whom in (Whom.ASKED, Whom.BOTH):
            cause = Notification.Cause.REMINDED
            lines += [_line(work, person, cause, rule) for person in sorted(_reminded(work, asked))]
        new = raised.get((work.pk, rule.pk))
        if new is not None:
            lines += [_line(new, person, Notification.Cause.ESCALATED, rule) for person in sorted(asked[new.pk])]
    Notification.objects.bulk_create(lines, batch_size=2000)


def _line(work: Assignment, person: int, cause: str, rule: EscalationRule) -> Notification:
    return Notification(
        user_id=person,
        assignment=work,
        cause=cause,
        text=work.title,
        by_mail=rule.by_mail,
        subject_type_id=work.subject_type_id,
        subject_id=work.subject_id,
        subject_label=work.subject_label,
    )


def _event(escalation: Escalation) -> dict[str, Any]:
    """What the trail of the subject keeps of a step."""
    work = escalation.assignment
    return {
        "text": f"{escalation} ({escalation.rule.when})",
        "data": {
            "assignment": work.pk,
            "step": escalation.step,
            "due_at": escalation.due_at.isoformat(),
            "due_version": escalation.due_version,
            "told": escalation.told,
        },
        "subject_type_id": work.subject_type_id,
        "subject_id": work.subject_id,
        "subject_label": work.subject_label,
    }


class _NextPerson:
    """Chooses who is asked next: a named person or a manager who sees the record, else of the role the holder with the
    least open work who was not asked before. Nobody who is left out; in place of who is away their substitute."""

    def __init__(self, steps: Iterable[Step]) -> None:
        steps = list(steps)
        self.load: dict[tuple[str, int | None], dict[int, int]] = {}
        for work, rule in steps:
            key = (rule.to_role, work.site_id)
            if key not in self.load:
                holders = holders_of(rule.to_role, work.site).annotate(
                    waiting=Count("assignments", filter=Q(assignments__status=OPEN))
                )
                self.load[key] = dict(holders.values_list("pk", "waiting"))
        self.asked: dict[int, set[int | None]] = {work.pk: {work.to_user_id, work.not_to_id} for work, _rule in steps}
        earlier = Assignment.objects.filter(escalated_from__in=self.asked, to_user__isnull=False)
        for raised in earlier:
            self.asked[raised.escalated_from_id or 0].add(raised.to_user_id)
        named = {person for step in steps if (person := _named(*step)) is not None}
        self.away = substitutes_of([*named, *(one for load in self.load.values() for one in load)], Kind.ESCALATION)
        self.seeing = _seeing(steps, named | set(self.away.values()))

    def choose(self, work: Assignment, rule: EscalationRule) -> tuple[int | None, int | None]:
        """The person's id and whose place they take; no person when nobody else holds the role, which is asked then."""
        asked = self.asked[work.pk]
        named = _named(work, rule)
        person = None
        if named is not None:
            at_work = self.away.get(named, named)
            if at_work not in asked and at_work in self.seeing[work.subject_type_id, work.site_id]:
                person = at_work
        if person is None:
            named = None
            load = self.load[rule.to_role, work.site_id]
            free = [one for one in load if one not in asked]
            at_work_now = [one for one in free if one not in self.away] or free
            if not at_work_now:
                return None, None
            person = min(at_work_now, key=lambda candidate: (load[candidate], candidate))
            load[person] += 1
        asked.add(person)
        return person, named if named not in (None, person) else None


def _named(work: Assignment, rule: EscalationRule) -> int | None:
    """The person or manager whom a step names, if there is one."""
    if rule.whom == Whom.PERSON:
        return rule.to_user_id
    if rule.whom in (Whom.MANAGER, Whom.BOTH):
        return None if work.to_user is None else work.to_user.manager_id
    return None


def _seeing(steps: list[Step], people: set[int]) -> dict[tuple[int, int | None], set[int]]:
    """By kind of record and site: which of these active people see such records there."""
    found: dict[tuple[int, int | None], set[int]] = {}
    for work, _rule in steps:
        key = (work.subject_type_id, work.site_id)
        if key in found:
            continue
        model = ContentType.objects.get_for_id(work.subject_type_id).model_class()
        seeing = people_seeing(view_permission(model), work.site) if model is not None and people else None
        found[key] = set() if seeing is None else set(seeing.filter(pk__in=people).values_list("pk", flat=True))
    return found
