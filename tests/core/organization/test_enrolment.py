"""A browser becomes a terminal: whoever made it one is not left signed in there."""

from __future__ import annotations

import pytest
from django.test import Client

from core.organization.services import places
from core.organization.services.sign_on import presence
from core.organization.views.middleware import DEVICE_COOKIE
from core.trail.models import TrailEvent
from tests.mes.execution.station import make_station
from tests.support.people import make_site, make_user, work_center_of
from tests.support.visits import visit_as


@pytest.mark.django_db
@pytest.mark.requirement("ACC-04")
def test_enrolling_signs_the_administrator_out_of_the_station() -> None:
    site = make_site()
    rights = ("core_organization.view_terminal", "core_organization.enrol_terminal")
    ada = make_user("ada", site=site, permissions=rights)
    terminal = places.create_terminal(work_center=work_center_of(site), code="press-1", name="Press", actor=ada)
    client: Client = visit_as(ada)
    page = f"/core/organization/terminals/{terminal.pk}/"
    assert client.get(page).status_code == 200

    answer = client.post(f"{page}enrol/", {"reason": ""})

    assert answer.headers["Location"] == "/t/press-1/"
    assert answer.cookies[DEVICE_COOKIE].value
    assert client.get(page).status_code == 302, "nobody is signed in beside the terminal's own pages"
    assert client.get("/t/press-1/sign-on/").status_code == 200
    assert TrailEvent.objects.filter(actor=ada, kind="signed_off", data__why="signed out").exists()


@pytest.mark.requirement("ACC-04")
def test_a_terminal_is_locked_by_a_post_only(db: None) -> None:
    """An address that a browser reads ahead, or that lies in a picture, locks nobody out."""
    station = make_station(work_center_of(make_site()), make_user())
    address = station.address(rest="lock/")
    assert station.client.get(address).status_code == 405
    assert presence(station.terminal).active is not None
    answer = station.client.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, station.address(rest="sign-on/"))
    assert presence(station.terminal).active is None
