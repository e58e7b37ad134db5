"""A large file goes to the worker, its dry run too: the same verdicts, the same button, the same import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from pytest_django.fixtures import Settings

from core.files import waiting
from core.jobs.models import BackgroundJob
from core.jobs.services import run_job
from core.kernel.clock import now
from integrations.models import ImportApproval, ImportBatch
from integrations.services import ROWS_AT_ONCE, is_large
from tests.integrations.test_screen import GOOD, MAPPING, URL, able_to_sign, apply, words
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


def send(client: Client, data: str, mapping: str = MAPPING, **more: Any) -> Any:
    """Send the form with the mapping; a large file leads to its job."""
    file = SimpleUploadedFile("units.csv", data.encode(), "text/csv")
    return client.post(URL, {"kind": "units", "mapping": mapping, "file": file, **more})


def importer(name: str) -> Client:
    rights = ("integrations.apply_importbatch", "integrations.view_importbatch")
    return visit_as(able_to_sign(make_user(name, site=make_site(name[:3].upper()), permissions=rights)))


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
    seen = client.get(job.result_url, follow=True)
    assert "2 created, 0 changed, 0 unchanged, 0 skipped." in words(seen) and "Import these rows" in words(seen)
    assert other.get(job.result_url).status_code == 404
    for wrong in ("?job=0", "?job=x", f"?job={job.pk}", f"?job={job.pk}&report={'0' * 64}"):
        assert client.get(f"/integrations/imports/check/{wrong}").status_code == 404
    applied = apply(client, seen, reason="opening balance")
    assert applied.status_code == 302 and not ImportBatch.objects.exists()
    assert ImportApproval.objects.count() == 1  # signed, and written by the worker
    done, batch = worked(), ImportBatch.objects.get()
    assert (done.result_url, batch.created) == (batch.get_absolute_url(), 2)
    assert UnitOfMeasure.history.get(code="KG").history_change_reason == "opening balance"
    assert batch.is_signed
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
    page = client.get(worked().result_url, follow=True)
    assert "1 error. Nothing was written" in words(page) and "Import these rows" not in words(page)
    assert apply(client, page).status_code == 409
    assert send(client, GOOD, "columns: {code: Kode, name: Name}").status_code == 302
    assert "no column" in words(client.get(worked().result_url, follow=True))
    waiting.sweep(now=now() + waiting.KEPT_FOR * 2)
    late = client.get(BackgroundJob.objects.latest("pk").result_url, follow=True)
    assert late.status_code == 410 and "no dry run of yours of the last day" in words(late)
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
