"""Files and keys of their own for every test, and jobs that only run when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.jobs import services as jobs
from tests.qms.risk.file import File, make_file
from tests.support.kept import made_once


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "data" / "files"
    settings.TRUELINE_KEY_DIR = tmp_path / "data" / "keys"
    settings.TRUELINE_CACHE_DIR = tmp_path / "data" / "cache"
    monkeypatch.setattr(jobs, "_nudge", lambda pk: None)


kept_file = made_once(make_file)


@pytest.fixture
def file(kept_file: Callable[[], File], db: None) -> File:
    """The people of a risk file and a matrix in force."""
    return kept_file()
