"""Work that is asked of whoever holds a right: who finds it, who is left out, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Area, Grant, Role, Site, User
from core.organization.services import system_user
from core.organization.services.people import end_grant
from core.trail.queries.wording import label_of, words_of_value
from core.worklist.models import Assignment, Notification
from core.worklist.queries import asked_in_words, may_pass_on, people_for, unread_by, work_of, work_on
from core.worklist.services import assign, escalate_due, leave_out, reassign, set_escalation_rule
from tests.core.worklist.conftest import People
from tests.support.ladders import raised_by

pytestmark = pytest.mark.requirement("REC-20")

SEE_SITES = "core_organization.view_site"
SIGN = "core_oversight.sign_accessreview"


def asked(site: Site, actor: User, **values: Any) -> Assignment:
    """Work on the site, asked of whoever may sign access reviews there."""
    return assign(subject=site, kind="approval", title="Sign it", actor=actor, **{"to_permission": SIGN, **values})


def is_held(record: Site | Role) -> bool:
    """Whether somebody may do the one piece of work on the record."""
    (work,) = work_on(record)
    return bool(work.right_is_held)  # type: ignore[attr-defined]  # annotated


@pytest.fixture
def paul(people: People) -> User:
    """The author, who holds the right himself."""
    return people.person("paul", "engineer", people.graz, SEE_SITES, SIGN)


@pytest.fixture
def quinn(people: People) -> User:
    """Holds the right by a role that the plant made itself."""
    return people.person("quinn", "our_own_role", people.graz, SEE_SITES, SIGN)


def test_it_reaches_whoever_holds_the_right_at_the_site_by_whatever_role(
    people: People, paul: User, quinn: User
) -> None:
    elsewhere = people.person("emil", "engineer_there", people.linz, SEE_SITES, SIGN)
    reader = people.person("rita", "reader", people.graz, SEE_SITES)
    work = asked(people.graz, paul)
    assert list(work_of(quinn)) == list(work_of(paul)) == [work]
    assert not work_of(elsewhere).exists() and not work_of(reader).exists()
    assert list(work_of(quinn, whose="roles")) == [work] and not work_of(quinn, whose="mine").exists()
    assert [found.user for found in Notification.objects.all()] == [quinn]  # paul asked
    late = people.person("late", "our_own_role", people.graz)
    assert list(work_of(late)) == [work]


def test_the_one_left_out_neither_finds_it_nor_is_told_nor_passes_it_on(
    people: People, paul: User, quinn: User
) -> None:
    boss = people.person("boss")
    work = asked(people.graz, boss, not_to=paul)
    assert not work_of(paul).exists() and not unread_by(paul).exists() and not may_pass_on(paul, work)
    assert list(work_of(quinn)) == [work] and unread_by(quinn).count() == 1 and may_pass_on(quinn, work)
    assert not Notification.objects.filter(user=paul).exists()


def test_a_right_over_a_part_of_the_site_is_not_asked(people: People) -> None:
    with transaction.atomic(), acting(system_user("tests")):
        area = Area(site=people.graz, code="A1", name="Assembly")
        area.save()
        role = people.role("area_engineer", SIGN)
        ann = people.person("ann", "reader", people.graz, SEE_SITES)
        Grant(user=ann, role=role, area=area, starts=now() - timedelta(days=1)).save()
    work = asked(people.graz, people.person("boss"))
    assert not work_of(ann).exists() and not Notification.objects.exists() and not may_pass_on(ann, work)


def test_work_of_no_site_reaches_whoever_holds_the_right_anywhere(people: People, quinn: User) -> None:
    seer = people.person("seer", "our_own_role", people.linz, "core_organization.view_user")
    nobody = people.person("nobody", "reader", people.graz, "core_organization.view_user")
    subject = Role.objects.get(code="our_own_role")
    work = assign(subject=subject, kind="approval", title="Sign it", to_permission=SIGN, actor=system_user("tests"))
    assert work.site is None
    assert list(work_of(seer)) == [work] and not work_of(nobody).exists()
    assert {found.user for found in Notification.objects.all()} == {seer, quinn}
    assert is_held(subject)


def test_who_loses_the_right_finds_and_reads_it_no_more(people: People, quinn: User) -> None:
    people.person("quinn", "reader", people.graz, SEE_SITES)
    work = asked(people.graz, people.person("boss"))
    assert unread_by(quinn).count() == 1 and is_held(people.graz)
    end_grant(
        grant=Grant.objects.get(user=quinn, role__code="our_own_role"), actor=system_user("tests"), reason="Moved on"
    )
    assert not work_of(quinn).exists() and not unread_by(quinn).exists()
    assert list(work_on(people.graz)) == [work] and not is_held(people.graz)


def test_the_author_alone_is_nobody_who_may(people: People, paul: User) -> None:
    asked(people.graz, paul, not_to=paul)
    assert not is_held(people.graz)
    people.person("quinn", "our_own_role", people.graz, SEE_SITES, SIGN)
    assert is_held(people.graz)


def test_it_is_said_in_words_who_is_asked(people: People, paul: User) -> None:
    right = "Whoever may sign access reviews, which ends the grants that were decided to end"
    work = asked(people.graz, paul)
    assert asked_in_words(work) == right
    work.not_to = paul
    assert asked_in_words(work) == f"{right}, other than Paul"
    work.to_user = paul
    assert asked_in_words(work) == "Paul"
    assert asked_in_words(Assignment(to_role="lead"), "Shift lead") == "Shift lead"
    assert label_of(Assignment._meta.get_field("to_permission")) == "right"
    assert label_of(Assignment._meta.get_field("not_to")) == "not asked"
    assert words_of_value(work.to_permission) == right.replace("Whoever may s", "S")


@pytest.mark.parametrize(
    ("values", "words"),
    [({"to_permission": "core.no_such"}, "unknown permission"), ({"to_permission": ""}, "given to a person")],
)
def test_an_unknown_right_and_nobody_are_refused(people: People, paul: User, values: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        asked(people.graz, paul, **values)
    assert not Assignment.objects.exists()


def test_nobody_is_asked_and_left_out_at_once(people: People, paul: User) -> None:
    with pytest.raises(ValueError, match="leaves out"):
        asked(people.graz, paul, to_user=paul, not_to=paul)
    work = asked(people.graz, paul, not_to=paul)
    work.to_user = paul
    with pytest.raises(IntegrityError, match="ck_assignment_not_to"), transaction.atomic(), acting(paul):
        work.save()
    work.refresh_from_db()
    work.to_permission = ""
    with pytest.raises(IntegrityError, match="ck_assignment_to_somebody"), transaction.atomic(), acting(paul):
        work.save()


def test_it_is_passed_on_only_to_somebody_who_may_do_it_and_is_not_left_out(
    people: People, paul: User, quinn: User
) -> None:
    lead = people.person("lead", "lead", people.graz, SEE_SITES, "core_worklist.reassign_assignment")
    other = people.person("otto", "our_own_role", people.graz)
    work = asked(people.graz, lead, not_to=paul)
    assert set(people_for([work])) == {quinn, other}
    for unfit in (paul, lead):
        with pytest.raises(Blocked) as refused:
            reassign(assignment=work, to_user=unfit, reason="On leave", actor=lead)
        assert refused.value.codes == ("person_right",) and refused.value.blockers[0].remedy
    work.refresh_from_db()
    assert (work.to_user, work.to_permission, work.row_version) == (None, SIGN, 1)
    reassign(assignment=work, to_user=other, reason="On leave", actor=lead)
    work.refresh_from_db()
    assert (work.to_user, work.to_permission, work.not_to) == (other, "", paul)
    assert list(work_of(other)) == [work] and not work_of(quinn).exists() and not unread_by(quinn).exists()
    assert paul not in people_for([work])
    first = work.history.order_by("history_id")[0]
    assert (first.to_permission, first.not_to_id) == (SIGN, paul.pk)


def test_overdue_it_escalates_and_never_to_the_one_left_out(people: People, paul: User) -> None:
    head = people.person("head", "quality_head", people.graz, SEE_SITES, "core_worklist.change_escalationrule")
    people.person("paul", "quality_head", people.graz)
    set_escalation_rule(kind="approval", step=1, after=0, to_role="quality_head", actor=head)
    set_escalation_rule(kind="approval", step=2, after=1, to_role="quality_head", actor=head)
    work = asked(people.graz, head, not_to=paul, due_at=now() - timedelta(minutes=5))
    raised = [raised_by(found) for found in escalate_due(actor=system_user("escalation"))]
    assert [(found.to_user, found.to_role, found.not_to) for found in raised] == [
        (head, "quality_head", paul),
        (None, "quality_head", paul),
    ]
    assert not work_of(paul).exists() and not Notification.objects.filter(user=paul).exists()
    assert set(work_of(head)) == set(raised) and work not in work_of(head)


def test_who_is_left_out_can_change_while_it_is_open(people: People, paul: User, quinn: User) -> None:
    work = asked(people.graz, paul, not_to=paul)
    assert leave_out(subject=people.graz, kind="approval", person=paul, actor=quinn) == []
    assert leave_out(subject=people.graz, kind="review", person=quinn, actor=quinn) == []
    assert leave_out(subject=people.graz, kind="approval", person=quinn, actor=paul) == [work]
    assert list(work_of(paul)) == [work] and not work_of(quinn).exists()
    leave_out(subject=people.graz, kind="approval", person=None, actor=paul)
    assert list(work_of(quinn)) == [work] and work.history.count() == 3


def test_one_statement_finds_the_work_of_any_number_of_rights(people: People, quinn: User) -> None:
    for right in ("core_oversight.view_accessreview", "core_oversight.add_accessreview"):
        people.role("our_own_role", right)
        asked(people.graz, quinn, to_permission=right, not_to=None)
    list(work_of(quinn))  # the kinds of record are known from here on
    with CaptureQueriesContext(connection) as spent:
        assert [asked_in_words(work) for work in work_of(quinn)] == [
            "Whoever may see access reviews",
            "Whoever may review who holds which role: open a review, decide about its lines",
        ]
    assert len(spent) == 2  # the rights, the rows
