"""A list too long to wait for is printed by a background job, as the person who asked may see it."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django.fixtures import Settings

from core.jobs import services as jobs
from core.jobs.models import BackgroundJob
from core.jobs.services.running import run_job
from core.kernel.deeds import acting
from core.organization.models import Role
from core.organization.services import system_user
from core.printing.views import AT_ONCE
from core.trail.models import TrailEvent
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("SCR-12")
LIST = "core_organization:role_list"


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    settings.TRUELINE_CACHE_DIR = tmp_path / "cache"
    monkeypatch.setattr(jobs, "_nudge", lambda pk: None)  # the test is the worker


def _roles(count: int) -> None:
    with transaction.atomic(), acting(system_user("test")):
        for number in range(count):
            Role(code=f"press-{number:03}", name=f"Press {number:03}").save()


def test_a_long_list_is_printed_by_a_job_that_keeps_its_filters_and_order(plant: str) -> None:
    reader = make_user("reader", site=make_site("VIE"), permissions=("core_organization.view_user",))
    _roles(AT_ONCE + 2)
    client = visit_as(reader)

    answer = client.get(reverse(LIST), {"q": "Press", "sort": "-name", "export": "pdf"})

    job = BackgroundJob.objects.get(handler="core_printing.list")
    assert answer["Location"] == job.get_absolute_url()
    assert run_job(job.pk)
    job.refresh_from_db()
    assert job.status == "done", job.error
    file = client.get(reverse("core_jobs:backgroundjob_result", args=[job.pk]))
    pages = pypdf.PdfReader(io.BytesIO(b"".join(file.streaming_content))).pages  # type: ignore[attr-defined]
    printed = "\n".join(page.extract_text() for page in pages)
    found = [line for line in printed.split() if line.isdecimal() and len(line) == 3]
    assert [int(number) for number in found if f"Press {number}" in printed] == list(range(AT_ONCE + 1, -1, -1))
    assert TrailEvent.objects.filter(kind="list_exported", actor=reader).count() == 1


def test_the_longest_list_that_is_waited_for_is_printed_at_once(plant: str) -> None:
    reader = make_user("reader", site=make_site("VIE"), permissions=("core_organization.view_user",))
    _roles(AT_ONCE)

    answer = visit_as(reader).get(reverse(LIST), {"q": "Press", "export": "pdf"})

    assert answer["Content-Type"] == "application/pdf"
    assert not BackgroundJob.objects.exists()


def test_the_job_refuses_a_list_that_its_person_may_no_longer_see(plant: str) -> None:
    reader = make_user("reader", site=make_site("VIE"))
    with transaction.atomic(), acting(reader):
        job = jobs.enqueue(
            "core_printing.list", actor=reader, title="List", path=reverse(LIST), query="", site_id=None, language="en"
        )

    assert run_job(job.pk)

    job.refresh_from_db()
    assert job.status == "failed"
    assert job.error.startswith("You may no longer see this list.")
    assert not job.result_sha256
