"""Handing out attachments."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from core.files.models import Attachment
from core.files.services import attach
from core.files.thumbnails import EDGE, NoThumbnail, thumbnail
from core.organization.models import Site, User
from tests.core.files.conftest import Kept
from tests.support.people import make_site, make_user

pytestmark = pytest.mark.django_db
Visit = Callable[[User], Client]


@pytest.fixture
def site() -> Site:
    return make_site("VIE")


@pytest.fixture
def reader(site: Site) -> User:
    return make_user("reader", site=site, permissions=("core_organization.view_site",))


def photo(*, orientation: int = 1) -> io.BytesIO:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (1600, 800), "red").save(file, "JPEG", exif=exif)
    return file


def attached(site: Site, file: io.BytesIO, name: str) -> Attachment:
    return attach(file, to=site, name=name, actor=make_user())


def test_a_file_is_handed_out_as_it_came_and_inert(kept: Kept, visit: Visit, site: Site, reader: User) -> None:
    attachment = attached(site, io.BytesIO(b"<script>alert(1)</script>"), "evil.html")
    answer = visit(reader).get(attachment.get_absolute_url())
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "text/plain"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "private" in answer["Cache-Control"]


def test_only_pictures_are_shown_in_the_page(visit: Visit, site: Site, reader: User) -> None:
    picture, text = attached(site, photo(), "a.jpg"), attached(site, io.BytesIO(b"hello"), "a.txt")
    client = visit(reader)
    assert client.get(f"{picture.get_absolute_url()}?inline=1")["Content-Disposition"].startswith("inline")
    assert client.get(picture.get_absolute_url())["Content-Disposition"].startswith("attachment")
    assert client.get(f"{text.get_absolute_url()}?inline=1")["Content-Disposition"].startswith("attachment")


def test_nobody_else_gets_it(visit: Visit, site: Site) -> None:
    attachment = attached(site, photo(), "a.jpg")
    elsewhere = make_user("far", site=make_site("GRZ"), permissions=("core_organization.view_site",))
    for address in (
        attachment.get_absolute_url(),
        attachment.get_absolute_url().replace("download", "thumbnail"),
    ):
        assert Client().get(address).status_code == 302
        assert visit(elsewhere).get(address).status_code == 404
        assert visit(make_user()).get(address).status_code == 404


def test_a_thumbnail_is_small_upright_and_made_once(visit: Visit, site: Site, reader: User, settings: Settings) -> None:
    attachment = attached(site, photo(orientation=6), "a.jpg")
    address = attachment.get_absolute_url().replace("download", "thumbnail")
    for _time in range(2):
        answer = visit(reader).get(address)
        with Image.open(io.BytesIO(answer.content)) as small:
            assert small.format == "WEBP"
            assert small.size == (EDGE // 2, EDGE)
    assert len(list(Path(settings.TRUELINE_CACHE_DIR).rglob("*.webp"))) == 1


def test_a_small_file_that_unpacks_to_much_is_not_opened(visit: Visit, site: Site, reader: User) -> None:
    """One grey level, 400 million pixels: some 50 KB that would need 400 MB."""
    rows, line = 20_000, b"\0" * 2501
    squeezer = zlib.compressobj(9)
    data = b"".join(squeezer.compress(line) for _row in range(rows)) + squeezer.flush()
    head = struct.pack("!IIBBBBB", rows, rows, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    attachment = attached(site, io.BytesIO(bomb), "bomb.png")
    assert attachment.size < 100_000
    with pytest.raises(NoThumbnail, match="20000 × 20000|could be decompression bomb"):
        thumbnail(attachment.sha256)
    address = attachment.get_absolute_url().replace("download", "thumbnail")
    assert visit(reader).get(address).status_code == 404


def test_no_picture_no_thumbnail(visit: Visit, site: Site, reader: User) -> None:
    text = attached(site, io.BytesIO(b"hello"), "a.txt")
    broken = attached(site, io.BytesIO(photo().getvalue()[:600]), "b.jpg")
    for attachment in (text, broken):
        answer = visit(reader).get(attachment.get_absolute_url().replace("download", "thumbnail"))
        assert answer.status_code == 404


def test_a_damaged_file_is_said_and_not_handed_out(kept: Kept, visit: Visit, site: Site, reader: User) -> None:
    attachment = attached(site, io.BytesIO(b"hello"), "a.txt")
    kept.damage(attachment.sha256, b"hacked")
    answer = visit(reader).get(attachment.get_absolute_url())
    assert answer.status_code == 500
    assert b"hacked" not in answer.content
    assert attachment.sha256.encode() in answer.content
