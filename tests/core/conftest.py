"""Fixtures of the core tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from core.organization.models import User
from tests.support.visits import session_of

Visit = Callable[[User], Client]


@pytest.fixture
def visit() -> Visit:
    """A browser in which a person is signed in."""

    def enter(user: User) -> Client:
        client = Client()
        client.cookies["sessionid"] = session_of(user)
        return client

    return enter


@pytest.fixture(autouse=True)
def _own_directories(settings: Settings, tmp_path: Path) -> None:
    """Each test keeps its files, keys and caches to itself."""
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    settings.TRUELINE_KEY_DIR = tmp_path / "keys"
    settings.TRUELINE_CACHE_DIR = tmp_path / "cache"
