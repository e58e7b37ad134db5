"""Who finds the work on a nonconformance: whoever may do it, by whatever role, but for who may sign nothing of it."""

from __future__ import annotations

import pytest

from core.organization.models import Grant, User
from core.organization.services import system_user
from core.organization.services.people import end_grant
from core.worklist.models import Assignment, Kind
from core.worklist.queries import work_of
from qms.nonconformance import services
from qms.nonconformance.models import NonConformance
from tests.core.worklist.conftest import People
from tests.qms.nonconformance.conftest import APP, ENGINEER, Case
from tests.support.people import make_user
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("REC-13", "REC-20", "ORD-16")


@pytest.fixture
def quinn(case: Case) -> User:
    """Holds the rights by a role that the plant made itself."""
    people = People(case.world.site, case.world.site)
    rights = ("view_nonconformance", "triage_nonconformance", "approve_disposition")
    return people.person("quinn", "our_own_role", case.world.site, *(f"{APP}.{right}" for right in rights))


def kinds(person: User, record: NonConformance) -> set[str]:
    return set(work_of(person).filter(subject_id=record.pk).values_list("kind", flat=True))


def test_whoever_may_triage_is_asked_to(case: Case, quinn: User) -> None:
    found = case.raised((case.world.lot(), 1))
    assert kinds(quinn, found) == kinds(case.engineer, found) == {"triage"}
    assert kinds(case.operator, found) == set()


def test_an_approval_reaches_whoever_may_but_not_who_proposed_it(case: Case, quinn: User) -> None:
    found = case.under_review((case.world.lot(10), 10), owner=case.second)
    assert "approval" in kinds(case.engineer, found)  # nothing is proposed yet
    line = case.propose(found.items.get(), "use_as_is", 10)
    assert kinds(case.engineer, found) == set()
    assert kinds(quinn, found) == {"approval"} and "approval" in kinds(case.second, found)
    services.withdraw_disposition(disposition=line, reason="Too early", actor=case.engineer)
    assert kinds(case.engineer, found) == {"approval"}


def test_what_was_proposed_before_the_review_counts_too(case: Case, quinn: User) -> None:
    found = case.opened((case.world.lot(10), 10), owner=case.second)
    case.propose(found.items.get(), "repair", 10)
    services.answer_recurrence(nonconformance=found, recurrence="no", note="New tool.", actor=case.engineer)
    case.contain(found)
    services.send_to_review(nonconformance=found, actor=case.engineer)
    assert kinds(case.engineer, found) == set() and kinds(quinn, found) == {"approval"}


def test_who_may_sign_some_of_it_is_asked(case: Case, quinn: User) -> None:
    found = case.under_review((case.world.lot(10), 10), owner=case.second)
    item = found.items.get()
    case.propose(item, "use_as_is", 4)
    scrap = case.propose(item, "scrap", 1)
    assert kinds(case.engineer, found) == {"approval"}  # scrap needs no second person
    services.withdraw_disposition(disposition=scrap, reason="Not yet", actor=case.engineer)
    assert kinds(case.engineer, found) == set()
    theirs = case.propose(item, "use_as_is", 6, actor=make_user(site=case.world.site, permissions=ENGINEER))
    assert kinds(case.engineer, found) == {"approval"}  # each may sign what the other proposed
    case.approve(theirs, actor=case.engineer)
    assert kinds(case.engineer, found) == set()
    case.approve(found.items.get().dispositions.get(status="proposed"), actor=case.second)
    assert not Assignment.objects.filter(kind=Kind.APPROVAL, status="open").exists()


def test_its_page_says_who_is_asked_and_when_nobody_may(case: Case) -> None:
    found = case.under_review((case.world.lot(10), 10), owner=case.second)
    case.propose(found.items.get(), "use_as_is", 10)
    words, nobody = f"Whoever may approve dispositions, other than {case.engineer}", "Nobody at this site may do it yet"
    page = visit_as(case.engineer).get(found.get_absolute_url()).content.decode()
    assert words in page and nobody not in page
    for grant in Grant.objects.filter(user=case.second):
        end_grant(grant=grant, actor=system_user("test"), reason="Left us")
    page = visit_as(case.engineer).get(found.get_absolute_url()).content.decode()
    assert words in page and nobody in page
