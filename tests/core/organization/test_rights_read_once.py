"""Rights read once for a page say the same as rights asked one by one, in one query."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import Area, Grant, Role, RolePermission, Site, User, WorkCenter
from core.organization.queries import may, permissions_of, rights_read_once, scoped, sites_of
from core.organization.services import system_user
from tests.support.people import make_site, make_user

RIGHT, OTHER = "core_organization.view_terminal", "core_organization.view_equipment"


@pytest.fixture
def sites(db: None) -> list[Site]:
    return [make_site() for _ in range(4)]


def grant(user: User, place: Site | Area | WorkCenter, permission: str, *, days: int = 1, active: bool = True) -> None:
    field = {Site: "site", Area: "area", WorkCenter: "work_center"}[type(place)]
    with transaction.atomic(), acting(system_user("test")):
        role = Role(code=f"r{Role.objects.count()}", name="Role", is_active=active)
        role.save()
        RolePermission(role=role, permission=permission).save()
        start = now() - dt.timedelta(days=5)
        Grant(user=user, role=role, starts=start, ends=now() + dt.timedelta(days=days), **{field: place}).save()


def test_both_ways_give_the_same_answers(sites: list[Site]) -> None:
    user = make_user()
    areas = [Area.objects.get(site=site) for site in sites]
    centers = [WorkCenter.objects.get(area=area) for area in areas]
    grant(user, sites[0], RIGHT)
    grant(user, areas[1], RIGHT)
    grant(user, centers[2], RIGHT)
    grant(user, sites[3], RIGHT, days=-1)
    grant(user, sites[3], RIGHT, active=False)
    grant(user, sites[3], OTHER)
    places: list[Site | Area | WorkCenter | None] = [None, *sites, *areas, *centers]
    for permission in (RIGHT, OTHER, "core_organization.grant_role"):
        apart = [may(user, permission, place) for place in places]
        apart_sites = set(sites_of(user, permission))
        apart_rows = set(scoped(WorkCenter.objects.all(), user, permission))
        with rights_read_once():
            assert [may(user, permission, place) for place in places] == apart
            assert set(sites_of(user, permission)) == apart_sites
            assert set(scoped(WorkCenter.objects.all(), user, permission)) == apart_rows
    apart_permissions = permissions_of(user)
    with rights_read_once():
        assert permissions_of(user) == apart_permissions


def test_one_query_serves_any_number_of_questions_and_nothing_is_kept_afterwards(sites: list[Site]) -> None:
    user = make_user(site=sites[0], permissions=(RIGHT,))
    with rights_read_once(), CaptureQueriesContext(connection) as queries:
        assert [may(user, RIGHT, site) for site in sites] == [True, False, False, False]
        assert permissions_of(user) == {RIGHT}
    assert len(queries) == 1
    grant(user, sites[1], RIGHT)
    assert may(user, RIGHT, sites[1])
    with rights_read_once():
        assert may(user, RIGHT, sites[1])


def test_a_deactivated_person_has_no_rights_either_way(sites: list[Site]) -> None:
    user = make_user(site=sites[0], permissions=(RIGHT,))
    stale = User.objects.get(pk=user.pk)
    with transaction.atomic(), acting(system_user("test")):
        user.is_active = False
        user.save()
    with rights_read_once():
        assert not may(stale, RIGHT, sites[0])
        assert not scoped(WorkCenter.objects.all(), stale, RIGHT).exists()
