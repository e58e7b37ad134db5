"""Qualifications: granted by others, limited in time, suspended, revoked; and what the gates read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.models import Transition
from core.organization.models import Site, User
from core.organization.queries import people_at, sites_of
from qms.training.models import Curriculum, Qualification
from qms.training.queries import matrix, qualification_blockers, standing
from qms.training.services import (
    change_curriculum,
    create_curriculum,
    grant_qualification,
    reinstate,
    renew_qualification,
    revoke,
    suspend,
)
from qms.training.services.learning import months_later
from tests.support.people import make_site, make_user

pytestmark = pytest.mark.django_db

RIGHTS = (
    "qms_training.view_qualification",
    "qms_training.add_qualification",
    "qms_training.change_qualification",
    "qms_training.change_curriculum",
)


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def lead(site: Site) -> User:
    return make_user("lead", site=site, permissions=RIGHTS)


@pytest.fixture
def operator(site: Site) -> User:
    return make_user("operator", site=site, permissions=RIGHTS)


@pytest.fixture
def soldering(lead: User) -> Curriculum:
    return create_curriculum(code="SOLD-3", name="Soldering class 3", actor=lead)


@pytest.fixture
def qualification(lead: User, operator: User, soldering: Curriculum) -> Qualification:
    return grant_qualification(user=operator, curriculum=soldering, basis="Observed 20 joints", actor=lead)


@contextmanager
def refused(code: str) -> Iterator[None]:
    def everything() -> list[object]:
        return [list(Qualification.objects.values()), list(Curriculum.objects.values()), Transition.objects.count()]

    before = everything()
    with pytest.raises(Blocked) as caught:
        yield
    assert code in caught.value.codes
    assert everything() == before


def test_granted_means_may_do_until(qualification: Any, operator: Any, soldering: Any, lead: Any) -> None:
    assert not qualification_blockers(operator, soldering, now())
    assert qualification_blockers(operator, soldering, now()) == []
    assert (qualification.granted_by, qualification.status) == (lead, "active")
    assert qualification_blockers(lead, soldering, now())
    assert [b.code for b in qualification_blockers(lead, soldering, now())] == ["not_qualified"]


def test_nobody_grants_or_renews_it_to_themselves(lead: Any, operator: Any, soldering: Any, qualification: Any) -> None:
    with refused("second_person"):
        grant_qualification(user=lead, curriculum=soldering, basis="I am good", actor=lead)
    with refused("second_person"):
        renew_qualification(qualification=qualification, basis="", actor=operator, reason="still good")


def test_postgres_refuses_a_self_granted_row_too(lead: Any, soldering: Any) -> None:
    row = Qualification(user=lead, curriculum=soldering, granted_by=lead, basis="x", valid_from=now())
    with pytest.raises(IntegrityError, match="ck_qualification_not_self"), transaction.atomic(), acting(lead):
        row.save()


def test_a_grant_needs_right_basis_and_an_active_curriculum(
    site: Any, lead: Any, operator: Any, soldering: Any
) -> None:
    with refused("permission"):
        grant_qualification(user=operator, curriculum=soldering, basis="b", actor=make_user(site=site))
    with refused("no_basis"):
        grant_qualification(user=operator, curriculum=soldering, basis=" ", actor=lead)
    with refused("ends_before_it_begins"):
        grant_qualification(
            user=operator, curriculum=soldering, basis="b", actor=lead, valid_until=now() - dt.timedelta(days=1)
        )
    change_curriculum(
        curriculum=soldering, name="S", description="", valid_months=None, is_active=False, actor=lead, reason="gone"
    )
    soldering.refresh_from_db()
    with refused("curriculum_inactive"):
        grant_qualification(user=operator, curriculum=soldering, basis="b", actor=lead)


def test_it_is_held_once_and_renewed_with_a_reason(
    qualification: Any, lead: Any, operator: Any, soldering: Any
) -> None:
    with refused("qualified_already"):
        grant_qualification(user=operator, curriculum=soldering, basis="again", actor=lead)
    with refused("reason"):
        renew_qualification(qualification=qualification, basis="Yearly test", actor=lead, reason=" ")
    until = now() + dt.timedelta(days=365)
    renewed = renew_qualification(
        qualification=qualification, basis="Yearly test", actor=lead, reason="Due", valid_until=until
    )
    assert (renewed.valid_until, renewed.basis) == (until, "Yearly test")
    assert [h.basis for h in renewed.history.order_by("history_id")] == ["Observed 20 joints", "Yearly test"]


def test_the_period_of_the_curriculum_counts(lead: Any, operator: Any) -> None:
    yearly = create_curriculum(code="Y", name="Yearly", valid_months=12, actor=lead)
    begin = dt.datetime(2028, 2, 29, 8, tzinfo=dt.UTC)
    held = grant_qualification(user=operator, curriculum=yearly, basis="b", actor=lead, valid_from=begin)
    assert held.valid_until == dt.datetime(2029, 2, 28, 8, tzinfo=dt.UTC)


@given(day=st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)), months=st.integers(1, 600))
def test_months_later_keeps_the_day_or_takes_the_last(day: Any, months: Any) -> None:
    moment = dt.datetime.combine(day, dt.time(8), tzinfo=dt.UTC)
    later = months_later(moment, months)
    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == months
    assert later.day == moment.day or (later.day < moment.day and (later + dt.timedelta(days=1)).day == 1)
    assert later.time() == moment.time()


@pytest.mark.parametrize(
    ("begins", "ends", "code", "word"),
    [
        (-10, -1, "qualification_expired", "expired"),
        (1, 10, "qualification_not_yet", "upcoming"),
        (-1, 10, None, "expiring"),
        (-1, 100, None, "active"),
        (-1, None, None, "active"),
    ],
)
def test_time_decides(lead: Any, operator: Any, soldering: Any, begins: Any, ends: Any, code: Any, word: Any) -> None:
    moment = now()
    held = grant_qualification(
        user=operator,
        curriculum=soldering,
        basis="b",
        actor=lead,
        valid_from=moment + dt.timedelta(days=begins),
        valid_until=None if ends is None else moment + dt.timedelta(days=ends),
    )
    assert [b.code for b in qualification_blockers(operator, soldering, moment)] == ([code] if code else [])
    assert standing(held, moment).code == word


def test_the_last_instant_still_counts(lead: Any, operator: Any, soldering: Any) -> None:
    until = now() + dt.timedelta(days=1)
    grant_qualification(user=operator, curriculum=soldering, basis="b", actor=lead, valid_until=until)
    assert not qualification_blockers(operator, soldering, until)
    assert qualification_blockers(operator, soldering, until + dt.timedelta(microseconds=1))


def test_suspend_and_reinstate(qualification: Any, lead: Any, operator: Any, soldering: Any) -> None:
    with refused("reason"):
        suspend(qualification=qualification, actor=lead, reason="")
    suspend(qualification=qualification, actor=lead, reason="Defects found")
    assert qualification_blockers(operator, soldering, now())
    assert [b.code for b in qualification_blockers(operator, soldering, now())] == ["qualification_suspended"]
    with refused("state"):
        renew_qualification(qualification=qualification, basis="b", actor=lead, reason="r")
    with refused("second_person"):
        reinstate(qualification=qualification, actor=operator, reason="I feel fine")
    reinstate(qualification=qualification, actor=lead, reason="Retrained")
    assert not qualification_blockers(operator, soldering, now())


def test_revoked_is_final_and_a_new_one_may_be_granted(
    qualification: Any, lead: Any, operator: Any, soldering: Any
) -> None:
    revoke(qualification=qualification, actor=lead, reason="Left the line")
    assert qualification_blockers(operator, soldering, now())
    with refused("state"):
        reinstate(qualification=qualification, actor=lead, reason="Back")
    again = grant_qualification(user=operator, curriculum=soldering, basis="New test", actor=lead)
    assert again.pk != qualification.pk
    assert not qualification_blockers(operator, soldering, now())


def test_moves_need_the_right(site: Any, qualification: Any) -> None:
    nobody = make_user(site=site)
    for deed in (suspend, revoke):
        with refused("permission"):
            deed(qualification=qualification, actor=nobody, reason="r")


def test_curricula_have_a_code_of_their_own(soldering: Any, lead: Any, site: Any) -> None:
    with refused("code_taken"):
        create_curriculum(code="SOLD-3", name="Other", actor=lead)
    with refused("incomplete"):
        create_curriculum(code="", name="Other", actor=lead)
    with refused("permission"):
        create_curriculum(code="X", name="Other", actor=make_user(site=site))
    with refused("reason"):
        change_curriculum(
            curriculum=soldering, name="S", description="", valid_months=1, is_active=True, actor=lead, reason=""
        )


def test_the_matrix_shows_each_person_and_curriculum(
    site: Any, qualification: Any, lead: Any, operator: Any, soldering: Any, django_assert_num_queries: Any
) -> None:
    make_user("elsewhere", site=make_site(), permissions=RIGHTS)
    people = list(people_at(sites_of(lead, "qms_training.view_qualification")))
    assert people == [lead, operator]
    with django_assert_num_queries(2):
        found = matrix(people)
    assert found.curricula == (soldering,)
    held = {row.user: [cell.state.code if cell.state else "" for cell in row.cells] for row in found.rows}
    assert held == {lead: [""], operator: ["active"]}
