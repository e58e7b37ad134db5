"""Lists as XLSX files. Only what writes one loads this module, for openpyxl takes its time and memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from tempfile import NamedTemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.web.export import neutral


def xlsx_file(title: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Any:
    """An open temporary XLSX file at its start; text cells are typed as text, so none can be a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(c for c in title if c not in r"\/?*[]:")[:31] or "List")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, str(name)) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    target = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target


def _cell(sheet: Any, value: Any) -> Any:
    value = neutral(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.isoformat()  # a spreadsheet's own times have no zone and would lose it
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
