"""Ladders as data: which counts for which work, whom a step reaches, quiet after a new date, preview."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.services import system_user
from core.trail.queries import events_of
from core.worklist.models import Assignment, Escalation, EscalationRule, Notification
from core.worklist.queries.ladders import preview
from core.worklist.services import assign, escalate_due, move_due, set_escalation_rule, set_first_ladder
from tests.core.worklist.conftest import People
from tests.support.visits import visit_as as signed_in

pytestmark = pytest.mark.requirement("WRK-01")
SEE_SITES = "core_organization.view_site"
DAY = 24 * 60
CLOCK = "escalation"


def head_of(people: People) -> User:
    return people.person(
        "head", "quality_head", people.graz, SEE_SITES, "core_worklist.change_escalationrule",
        "core_worklist.view_escalationrule", "core_worklist.reassign_assignment",
    )  # fmt: skip


def work(
    people: People, person: User | None, late: timedelta, *, since: timedelta = timedelta(days=30), **more: Any
) -> Assignment:
    """Work whose due date was set long ago and passed so much time ago (negative: is still to come)."""
    asked: dict[str, Any] = {"to_user": person} if person is not None else {}
    given = assign(
        subject=more.pop("subject", people.graz), kind="action", title="Do it", due_at=now() - late,
        actor=system_user("tests"), **asked, **more,
    )  # fmt: skip
    with transaction.atomic(), acting(system_user("tests")):
        given.due_since = now() - since
        given.save()
    return given


def run() -> list[Escalation]:
    return escalate_due(actor=system_user(CLOCK))


def told(escalation: Escalation) -> set[str]:
    about = {escalation.assignment_id, *([escalation.raised_id] if escalation.raised_id else [])}
    return {one.user.username for one in Notification.objects.filter(assignment__in=about).exclude(cause="assigned")}


def test_the_first_ladder_reaches_owner_manager_department_and_quality_in_turn(people: People) -> None:
    boss = people.person("boss", "boss", people.graz, SEE_SITES)
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    people.person("leader", "lead", people.graz, SEE_SITES)
    head_of(people)
    with transaction.atomic(), acting(system_user("tests")):
        anna.manager = boss
        anna.save()
    set_first_ladder(actor=system_user("setup"))
    open_work = work(people, anna, -timedelta(days=6))
    seen = []
    for late in (timedelta(days=-6), timedelta(hours=-23), timedelta(minutes=1), timedelta(days=3), timedelta(days=10)):
        with transaction.atomic(), acting(system_user("tests")):
            open_work.refresh_from_db()
            open_work.due_at = now() - late
            open_work.save()
        (escalation,) = run()
        assert run() == []
        seen.append((escalation.step, escalation.told, escalation.raised is not None))
    assert seen == [
        (1, "Anna", False),
        (2, "Anna", False),
        (3, "Anna, Boss", True),
        (4, "Leader", True),
        (5, "Head", True),
    ]
    events = [event for event in events_of(people.graz) if event.kind == "escalated"]
    assert len(events) == 5
    assert "7 days before it is due" in events[-1].text


def test_without_a_manager_the_department_is_asked_and_nobody_twice(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    people.person("leader", "lead", people.graz, SEE_SITES)
    head = head_of(people)
    set_escalation_rule(kind="action", step=1, after=0, whom="manager", to_role="lead", actor=head)
    work(people, anna, timedelta(minutes=1))
    (escalation,) = run()
    assert told(escalation) == {"leader"}


def test_a_manager_who_may_not_see_the_record_is_passed_over(people: People) -> None:
    boss = people.person("boss")
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    leader = people.person("leader", "lead", people.graz, SEE_SITES)
    with transaction.atomic(), acting(system_user("tests")):
        anna.manager = boss
        anna.save()
    set_escalation_rule(kind="action", step=1, after=0, whom="manager", to_role="lead", actor=head_of(people))
    work(people, anna, timedelta(minutes=1))
    (escalation,) = run()
    assert escalation.raised is not None
    assert escalation.raised.to_user == leader


def test_a_named_person_is_asked_by_mail_at_once(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    emil = people.person("emil", "quality", people.graz, SEE_SITES)
    people.role("lead")
    set_escalation_rule(
        kind="action", step=1, after=0, whom="person", to_user=emil, to_role="lead", by_mail=True, actor=head_of(people)
    )
    work(people, anna, timedelta(minutes=1))
    (escalation,) = run()
    assert told(escalation) == {"emil"}
    assert Notification.objects.get(cause="escalated").by_mail


def test_the_ladder_that_names_the_record_counts_before_the_sites_and_the_general_one(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    head = head_of(people)
    kind = ContentType.objects.get_for_model(people.graz)
    for step, named in enumerate(({}, {"site": people.graz}, {"record_type": kind}), 1):
        set_escalation_rule(kind="action", step=step, after=0, whom="asked", actor=head, **named)  # type: ignore[arg-type]
    of_the_record = work(people, anna, timedelta(minutes=1))
    elsewhere = work(people, anna, timedelta(minutes=1), subject=people.graz_area(), site=people.linz)
    at_the_site = work(people, anna, timedelta(minutes=1), subject=people.graz_area())
    assert {(one.assignment_id, one.step) for one in run()} == {
        (of_the_record.pk, 3), (at_the_site.pk, 2), (elsewhere.pk, 1),
    }  # fmt: skip


def test_a_step_that_had_passed_when_the_date_was_set_is_not_taken(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    set_escalation_rule(kind="action", step=1, after=-7 * DAY, whom="asked", actor=head_of(people))
    work(people, anna, -timedelta(days=2), since=timedelta(0))
    assert run() == []


def test_a_new_date_makes_it_quiet_and_counts_afresh(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    head = head_of(people)
    set_escalation_rule(kind="action", step=1, after=0, to_role="quality_head", actor=head)
    late = work(people, anna, timedelta(minutes=1))
    (first,) = run()
    move_due(subject=people.graz, kind="action", due_at=now() + timedelta(days=2), actor=head)
    assert first.raised is not None
    first.raised.refresh_from_db()
    assert first.raised.status == "cancelled"
    assert run() == []
    late.refresh_from_db()
    assert (late.due_version, late.status) == (2, "open")
    with transaction.atomic(), acting(system_user("tests")):
        late.due_at = now() - timedelta(minutes=1)
        late.save()
    assert [one.due_version for one in run()] == [2]


def test_a_step_is_a_fact_that_cannot_be_doubled(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    set_escalation_rule(kind="action", step=1, after=0, whom="asked", actor=head_of(people))
    work(people, anna, timedelta(minutes=1))
    (taken,) = run()
    refused = pytest.raises(IntegrityError, match="uq_escalation_step_version")
    with refused, transaction.atomic(), acting(system_user("tests")):
        again = Escalation(assignment=taken.assignment, rule=taken.rule, step=1, due_version=1, due_at=taken.due_at)
        Escalation.objects.bulk_create([again])
    assert Escalation.objects.count() == 1


def test_many_pieces_of_work_take_no_more_statements_than_few(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    people.person("leader", "lead", people.graz, SEE_SITES)
    head = head_of(people)
    set_escalation_rule(kind="action", step=1, after=0, whom="both", to_role="lead", actor=head)
    counted = []
    for number in (2, 40):
        for _ in range(number):
            work(people, anna, timedelta(minutes=1))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert len(run()) == number
        counted.append(len(seen))
    assert counted[1] <= counted[0], "the first also learns the kinds of records"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"whom": "role", "to_role": "nobody"}, "role_unknown"),
        ({"whom": "manager", "to_role": ""}, "role_unknown"),
        ({"whom": "person", "to_role": "lead"}, "person_missing"),
        ({"whom": "asked", "severity": "worst"}, "severity_unknown"),
    ],
)
def test_a_step_that_reaches_nobody_is_refused(people: People, values: dict[str, Any], code: str) -> None:
    people.role("lead")
    with pytest.raises(Blocked) as refused:
        set_escalation_rule(kind="action", step=1, after=0, actor=head_of(people), **values)
    assert [one.code for one in refused.value.blockers] == [code]
    assert all(one.remedy for one in refused.value.blockers)
    assert not EscalationRule.objects.exists()


def test_the_preview_says_what_would_happen_and_does_nothing(people: People) -> None:
    anna = people.person("anna", "quality", people.graz, SEE_SITES)
    head = head_of(people)
    rules = [
        set_escalation_rule(kind="action", step=1, after=-DAY, whom="asked", actor=head),
        set_escalation_rule(kind="action", step=2, after=0, to_role="quality_head", is_active=False, actor=head),
    ]
    work(people, anna, timedelta(minutes=1))
    work(people, anna, -timedelta(days=3))
    found = preview(rules, head)
    assert [(one.now, one.within_a_week) for one in found.steps] == [(1, 1), (1, 1)]
    assert found.open == 2
    assert not Escalation.objects.exists()
    page = signed_in(head).get(reverse("core_worklist:escalationrule_preview", args=[rules[0].pk])).content.decode()
    assert "1 day before it is due" in page
    assert "Do it" in page
    blind = people.person("blind", "looker", people.linz, "core_worklist.view_escalationrule")
    hidden = signed_in(blind).get(reverse("core_worklist:escalationrule_preview", args=[rules[0].pk])).content.decode()
    assert "Do it" not in hidden


def test_a_step_is_set_in_days_before_on_its_page(people: People) -> None:
    head = head_of(people)
    client = signed_in(head)
    values = {"kind": "review", "step": "2", "side": "before", "amount": "7", "unit": "days", "whom": "asked",
              "is_active": "on"}  # fmt: skip
    assert client.post(reverse("core_worklist:escalationrule_create"), values).status_code == 302
    rule = EscalationRule.objects.get()
    assert (rule.after, rule.whom, rule.when) == (-7 * DAY, "asked", "7 days before it is due")
    refused = client.post(reverse("core_worklist:escalationrule_create"), {**values, "step": "3", "whom": "manager"})
    assert refused.status_code == 422
    assert EscalationRule.objects.count() == 1
