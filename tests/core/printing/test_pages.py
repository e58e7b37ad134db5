"""Sealed records and background work in a real browser; with TRUELINE_SCREENSHOTS=1 the pictures are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings

from core.files import blobs
from core.jobs import services as jobs
from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.printing.models import PrintedRecord
from core.printing.services import print_record
from tests.core.jobs import handlers  # noqa: F401
from tests.core.printing import sample
from tests.core.web.test_gallery import barriers_of, inline_code_of, picture
from tests.support.people import make_site, make_user
from tests.support.server import LivePlant
from tests.support.visits import session_of

pytestmark = pytest.mark.browser


def test_the_pages_are_accessible_and_do_what_they_say(
    live_plant: LivePlant,
    chromium: Browser,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "data" / "files"
    settings.TRUELINE_KEY_DIR = tmp_path / "data" / "keys"
    monkeypatch.setattr(jobs, "_nudge", lambda pk: None)
    site = make_site("VIE")
    person = make_user(
        "anna", site=site, permissions=("core_printing.view_printedrecord", "core_organization.view_site")
    )
    printed = print_record(
        site, template="sample_record.html", context=sample.content(2, 3, 3), data={"lot": "L-1"}, actor=person,
        kind="production_record", kind_label="Production record", number="L-2026-004711", title="HL Mountain Frame",
    )  # fmt: skip
    job = enqueue("tests.count", actor=person, title="Seal the production record L-2026-004712", upto=8)
    BackgroundJob.objects.filter(pk=job.pk).update(
        progress_done=3, progress_total=8, progress_text="Rendered part 3 of 8", log="2026-11-22 18:00:00 began\n"
    )
    (tmp_path / "good.pdf").write_bytes(blobs.load(printed.sha256))
    (tmp_path / "bad.pdf").write_bytes(blobs.load(printed.sha256) + b"\n")

    with chromium.new_context(base_url=live_plant.url, viewport={"width": 1366, "height": 768}) as context:
        context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": live_plant.url}])
        page = context.new_page()
        wrong: dict[str, list[str]] = {}

        def look(name: str) -> None:
            found = inline_code_of(page) + barriers_of(page)
            picture(page, name)
            if found:
                wrong[name] = found

        for name, address in {
            "printed-list": "/core/printing/printedrecords/",
            "printed-detail": printed.get_absolute_url(),
            "jobs-list": "/core/jobs/jobs/",
            "jobs-detail": job.get_absolute_url(),
        }.items():
            page.goto(address)
            look(name)

        with page.expect_response(lambda answer: answer.url.endswith(job.get_absolute_url())):
            BackgroundJob.objects.filter(pk=job.pk).update(progress_done=6, progress_text="Rendered part 6 of 8")
        expect(page.get_by_text("Rendered part 6 of 8").first).to_be_visible()
        page.get_by_role("button", name="Cancel the work").click()
        expect(page.locator("#tl-job").get_by_text("Cancelled")).to_be_visible()

        page.goto(printed.get_absolute_url())
        with page.expect_download() as download:
            page.get_by_role("link", name="Download the sealed PDF").click()
        assert Path(download.value.path()).read_bytes() == blobs.load(printed.sha256)
        assert not wrong, wrong

    with chromium.new_context(base_url=live_plant.url, viewport={"width": 390, "height": 844}) as visitor:
        page = visitor.new_page()
        page.goto(printed.get_verify_url())
        assert barriers_of(page) == inline_code_of(page) == []
        picture(page, "verify-phone")
        for file, verdict in (("good.pdf", "Genuine"), ("bad.pdf", "Do not rely on this file")):
            page.locator("input[type=file]").set_input_files(tmp_path / file)
            page.get_by_role("button", name="Check the file").click()
            expect(page.locator("#verdict")).to_contain_text(verdict)
            picture(page, f"verify-{file}")
            assert barriers_of(page) == []
        assert PrintedRecord.objects.count() == 1
