"""HTML to PDF: no network, data attached once, long documents in pieces."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pikepdf
import pypdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from core.kernel.clock import now
from core.printing.documents import CUT, DataFile, Source
from core.printing.render import BODY_END, BODY_START, render_pdf, split

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def pdf_of(body: str, *, source: Source | None = None, **options: object) -> bytes:
    html = (
        "<html lang=en><head><title>Lot</title><style>@page{size:A5;@bottom-right{content:counter(page) ' of '"
        f" counter(pages)}}}}</style></head><body>{BODY_START}{body}{BODY_END}</body></html>"
    )
    return render_pdf(html, source=source or Source(_none), created=now(), **options)  # type: ignore[arg-type]


def _none(address: str) -> tuple[bytes, str]:
    raise LookupError(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "file:///etc/passwd",
        "//example.org/x.png",
        "ftp://example.org/x.png",
        "data:image/png;base64,AAAA",
        "/etc/passwd",
        "/static/../../etc/passwd",
        "blob:" + "0" * 64,
    ],
)
def test_nothing_but_static_files_and_own_attachments_can_be_read(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        pdf_of(f'<img src="{address}">')


def test_pictures_come_from_static_files_and_attachments() -> None:
    asked: list[str] = []

    def serve(address: str) -> tuple[bytes, str]:
        asked.append(address)
        return PIXEL, "image/png"

    pdf = pdf_of('<img src="/static/logo.png"><img src="blob:ab12">', source=Source(serve, serve))
    assert sorted(asked) == ["ab12", "logo.png"]
    assert pdf.startswith(b"%PDF-2.0")


def test_the_data_is_attached_once_as_data_of_the_record() -> None:
    content = json.dumps({"lot": "L-1"}).encode()
    pdf = pdf_of("<p>x", data=[DataFile("record.json", content)])
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.Root.AF) == 1
        assert document.Root.AF[0].AFRelationship == "/Data"
        assert list(document.attachments) == ["record.json"]
        assert document.attachments["record.json"].get_file().read_bytes() == content
        metadata = document.Root.Metadata.read_bytes().decode()
        assert 'part="4"' in metadata
        assert 'conformance="F"' in metadata
        assert str(document.Root.Lang) == "en"
    assert list(pypdf.PdfReader(io.BytesIO(pdf)).attachments) == ["record.json"]


@pytest.fixture
def long_body() -> Callable[[int], str]:
    def body(parts: int) -> str:
        rows = "".join(f"<tr><td>row {number}</td></tr>" for number in range(60))
        return CUT.join(f"<h2>Part {number}</h2><table>{rows}</table>" for number in range(parts))

    return body


def test_a_long_document_is_rendered_in_pieces_and_numbered_as_one(long_body: Callable[[int], str]) -> None:
    told: list[tuple[int, int]] = []
    pdf = pdf_of(
        long_body(6),
        data=[DataFile("record.json", b"{}")],
        piece_characters=4000,
        progress=lambda done, total: told.append((done, total)),
    )
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    total = len(reader.pages)
    assert told[-1] == (3, 3)
    text = [page.extract_text() for page in reader.pages]
    assert [f"{number} of {total}" in page for number, page in enumerate(text, 1)] == [True] * total
    assert sum(page.count(" of ") for page in text) == total, "one number a page"
    whole = "\n".join(text)
    assert [whole.count(f"Part {number}") for number in range(6)] == [1] * 6
    bookmarks: Any = reader.outline
    assert [entry["/Title"] for entry in bookmarks] == [f"Part {number}" for number in range(6)]
    assert (reader.get_destination_page_number(bookmarks[-1]) or 0) > total // 2
    assert list(reader.attachments) == ["record.json"]


def test_cancelling_between_pieces_ends_the_rendering(long_body: Callable[[int], str]) -> None:
    class Stop(BaseException):
        pass

    def stop(_done: int, _total: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        pdf_of(long_body(4), piece_characters=4000, progress=stop)


def test_short_documents_are_not_cut(long_body: Callable[[int], str]) -> None:
    html = f"<body>{BODY_START}{long_body(2)}{BODY_END}</body>"
    assert split(html) == [html]


def test_a_cut_inside_an_element_is_refused() -> None:
    html = f"<body>{BODY_START}<section><p>a</p>{CUT}<p>b</p></section>{BODY_END}</body>"
    with pytest.raises(ValueError, match="inside <section>"):
        split(html, 10)
