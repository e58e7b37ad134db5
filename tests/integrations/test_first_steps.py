"""A new plant tells who may do it what comes first, and an empty list carries the buttons of its visitor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from core.organization.models import Role, Site, User
from core.organization.services import people, places, system_user
from core.organization.services.first_run import set_up, setup_token
from integrations.services import import_records
from tests.support.statements import spent_on
from tests.support.visits import visit_as as signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ACC-07")]
INBOX = "core_worklist:assignment_inbox"
STEP = re.compile(r'tl-state .*?</svg>\s*(Done|To do).*?<strong><a href="([^"]+)">([^<]+)</a>', re.DOTALL)


@pytest.fixture
def new_plant(db: None, settings: Settings, tmp_path: Path) -> Site:
    """A plant as the first run leaves it: ada administers, quinn is the head of quality."""
    settings.DATA_DIR = tmp_path
    return set_up(
        token=setup_token(), site_code="LNZ", site_name="Linz", time_zone="Europe/Vienna", area_name="Assembly",
        admin_username="ada", admin_name="Ada", admin_password="a long secret phrase 1",
        quality_username="quinn", quality_name="Quinn", quality_password="a long secret phrase 2",
    )  # fmt: skip


def person(username: str, role: str, site: Site) -> User:
    """Somebody with a role, as the administrator adds them."""
    actor = system_user("test")
    made = people.create_user(username=username, full_name=username.title(), home_site=site, actor=actor)
    people.grant_role(user=made, role=Role.objects.get(code=role), place=site, actor=actor)
    return made


def steps_of(client: Client) -> dict[str, str]:
    """The steps that the inbox shows, each with its state."""
    return {title: state for state, _url, title in STEP.findall(client.get(reverse(INBOX)).content.decode())}


def test_an_administrator_sees_what_is_missing_until_all_of_it_is_there(new_plant: Site) -> None:
    ada = User.objects.get(username="ada")
    client = signed_in(ada)
    open_steps = dict.fromkeys(("People and their roles", "Areas and work centers", "Materials", "A terminal"), "To do")
    assert steps_of(client) == open_steps
    shown = client.get(reverse(INBOX)).content.decode()
    for _state, url, title in STEP.findall(shown):
        assert client.get(url.replace("&amp;", "&")).status_code == 200, title
    person("paul", "process_engineer", new_plant)
    assert steps_of(client) == open_steps | {"People and their roles": "Done"}
    center = places.create_work_center(area=new_plant.areas.get(), code="WC1", name="Final", actor=ada)
    assert steps_of(client)["Areas and work centers"] == "Done"
    import_units_and_a_material(ada)
    assert steps_of(client)["Materials"] == "Done"
    terminal = places.create_terminal(work_center=center, code="final", name="Final", actor=ada)
    assert steps_of(client)["A terminal"] == "To do", "a terminal that no device is yet"
    places.enrol_terminal(terminal=terminal, actor=ada)
    assert steps_of(client) == {} and "First steps" not in client.get(reverse(INBOX)).content.decode()


def import_units_and_a_material(actor: User) -> None:
    """The smallest import after which there is a material."""
    for kind, data, mapping in (
        ("units", "code,name\nEA,Each\n", "columns: {code: code, name: name}"),
        (
            "materials",
            "number,name\nM1,Frame\n",
            "columns: {number: number, name: name, kind: {value: product}, uom: {value: EA}, tracking: {value: lot},"
            " revision: {value: A}}",
        ),
    ):
        report = import_records(
            kind=kind, data=data.encode(), file_name=f"{kind}.csv", mapping=mapping, actor=actor, reason="new"
        )
        assert not report.issues, report.issues


def test_each_sees_only_the_steps_that_are_theirs(new_plant: Site) -> None:
    paul, petra = person("paul", "process_engineer", new_plant), person("petra", "planner", new_plant)
    assert steps_of(signed_in(paul)) == {"A routing": "To do"}
    assert steps_of(signed_in(petra)) == {}
    assert steps_of(signed_in(User.objects.get(username="quinn"))) == {}


def test_a_step_counts_at_the_sites_of_its_visitor_only(new_plant: Site) -> None:
    actor = system_user("test")
    other = places.create_site(code="GRZ", name="Graz", time_zone="Europe/Vienna", actor=actor)
    area = places.create_area(site=other, code="A1", name="Assembly", actor=actor)
    places.create_work_center(area=area, code="WC9", name="Far away", actor=actor)
    person("paul", "process_engineer", other)
    steps = steps_of(signed_in(User.objects.get(username="ada")))
    assert (steps["Areas and work centers"], steps["People and their roles"]) == ("To do", "To do")


def test_the_steps_cost_one_statement(new_plant: Site) -> None:
    client = signed_in(User.objects.get(username="ada"))
    client.get(reverse(INBOX))
    _status, _shown, made = spent_on(client, reverse(INBOX))
    assert len([sql for sql in made if "core_organization_workcenter" in sql and "EXISTS" in sql]) == 1
    assert len([sql for sql in made if "traceability_material" in sql]) == 1, "all steps are asked for at once"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("traceability:material_list", "materials"),
        ("core_organization:workcenter_list", "work_centers"),
        ("core_organization:partner_list", "partners"),
        ("traceability:unitofmeasure_list", "units"),
        ("traceability:storagelocation_list", "locations"),
        ("traceability:lot_list", "lots"),
    ],
)
def test_an_empty_list_carries_the_import_for_who_may_import(new_plant: Site, name: str, kind: str) -> None:
    address = f"{reverse('integrations:importbatch_create')}?kind={kind}"
    ada, quinn = (signed_in(User.objects.get(username=who)) for who in ("ada", "quinn"))
    assert f'href="{address}"' in ada.get(reverse(name)).content.decode()
    assert f'<option value="{kind}" selected>' in ada.get(address).content.decode()
    assert "importbatch" not in quinn.get(reverse(name)).content.decode()
    assert "imports/create" not in quinn.get(reverse(name)).content.decode()


def test_an_empty_list_leads_to_where_its_rows_are_made(new_plant: Site) -> None:
    ada = signed_in(User.objects.get(username="ada"))
    shown = ada.get(reverse("core_organization:terminal_list")).content.decode()
    offered = re.findall(r'tl-empty-actions">(.*?)</span>', shown, re.DOTALL)
    assert reverse("core_organization:workcenter_list") in offered[0]
    found = ada.get(reverse("core_organization:terminal_list") + "?q=nothing").content.decode()
    assert "See the work centers" not in found, "a search without a hit is no empty list"
