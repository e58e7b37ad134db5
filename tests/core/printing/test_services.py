"""Printing a record: rendered once, stored once, found again."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import zxingcpp
from django.db import DatabaseError, connection, transaction
from PIL import Image
from pytest_django.fixtures import Settings

from core.files import blobs
from core.jobs.models import BackgroundJob
from core.jobs.services import JobHandle
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import Site, User
from core.printing.models import PrintedRecord
from core.printing.queries import chains, is_latest, judge_file, prints_of
from core.printing.seal import seal_key, seal_pdf
from core.printing.services import PrintingFailed, print_record, render_sheet
from core.printing.verify import Verdict, verify_pdf
from core.trail.models import TrailEvent
from tests.core.printing import sample
from tests.support.people import make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-11")]


@pytest.fixture
def site() -> Site:
    return make_site("VIE")


@pytest.fixture
def person() -> User:
    return make_user("anna")


def do_print(site: Site, person: User, data: Any = None, **more: Any) -> PrintedRecord:
    return print_record(
        site,
        template="sample_record.html",
        context=sample.content(operations=2, rows=3, trail=4),
        data=data if data is not None else {"lot": "L-1", "values": [1, 2]},
        actor=person,
        kind="production_record",
        number="L-1",
        title="Mountain frame",
        **more,
    )


def test_a_print_is_sealed_stored_and_noted(site: Site, person: User) -> None:
    printed = do_print(site, person)
    content = blobs.load(printed.sha256)
    assert hashlib.sha256(content).hexdigest() == printed.sha256
    assert len(content) == printed.size
    assert verify_pdf(content, chains()).problems == ()
    assert (printed.edition, printed.site, printed.subject) == (1, site, site)
    assert printed.certificate_fingerprint == chains()[0].fingerprint
    [event] = TrailEvent.objects.filter(kind="printed")
    assert (event.actor, event.data["sha256"]) == (person, printed.sha256)
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == printed.pages
    attached = reader.attachments["record.json"][0]
    assert hashlib.sha256(attached).hexdigest() == printed.content_sha256
    assert json.loads(attached) == {"lot": "L-1", "values": [1, 2]}


def test_the_page_shows_what_it_must(site: Site, person: User) -> None:
    printed = do_print(site, person)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(blobs.load(printed.sha256))).pages)
    for expected in (
        "Mountain frame",
        "Dr. Anna Kowalska",
        "2026-11-20 10:14:05 +01:00",  # the site's zone, with offset
        "Europe/Vienna",
        "Released",
        "identification and password",
        "12.000",
        f"/v/{printed.token}/",
        printed.content_sha256[:4],
        "1 / ",
    ):
        assert expected in text, expected
    assert printed.content_sha256 in re.sub(r"\s", "", text)


def test_the_same_content_is_printed_once(site: Site, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first = do_print(site, person)

    def never(*_args: object, **_more: object) -> bytes:
        raise AssertionError("it was rendered again")

    monkeypatch.setattr("core.printing.render.render_pdf", never)
    assert do_print(site, make_user("other")) == first
    assert PrintedRecord.objects.count() == TrailEvent.objects.filter(kind="printed").count() == 1


def test_changed_content_is_a_further_edition(site: Site, person: User) -> None:
    first, second = do_print(site, person), do_print(site, person, {"lot": "L-1", "values": [1, 3]})
    assert (first.edition, second.edition) == (1, 2)
    assert first.sha256 != second.sha256
    assert (is_latest(first), is_latest(second)) == (False, True)
    assert prints_of(site) == [second, first]
    assert blobs.load(first.sha256) != blobs.load(second.sha256)


def test_a_stored_print_cannot_be_changed(site: Site, person: User) -> None:
    printed = do_print(site, person)
    with pytest.raises(TypeError):
        printed.save()
    with pytest.raises(DatabaseError), transaction.atomic(), acting(person), connection.cursor() as cursor:
        cursor.execute("UPDATE core_printing_printedrecord SET number = 'X'")
    assert PrintedRecord.objects.get().number == "L-1"


def test_a_file_that_does_not_verify_is_not_stored(
    site: Site, person: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr("core.printing.verify.verify_pdf", lambda *_args: Verdict(("wrong",)))
    with pytest.raises(PrintingFailed, match="wrong"):
        do_print(site, person)
    assert not PrintedRecord.objects.exists()
    assert not TrailEvent.objects.filter(kind="printed").exists()
    assert not list(Path(settings.TRUELINE_FILES_DIR).glob("*/*/*"))


def test_a_damaged_file_is_not_taken_for_whole(site: Site, person: User) -> None:
    printed = do_print(site, person)
    path = blobs.path_of(printed.sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(blobs.BlobDamaged):
        blobs.load(printed.sha256)


def test_the_verdict_on_a_file(site: Site, person: User) -> None:
    first, second = do_print(site, person), do_print(site, person, {"lot": "L-2"})
    content = blobs.load(first.sha256)
    good = judge_file(content, expected=first)
    assert good.is_good
    assert good.record == first
    other = judge_file(content, expected=second)
    assert not other.is_good
    assert other.record == first
    changed = judge_file(content[:-20] + b"x" * 20, expected=first)
    assert not changed.is_good
    assert changed.record is None
    assert changed.problems
    with pikepdf.open(io.BytesIO(content)) as document:
        target = io.BytesIO()
        document.save(target)
    assert not judge_file(target.getvalue()).is_good


def test_our_seal_on_a_file_that_is_not_stored_here(site: Site, person: User, settings: Settings) -> None:
    key = seal_key(Path(settings.TRUELINE_KEY_DIR), at=now())
    with pikepdf.new() as document:
        document.add_blank_page()
        target = io.BytesIO()
        document.save(target)
    verdict = judge_file(seal_pdf(target.getvalue(), key))
    assert not verdict.is_good
    assert verdict.seal is not None
    assert verdict.seal.is_good
    assert "no record with this content" in verdict.summary


def test_a_job_prints_and_names_itself(site: Site, person: User) -> None:
    job = BackgroundJob.objects.create(handler="x", actor=person, title="Print")
    assert do_print(site, person, job=JobHandle(job)).job_id == job.pk


def test_a_sheet_is_a_plain_pdf(person: User) -> None:
    pdf = render_sheet(
        "core/printing/barcode_sheet.html",
        {"groups": [("Lots", [("code128", "L-1", "Steel bar"), ("qr", "^START^", "Start")])]},
        title="Barcodes",
    )
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "L-1" in text
    assert "Steel bar" in text
    assert not PrintedRecord.objects.exists()


@pytest.mark.parametrize(("size", "points"), [("100x50", (283, 142)), ("57x32", (162, 91))])
def test_labels_are_one_page_each_and_read_back(size: str, points: tuple[int, int]) -> None:
    label = {
        "title": "HL Mountain Frame",
        "number": "L-2026-004711",
        "lines": ["FR-M94B-42", "24 EA"],
        "elements": [("01", "09506000134352"), ("10", "L-2026-004711")],
        "linear": True,
    }
    pdf = render_sheet("core/printing/labels.html", {"size": size, "labels": [label, label]}, title="Labels")
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 2
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == points
    assert "L-2026-004711" in reader.pages[0].extract_text()


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
def test_what_is_printed_can_be_scanned(site: Site, person: User, tmp_path: Path) -> None:
    printed = do_print(site, person)
    (tmp_path / "a.pdf").write_bytes(blobs.load(printed.sha256))
    label = {"title": "x", "number": "L-1", "elements": [("01", "09506000134352"), ("10", "L-1")], "linear": True}
    (tmp_path / "b.pdf").write_bytes(render_sheet("core/printing/labels.html", {"labels": [label]}, title="x"))
    found = {}
    for name in "ab":
        command = ["pdftoppm", "-r", "200", "-png", "-f", "1", "-l", "1"]
        subprocess.run([*command, str(tmp_path / f"{name}.pdf"), str(tmp_path / name)], check=True)
        [picture] = tmp_path.glob(f"{name}*.png")
        with Image.open(picture) as image:
            found[name] = {code.text for code in zxingcpp.read_barcodes(image)}
    assert found["a"] == {f"http://localhost:8000/v/{printed.token}/"}
    assert found["b"] == {"(01)09506000134352(10)L-1", "L-1"}
