"""A large file goes to the worker, its dry run too: the same verdicts, the same button, the same import."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django.fixtures import Settings

from core.files import waiting
from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.kernel.clock import now
from integrations.models import ImportBatch
from integrations.services import ROWS_AT_ONCE, is_large
from tests.integrations.test_screen import GOOD, MAPPING, URL, send, words
from tests.mes.execution.refusals import everything
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from traceability.models import UnitOfMeasure

pytestmark = pytest.mark.requirement("ORD-01", "PERF-IMPORT")


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    monkeypatch.setattr("integrations.services.ROWS_AT_ONCE", 2)
    monkeypatch.setattr("core.jobs.services._nudge", lambda pk: None)  # the test is the worker


def importer(name: str) -> Client:
    rights = ("integrations.apply_importbatch", "integrations.view_importbatch")
    return visit_as(make_user(name, site=make_site(name[:3].upper()), permissions=rights))


def worked() -> BackgroundJob:
    """The newest job, carried out."""
    assert run_job(BackgroundJob.objects.latest("pk").pk)
    return BackgroundJob.objects.latest("pk")


def test_a_file_is_large_from_its_rows_on() -> None:
    assert not is_large(b"a\nb\n") and is_large(b"a\nb\nc\n")
    assert ROWS_AT_ONCE == 2_000


def test_a_large_file_is_tried_and_imported_by_the_worker(plant: str) -> None:
    client, other = importer("importer"), importer("stranger")
    before = everything()
    asked = send(client, GOOD)
    assert asked.status_code == 302 and send(client, GOOD).url == asked.url  # pressed twice, it is one job
    job = worked()
    assert job.status == "done" and asked.url == job.get_absolute_url()
    assert everything() == before
    assert escape(job.result_url) in words(client.get(asked.url))
    seen = client.get(job.result_url)
    assert "2 created, 0 changed, 0 unchanged, 0 skipped." in words(seen) and "Import these rows" in words(seen)
    assert MAPPING.strip() in words(seen)
    assert other.get(job.result_url).status_code == 404
    for wrong in ("?job=0", "?job=x", f"?job={job.pk}", f"?job={job.pk}&report={'0' * 64}"):
        assert client.get(URL + wrong).status_code == 404
    applied = send(client, None, apply="1", reason="opening balance")
    assert applied.status_code == 302 and not ImportBatch.objects.exists()
    done, batch = worked(), ImportBatch.objects.get()
    assert (done.result_url, batch.created) == (batch.get_absolute_url(), 2)
    assert UnitOfMeasure.history.get(code="KG").history_change_reason == "opening balance"
    # A worker that died before it could say so: the next one finds what was imported, and imports nothing again.
    BackgroundJob.objects.filter(pk=done.pk).update(status="queued", finished_at=None, result_url="")
    assert run_job(done.pk)
    assert ImportBatch.objects.count() == 1
    assert BackgroundJob.objects.get(pk=done.pk).result_url == batch.get_absolute_url()


def test_what_is_wrong_with_a_large_file_is_said_at_once_or_by_the_worker(plant: str) -> None:
    client = importer("importer")
    before = everything()
    assert send(client, GOOD, "columns: [").status_code == 422
    places = "columns: {code: Code, name: Name, kind: {value: stock}}"
    assert send(client, GOOD, places, kind="locations").status_code == 409
    assert not BackgroundJob.objects.exists()
    send(client, GOOD + "ST,\n")
    page = words(client.get(worked().result_url))
    assert "1 error. Nothing was written" in page and "Import these rows" not in page
    assert send(client, None, apply="1").status_code == 302  # a dry run again: nothing was found good to be applied
    assert "1 error" in words(client.get(worked().result_url))
    assert send(client, GOOD, "columns: {code: Kode, name: Name}").status_code == 302
    assert "no column" in words(client.get(worked().result_url))
    waiting.sweep(now=now() + waiting.KEPT_FOR * 2)
    late = client.get(BackgroundJob.objects.latest("pk").result_url)
    assert late.status_code == 410 and "its file waited for a day" in words(late)
    assert send(client, GOOD).status_code == 302
    waiting.sweep(now=now() + waiting.KEPT_FOR * 2)
    job = worked()
    assert job.status == "failed" and "no longer there" in job.error
    assert everything() == before


def test_who_lost_the_right_meanwhile_imports_nothing(plant: str) -> None:
    client = importer("importer")
    assert send(client, GOOD).status_code == 302
    job = BackgroundJob.objects.get()
    BackgroundJob.objects.filter(pk=job.pk).update(actor=make_user("nobody", site=make_site("NOB")))
    assert worked().status == "failed"
    assert not ImportBatch.objects.exists()
