"""Whoever may approve routings finds a submitted revision in the inbox, and the author finds a rejected one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.lifecycle.services import perform
from core.organization.models import Grant, Site, User
from core.organization.services import system_user
from core.organization.services.people import end_grant
from core.worklist.models import Notification
from core.worklist.queries import unread_by, work_of
from mes.routing.models import RoutingRevision
from tests.core.worklist.conftest import make_people
from tests.support.people import make_site, make_user, proof
from tests.support.routings import ENGINEER, Shop, make_shop
from tests.support.visits import visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-13", "REC-20", "ORD-02")]

QUALITY = ("mes_routing.view_routing", "mes_routing.approve_routingrevision")
NOBODY = "Nobody at this site may do it yet"


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def shop(site: Site) -> Shop:
    """Paul, who writes, and Petra, who may do as much: process engineers both."""
    return make_shop(site)


def finds(person: User, revision: RoutingRevision) -> bool:
    return [work.subject_id for work in work_of(person)] == [revision.pk]


def page_of(person: User, revision: RoutingRevision) -> str:
    answer = visit_as(person).get(revision.get_absolute_url(), {"part": "signatures"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_submitted_routing_is_asked_of_whoever_may_approve_it_at_its_site_but_its_author(shop: Shop) -> None:
    people = make_people()
    quinn = people.person("quinn", "head_of_quality_as_we_call_it", shop.site, *QUALITY)
    reader = people.person("rita", "process_engineer", shop.site, "mes_routing.view_routing")
    elsewhere = people.person("lin", "quality", people.linz, *QUALITY)
    revision = shop.submitted("Turn")
    assert finds(quinn, revision) and finds(shop.approver, revision)
    for stranger in (shop.author, reader, elsewhere):
        assert not work_of(stranger).exists()
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"quinn", shop.approver.username}
    perform(revision, "reject", actor=shop.approver, reason="The cutting speed is missing")
    assert not work_of(quinn).exists() and not unread_by(quinn).exists()
    (rework,) = work_of(shop.author)
    assert "cutting speed" in rework.title


def test_somebody_else_submits_and_the_author_is_left_out_all_the_same(shop: Shop) -> None:
    revision = shop.draft("Turn")
    third = make_user(site=shop.site, permissions=ENGINEER)
    perform(revision, "submit", actor=third, signature=proof(third, "authored"))
    assert finds(shop.approver, revision) and not work_of(shop.author).exists()


def test_the_author_is_asked_for_the_date_of_what_another_approved(shop: Shop) -> None:
    revision = shop.approve(shop.submitted("Turn"))
    assert finds(shop.author, revision) and finds(shop.approver, revision)


def test_the_pages_say_in_words_who_is_asked(shop: Shop) -> None:
    revision = shop.submitted("Turn")
    words = f"Whoever may approve routings, other than {shop.author}"
    page = page_of(shop.author, revision)
    assert words in page and NOBODY not in page
    inbox = visit_as(shop.approver).get("/core/worklist/inbox/").content.decode()
    assert f"{words} · {shop.site.code}" in inbox


def test_the_page_says_that_nobody_else_may_do_it(shop: Shop) -> None:
    revision = shop.submitted("Turn")
    for grant in Grant.objects.filter(user=shop.approver):
        end_grant(grant=grant, actor=system_user("test"), reason="Left us")
    assert NOBODY in page_of(shop.author, revision)
    make_user(site=make_site(), permissions=QUALITY)
    assert NOBODY in page_of(shop.author, revision)
    newcomer = make_user(site=shop.site, permissions=QUALITY)
    assert NOBODY not in page_of(shop.author, revision)
    assert finds(newcomer, revision)


def test_the_inbox_costs_no_more_for_more_routings(shop: Shop) -> None:
    costs = []
    for _more in (1, 3):
        for _each in range(_more):
            shop.submitted("Turn")
        with CaptureQueriesContext(connection) as asked:
            visit_as(shop.approver).get("/core/worklist/inbox/")
        costs.append(len(asked))
    assert costs[0] == costs[1] and work_of(shop.approver).count() == 4
