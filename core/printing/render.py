"""HTML to PDF without a network: WeasyPrint in bounded memory, the record's data attached to its own print.

A long document is cut where its template says it may be (`CUT`), rendered piece by piece and merged, so
that memory depends on the piece and not on the document (measured: about 5 MB per page in one go).

Only what renders loads this module, when it does: WeasyPrint takes most of a second and much memory.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pikepdf
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.printing.documents import CUT, DataFile, Refused, Source

BODY_START = "<!-- content -->"
BODY_END = "<!-- /content -->"

# Characters of HTML per piece. Table-heavy pages measure 2,500-4,000 characters; this is some 30 pages.
PIECE_CHARACTERS = 100_000

HOUSE = "trueline.invalid"
BASE_URL = f"http://{HOUSE}/"
"""Addresses of a print resolve against a host that cannot exist (RFC 2606) and are never looked up."""

Bookmark = tuple[str, int, list[object], int]
"""Title, page of the whole document, view on that page, depth."""


@dataclass
class Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves `/static/…` and `blob:<sha256>` and refuses every other address, network or disk.

    A missing picture ends the rendering: a record that silently lacks one is no evidence.
    """

    source: Source
    static_url: str = "/static/"
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the bytes behind `url`; raises `Refused`, which WeasyPrint turns into a failed rendering."""
        self.asked.append(url)
        parts = urlsplit(url)
        path = unquote(parts.path)
        if parts.scheme == "http" and parts.netloc == HOUSE and path.startswith(self.static_url):
            body, media_type = self.source.static(path.removeprefix(self.static_url))
        elif parts.scheme == "blob" and self.source.blob is not None:
            body, media_type = self.source.blob(path)
        else:
            raise Refused(url)
        return URLFetcherResponse(url, body, {"Content-Type": media_type})

    __hash__ = object.__hash__


def render_pdf(
    html: str,
    *,
    source: Source,
    created: datetime,
    data: Sequence[DataFile] = (),
    static_url: str = "/static/",
    piece_characters: int = PIECE_CHARACTERS,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Render a print template's HTML to a PDF 2.0 file laid out as PDF/A-4f, with `data` embedded.

    `progress(done, total)` is called per piece; an exception it raises ends the rendering (cancel).
    """
    fetcher = Fetcher(source, static_url)
    fonts = FontConfiguration()
    pieces = split(html, piece_characters)
    files: list[bytes] = []
    for number, piece in enumerate(pieces, start=1):
        first = number == 1
        files.append(_render_piece(piece, fetcher, fonts, created, data if first else (), alone=len(pieces) == 1))
        if progress is not None:
            progress(number, len(pieces))
    if len(files) == 1:
        return _tidy(files[0])
    return _merge(files, fetcher, fonts, html)


def split(html: str, piece_characters: int = PIECE_CHARACTERS) -> list[str]:
    """Cut a document at its marks into pieces of about `piece_characters`; short documents stay whole."""
    if CUT not in html or len(html) <= piece_characters * 1.5:
        return [html]
    head, _, rest = html.partition(BODY_START)
    content, _, tail = rest.rpartition(BODY_END)
    if not content:
        raise ValueError("a print with cut marks needs the content marks of base/sealed.html")
    parts = content.split(CUT)
    for part in parts:
        _demand_whole(part)
    return [f"{head}{BODY_START}{part}{BODY_END}{tail}" for part in _packed(parts, piece_characters)]


