"""What files say: Word, Excel and PDF as text, and Word and Excel as simple HTML to make a PDF from.

Headings, paragraphs, lists, bold and italic text and tables of a Word file are kept; pictures, drawings, headers,
footers, comments and exact layout are not. Of an Excel file the values of each sheet are kept, as tables. A PDF stays
what it is; scanned pages have no text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
TEXTS = ("text/plain", "text/csv")
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, MOST_PAGES = 5_000, 60, 2_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"heading\s*([1-6])$|^title$", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|tr|table|thead|tbody|br|hr|pre|blockquote)\b[^>]*>")
_CELL = re.compile(r"</t[dh]>\s*<t[dh][^>]*>")
_ROW = re.compile(r"<tr[^>]*>\s*(.*?)\s*</tr>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Unreadable(Exception):
    """The file cannot be read; the message says why, in words."""


@dataclass(frozen=True)
class Extracted:
    """The text of a file, and its content as HTML where a PDF is made from it."""

    text: str
    html: str = ""


def extracted(data: bytes, media_type: str) -> Extracted:
    """The content of a file of a type that documents may have. Raises `Unreadable`."""
    readers = {DOCX: _docx, XLSX: _xlsx, PDF: _pdf}
    found = readers[media_type](data)
    return Extracted(_CONTROL.sub("", found.text), found.html)


def text_of_html(html: str) -> str:
    """Simple HTML as text: a line for each block, table rows with bars between their cells."""

    def row(found: re.Match[str]) -> str:
        cells = [_TAG.sub(" ", cell).strip() for cell in _CELL.split(found[1])]
        return "\n| " + " | ".join(re.sub(r"\s+", " ", cell) for cell in cells) + " |\n"

    lines = _TAG.sub("", _BLOCK.sub("\n", _ROW.sub(row, html))).splitlines()
    kept = [re.sub(r"[ \t]+", " ", unescape(line)).strip() for line in lines]
    return _CONTROL.sub("", "\n".join(line for line in kept if line))


def _unpacked(data: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo(name).file_size > MOST_UNPACKED:
                raise Unreadable(_("The file is too large, unpacked."))
            return archive.read(name)
    except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise Unreadable(_("This is no whole Word file.")) from error


def _docx(data: bytes) -> Extracted:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_unpacked(data, "word/document.xml"), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(_("The Word file is damaged: %(error)s") % {"error": error}) from error
    body = root.find(f"{W}body")
    html = "".join(_blocks(body)) if body is not None else ""
    return Extracted(text_of_html(html), html)


def _blocks(parent: Any) -> Iterator[str]:
    in_list = False
    for element in parent:
        is_item = element.tag == f"{W}p" and element.find(f"{W}pPr/{W}numPr") is not None and not _level(element)
        if is_item != in_list:
            yield "<ul>" if is_item else "</ul>"
            in_list = is_item
        if element.tag == f"{W}p":
            text = _runs(element)
            if is_item:
                yield f"<li>{text}</li>"
            elif text.strip():
                level = _level(element)
                yield f"<h{level}>{text}</h{level}>" if level else f"<p>{text}</p>"
        elif element.tag == f"{W}tbl":
            yield _table(element)
        elif element.tag == f"{W}sdt":
            content = element.find(f"{W}sdtContent")
            if content is not None:
                yield from _blocks(content)
    if in_list:
        yield "</ul>"


def _level(paragraph: Any) -> int:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = style.get(f"{W}val", "") if style is not None else ""
    found = _HEADING.search(name)
    return (min(6, int(found[1]) + 1) if found[1] else 2) if found else 0


def _runs(paragraph: Any) -> str:
    parts = []
    for run in paragraph.iter(f"{W}r"):
        text = "".join(_letters(run))
        if not text:
            continue
        for name, tag in (("b", "strong"), ("i", "em")):
            mark = run.find(f"{W}rPr/{W}{name}")
            if mark is not None and mark.get(f"{W}val", "1") not in ("0", "false"):
                text = f"<{tag}>{text}</{tag}>"
        parts.append(text)
    return "".join(parts)


def _letters(run: Any) -> Iterator[str]:
    for part in run:
        if part.tag == f"{W}t":
            yield escape(part.text or "")
        elif part.tag == f"{W}tab":
            yield " "
        elif part.tag in (f"{W}br", f"{W}cr"):
            yield "<br>"


def _table(table: Any) -> str:
    rows = []
    for row in table.iterfind(f"{W}tr"):
        cells = ["<br>".join(_runs(p) for p in cell.iter(f"{W}p")) for cell in row.iterfind(f"{W}tc")]
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table>{''.join(rows)}</table>"


def _xlsx(data: bytes) -> Extracted:
    from openpyxl import load_workbook  # noqa: PLC0415 - needed by workers only

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:
        raise Unreadable(_("The Excel file is damaged: %(error)s") % {"error": error}) from error
    parts = []
    for sheet in book.worksheets:
        rows = []
        for values in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True):
            cells = ["" if value is None else escape(str(value)) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        if rows:
            parts.append(f"<h2>{escape(sheet.title)}</h2><table>{''.join(rows)}</table>")
    book.close()
    html = "".join(parts)
    return Extracted(text_of_html(html), html)


def _pdf(data: bytes) -> Extracted:
    from pypdf import PdfReader  # noqa: PLC0415 - needed by workers only
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - the same

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(_("The PDF is protected by a password."))
        pages = [page.extract_text() or "" for page in reader.pages[:MOST_PAGES]]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable(_("The PDF cannot be read: %(error)s") % {"error": error}) from error
    return Extracted("\n".join(pages))
