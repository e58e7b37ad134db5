"""Overdue work goes to the next person: once, in order, whoever runs the clock."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core.kernel import wiring
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.events import PlantSetUp
from core.organization.models import Site, User
from core.organization.services import system_user
from core.trail.queries import events_of
from core.worklist import tasks
from core.worklist.events import AssignmentEscalated
from core.worklist.models import Assignment, Escalation, EscalationRule, Notification
from core.worklist.queries import work_of
from core.worklist.services import assign, complete_for, escalate_due, reschedule, set_escalation_rule
from tests.core.worklist.conftest import People, make_people
from tests.support.ladders import raised_by

SEE_SITES = "core_organization.view_site"


def _head(people: People, name: str = "head") -> User:
    return people.person(
        name,
        "quality_head",
        people.graz,
        SEE_SITES,
        "core_worklist.change_escalationrule",
        "core_worklist.reassign_assignment",
    )


def _overdue(people: People, person: User, *, minutes: int = 5, site: Site | None = None) -> Assignment:
    return assign(
        subject=site or people.graz,
        kind="triage",
        title="NC-000001 waits",
        to_user=person,
        due_at=now() - timedelta(minutes=minutes),
        actor=system_user("tests"),
    )


def _run() -> list[Escalation]:
    return escalate_due(actor=system_user("escalation"))


@pytest.mark.requirement("ORD-08")
def test_overdue_work_goes_to_the_next_person_once(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    head = _head(people)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    work = _overdue(people, anna)
    heard: list[AssignmentEscalated] = []
    wiring.SUBSCRIBERS[AssignmentEscalated].append(heard.append)
    try:
        assert len(_run()) == 1
        assert _run() == []
    finally:
        wiring.SUBSCRIBERS[AssignmentEscalated].remove(heard.append)
    escalation = Escalation.objects.get()
    assert (escalation.assignment, escalation.step, escalation.due_at) == (work, 1, work.due_at)
    assert escalation.actor == system_user("escalation")
    assert list(work_of(head)) == [escalation.raised]
    assert list(work_of(anna)) == [work]
    assert [(n.user, n.cause) for n in Notification.objects.filter(cause="escalated")] == [(head, "escalated")]
    assert [event.kind for event in events_of(people.graz)] == ["escalated"]
    assert [event.escalation_id for event in heard] == [escalation.pk]


def test_work_that_is_not_due_yet_stays(people: People) -> None:
    head = _head(people)
    anna = people.person("anna")
    set_escalation_rule(kind="triage", step=1, after=30, to_role="quality_head", actor=head)
    _overdue(people, anna, minutes=29)
    assert _run() == []
    assert not Escalation.objects.exists()


def test_a_negative_delay_warns_before_the_due_date(people: People) -> None:
    head = _head(people)
    anna = people.person("anna")
    set_escalation_rule(kind="triage", step=1, after=-60, to_role="quality_head", actor=head)
    work = _overdue(people, anna, minutes=-59)
    assert _run() == [], "whoever was asked a minute ago knows it"
    _set_before(work, timedelta(days=1))
    assert len(_run()) == 1


def _set_before(work: Assignment, span: timedelta) -> None:
    """As if its due date had been set so much earlier."""
    with transaction.atomic(), acting(system_user("tests")):
        work.due_since = now() - span
        work.save()


def test_steps_are_taken_one_by_one_and_never_ask_the_same_person_again(people: People) -> None:
    anna = people.person("anna", "quality_head", people.graz, SEE_SITES)
    head, deputy = _head(people), _head(people, "deputy")
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    set_escalation_rule(kind="triage", step=2, after=3, to_role="quality_head", actor=head)
    _overdue(people, anna)
    asked = [raised_by(escalation).to_user for escalation in _run()]
    assert len(asked) == 2
    assert set(asked) == {head, deputy}


def test_the_next_person_is_the_one_with_the_least_to_do(people: People) -> None:
    anna = people.person("anna")
    head, deputy = _head(people), _head(people, "deputy")
    assign(subject=people.graz, kind="review", title="Busy", to_user=head, actor=head)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    _overdue(people, anna)
    assert [raised_by(found).to_user for found in _run()] == [deputy]


def test_without_a_holder_the_work_waits_for_the_role(people: People) -> None:
    anna = people.person("anna")
    head = _head(people)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    _overdue(people, anna, site=people.linz)
    (escalation,) = _run()
    assert (raised_by(escalation).to_user, raised_by(escalation).to_role) == (None, "quality_head")
    assert raised_by(escalation).site == people.linz
    later = people.person("later", "quality_head", people.linz, SEE_SITES)
    assert list(work_of(later)) == [escalation.raised]


def test_a_new_due_date_begins_the_steps_afresh(people: People) -> None:
    anna = people.person("anna")
    head = _head(people)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    work = _overdue(people, anna)
    _run()
    reschedule(assignment=work, due_at=now() - timedelta(minutes=1), reason="Agreed", actor=head)
    assert [found.due_version for found in _run()] == [2]
    assert _run() == []


def test_a_rule_switched_off_escalates_nothing(people: People) -> None:
    anna = people.person("anna")
    head = _head(people)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", is_active=False, actor=head)
    _overdue(people, anna)
    assert _run() == []


def test_finished_work_is_not_escalated_and_takes_its_escalations_along(people: People) -> None:
    anna = people.person("anna")
    head = _head(people)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    set_escalation_rule(kind="triage", step=2, after=10, to_role="quality_head", actor=head)
    work = _overdue(people, anna)
    (escalation,) = _run()
    closed = complete_for(subject=people.graz, kind="triage", actor=anna)
    assert {found.pk for found in closed} == {work.pk, escalation.raised_id}
    assert not Assignment.objects.filter(status="open").exists()
    assert _run() == []


def test_beat_runs_the_task_as_the_escalation_user(people: People) -> None:
    anna = people.person("anna")
    head = _head(people)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    _overdue(people, anna)
    tasks.escalate()
    assert Escalation.objects.get().actor.username == "system.escalation"


def test_the_schedule_names_the_task() -> None:
    from config.celery import SCHEDULE

    assert tasks.escalate.name in {entry["task"] for entry in SCHEDULE.values()}


@pytest.mark.requirement("ORD-08")
@pytest.mark.parametrize("overdue", [1, 25])
def test_two_beats_at_once_escalate_each_work_exactly_once(plant: str, overdue: int) -> None:
    people = make_people()
    anna = people.person("anna")
    head = _head(people)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    work = [_overdue(people, anna) for _ in range(overdue)]
    clock = system_user("escalation")
    together = threading.Barrier(4)
    failures: list[BaseException] = []

    def beat() -> None:
        try:
            together.wait(timeout=10)
            for _ in range(3):
                escalate_due(actor=clock)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    beats = [threading.Thread(target=beat) for _ in range(4)]
    for thread in beats:
        thread.start()
    for thread in beats:
        thread.join(timeout=30)
    assert failures == []
    escalate_due(actor=clock)
    assert sorted(Escalation.objects.values_list("assignment", flat=True)) == sorted(found.pk for found in work)
    assert Assignment.objects.filter(kind="escalation").count() == overdue
    assert Notification.objects.filter(cause="escalated").count() == overdue


@pytest.mark.requirement("ORD-08")
def test_a_second_beat_skips_what_the_first_still_holds(plant: str) -> None:
    people = make_people()
    anna = people.person("anna")
    head = _head(people)
    set_escalation_rule(kind="triage", step=1, after=0, to_role="quality_head", actor=head)
    _overdue(people, anna)
    clock = system_user("escalation")
    second: list[Escalation] = []

    def beat() -> None:
        try:
            second.extend(escalate_due(actor=clock))
        finally:
            connection.close()

    with transaction.atomic():
        assert len(escalate_due(actor=clock)) == 1
        thread = threading.Thread(target=beat)
        thread.start()
        thread.join(timeout=10)
        assert not thread.is_alive()
    assert second == []
    assert Escalation.objects.count() == 1


@pytest.mark.requirement("ORD-08")
def test_a_plant_just_set_up_escalates_to_its_head_of_quality(people: People) -> None:
    people.role("quality_head")
    people.role("lead")
    wiring.publish(PlantSetUp(people.graz.pk))
    day = 24 * 60
    wanted = (
        (1, -7 * day, "asked", ""),
        (2, -day, "asked", ""),
        (3, 0, "both", "lead"),
        (4, 3 * day, "role", "lead"),
        (5, 10 * day, "role", "quality_head"),
    )
    assert set(EscalationRule.objects.values_list("kind", "step", "after", "whom", "to_role")) == {
        (kind, *step) for kind in ("triage", "review", "approval", "action", "training") for step in wanted
    }