class _Balance(HTMLParser):
    """Keeps the stack of open elements."""

    VOID = frozenset({"img", "br", "hr", "meta", "link", "input", "col", "wbr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """An element that opens and closes at once changes nothing."""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"a cut mark of this print stands inside an element (at </{tag}>)")


def _demand_whole(part: str) -> None:
    balance = _Balance()
    balance.feed(part)
    if balance.open:
        raise ValueError(f"a cut mark of this print stands inside <{balance.open[-1]}>")


def _packed(parts: Sequence[str], limit: int) -> Iterator[str]:
    packed = ""
    for part in parts:
        if packed and len(packed) + len(part) > limit:
            yield packed
            packed = part
        else:
            packed += part
    yield packed


# A piece does not know the page numbers of the whole: they are laid over once all pieces are counted.
_NO_PAGE_NUMBERS = "@page { @bottom-right { content: '' !important } }"
_ONLY_PAGE_NUMBERS = """
@page { background: none !important;
  @top-left { content: none !important }
  @top-center { content: none !important }
  @top-right { content: none !important }
  @bottom-left { content: none !important }
  @bottom-center { content: none !important } }
.blank { break-after: page; height: 1px }
"""


def _render_piece(
    html: str, fetcher: Fetcher, fonts: FontConfiguration, created: datetime, data: Sequence[DataFile], *, alone: bool
) -> bytes:
    styles = [] if alone else [CSS(string=_NO_PAGE_NUMBERS, font_config=fonts, url_fetcher=fetcher)]
    attachments = [
        Attachment(
            string=file.content,
            name=file.name,
            description=file.description or file.name,
            created=created,
            modified=created,
            relationship="Data",
        )
        for file in data
    ]
    document = HTML(string=html, base_url=BASE_URL, url_fetcher=fetcher, media_type="print")
    pdf: bytes = document.write_pdf(
        stylesheets=styles,
        attachments=attachments,
        font_config=fonts,
        pdf_variant="pdf/a-4f",
        # Tags make the text readable by screen readers; merging would orphan them, so only whole documents carry them.
        pdf_tags=alone,
        custom_metadata=False,
    )
    del document
    gc.collect()
    return pdf


def _merge(files: Sequence[bytes], fetcher: Fetcher, fonts: FontConfiguration, html: str) -> bytes:
    """Append the pieces to the first one (which carries the metadata and the data) and number the pages."""
    whole = pikepdf.open(io.BytesIO(files[0]))
    outline: list[Bookmark] = []
    _read_outline(whole, 0, outline)
    for piece in files[1:]:
        with pikepdf.open(io.BytesIO(piece)) as part:
            _read_outline(part, len(whole.pages), outline)
            whole.pages.extend(part.pages)
    _write_outline(whole, outline)
    blank = '<p class="blank"></p>' * len(whole.pages)
    numbering = HTML(
        string=f"{html.partition('<body')[0]}<body>{blank}</body></html>",
        base_url=BASE_URL,
        url_fetcher=fetcher,
    ).write_pdf(stylesheets=[CSS(string=_ONLY_PAGE_NUMBERS)], font_config=fonts, pdf_variant="pdf/a-4f")
    with pikepdf.open(io.BytesIO(numbering)) as numbers:
        for page, number in zip(whole.pages, numbers.pages, strict=False):
            page.add_overlay(number, None)
    target = io.BytesIO()
    whole.save(target)
    whole.close()
    return _tidy(target.getvalue())


def _read_outline(pdf: pikepdf.Pdf, offset: int, into: list[Bookmark]) -> None:
    """Collect (title, page of the whole, view, depth) of a piece's bookmarks."""
    pages: dict[object, int] = {page.objgen: number for number, page in enumerate(pdf.pages)}

    def walk(items: Sequence[pikepdf.OutlineItem], depth: int) -> None:
        for item in items:
            target = item.destination
            if isinstance(target, pikepdf.Array):
                view: list[object] = [
                    str(part) if isinstance(part, pikepdf.Name) else part for part in list(target)[1:]
                ]
                into.append((item.title, offset + pages[target[0].objgen], view, depth))
            walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        walk(outline.root, 0)


def _write_outline(pdf: pikepdf.Pdf, entries: Sequence[Bookmark]) -> None:
    with pdf.open_outline() as outline:
        outline.root.clear()
        levels: list[list[pikepdf.OutlineItem]] = [outline.root]
        for title, page, view, depth in entries:
            parts = [pikepdf.Name(part) if isinstance(part, str) else part for part in view]
            item = pikepdf.OutlineItem(title, pikepdf.Array([pdf.pages[page].obj, *parts]))
            del levels[depth + 1 :]
            levels[-1].append(item)
            levels.append(item.children)


def _tidy(pdf: bytes) -> bytes:
    """Name each embedded file once (WeasyPrint 70 lists it twice) and write the file anew, ready to be sealed."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.get("/AF")
        if names is not None:
            unique = {entry.objgen: entry for entry in names}
            document.Root.AF = pikepdf.Array(list(unique.values()))
        target = io.BytesIO()
        document.save(target, force_version="2.0", deterministic_id=True)
    return target.getvalue()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)
