"""Fixtures of the whole suite.

- ``db`` (pytest-django): rolled back at the end, on a clone of the template, as the app role. The default choice.
- ``plant``: a clone of its own for this test, committed for real (races, on_commit, several connections).
- ``full``: a copy of the one full plant for a file of tests, something on every page; ``served``: the same, served.
- ``live_plant``: a plant of this test, served by a real web process; ``browser_page`` opens pages of it in Chromium.
- ``cases``: the directory of the shared case files; mark the test ``@pytest.mark.cases``.
"""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from tests.settings import TEST_DATABASE
from tests.support import browser as browsers
from tests.support import database, directory, server, traceability
from tests.support import mould as moulds
from tests.support.cases import cases_directory
from tests.support.plant import Plant
from tools.cluster import Cluster

DESK = {"width": 1366, "height": 768}
_numbers = itertools.count(1)
LONGEST = (
    "journeys/test_row_to_pdf", "pages/test_desk", "pages/test_links", "system/test_page_budget", "access/test_crawler",
    "mes/execution/test_terminal", "mes/routing/test_builder_browser", "mes/instructions/test_screens",
    "pages/test_translatable", "system/test_make_run", "core/trail/test_seal_epochs", "pages/test_strange_addresses",
)  # fmt: skip
"""The files that take longest, the longest first: begun late, one of them is all that the last process still does."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--traceability FILE``: of a run of the whole suite."""
    parser.addoption("--traceability", type=Path, help="write the matrix of requirements and tests to this file")
    parser.addoption("--release", action="store_true", help="fail when a P0 requirement is not shown by a passing test")


def pytest_configure(config: pytest.Config) -> None:
    """Collect the matrix where it was asked for."""
    file = config.getoption("traceability")
    if file and not hasattr(config, "workerinput"):  # pytest-xdist's workers report to the one that writes it
        config.pluginmanager.register(traceability.Matrix(file, for_release=config.getoption("release")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run; where TRUELINE_ALL_TESTS is set (CI), let it fail instead."""
    traceability.tag(items)
    ranks = {f"tests/{name}.py": rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.nodeid.partition("::")[0], len(ranks)))
    if os.environ.get("TRUELINE_ALL_TESTS"):
        return
    for item in items:
        if item.get_closest_marker("cases") and cases_directory() is None:
            item.add_marker(pytest.mark.skip(reason="the shared case files are not here (TRUELINE_CASES)"))
        if item.get_closest_marker("browser") and browsers.executable() is None:
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))
        if item.get_closest_marker("directory") and not directory.is_here():
            item.add_marker(pytest.mark.skip(reason="slapd or the extra `ldap` is not installed (docs/sign-in.md)"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The running throw-away PostgreSQL of this checkout."""
    with database.running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def django_db_setup(postgres: Cluster, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replace pytest-django's own database: the suite works on a clone of the template, as the app role."""
    with database.clone(postgres, TEST_DATABASE):
        yield
        with django_db_blocker.unblock():
            connection.close()


@pytest.fixture
def plant(postgres: Cluster, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a database of this test's own, to which ``connection`` leads; what it commits stays until the end."""
    name = f"{TEST_DATABASE}_{next(_numbers)}"
    with database.clone(postgres, name), django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = TEST_DATABASE


@pytest.fixture(scope="session")
def mould(
    postgres: Cluster,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[moulds.Mould]:
    """The full plant, made once for all files of tests that take a copy of it."""
    with moulds.moulded(postgres, django_db_blocker, tmp_path_factory.mktemp("full")) as made:
        yield made


@pytest.fixture(scope="module")
def full(mould: moulds.Mould, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """A copy of the full plant for this file, to which ``connection`` leads."""
    with mould.copied(tmp_path_factory.mktemp("copy")) as plant:
        yield plant


@pytest.fixture(scope="module")
def served(mould: moulds.Mould, full: Plant) -> Iterator[server.LivePlant]:
    """``full``, served on a loopback port by the real web process."""
    with mould.served(full.folder) as live:
        yield live


@pytest.fixture
def live_plant(plant: str, tmp_path: Path) -> Iterator[server.LivePlant]:
    """``plant``, served on a loopback port by the real web process."""
    with server.served(plant, tmp_path / "web.log", tmp_path / "data") as live:
        yield live


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for a file of tests; with it goes the event loop in this thread, which no other file may meet."""
    with browsers.chromium() as browser:
        yield browser


@pytest.fixture
def browser_page(chromium: Browser, live_plant: server.LivePlant) -> Iterator[Page]:
    """A fresh page (no cookies) at desk size; addresses are relative to the live plant."""
    with chromium.new_context(base_url=live_plant.url, viewport=DESK) as context:  # type: ignore[arg-type]
        yield context.new_page()


@pytest.fixture(scope="session")
def cases() -> Path:
    """The directory of the shared case files."""
    directory = cases_directory()
    if directory is None:
        pytest.fail("The shared case files are missing: set TRUELINE_CASES.")
    return directory
