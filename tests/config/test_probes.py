"""What machines ask: who gets an answer, what each part says when it is not ready, and what is counted."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from config import probes
from core.jobs.models import BackgroundJob
from core.kernel.clock import now
from core.organization.services import system_user
from core.trail.services.watching import CATALOG_KEY, FRESH
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from tools import probe

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("RUN-09")]

TOKEN = "a-token-of-this-installation"
AWAY = "10.1.2.3"


def samples(client: Client) -> dict[str, float]:
    """Every sample of /metrics, by its name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {
        " ".join([sample.name, *(sample.labels[name] for name in sorted(sample.labels))]): sample.value
        for family in families
        for sample in family.samples
    }


def test_alive_asks_nothing_and_everybody_may_ask(django_assert_num_queries: object) -> None:
    client = Client(headers={"host": "whatever.name"}, REMOTE_ADDR=AWAY)
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = client.get("/livez")
    assert (answer.status_code, answer.content) == (200, b"alive\n")
    assert client.post("/livez").status_code == 405


def test_the_others_answer_near_ones_and_the_token(settings: Settings) -> None:
    settings.TRUELINE_PROBE_TOKEN = TOKEN
    client, away = Client(), Client(REMOTE_ADDR=AWAY)
    for page in ("/readyz", "/metrics"):
        assert client.get(page).status_code in (200, 503)
        assert away.get(page).status_code == 403
        assert client.get(page, headers={"x-forwarded-for": "127.0.0.1"}).status_code == 403
        assert Client(REMOTE_ADDR="").get(page).status_code == 403
        assert away.get(page, headers={"authorization": f"Bearer {TOKEN}x"}).status_code == 403
        assert away.get(page, headers={"authorization": f"Bearer {TOKEN}"}).status_code in (200, 503)
    settings.TRUELINE_PROBE_TOKEN = ""
    assert away.get("/readyz", headers={"authorization": "Bearer "}).status_code == 403


def test_every_part_that_is_here_is_ready(settings: Settings) -> None:
    settings.TRUELINE_SEAL_LIMIT = dt.timedelta(days=10_000)
    states = probes.readiness()
    assert states.pop("broker") == "does not answer (OperationalError): see manage.py doctor"  # none runs beside tests
    assert set(states.values()) == {"ready"}, states
    answer = Client().get("/readyz")
    assert answer.status_code == 503 and answer.json()["status"] == "not ready"


def test_each_part_says_why_it_is_not_ready(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUELINE_APP_ROLE = "somebody_else"
    settings.TRUELINE_SEAL_LIMIT = dt.timedelta(seconds=-1)
    make_site()
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda recorder: {})
    states = {name: probes._state(probes.PARTS[name]) for name in ("database", "migrations", "cache", "seals")}
    assert states["database"] == "connected as trueline_app, not as somebody_else: check DATABASE_URL"
    assert "migrations are not applied: run manage.py migrate" in states["migrations"]
    assert "does not keep what is put into it" in states["cache"]
    assert "for a seal" in states["seals"] or "Nothing was sealed" in states["seals"]


@pytest.mark.requirement("SEAL-11")
def test_triggers_are_examined_again_when_nobody_did_for_long() -> None:
    found = {"at": now().isoformat(), "texts": ["The trigger tl_permanent of a table is missing."]}
    cache.set(CATALOG_KEY, found)
    assert probes._state(probes.triggers) == "The trigger tl_permanent of a table is missing."
    cache.set(CATALOG_KEY, {**found, "at": (now() - FRESH - dt.timedelta(seconds=1)).isoformat()})
    assert probes._state(probes.triggers) == "ready"


def test_a_failure_of_a_part_tells_no_internals(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("password authentication failed for user postgres at 10.0.0.7")

    assert probes._state(broken) == "does not answer (OSError): see manage.py doctor"


def test_requests_are_counted_by_page_and_never_by_address() -> None:
    person = make_user(site=make_site(), permissions=("traceability.view_lot",))
    client = visit_as(person)
    name = "trueline_http_requests_total GET {} traceability:lot_list"
    before = samples(client)
    client.get("/traceability/lots/?q=Frederik")
    client.get("/nobody/knows/Frederik/")
    client.generic("BREW", "/traceability/lots/")
    after = samples(client)
    assert after[name.format(200)] == before.get(name.format(200), 0) + 1
    assert after["trueline_http_request_seconds_count traceability:lot_list"] >= 2
    assert after["trueline_http_requests_total GET 404 unknown"] >= 1
    assert after["trueline_http_requests_total other 405 traceability:lot_list"] >= 1
    assert not [sample for sample in after if "Frederik" in sample or "BREW" in sample]


def test_jobs_seals_and_connections_are_measured() -> None:
    old = now() - dt.timedelta(minutes=5)
    BackgroundJob.objects.create(handler="x", title="X", actor=system_user("test"), not_before=old)
    found = samples(Client())
    assert found["trueline_database_up"] == 1
    assert found["trueline_jobs queued"] == 1 and found["trueline_jobs failed"] == 0
    assert 300 <= found["trueline_job_queue_age_seconds"] < 400
    assert found["trueline_seal_lag_seconds"] > 0
    assert 1 <= found["trueline_database_connections trueline_app"] < found["trueline_database_connections_max"]


def test_a_lost_database_is_a_figure_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr("config.metrics.backlog", lost)
    found = samples(Client())
    assert found["trueline_database_up"] == 0 and "process_cpu_seconds_total" in found
    assert "trueline_jobs queued" not in found


def test_health_commands_say_who_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With everything running they are tried in tests/system/test_make_run.py."""
    monkeypatch.setenv("REDIS_URL", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("PORT", "9")
    for arguments, said in (
        (["web"], "http://127.0.0.1:9/readyz does not answer"),
        (["worker", "jobs"], "The broker does not answer"),
        (["beat"], "The cache does not answer"),
    ):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            assert probe.main(arguments) == 1
        assert said in errors.getvalue()
    assert probe.main([]) == 2
    assert current_app.main == "trueline", "jobs of this process still go to the broker of the settings"
