"""Files become rows of fields; every value that does not fit is named by line and column."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations.services import folders, workbooks
from integrations.services.mapping import ColumnMapping, ImportField, Source, ValueProblem, translate, typed
from integrations.services.workbooks import Day, Refused, Unreadable

MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Issue:
    """Something wrong in one line of a file, with the column in the words of the file and the field it feeds."""

    line: int
    column: str
    field: str
    message: str


@dataclass(frozen=True)
class Row:
    """One data line: its number, the value of each field, or why it is skipped."""

    line: int
    values: dict[str, str | None]
    skipped: bool = False


WORST = 100
"""As many undecodable lines are named; a file that is no text at all has millions."""


def _decoded(data: bytes, mapping: ColumnMapping) -> tuple[str, list[Issue]]:
    try:
        text = data.decode(mapping.encoding)
        text.encode()
    except UnicodeEncodeError:
        return "", [Issue(1, "1", "", _("is not %(encoding)s text") % {"encoding": mapping.encoding})]
    except UnicodeDecodeError:
        issues = list(itertools.islice(_undecodable(data, mapping), WORST))
        return "", issues or [Issue(1, "1", "", _("is not %(encoding)s text") % {"encoding": mapping.encoding})]
    if "\0" in text:
        before = text[: text.index("\0")]
        line, column = before.count("\n") + 1, before.rpartition("\n")[2].count(mapping.delimiter) + 1
        said = _("contains a NUL character; this is no text file, or text in UTF-16")
        return "", [Issue(line, str(column), "", said)]
    return text, []


def _undecodable(data: bytes, mapping: ColumnMapping) -> Iterator[Issue]:
    for number, raw in enumerate(data.split(b"\n"), start=1):
        try:
            raw.decode(mapping.encoding)
        except UnicodeDecodeError as problem:
            column = raw[: problem.start].count(mapping.delimiter.encode()) + 1
            yield Issue(
                number,
                str(column),
                "",
                _("byte %(position)s is not %(encoding)s; save the file as %(encoding)s")
                % {"position": problem.start + 1, "encoding": mapping.encoding.removesuffix("-sig").upper()},
            )


def _position(source: int | str, header: Sequence[str]) -> int:
    if isinstance(source, int):
        return source - 1
    return list(header).index(source)


def cells_of_text(text: str, mapping: ColumnMapping) -> Iterator[tuple[int, list[str]]]:
    """The lines of a text with their cells. Raises `Unreadable`."""
    if mapping.quoting:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
        before = 0
        try:
            for cells in reader:
                yield before + 1, cells
                before = reader.line_num
        except csv.Error as problem:
            raise Unreadable(before + 1, str(problem)) from problem
        return
    for number, line in enumerate(text.splitlines(), start=1):
        yield number, line.split(mapping.delimiter)


def table_of(data: bytes, mapping: ColumnMapping) -> tuple[Iterator[tuple[int, list[str]]], list[Issue]]:
    """The lines of a file with their cells, whichever kind of table it is; or why there are none."""
    if len(data) > MAX_BYTES:
        said = _("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024}
        return iter(()), [Issue(0, "", "", said)]
    if folders.is_folder(data):
        return folders.cells_of(data), []
    other = workbooks.foreign(data)
    if other:
        return iter(()), [Issue(1, "1", "", other)]
    if workbooks.is_workbook(data):
        return workbooks.cells_of(data, mapping.sheet), []
    text, issues = _decoded(data, mapping)
    return (iter(()), issues) if issues else (cells_of_text(text, mapping), [])


def _clean(cell: str) -> str:
    """A cell without the blanks around it; what a workbook typed stays as it is."""
    if isinstance(cell, Refused):
        raise ValueProblem(cell.problem)
    return cell if isinstance(cell, Day) else cell.strip()


def _raw(source: Source, cells: Sequence[str], header: Sequence[str]) -> str:
    if source.value is not None:
        return source.value
    if source.join:
        parts = [_clean(cells[_position(part, header)]) for part in source.join]
        return source.prefix + source.separator.join(part for part in parts if part)
    if source.column is None:
        return ""
    value = _clean(cells[_position(source.column, header)])
    return source.prefix + value if value and source.prefix else value


def _shown(source: Source) -> str:
    if source.value is not None:
        return _("constant")
    return ", ".join(str(part) for part in source.join) if source.join else str(source.column)


def read_rows(data: bytes, mapping: ColumnMapping, fields: Sequence[ImportField]) -> tuple[list[Row], list[Issue]]:
    """All rows of a file and everything wrong with their form; rows with an issue are left out."""
    lines, issues = table_of(data, mapping)
    if issues:
        return [], issues
    is_sheet = workbooks.is_workbook(data)
    rows: list[Row] = []
    header: list[str] = []
    width = mapping.width
    try:
        for line, cells in lines:
            if len(rows) + len(issues) > workbooks.MAX_ROWS or len(cells) > workbooks.MAX_COLUMNS:
                raise Unreadable(line, workbooks.too_much())
            if mapping.header and not header:
                header = [cell.strip() for cell in cells]
                missing = _missing_columns(mapping, header)
                if missing:
                    return [], [Issue(line, missing, "", _("the header has no column “%(name)s”") % {"name": missing})]
                twice = next((name for name in _named(mapping) if header.count(name) > 1), "")
                if twice:
                    return [], [Issue(line, twice, "", _("the header names “%(name)s” twice") % {"name": twice})]
                width = len(header)
                continue
            if not any(cell.strip() for cell in cells):
                continue
            width = width or len(cells)
            if is_sheet and len(cells) < width:  # a sheet keeps no empty cells at the end of a row
                cells = [*cells, *[""] * (width - len(cells))]
            if len(cells) != width:
                issues.append(
                    Issue(
                        line,
                        str(min(len(cells), width) + 1),
                        "",
                        _("the line has %(found)s columns, not %(expected)s")
                        % {"found": len(cells), "expected": width},
                    )
                )
                continue
            row, wrong = _row(line, cells, header, mapping, fields)
            issues += wrong
            if not wrong:
                rows.append(row)
    except Unreadable as problem:
        issues.append(Issue(problem.line, "", "", _("the line cannot be read: %(problem)s") % {"problem": problem}))
    if not rows and not issues:
        issues.append(Issue(0, "", "", _("The file has no rows.")))
    return rows, issues


def _named(mapping: ColumnMapping) -> list[str]:
    """The columns that the mapping calls by their name."""
    named = [part for s in mapping.columns.values() for part in (s.column, *s.join) if isinstance(part, str)]
    return [*named, *(name for name in mapping.skip_when if not name.isdecimal())]


def _missing_columns(mapping: ColumnMapping, header: Sequence[str]) -> str:
    return next((name for name in _named(mapping) if name not in header), "")


def _row(
    line: int, cells: list[str], header: list[str], mapping: ColumnMapping, fields: Sequence[ImportField]
) -> tuple[Row, list[Issue]]:
    for column, value in mapping.skip_when.items():
        position = _position(int(column) if column.isdecimal() else column, header)
        if position >= len(cells):
            return Row(line, {}), [Issue(line, column, "", _("the line has no such column"))]
        if cells[position].strip() == value:
            return Row(line, {}, skipped=True), []
    values: dict[str, str | None] = {}
    issues = []
    for target in fields:
        source = mapping.columns.get(target.name)
        if source is None:
            values[target.name] = None
            continue
        try:
            values[target.name] = typed(target, source, translate(source, _raw(source, cells, header)))
        except IndexError:
            issues.append(Issue(line, _shown(source), target.name, _("the line has no such column")))
        except ValueProblem as problem:
            issues.append(Issue(line, _shown(source), target.name, str(problem)))
    return Row(line, values), issues
