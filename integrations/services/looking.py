"""A first look at a file: how it seems to be written, its columns with samples, and which column may feed which field.

Everything here is a proposal that a person sees and confirms; an import never goes by it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.services import folders, workbooks
from integrations.services.mapping import ColumnMapping, ImportField, MappingError, parse_mapping
from integrations.services.reading import Issue, table_of
from integrations.services.workbooks import Unreadable

SAMPLES = 5
HEAD = 256 * 1024
DELIMITERS = (",", ";", "\t", "|")
UTF_8, OLD = "utf-8-sig", "cp1252"
_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf1-\xf4][\x80-\xbf]{3}")
"""A letter in UTF-8 of more than one byte."""


@dataclass(frozen=True)
class Column:
    """A column of a file: its number from 1, its name (empty without a header), and values of the first rows."""

    number: int
    name: str
    samples: tuple[str, ...]

    @property
    def place(self) -> int | str:
        """How a mapping calls it: by its name where it has one of its own that is no number."""
        return self.name if self.name and not self.name.isdecimal() else self.number


@dataclass(frozen=True)
class Look:
    """What a first look found: the format it went by, the columns, or what is wrong."""

    form: Mapping[str, Any]
    columns: tuple[Column, ...] = ()
    sheets: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = field(default=())

    @property
    def names(self) -> list[str]:
        """The columns as they are remembered: by name, or by number."""
        return [column.name or str(column.number) for column in self.columns]

    @property
    def is_old_encoding(self) -> bool:
        """Whether bytes became letters by a guess that only a reader can confirm."""
        return self.form.get("encoding") == OLD

    @property
    def key(self) -> str:
        """A digest of the set of columns: the next file with these columns is mapped as this one."""
        asked = json.dumps([bool(self.form.get("header", True)), sorted(self.names)])
        return hashlib.sha256(asked.encode()).hexdigest()


def proposed_format(data: bytes) -> dict[str, Any]:
    """How a file seems to be written."""
    if workbooks.is_workbook(data):
        return {"header": True}
    head = data[:HEAD]
    encoding = UTF_8 if is_meant_as_utf_8(data) else OLD
    text = head.decode(encoding, errors="replace")
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if len(data) > HEAD and len(lines) > 1:
        lines.pop()
    delimiter = max(DELIMITERS, key=lambda one: min((line.count(one) for line in lines), default=0))
    cells = [cell.strip().strip('"') for cell in lines[0].split(delimiter)] if lines else []
    header = bool(cells) and all(cells) and len(set(cells)) == len(cells) and not any(map(_is_value, cells))
    return {"delimiter": delimiter, "quoting": '"' in text or delimiter != "\t", "header": header, "encoding": encoding}


def is_meant_as_utf_8(data: bytes) -> bool:
    """Whether a file is UTF-8, or was before some of its bytes broke.

    Letters of more than one byte do not come out of another encoding by chance: where there are such, bytes that fit
    nowhere are damage to be named, no reason to read the whole file in another encoding.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        return bool(_LETTER.search(data))
    return True


def _is_value(cell: str) -> bool:
    """Whether a cell is more likely a value than the name of a column."""
    return cell[:1].isdigit() or cell[:1] in "-+.="


def look_at(data: bytes, form: Mapping[str, Any]) -> Look:
    """The columns of a file that is written in this way."""
    try:
        mapping = parse_mapping(json.dumps({"format": form, "columns": {}}), ())
    except MappingError as problem:
        return Look(form, issues=(Issue(0, "", "", str(problem)),))
    lines, issues = table_of(data, mapping)
    if issues:
        return Look(form, issues=tuple(issues))
    try:
        is_workbook = workbooks.is_workbook(data) and not folders.is_folder(data)
        sheets = tuple(workbooks.sheets_of(data)) if is_workbook else ()
        wanted = SAMPLES + int(mapping.header)
        rows = list(itertools.islice((cells for _line, cells in lines if any(map(str.strip, cells))), wanted))
    except Unreadable as problem:
        return Look(form, issues=(Issue(problem.line, "", "", str(problem)),))
    return Look(form, columns=_columns(rows, mapping), sheets=sheets)


def _columns(rows: Sequence[Sequence[str]], mapping: ColumnMapping) -> tuple[Column, ...]:
    header = [cell.strip() for cell in rows[0]] if mapping.header and rows else []
    body = rows[1:] if mapping.header else rows
    width = len(header) or max(map(len, body), default=0)
    found = []
    for index in range(min(width, workbooks.MAX_COLUMNS)):
        name = header[index] if index < len(header) else ""
        samples = tuple(row[index].strip()[:60] if index < len(row) else "" for row in body)
        found.append(Column(index + 1, name if header.count(name) == 1 else "", samples))
    return tuple(found)


def guesses(columns: Sequence[Column], fields: Sequence[ImportField]) -> dict[str, Column]:
    """For each field the column that is called like it, as far as there is one."""
    named = {_plain(column.name): column for column in reversed(columns) if column.name}
    found = {}
    for target in fields:
        for word in (target.name, str(target.label)):
            if _plain(word) in named:
                found[target.name] = named[_plain(word)]
                break
    return found


def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
