"""Delegation, absence and leaving: the work goes to somebody who is there, with a record, and comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.services import people as accounts
from core.organization.services import system_user
from core.worklist.models import Assignment, Delegation, Notification
from core.worklist.queries import asked_in_words, work_of
from core.worklist.queries.standing_in import acts_for
from core.worklist.services import assign
from core.worklist.services.standing_in import delegate, end_delegation, keep_delegations
from tests.core.worklist.conftest import People
from tests.support.visits import visit_as as signed_in

pytestmark = pytest.mark.requirement("WRK-02")
SEE_SITES = "core_organization.view_site"


@pytest.fixture
def anna(people: People) -> User:
    return people.person("anna", "quality", people.graz, SEE_SITES)


@pytest.fixture
def emil(people: People) -> User:
    return people.person("emil", "quality", people.graz, SEE_SITES)


def given(people: People, person: User, kind: str = "action", **more: Any) -> Assignment:
    return assign(subject=people.graz, kind=kind, title=f"{kind} of {person}", to_user=person,
                  actor=system_user("tests"), **more)  # fmt: skip


def passed(anna: User, emil: User, *, days: int = 5, begins: int = -1, **more: Any) -> Delegation:
    moment = now()
    return delegate(
        from_user=anna, to_user=emil, starts=moment + timedelta(days=begins), ends=moment + timedelta(days=days),
        reason="On leave", actor=more.pop("actor", anna), **more,
    )  # fmt: skip


def changed(record: Any, **values: Any) -> None:
    with transaction.atomic(), acting(system_user("tests")):
        record.refresh_from_db()
        for name, value in values.items():
            setattr(record, name, value)
        record.save()


def test_both_see_delegated_work_and_only_the_kinds_named(people: People, anna: User, emil: User) -> None:
    before, training = given(people, anna), given(people, anna, "training")
    review = given(people, anna, "review")
    passed(anna, emil, kinds=["action"])
    after = given(people, anna)
    assert set(work_of(emil)) == {before, after}
    assert set(work_of(anna)) == {before, after, training, review}
    before.refresh_from_db()
    assert asked_in_words(before) == "Anna, also Emil"
    assert acts_for(emil, anna, people.graz)
    assert not acts_for(emil, anna, people.graz, "training")
    assert not acts_for(people.person("paul"), anna, people.graz)


def test_an_ended_delegation_gives_nothing_any_more(people: People, anna: User, emil: User) -> None:
    work = given(people, anna)
    delegation = passed(anna, emil)
    end_delegation(delegation=delegation, reason="Back early", actor=emil)
    assert list(work_of(emil)) == []
    assert not acts_for(emil, anna, people.graz)
    work.refresh_from_db()
    assert (work.to_user, work.also_to, work.delegation) == (anna, None, None)
    delegation.refresh_from_db()
    assert delegation.ended_early
    assert delegation.history.count() >= 3
    with pytest.raises(Blocked, match="ended already"):
        end_delegation(delegation=delegation, reason="again", actor=emil)


def test_an_absence_sends_open_and_new_work_to_the_substitute_and_brings_it_back(
    people: People, anna: User, emil: User
) -> None:
    before, training = given(people, anna), given(people, anna, "training")
    absence = passed(anna, emil, is_absence=True)
    after = given(people, anna)
    assert set(work_of(emil)) == {before, after}
    assert set(work_of(anna)) == {training}
    after.refresh_from_db()
    assert (after.to_user, after.for_user, after.delegation) == (emil, anna, absence)
    assert asked_in_words(after) == "Emil, for Anna"
    assert Notification.objects.filter(user=emil, cause="reassigned", assignment=before).exists()
    changed(absence, ends=now())
    assert keep_delegations(actor=system_user("escalation")) == 1
    assert keep_delegations(actor=system_user("escalation")) == 0
    assert set(work_of(anna)) == {before, after, training}
    assert list(work_of(emil)) == []
    assert Notification.objects.filter(user=anna, cause="returned").count() == 2


def test_an_absence_that_begins_later_waits_for_its_day(people: People, anna: User, emil: User) -> None:
    work = given(people, anna)
    absence = passed(anna, emil, begins=1, is_absence=True)
    clock = system_user("escalation")
    assert keep_delegations(actor=clock) == 0
    assert list(work_of(anna)) == [work]
    changed(absence, starts=now())
    assert keep_delegations(actor=clock) == 1
    assert list(work_of(emil)) == [work]


def test_work_that_the_substitute_may_not_do_stays(people: People, anna: User) -> None:
    stranger = people.person("stranger", "other", people.linz, SEE_SITES)
    seen = given(people, anna)
    left_out = given(people, anna, not_to=people.person("emil", "quality", people.graz, SEE_SITES))
    passed(anna, stranger, is_absence=True, kinds=["review"])
    passed(anna, people.by_name["emil"], is_absence=True, kinds=["action"])
    assert set(work_of(anna)) == {left_out}
    assert set(work_of(people.by_name["emil"])) == {seen}
    review = given(people, anna, "review")
    assert review.to_user == anna


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to_user": "anna"}, "oneself"),
        ({"ends": -2}, "ends_early"),
        ({"ends": 900}, "too_long"),
        ({"kinds": ["training"]}, "never_for_another"),
        ({"reason": " "}, "reason_missing"),
        ({"to_user": "gone"}, "person_inactive"),
    ],
)
def test_what_makes_no_sense_is_refused(
    people: People, anna: User, emil: User, change: dict[str, Any], code: str
) -> None:
    gone = people.person("gone", "quality", people.graz, SEE_SITES)
    changed(gone, is_active=False)
    moment = now()
    values: dict[str, Any] = {"to_user": emil, "starts": moment, "ends": moment + timedelta(days=3), "reason": "Leave"}
    values |= change
    if "to_user" in change:
        values["to_user"] = people.by_name[change["to_user"]]
    if "ends" in change:
        values["ends"] = moment + timedelta(days=change["ends"])
    with pytest.raises(Blocked) as refused:
        delegate(from_user=anna, actor=anna, **values)
    assert code in [one.code for one in refused.value.blockers]
    assert all(one.remedy for one in refused.value.blockers)
    assert not Delegation.objects.exists()


def test_the_same_work_is_not_delegated_twice_nor_in_a_circle(people: People, anna: User, emil: User) -> None:
    passed(anna, emil, is_absence=True)
    with pytest.raises(Blocked, match="The same work"):
        passed(anna, people.person("paul", "quality", people.graz), kinds=["action"])
    with pytest.raises(Blocked, match="away then"):
        passed(emil, anna, is_absence=True, actor=emil)
    assert Delegation.objects.count() == 1


def test_for_others_only_with_the_right(people: People, anna: User, emil: User) -> None:
    lead = people.person("lead", "lead", people.graz, "core_worklist.reassign_assignment")
    with pytest.raises(Blocked):
        passed(anna, emil, actor=emil)
    assert not Delegation.objects.exists()
    passed(anna, emil, actor=lead, is_absence=True)
    assert Delegation.objects.get().from_user == anna


@pytest.mark.requirement("WRK-03")
def test_nothing_stays_with_somebody_who_left(people: People, anna: User, emil: User) -> None:
    boss = people.person("boss", "boss", people.graz, SEE_SITES)
    admin = people.person("ada", "admin", people.graz, "core_organization.change_user")
    changed(anna, manager=boss)
    work, training = given(people, anna), given(people, anna, "training")
    of_emil = given(people, emil)
    passed(emil, anna, is_absence=True, actor=emil)
    accounts.deactivate_user(user=anna, actor=admin, reason="Left")
    assert not Assignment.objects.filter(status="open", to_user__is_active=False).exists()
    work.refresh_from_db()
    training.refresh_from_db()
    of_emil.refresh_from_db()
    assert (work.to_user, work.for_user) == (boss, anna)
    assert training.status == "cancelled"
    assert of_emil.to_user == emil
    assert Notification.objects.filter(user=boss, cause="reassigned").exists()
    assert work.history.first().history_user == system_user("escalation")
    assert acts_for(boss, anna, people.graz)


@pytest.mark.requirement("WRK-03")
def test_without_a_manager_whoever_gives_out_work_is_asked(people: People, anna: User) -> None:
    lead = people.person("lead", "lead", people.graz, "core_worklist.reassign_assignment", SEE_SITES)
    admin = people.person("ada", "admin", people.graz, "core_organization.change_user")
    work = given(people, anna)
    accounts.deactivate_user(user=anna, actor=admin, reason="Left")
    work.refresh_from_db()
    assert (work.to_user, work.to_permission, work.for_user) == (None, "core_worklist.reassign_assignment", anna)
    assert list(work_of(lead)) == [work]
    anna.refresh_from_db()
    late = given(people, anna)
    assert late.to_user is None, "new work does not go to who has left"


def test_the_pages_take_a_delegation_and_end_it(people: People, anna: User, emil: User) -> None:
    work = given(people, anna)
    client = signed_in(anna)
    moment = now()
    values = {
        "from_user": anna.pk, "to_user": emil.pk, "starts": f"{moment - timedelta(days=1):%Y-%m-%dT%H:%M}",
        "ends": f"{moment + timedelta(days=3):%Y-%m-%dT%H:%M}", "reason": "On leave", "kinds": ["action"],
    }  # fmt: skip
    assert client.post(reverse("core_worklist:delegation_create"), {**values, "from_user": emil.pk}).status_code == 422
    assert client.post(reverse("core_worklist:delegation_create"), values).status_code == 302
    delegation = Delegation.objects.get()
    assert "Emil" in client.get(reverse("core_worklist:delegation_list")).content.decode()
    assert "for" in signed_in(emil).get(reverse("core_worklist:assignment_inbox")).content.decode()
    assert list(work_of(emil)) == [work]
    end = reverse("core_worklist:delegation_end", args=[delegation.pk])
    stranger = people.person("stranger", "other", people.linz, SEE_SITES)
    assert signed_in(stranger).get(end).status_code == 404
    delegation.refresh_from_db()
    ended = signed_in(emil).post(end, {"reason": "Back early", "version": delegation.row_version})
    assert ended.status_code == 302, ended.content.decode()[-2000:]
    assert list(work_of(emil)) == []
