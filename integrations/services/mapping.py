"""Mappings: how the columns of a foreign file become the fields of a kind. Written in YAML, checked before use."""

from __future__ import annotations

import datetime as dt
import fnmatch
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml
from django.utils.translation import gettext as _

from integrations.services.workbooks import Day


class MappingError(ValueError):
    """The mapping itself is wrong; the message says where."""


class ValueProblem(ValueError):
    """One value of one row does not fit its field; the message says why."""


@dataclass(frozen=True)
class ImportField:
    """One field of a kind: its type (text, decimal, integer, date), length, choices and whether it is required."""

    name: str
    label: Any
    type: str = "text"
    required: bool = True
    max_length: int = 200
    choices: tuple[str, ...] = ()
    help: Any = ""


@dataclass(frozen=True)
class Source:
    """Where a field's value comes from: a column, several joined, or a constant; then translated by `values`."""

    column: int | str | None = None
    join: tuple[int | str, ...] = ()
    prefix: str = ""
    separator: str = "-"
    value: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    date_format: str = "%Y-%m-%d"


@dataclass(frozen=True)
class ColumnMapping:
    """A whole mapping: the file's format, its columns, and which rows are not of this kind."""

    columns: Mapping[str, Source]
    delimiter: str = ","
    quoting: bool = True
    header: bool = True
    encoding: str = "utf-8-sig"
    width: int | None = None
    sheet: str = ""
    origin: str = ""
    skip_when: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)


_TOP = {"format", "origin", "columns", "skip_when"}
_FORMAT = {"delimiter", "quoting", "header", "encoding", "width", "sheet"}
_SOURCE = {"column", "join", "prefix", "separator", "value", "values", "otherwise", "date_format"}


