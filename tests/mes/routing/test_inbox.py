"""Whoever approves routings finds a submitted revision in the inbox, and the author finds a rejected one."""

from __future__ import annotations

import pytest

from core.lifecycle.services import perform
from core.worklist.queries import work_of
from tests.core.worklist.conftest import make_people
from tests.support.people import make_site
from tests.support.routings import make_shop

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-13", "ORD-02")]


def test_a_submitted_routing_is_asked_of_the_process_engineers_of_its_site() -> None:
    people = make_people()
    site = make_site()
    person = people.person("pia", "process_engineer", site, "mes_routing.view_routing")
    elsewhere = people.person("lin", "process_engineer", people.linz, "mes_routing.view_routing")
    shop = make_shop(site)
    revision = shop.submitted("Turn")
    assert [work.subject_id for work in work_of(person)] == [revision.pk]
    assert not work_of(elsewhere).exists()
    perform(revision, "reject", actor=shop.approver, reason="The cutting speed is missing")
    assert not work_of(person).exists()
    (rework,) = work_of(shop.author)
    assert "cutting speed" in rework.title
