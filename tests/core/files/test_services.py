"""Attaching files to records."""

from __future__ import annotations

import errno
import io
import os
import zipfile

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from core.files import blobs, media
from core.files.models import Attachment
from core.files.queries import attachments_of, may_see, open_blob
from core.files.services import attach
from core.kernel.errors import Blocked
from core.kernel.wiring import ask
from core.organization.models import Site, User
from core.signing.questions import AttachmentDigests
from core.web.questions import TimelineOf
from tests.core.files.conftest import Kept
from tests.support.people import make_site, make_user

pytestmark = pytest.mark.django_db


def png(color: str = "red") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(file, "PNG")
    return file


def docx() -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
    return file


@pytest.fixture
def site() -> Site:
    return make_site("VIE")


@pytest.fixture
def person() -> User:
    return make_user("jo")


def test_an_attachment_keeps_the_bytes_and_says_who_and_what(kept: Kept, site: Site, person: User) -> None:
    file = png()
    attachment = attach(file, to=site, caption="Crack at the weld", name="IMG_1.png", actor=person)
    with open_blob(attachment) as stored:
        assert stored.read() == file.getvalue()
    assert attachments_of(site) == [attachment]
    assert (attachment.actor, attachment.site, attachment.subject) == (person, site, site)
    assert (attachment.media_type, attachment.size) == ("image/png", len(file.getvalue()))
    assert ask(AttachmentDigests("core_organization.site", (site.pk,))) == [(site.pk, attachment.sha256)]
    assert "IMG_1.png" in str([entry.title for entry in ask(TimelineOf(site))])


def test_the_same_bytes_are_attached_once_to_a_record_and_kept_once_for_all(
    kept: Kept, site: Site, person: User
) -> None:
    first = attach(png(), to=site, name="a.png", actor=person)
    assert attach(png(), to=site, name="b.png", actor=person) == first
    other = attach(png(), to=make_site("GRZ"), name="c.png", actor=person)
    assert other.pk != first.pk
    assert other.sha256 == first.sha256
    assert kept.everything() == [first.sha256]


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"%PDF-1.7\n%x", "report.pdf", "application/pdf"),
        (b"a;b\n1;2\n", "values.csv", "text/csv"),
        ("Größe: 3 µm\n".encode(), "note.txt", "text/plain"),
        (b'{"a": 1}', "data.json", "application/json"),
        (b"<html><script>alert(1)</script>", "page.html", "text/plain"),
        (b"<svg onload='x'/>", "image.svg", "text/plain"),
    ],
)
def test_the_type_is_what_the_content_is(content: bytes, name: str, expected: str) -> None:
    assert media.detect(io.BytesIO(content), name) == expected


def test_a_document_is_told_from_an_archive() -> None:
    assert media.detect(docx(), "x.zip").endswith("wordprocessingml.document")
    assert media.detect(png(), "x.pdf") == "image/png"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00", "setup.pdf", "file_type"),
        (b"\x7fELF\x02\x01\x01\x00" + b"\0" * 40, "photo.png", "file_type"),
        (b"", "empty.png", "file_empty"),
        (b"x" * 2001, "long.txt", "file_too_large"),
    ],
)
def test_what_may_not_be_attached_is_refused_and_nothing_is_stored(
    kept: Kept, site: Site, person: User, settings: Settings, content: bytes, name: str, code: str
) -> None:
    settings.TRUELINE_ATTACHMENT_LIMIT = 2000
    with pytest.raises(Blocked) as refused:
        attach(io.BytesIO(content), to=site, name=name, actor=person)
    assert refused.value.codes == (code,)
    assert name in refused.value.blockers[0].message
    assert not Attachment.objects.exists()
    assert kept.everything() == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Temp\\foto.png", "foto.png"),
        ('a<b>"c|d?.png', "a_b__c_d_.png"),
        ("x\u202egnp.exe", "xgnp.png"),
        ("line\r\nbreak.png", "linebreak.png"),
        (".png", "png.png"),
        ("", "file.png"),
        ("ü" * 300 + ".png", "ü" * 110 + ".png"),
    ],
)
def test_names_are_harmless(given: str, kept: str) -> None:
    assert media.clean_name(given, "image/png") == kept


def test_who_may_see_the_record_may_see_its_files(site: Site, person: User) -> None:
    attachment = attach(png(), to=site, name="a.png", actor=person)
    reader = make_user("reader", site=site, permissions=("core_organization.view_site",))
    elsewhere = make_user("far", site=make_site("GRZ"), permissions=("core_organization.view_site",))
    assert may_see(reader, attachment)
    assert not may_see(elsewhere, attachment)
    assert not may_see(person, attachment), "having attached it gives no right to see it"


def test_no_room_is_said_and_nothing_is_kept(
    site: Site, person: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Blocked) as refused:
        attach(png(), to=site, name="a.png", actor=person)
    assert refused.value.codes == ("no_room",)
    assert not [path for path in settings.TRUELINE_FILES_DIR.rglob("*") if path.is_file()]


def test_a_lost_file_is_said(kept: Kept, site: Site, person: User) -> None:
    attachment = attach(png(), to=site, name="a.png", actor=person)
    kept.lose(attachment.sha256)
    with pytest.raises(blobs.BlobMissing):
        open_blob(attachment)