def _known(given: Any, known: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise MappingError(_("%(where)s must be a table of names and values.") % {"where": where})
    unknown = sorted(str(name) for name in given if name not in known)
    if unknown:
        raise MappingError(
            _("%(where)s has the unknown entry “%(name)s”; known are %(known)s.")
            % {"where": where, "name": unknown[0], "known": ", ".join(sorted(known))}
        )
    return given


def _place(given: Any, where: str) -> int | str:
    """A column by its name, or by its number counted from 1."""
    if (
        isinstance(given, bool)
        or not isinstance(given, (int, str))
        or given == ""
        or (isinstance(given, int) and given < 1)
    ):
        raise MappingError(_("%(where)s must be the name of a column or its number from 1.") % {"where": where})
    return given


def _source(name: str, given: Any) -> Source:
    where = f"columns.{name}"
    if not isinstance(given, Mapping):
        return Source(column=_place(given, where))
    options = dict(_known(given, _SOURCE, where))
    if sum(key in options for key in ("column", "join", "value")) != 1:
        raise MappingError(_("columns.%(name)s needs exactly one of column, join, value.") % {"name": name})
    if "column" in options:
        options["column"] = _place(options["column"], where)
    if "join" in options:
        if not isinstance(options["join"], list):
            raise MappingError(_("%(where)s.join must be a list of columns.") % {"where": where})
        options["join"] = tuple(_place(part, where) for part in options["join"])
    for word in ("value", "otherwise", "prefix", "separator", "date_format"):
        if options.get(word) is not None:
            options[word] = str(options[word])
    values = options.get("values") or {}
    if not isinstance(values, Mapping):
        raise MappingError(_("%(where)s.values must be a table of words.") % {"where": where})
    options["values"] = {str(k): str(v) for k, v in values.items()}
    return Source(**{option: value for option, value in options.items() if value is not None})


def _read(text: str) -> Any:
    """The YAML of a mapping. Anchors are refused: nobody needs them here, and a few lines of them fill the memory."""
    try:
        if any(isinstance(token, (yaml.AliasToken, yaml.AnchorToken)) for token in yaml.scan(text)):
            raise MappingError(_("The mapping may not use anchors (& and *)."))
        given = yaml.safe_load(text)
        stored = json.dumps(given, default=str, ensure_ascii=False)
        stored.encode()
    except MappingError:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise MappingError(_("The mapping is no valid YAML: %(problem)s") % {"problem": problem}) from problem
    if "\\u0000" in stored:
        raise MappingError(_("The mapping contains a NUL character."))
    return given


def _encoding(form: Mapping[str, Any]) -> str:
    name = str(form.get("encoding", "utf-8-sig"))
    try:
        "".encode(name)
        b"".decode(name)
    except LookupError as problem:
        raise MappingError(_("format.encoding is unknown here.")) from problem
    return name


def parse_mapping(text: str, fields: Sequence[ImportField]) -> ColumnMapping:
    """Read a mapping for these fields. Raises `MappingError` in words when it cannot be used."""
    top = _known(_read(text), _TOP, _("The mapping"))
    form = _known(top.get("format") or {}, _FORMAT, "format")
    columns = _known(top.get("columns") or {}, {f.name for f in fields}, "columns")
    missing = [f.name for f in fields if f.required and f.name not in columns]
    if missing:
        raise MappingError(_("The mapping says nothing about the required field “%(name)s”.") % {"name": missing[0]})
    delimiter = str(form.get("delimiter", ","))
    if len(delimiter) != 1 or delimiter in '\r\n"\0':
        raise MappingError(_("format.delimiter must be one character."))
    width = form.get("width")
    if width is not None and (isinstance(width, bool) or not isinstance(width, int) or width < 1):
        raise MappingError(_("format.width must be a number of columns."))
    skip_when = top.get("skip_when") or {}
    if not isinstance(skip_when, Mapping):
        raise MappingError(_("%(where)s must be a table of names and values.") % {"where": "skip_when"})
    for column in skip_when:
        _place(column, "skip_when")
    return ColumnMapping(
        columns={name: _source(name, source) for name, source in columns.items()},
        delimiter=delimiter,
        quoting=bool(form.get("quoting", True)),
        header=bool(form.get("header", True)),
        encoding=_encoding(form),
        width=width,
        sheet=str(form.get("sheet") or ""),
        origin=str(top.get("origin") or ""),
        skip_when={str(k): str(v if v is not None else "") for k, v in skip_when.items()},
        raw=json.loads(json.dumps(top, default=str)),
    )


def translate(source: Source, value: str) -> str:
    """Apply the mapping's `values` (exact words or patterns with *); without a hit and `otherwise` it is a problem."""
    if not source.values:
        return value
    if value in source.values:
        return source.values[value]
    for pattern, result in source.values.items():
        if "*" in pattern and fnmatch.fnmatchcase(value, pattern):
            return result
    if source.otherwise is not None:
        return source.otherwise
    raise ValueProblem(
        _("“%(value)s” is not in the mapping; it knows %(known)s.")
        % {"value": value, "known": ", ".join(sorted(source.values)[:8])}
    )


_CONTROL = re.compile(r"[\x00-\x1f]")


def typed(target: ImportField, source: Source, value: str) -> str | None:
    """The value as text that PostgreSQL casts without doubt, or None when it is empty. Raises `ValueProblem`."""
    if value == "":
        if target.required:
            raise ValueProblem(_("is empty"))
        return None
    if _CONTROL.search(value):
        raise ValueProblem(_("contains control characters"))
    check = _TYPES.get(target.type, _text)
    return check(target, source, value)


def _text(target: ImportField, source: Source, value: str) -> str:
    if len(value) > target.max_length:
        raise ValueProblem(
            _("is longer than %(limit)s characters: “%(value)s…”") % {"limit": target.max_length, "value": value[:40]}
        )
    if target.choices and value not in target.choices:
        raise ValueProblem(
            _("“%(value)s” is none of %(choices)s") % {"value": value, "choices": ", ".join(target.choices)}
        )
    return value


def _decimal(target: ImportField, source: Source, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation as problem:
        raise ValueProblem(_("“%(value)s” is no number") % {"value": value}) from problem
    if not number.is_finite():
        raise ValueProblem(_("“%(value)s” is no number") % {"value": value})
    exponent = number.normalize().as_tuple().exponent
    if abs(number) >= Decimal(10) ** 12 or (isinstance(exponent, int) and exponent < -6):
        raise ValueProblem(_("“%(value)s” has more digits than 12 before and 6 after the point") % {"value": value})
    return format(number, "f")


def _integer(target: ImportField, source: Source, value: str) -> str:
    if not value.lstrip("-").isascii() or not value.lstrip("-").isdigit() or len(value) > 9:
        raise ValueProblem(_("“%(value)s” is no whole number") % {"value": value})
    return str(int(value))


def _date(target: ImportField, source: Source, value: str) -> str:
    if isinstance(value, Day):
        return str(value)
    try:
        return dt.datetime.strptime(value, source.date_format).date().isoformat()  # noqa: DTZ007 - a calendar day
    except ValueError as problem:
        raise ValueProblem(
            _("“%(value)s” is no date of the form %(form)s") % {"value": value, "form": source.date_format}
        ) from problem


_TYPES = {"text": _text, "decimal": _decimal, "integer": _integer, "date": _date}
