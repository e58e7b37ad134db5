"""Files and keys of their own for every test, and jobs that only run when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.jobs import services as jobs
from tests.qms.calibration.lab import Lab, make_lab
from tests.support.kept import made_once


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "data" / "files"
    settings.TRUELINE_KEY_DIR = tmp_path / "data" / "keys"
    settings.TRUELINE_CACHE_DIR = tmp_path / "data" / "cache"
    monkeypatch.setattr(jobs, "_nudge", lambda pk: None)


kept_lab = made_once(make_lab)


@pytest.fixture
def lab(kept_lab: Callable[[], Lab], db: None) -> Lab:
    """A laboratory at a site."""
    return kept_lab()
