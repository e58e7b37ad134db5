"""Files and keys of their own for every test, and jobs that only run when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from core.jobs import services as jobs
from tests.mes.production_record.story import Story, full_story, make_story
from tests.support.kept import made_once


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "data" / "files"
    settings.TRUELINE_KEY_DIR = tmp_path / "data" / "keys"
    settings.TRUELINE_CACHE_DIR = tmp_path / "data" / "cache"
    monkeypatch.setattr(jobs, "_nudge", lambda pk: None)


kept_story = made_once(make_story)


@pytest.fixture
def story(kept_story: Callable[[], Story], db: None) -> Story:
    """A released order of two units."""
    return kept_story()


@pytest.fixture
def told(plant: str) -> Story:
    """An order to which everything has happened, in review; committed, so that jobs can run."""
    return full_story()
