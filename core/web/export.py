"""Lists as files: every filtered row, safe to open in a spreadsheet. `core.web.workbook` writes XLSX."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_SKIPPED = " \u200b\u200c\u200d\u2060\ufeff"
"""What a spreadsheet may drop before it looks at the first character."""
XLSX_LIMIT = 1_048_575
"""Rows that one sheet can hold under its header."""

PDF_LIMIT = 20_000
"""Rows that a printed list holds: some 500 pages."""
LINES_AT_ONCE = 500


def neutral(value: Any) -> Any:
    """A value that a spreadsheet shows and never runs: text that would start a formula gets an apostrophe.

    Numbers, dates and booleans pass unchanged, so -3 stays a number; text is made safe whatever it looks like.
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal | dt.date):
        return value
    text = str(value)
    seen = unicodedata.normalize("NFKC", text).lstrip(_SKIPPED)
    return f"'{text}" if text.startswith(FORMULA_STARTS) or seen.startswith(FORMULA_STARTS) else text


class _Echo(io.TextIOBase):
    """A file that hands every written line back, so that a row can leave before the next one is read."""

    def write(self, text: str) -> Any:
        return text


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """CSV by RFC 4180 with a byte order mark (spreadsheets then read UTF-8), line by line; times in ISO 8601."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield str(writer.writerow([neutral(str(title)) for title in header]))
    for row in rows:
        yield str(writer.writerow([_plain(neutral(value)) for value in row]))


def streamed(lines: Iterable[str], request: HttpRequest, *, content_type: str, name: str) -> StreamingHttpResponse:
    """A file that is sent while it is written, whoever serves it: memory stays bounded under ASGI too."""
    parts = _in_turns(iter(lines)) if isinstance(request, ASGIRequest) else lines
    response = StreamingHttpResponse(parts, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


async def _in_turns(lines: Iterator[str]) -> AsyncIterator[str]:
    # The lines come from the database, so they are made in the thread of the request, some hundred at a time.
    while part := await sync_to_async(lambda: "".join(islice(lines, LINES_AT_ONCE)))():
        yield part


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
