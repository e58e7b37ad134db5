"""Benchmarks work on databases like those of the tests, as the app role."""

import itertools
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django.plugin import DjangoDbBlocker

from config.database import PREPARED_AFTER
from integrations.services.scale import seed_scale
from tests.conftest import chromium, django_db_setup, plant, postgres, pytest_addoption
from tests.settings import TEST_DATABASE
from tests.support import database, people
from tests.support.database import ON_DISK
from tests.support.server import LivePlant, served
from tools.cluster import Cluster

os.environ[ON_DISK] = "1"

__all__ = ["chromium", "django_db_setup", "plant", "postgres", "pytest_addoption"]

LARGE = os.environ.get("TRUELINE_LARGE", "M")
"""Profile of the plant that is made once and kept: loading M takes longer than everything measured in it."""


@pytest.fixture(autouse=True)
def kept_statements(django_db_setup: None) -> None:
    """The connection of a benchmark keeps statements as those of an installation's pool do."""
    connection.settings_dict["OPTIONS"]["prepare_threshold"] = PREPARED_AFTER


@pytest.fixture
def pooled_plant(plant: str, tmp_path: Path) -> Iterator[LivePlant]:
    """``plant``, served by one web process that keeps its connections, as an installation does."""
    with served(plant, tmp_path / "web.log", tmp_path / "data", {"TRUELINE_TEST_POOL": "16"}) as live:
        yield live


@pytest.fixture(scope="module")
def large(postgres: Cluster, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a database with the large plant, made when there is none and kept; `connection` leads to it."""
    name = f"large_{LARGE.lower()}"
    with django_db_blocker.unblock():
        connection.close()
        try:
            if name not in postgres.databases():
                _load(postgres, f"unfinished_{name}")
                postgres.rename_database(f"unfinished_{name}", name)
            connection.settings_dict["NAME"] = name
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                connection.close()
                database.migrate(name)
            # The plant is kept: its people and roles have names that no run before has used.
            people._numbers = itertools.count(int(time.time()))
            yield name
        finally:
            connection.close()
            connection.settings_dict["NAME"] = TEST_DATABASE


def _load(postgres: Cluster, name: str) -> None:
    postgres.drop_database(name)
    postgres.create_database(name, database.template(postgres))
    connection.settings_dict["NAME"] = name
    seed_scale(LARGE, lambda line: print(line, file=sys.__stderr__, flush=True))
    connection.close()
    with postgres.connect(name) as link:
        link.execute("VACUUM (ANALYZE)")
