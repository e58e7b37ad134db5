"""Signed-in visitors without the cost of a password."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.plugin import DjangoDbBlocker

from core.kernel.wiring import ANSWERS
from core.organization.models import Site, User
from core.web import slots
from tests.settings import TEST_DATABASE
from tests.support import database, server
from tests.support.people import make_site, make_user
from tests.support.visits import session_of
from tools.cluster import Cluster

VIEW = "core_organization.view_site"
CHANGE = "core_organization.change_site"


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], User]:
    """Sign a person in at the test client."""

    def enter(user: User) -> User:
        client.cookies["sessionid"] = session_of(user)
        return user

    return enter


@pytest.fixture
def visitor(site: Site, sign_in: Callable[[User], User]) -> User:
    """Somebody signed in who may see the places of the site."""
    return sign_in(make_user("anna", site=site, permissions=(VIEW,)))


@pytest.fixture
def editor(site: Site, sign_in: Callable[[User], User]) -> User:
    """Somebody signed in who may see and change the places of the site."""
    return sign_in(make_user("berta", site=site, permissions=(VIEW, CHANGE)))


@dataclass(frozen=True)
class Gallery:
    """A served plant of which tests only look at the gallery, and the session of somebody who may."""

    url: str
    session: str
    database: str
    editor: str
    other_editor: str


@pytest.fixture(scope="module")
def gallery(
    postgres: Cluster,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Gallery]:
    """One server for all tests of a file: they write nothing."""
    folder, name = tmp_path_factory.mktemp("gallery"), f"{TEST_DATABASE}_gallery"
    with database.clone(postgres, name), django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            make_site("LIN")
            site = make_site("GRZ")
            session = session_of(make_user("marta", site=site, permissions=("core_web.view_kit",)))
            editors = [session_of(make_user(name, site=site, permissions=(VIEW, CHANGE))) for name in ("nora", "olga")]
        finally:
            connection.close()
            connection.settings_dict["NAME"] = TEST_DATABASE
        with server.served(name, folder / "web.log", folder / "data") as live:
            yield Gallery(live.url, session, name, *editors)


@pytest.fixture
def signed_in(chromium: Browser, gallery: Gallery) -> Iterator[BrowserContext]:
    """A fresh browser of somebody who may see the gallery."""
    with chromium.new_context(base_url=gallery.url) as context:
        context.add_cookies([{"name": "sessionid", "value": gallery.session, "url": gallery.url}])
        yield context


@pytest.fixture(autouse=True)
def slots_as_before() -> Iterator[None]:
    """Whatever a test puts into the slots and answers is taken out again."""
    movers, signers, answers = list(slots._movers), list(slots._signers), {k: list(v) for k, v in ANSWERS.items()}
    yield
    slots._movers[:], slots._signers[:] = movers, signers
    ANSWERS.clear()
    ANSWERS.update(answers)
