"""XLSX workbooks as lines of cells, after their size was checked; and what else a file may be than a table."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_ROWS = 250_000
MAX_COLUMNS = 200
MAX_PARTS = 2_000
MAX_UNPACKED = 256 * 1024 * 1024
MAX_RATIO = 200
SMALL_PART = 1024 * 1024
"""A part up to this size may be packed as well as it likes: a column of equal words is."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURE = gettext_lazy("is a picture or a recording, no table; choose the CSV or .xlsx file")
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "is a workbook of the old format (.xls) or one with a password; save it as .xlsx without a password, or as CSV"
    ),
    b"%PDF-": gettext_lazy("is a PDF, no table; export the table as CSV or .xlsx from where it came from"),
    b"\x1f\x8b": gettext_lazy("is a compressed file; unpack it and choose the table in it"),
    b"7z\xbc\xaf": gettext_lazy("is an archive; unpack it and choose the table in it"),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"RIFF": _PICTURE,
    b"II*\0": _PICTURE,
    b"MM\0*": _PICTURE,
    b"<!DOCTYPE": gettext_lazy("is a web page, no table; open it in a spreadsheet and save it as .xlsx or CSV"),
    b"<html": gettext_lazy("is a web page, no table; open it in a spreadsheet and save it as .xlsx or CSV"),
}
"""How other files begin, and what to do with them; some encodings would read them as words."""

# openpyxl raises whatever its parser meets in a part that is not as it should be.
_BROKEN = (
    ParseError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError,
    EOFError, NotImplementedError, RuntimeError, OverflowError, OSError,
)  # fmt: skip


class Unreadable(Exception):
    """The cells of a line cannot be told apart, or there are more than a table may have."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


class Day(str):
    """A cell that a workbook keeps as a day; it needs no date format."""


class Refused(str):
    """A cell whose value cannot be taken as it stands: a formula, or an error of the spreadsheet."""

    problem: str

    @classmethod
    def because(cls, text: str, problem: str) -> Refused:
        """Such a cell with what is said where a field needs it."""
        cell = cls(text)
        cell.problem = problem
        return cell


def is_workbook(data: bytes) -> bool:
    """Whether the file is a ZIP archive by its content, as every .xlsx is."""
    return data.startswith(_ZIP)


def foreign(data: bytes) -> str:
    """What the file is, when it is no table, and what to do; empty for text and for workbooks that may be opened."""
    if not is_workbook(data):
        head = data[:64].lstrip()
        return next((str(said) for start, said in _FOREIGN.items() if head.lower().startswith(start.lower())), "")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unsafe(archive)
    except _BROKEN:
        return _("is a damaged archive or workbook; save it again as .xlsx, or as CSV")


def _unsafe(archive: zipfile.ZipFile) -> str:
    """Why the archive is not opened. Its parts never unpack to more than they say: `zipfile` stops there."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        return _("unpacks to more than %(limit)s MB or %(parts)s parts; split it, or save the sheet as CSV") % {
            "limit": MAX_UNPACKED // 1024 // 1024,
            "parts": MAX_PARTS,
        }
    for part in parts:
        if part.file_size > SMALL_PART and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            return _("is packed more tightly than any table (%(part)s); save the sheet as CSV") % {
                "part": part.filename[:80]
            }
    if "xl/workbook.xml" not in archive.namelist():
        return _("is an archive, no workbook; unpack it and choose the table in it")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as opened:
                if b"<!DOCTYPE" in opened.read(2048):
                    return _("declares a document type, which no spreadsheet writes; save the sheet as CSV")
    return ""


def unpacked(data: bytes) -> int:
    """How many bytes a workbook unpacks to; 0 for what is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except _BROKEN:
        return 0


def _opened(data: bytes) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 - takes its time and memory, where a workbook is read

    return load_workbook(io.BytesIO(data), read_only=True, keep_links=False)


def sheets_of(data: bytes) -> list[str]:
    """The names of the sheets that somebody who opens the workbook sees. Raises `Unreadable`."""
    try:
        book = _opened(data)
        return [str(sheet.title) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except _BROKEN as problem:
        raise Unreadable(1, _("the workbook is damaged; save it again as .xlsx, or as CSV")) from problem


def cells_of(data: bytes, sheet: str = "") -> Iterator[tuple[int, list[str]]]:
    """The lines of a sheet (by default the first one that is seen) with their cells as text. Raises `Unreadable`."""
    known = sheets_of(data)
    if not known or (sheet and sheet not in known):
        raise Unreadable(1, _("there is no sheet “%(name)s”") % {"name": sheet})
    line = 0
    try:
        book = _opened(data)
        found = book[sheet or known[0]]
        found.reset_dimensions()  # what the workbook says about its size may be wrong
        for line, row in enumerate(found.rows, start=1):
            cells = [_text(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if line > MAX_ROWS or len(cells) > MAX_COLUMNS:
                raise Unreadable(line, too_much())
            yield line, cells
    except _BROKEN as problem:
        raise Unreadable(line + 1, _("the workbook is damaged; save it again as .xlsx, or as CSV")) from problem


def too_much() -> str:
    """What is said to a table beyond the limits."""
    return _("a table has at most %(rows)s rows and %(columns)s columns; split it") % {
        "rows": MAX_ROWS,
        "columns": MAX_COLUMNS,
    }


def _text(cell: Any) -> str:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return ""
    if kind == "f":
        said = _("is a formula: nobody sees which value it had; paste it as a value in the spreadsheet and save")
        return Refused.because(value[:40] if isinstance(value, str) else "=…", said)
    if kind == "e":
        return Refused.because(str(value), _("holds the spreadsheet's error %(error)s") % {"error": value})
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return Day(value.date().isoformat()) if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date):
        return Day(value.isoformat())
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number, "f")
    return str(value).strip()
