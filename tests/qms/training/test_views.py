"""The pages of training."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.kernel.clock import now
from core.organization.models import Site, User
from qms.training.models import Curriculum, Qualification
from qms.training.queries import qualification_blockers
from qms.training.services import create_curriculum, grant_qualification
from tests.support.people import make_site, make_user
from tests.support.visits import seen, visit_as

pytestmark = pytest.mark.django_db
VIEW = "qms_training.view_qualification"
RIGHTS = (VIEW, "qms_training.add_qualification", "qms_training.change_qualification", "qms_training.change_curriculum")


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def lead(site: Site) -> User:
    return make_user("lead", site=site, permissions=RIGHTS)


@pytest.fixture
def operator(site: Site) -> User:
    return make_user("operator", site=site, permissions=(VIEW,))


@pytest.fixture
def curriculum(lead: User) -> Curriculum:
    return create_curriculum(code="SOLD", name="Soldering", actor=lead)


def url(name: str, *args: object) -> str:
    return reverse(f"qms_training:{name}", args=args)


def test_granting_renewing_and_suspending_over_the_pages(lead: Any, operator: Any, curriculum: Any) -> None:
    client = visit_as(lead)
    entered = {
        "user": operator.pk,
        "curriculum": curriculum.pk,
        "basis": "Test 2026",
        "valid_until": "2031-05-31",
        "reason": "New hire",
    }
    answer = client.post(url("qualification_create"), entered)
    held = Qualification.objects.get()
    assert answer["Location"] == held.get_absolute_url()
    assert held.valid_until is not None
    assert held.valid_until.isoformat() == "2031-05-31T21:59:59.999999+00:00"  # the end of that day in Graz
    assert not qualification_blockers(operator, curriculum, now())
    renewed = {"basis": "Test 2027", "valid_until": "2032-05-31", "reason": "Yearly"}
    assert client.post(url("qualification_renew", held.pk), {**renewed, **seen(held)}).status_code == 302
    moved = client.post(url("qualification_move", held.pk, "suspend"), {"reason": "Defects"})
    assert moved.status_code == 302
    assert qualification_blockers(operator, curriculum, now())
    assert "Suspended" in client.get(url("qualification_matrix")).content.decode()


@pytest.mark.requirement("SCR-01")
def test_taking_a_right_away_is_not_the_step_that_the_page_offers_first(
    lead: Any, operator: Any, curriculum: Any
) -> None:
    held = grant_qualification(user=operator, curriculum=curriculum, basis="Test part", actor=lead)
    page = visit_as(lead).get(held.get_absolute_url())
    assert page.context["primary"] is None
    assert {str(move.label) for move in page.context["other_moves"]} == {"Suspend", "Revoke"}


def test_nobody_is_offered_or_given_their_own(lead: Any, operator: Any, curriculum: Any) -> None:
    client = visit_as(lead)
    assert f'<option value="{lead.pk}"' not in client.get(url("qualification_create")).content.decode()
    entered = {"user": lead.pk, "curriculum": curriculum.pk, "basis": "Me", "reason": "Because"}
    assert client.post(url("qualification_create"), entered).status_code == 422
    assert not Qualification.objects.exists()


def test_a_reader_reads_and_nothing_more(lead: Any, operator: Any, curriculum: Any) -> None:
    held = grant_qualification(user=operator, curriculum=curriculum, basis="b", actor=lead)
    client = visit_as(operator)
    for page in ("qualification_list", "qualification_matrix", "curriculum_list"):
        assert client.get(url(page)).status_code == 200
    assert client.get(held.get_absolute_url()).status_code == 200
    assert client.get(curriculum.get_absolute_url()).status_code == 200
    assert client.post(url("qualification_move", held.pk, "revoke"), {"reason": "mine"}).status_code == 403
    assert client.post(url("qualification_create"), {}).status_code == 403
    held.refresh_from_db()
    assert held.status == "active"


def test_curricula_over_the_pages(lead: Any, curriculum: Any) -> None:
    client = visit_as(lead)
    assert client.post(url("curriculum_create"), {"code": "MILL", "name": "Milling"}).status_code == 302
    change = {"name": "Milling 5 axes", "valid_months": 24, "is_active": "on", "reason": "New machine"}
    mill = Curriculum.objects.get(code="MILL")
    assert client.post(url("curriculum_change", mill.pk), {**change, **seen(mill)}).status_code == 302
    mill.refresh_from_db()
    assert (mill.code, mill.name, mill.valid_months, mill.is_active) == ("MILL", "Milling 5 axes", 24, True)
    assert client.post(url("curriculum_change", mill.pk), {**change, "reason": ""}).status_code == 422
    assert client.post(url("curriculum_create"), {"code": "MILL", "name": "Again"}).status_code == 409


def test_pages_stay_cheap(site: Any, lead: Any, curriculum: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(20):
        person = make_user(f"p{number}", site=site, permissions=(VIEW,))
        grant_qualification(user=person, curriculum=curriculum, basis="b", actor=lead)
    client = visit_as(lead)
    client.get(url("qualification_list"))
    for address in (url("qualification_list"), url("qualification_matrix"), url("curriculum_list")):
        with django_assert_max_num_queries(15):
            client.get(address)
