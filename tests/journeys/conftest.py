"""One plant for the whole story: people and sites only; everything else is done in it by browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser
from pytest_django.plugin import DjangoDbBlocker

from integrations.services import demo
from tests.journeys.plant import Plant, opened
from tests.settings import TEST_DATABASE
from tests.support import database
from tests.support.house import running_house
from tools.cluster import Cluster


@pytest.fixture(scope="module")
def plant(
    postgres: Cluster,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    chromium: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Plant]:
    """A running house (web process, broker, worker, beat) on a database of its own, with its people's browsers."""
    name, folder = f"{TEST_DATABASE}_journey", tmp_path_factory.mktemp("journey")
    with database.clone(postgres, name), django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            demo.people_and_sites()
            with running_house(name, folder) as house, opened(house, chromium, folder) as made:
                yield made
        finally:
            connection.close()
            connection.settings_dict["NAME"] = TEST_DATABASE
