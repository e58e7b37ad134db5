"""The doctor finds what is wrong, and only that."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from config import doctor
from config.celery import HEARTBEAT_KEY
from config.doctor import Level
from config.tasks import heartbeat
from tests.settings import TEST_DATABASE
from tests.support.database import url

pytestmark = pytest.mark.requirement("RUN-06")


@pytest.mark.requirement("RUN-04")
@pytest.mark.parametrize("role", ["app", "owner", "sealer"])
def test_each_role_is_well_with_its_own_url(django_db_setup: None, role: str) -> None:
    (finding,) = doctor.database(role, url(role, TEST_DATABASE))
    assert finding.level is Level.OK, finding.text


@pytest.mark.requirement("RUN-04")
@pytest.mark.parametrize("role", ["app", "sealer"])
def test_a_role_that_owns_the_tables_is_refused(django_db_setup: None, role: str) -> None:
    (finding,) = doctor.database(role, url("owner", TEST_DATABASE))
    assert finding.level is Level.FAILED
    assert "must not have" in finding.text


def test_an_unreachable_database_is_named(tmp_path: Path) -> None:
    (finding,) = doctor.database("sealer", f"postgresql:///nothing?host={tmp_path}")
    assert finding.level is Level.FAILED
    assert "DATABASE_SEALER_URL" in finding.remedy


@pytest.mark.django_db
def test_migrations_of_the_test_database_are_applied() -> None:
    assert [finding.level for finding in doctor.migrations()] == [Level.OK]


def test_a_heartbeat_is_needed() -> None:
    cache.delete(HEARTBEAT_KEY)
    assert doctor.heartbeat().level is Level.FAILED
    heartbeat()
    assert doctor.heartbeat().level is Level.OK


def test_an_old_heartbeat_is_a_failure() -> None:
    cache.set(HEARTBEAT_KEY, "2026-01-01T00:00:00+00:00")
    assert doctor.heartbeat().level is Level.FAILED


def test_a_readable_secret_key_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret-key").write_text("known to all")
    (tmp_path / "secret-key").chmod(0o644)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    found = {finding.name: finding.level for finding in doctor.files()}
    assert found["Secret key"] is Level.FAILED
    (tmp_path / "secret-key").chmod(0o600)
    assert "Secret key" not in {finding.name for finding in doctor.files()}
