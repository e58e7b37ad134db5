"""A recall drill over nearly everything in data set M, by one person in a browser: begun, traced, decided, signed,
printed. The clock runs from the first click to the sealed PDF on the person's own machine.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from bench.conftest import LARGE
from bench.evidence import keep
from core.kernel.deeds import acting
from core.organization.models import Site
from core.organization.services import system_user
from core.printing.models import PrintedRecord
from integrations.services.scale import CODE
from tests.support.browser import whole
from tests.support.house import House, running_house
from tests.support.people import make_user
from tests.support.visits import session_of
from tests.traceability.recalled import HEAD
from traceability.models import Recall, RecallLine

pytestmark = [pytest.mark.browser, pytest.mark.requirement("RCL-08", "PERF-SCALE")]
PASSWORD = "correct horse battery"
THREE_MINUTES = 180
PATIENCE_MS = 600_000.0
DISPOSITIONS = {"unknown": "not_found"}


@pytest.fixture(scope="module")
def house(large: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running house (web process, broker, worker, beat) on the large plant."""
    with running_house(large, tmp_path_factory.mktemp("drill")) as running:
        yield running


def pressed(page: Page, label: str) -> None:
    """Press a button, and wait for the next page."""
    whole(page)
    with page.expect_navigation(timeout=PATIENCE_MS):
        page.locator("form button", has_text=label).locator("visible=true").first.click()


def test_a_drill_over_nearly_everything(house: House, chromium: Browser) -> None:
    head = make_user(site=Site.objects.get(code=CODE), permissions=HEAD)
    with transaction.atomic(), acting(system_user("bench")):
        head.password = make_password(PASSWORD)
        head.save()
    took: list[str] = []
    began = time.monotonic()

    def told(what: str) -> None:
        took.append(f"{time.monotonic() - began:7.1f} s  {what}")

    with chromium.new_context(
        base_url=house.url, viewport={"width": 1366, "height": 768}, accept_downloads=True
    ) as context:
        context.add_cookies([{"name": "sessionid", "value": session_of(head), "url": house.url}])
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page = context.new_page()
        page.set_default_navigation_timeout(PATIENCE_MS)
        page.goto(reverse("traceability:recall_list"))
        began = time.monotonic()
        page.locator("a", has_text="Begin a recall or drill").first.click()
        page.locator('[name="goods"]').fill("L-00000001")
        page.locator('[name="title"]').fill("Yearly drill")
        page.locator('[name="reason"]').fill("Practised once a year")
        pressed(page, "Begin")
        told("begun")
        expect(page.locator("body")).to_contain_text("Accounted for")
        told("traced, and the page shows its figures")
        while page.locator("a", has_text="Decide all").count():
            page.locator("a", has_text="Decide all").first.click()
            where = page.locator('[name="where"]').input_value()
            page.locator('[name="disposition"]').select_option(DISPOSITIONS.get(where, "confirmed"))
            page.locator('[name="note"]').fill("Looked for in the store")
            pressed(page, "Decide about all of them")
            told(f"decided: {where}")
        page.locator("a", has_text="Close and sign").first.click()
        page.locator('[name="conclusion"]').fill("Everything was found")
        if page.locator('[name="user_id"]').count():
            page.locator('[name="user_id"]').fill(head.username)
        page.locator('[name="secret"]').fill(PASSWORD)
        told("the page to sign is filled in")
        pressed(page, "Close and sign")
        told("closed and signed")
        report = page.locator("a", has_text="Signed report")
        expect(report.first).to_be_visible()
        told("the report is sealed")
        report.first.click()
        with page.expect_download() as download:
            page.locator("a", has_text="Download").first.click()
        pdf = Path(download.value.path())
        assert pdf.read_bytes().startswith(b"%PDF")
        told("printed: the sealed PDF is here")
        whole_time, size = time.monotonic() - began, pdf.stat().st_size
    recall = Recall.objects.latest("pk")
    assert (
        recall.status == "closed" and PrintedRecord.objects.filter(subject_id=recall.pk, kind="recall-report").exists()
    )
    lines = RecallLine.objects.filter(recall=recall).count()
    keep(
        "large_drill",
        f"A recall drill over nearly everything in data set {LARGE}, by one person in a browser",
        [
            *took,
            "",
            f"{lines:,} lines; {whole_time:.0f} s from the first click to the sealed PDF of {size / 1e6:.1f} MB"
            f" (target {THREE_MINUTES} s)",
        ],
        about="Web process, worker, broker, PostgreSQL and browser on the same machine. Written by"
        " `TRUELINE_EVIDENCE=1 pytest -s bench/test_large_drill.py`.",
    )
    assert recall.report.lines_sha256
