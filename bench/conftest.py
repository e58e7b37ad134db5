"""Benchmarks work on databases like those of the tests, as the app role."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from config.database import PREPARED_AFTER
from tests.conftest import django_db_setup, plant, postgres, pytest_addoption
from tests.support.server import LivePlant, served

__all__ = ["django_db_setup", "plant", "postgres", "pytest_addoption"]


@pytest.fixture(autouse=True)
def kept_statements(django_db_setup: None) -> None:
    """The connection of a benchmark keeps statements as those of an installation's pool do."""
    connection.settings_dict["OPTIONS"]["prepare_threshold"] = PREPARED_AFTER


@pytest.fixture
def pooled_plant(plant: str, tmp_path: Path) -> Iterator[LivePlant]:
    """``plant``, served by one web process that keeps its connections, as an installation does."""
    with served(plant, tmp_path / "web.log", tmp_path / "data", {"TRUELINE_TEST_POOL": "16"}) as live:
        yield live
