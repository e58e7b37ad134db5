"""The static schedule and the environment that children of the supervisor get."""

import pytest

from config.celery import SCHEDULE, app
from config.database import DatabaseNotConfigured, configuration, role_url
from config.settings import DATA_DIR

pytestmark = pytest.mark.requirement("RUN-05")


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in SCHEDULE.values()}
    assert scheduled - set(app.tasks) == set()
    assert "config.tasks.heartbeat" in scheduled  # the doctor looks for it


@pytest.mark.requirement("RUN-03")
def test_a_role_without_url_is_never_replaced_by_another() -> None:
    with pytest.raises(DatabaseNotConfigured, match="DATABASE_OWNER_URL"):
        role_url("owner", {"DATABASE_URL": "postgresql://app@db/trueline"}, DATA_DIR)


@pytest.mark.requirement("RUN-03")
@pytest.mark.parametrize(
    ("url", "host", "name", "port"),
    [
        ("postgresql://app:s%40fe@db.example:5433/trueline", "db.example", "trueline", "5433"),
        ("postgresql://app@/trueline?host=/run/postgresql", "/run/postgresql", "trueline", ""),
        ("postgresql://app@%2Frun%2Fpostgresql/trueline", "/run/postgresql", "trueline", ""),
    ],
)
def test_every_form_of_url_is_understood(url: str, host: str, name: str, port: str) -> None:
    settings = configuration("app", {"DATABASE_URL": url}, DATA_DIR, pool_size=4)
    assert (settings["HOST"], settings["NAME"], settings["PORT"], settings["USER"]) == (host, name, port, "app")
    assert settings["PASSWORD"] in {"", "s@fe"}
    assert settings["OPTIONS"]["pool"]["max_size"] == 4


def test_only_the_app_role_has_a_pool() -> None:
    settings = configuration("owner", {"DATABASE_OWNER_URL": "postgresql:///x"}, DATA_DIR, pool_size=4)
    assert "pool" not in settings["OPTIONS"]
