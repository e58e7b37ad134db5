"""One filled plant and one browser for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.support.filled import Filled, Served, served, standing
from tools.cluster import Cluster


@pytest.fixture(scope="module")
def filled(
    postgres: Cluster,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Served]:
    """A served plant with something on every page; the tests write nothing."""
    with served(postgres, django_db_blocker, tmp_path_factory.mktemp("filled"), "filled") as plant:
        yield plant


@pytest.fixture(scope="module")
def unserved(
    request: pytest.FixtureRequest,
    postgres: Cluster,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Filled]:
    """A plant of the file's own with something on every page; the tests call its pages without a server."""
    name = request.module.__name__.rpartition(".test_")[2]
    with standing(postgres, django_db_blocker, tmp_path_factory.mktemp(name), name) as plant:
        yield plant
