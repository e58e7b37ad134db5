"""Sealed records on screen: who sees them, what leaves, what the public page tells."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.files import blobs
from core.kernel.wiring import ask
from core.organization.models import Site, User
from core.printing.models import PrintedRecord
from core.printing.seal import load_chain
from core.printing.services import print_record
from core.printing.verify import verify_pdf
from core.trail.models import TrailEvent
from core.web.questions import FindRecords, ResolveScan, Scan
from tests.core.printing import sample
from tests.support.people import make_site, make_user

pytestmark = pytest.mark.django_db
Visit = Callable[[User], Client]
ALL = "core_printing.view_printedrecord"


@pytest.fixture
def site() -> Site:
    return make_site("VIE")


@pytest.fixture
def auditor(site: Site) -> User:
    return make_user("auditor", site=site, permissions=(ALL,))


@pytest.fixture
def printed(site: Site) -> PrintedRecord:
    return print_record(
        site,
        template="sample_record.html",
        context=sample.content(1, 2, 1),
        data={"lot": "L-1"},
        actor=make_user("maker"),
        kind="production_record",
        kind_label="Production record",
        number="L-1",
        title="Secret recipe",
    )


def upload(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("record.pdf", content, "application/pdf")}


def test_an_auditor_lists_opens_and_downloads(visit: Visit, auditor: User, printed: PrintedRecord) -> None:
    client = visit(auditor)
    listed = client.get("/core/printing/printedrecords/")
    assert listed.status_code == 200
    assert printed.get_absolute_url() in listed.content.decode()
    page = client.get(printed.get_absolute_url()).content.decode()
    assert printed.sha256 in page
    assert printed.get_verify_url() in page
    answer = client.get(f"{printed.get_absolute_url()}download/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == printed.sha256
    assert answer["Content-Disposition"] == 'attachment; filename="production_record_L-1_1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    [event] = TrailEvent.objects.filter(kind="exported")
    assert (event.actor, event.data["sha256"]) == (auditor, printed.sha256)


def test_nobody_else_sees_it(visit: Visit, printed: PrintedRecord) -> None:
    elsewhere = make_user("elsewhere", site=make_site("GRZ"), permissions=(ALL,))
    nobody = make_user("nobody")
    for address in (printed.get_absolute_url(), f"{printed.get_absolute_url()}download/"):
        assert Client().get(address).status_code == 302
        for user in (elsewhere, nobody):
            assert visit(user).get(address).status_code == 404
    assert printed.get_absolute_url() not in visit(elsewhere).get("/core/printing/printedrecords/").content.decode()
    assert visit(nobody).get("/core/printing/printedrecords/").status_code == 403
    assert not TrailEvent.objects.filter(kind="exported").exists()


def test_who_may_see_the_record_may_see_its_print(visit: Visit, site: Site, printed: PrintedRecord) -> None:
    reader = make_user("reader", site=site, permissions=("core_organization.view_site",))
    assert visit(reader).get(printed.get_absolute_url()).status_code == 200


def test_a_damaged_file_is_said_and_not_handed_out(visit: Visit, auditor: User, printed: PrintedRecord) -> None:
    path = blobs.path_of(printed.sha256)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-2.0 something else")
    answer = visit(auditor).get(f"{printed.get_absolute_url()}download/")
    assert answer.status_code == 500
    assert b"something else" not in answer.content
    assert b"no longer have the SHA-256" in answer.content
    assert not TrailEvent.objects.filter(kind="exported").exists()


def test_the_public_page_tells_what_it_is_but_not_what_it_says(printed: PrintedRecord) -> None:
    answer = Client().get(printed.get_verify_url())
    page = answer.content.decode()
    assert answer.status_code == 200
    for told in ("Production record", "L-1", printed.sha256, "Site VIE"):
        assert told in page
    assert "Secret recipe" not in page
    assert Client().get("/v/00000000000000000000/").status_code == 404


def test_the_public_page_judges_a_file(printed: PrintedRecord) -> None:
    content = blobs.load(printed.sha256)
    good = Client().post(printed.get_verify_url(), upload(content)).content.decode()
    assert "Genuine" in good
    assert "exactly the record that was sealed here" in good
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    for file in (bytes(changed), content + b"\n", b"%PDF-1.7\n", b"hello"):
        bad = Client().post(printed.get_verify_url(), upload(file)).content.decode()
        assert "Do not rely on this file" in bad
        assert "Genuine" not in bad


def test_any_file_can_be_judged_without_its_address(printed: PrintedRecord) -> None:
    page = Client().post("/v/", upload(blobs.load(printed.sha256))).content.decode()
    assert "Genuine" in page
    assert printed.get_verify_url() in page


def test_no_file_and_too_large_a_file_are_said(printed: PrintedRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().post(printed.get_verify_url()).status_code == 422
    monkeypatch.setattr("core.printing.forms.LARGEST", 10)
    answer = Client().post(printed.get_verify_url(), upload(blobs.load(printed.sha256)))
    assert answer.status_code == 422
    assert "verify_pdf" in answer.content.decode()


def test_the_certificate_verifies_the_file(printed: PrintedRecord) -> None:
    answer = Client().get("/core/printing/certificate/")
    assert verify_pdf(blobs.load(printed.sha256), [load_chain(answer.content)]).is_good
    assert b"PRIVATE" not in answer.content


def test_the_code_on_paper_opens_the_record(printed: PrintedRecord, auditor: User) -> None:
    scan = Scan(f"https://plant.example/v/{printed.token}/")
    [found] = ask(ResolveScan(scan, auditor))
    assert found.url == printed.get_absolute_url()
    assert ask(ResolveScan(scan, make_user("nobody"))) == []
    assert ask(ResolveScan(Scan("L-1"), auditor)) == []


def test_the_code_of_a_page_opens_that_page_and_nothing_outside(auditor: User, settings: Any) -> None:
    settings.TRUELINE_PUBLIC_URL = "https://plant.example/"
    for text, path in (
        ("https://plant.example/core/worklist/inbox/", "/core/worklist/inbox/"),
        ("https://plant.example/no/such/page/", None),
        ("https://elsewhere.example/core/worklist/inbox/", None),
        ("/core/worklist/inbox/", None),
    ):
        assert [found.url for found in ask(ResolveScan(Scan(text), auditor))] == ([path] if path else [])


def test_search_finds_number_and_hash(printed: PrintedRecord, auditor: User) -> None:
    for words in ("L-1", printed.sha256.upper()):
        assert printed.get_absolute_url() in [found.url for found in ask(FindRecords(words, auditor))]
    assert ask(FindRecords("L-1", make_user("nobody"))) == []
