"""The closure of a record and its digest. The tables of a closure are read in one statement, of however many records.

Every row comes as one JSON array of its covered columns; a value is then what the same column would have been as a
field of the model, so that the digest depends on the database's content and on nothing else.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection, models

from core.kernel.closure import Closure
from core.kernel.prepared import prepared_cursor
from core.kernel.wiring import ask, label_of
from core.signing.questions import AttachmentDigests, ClosureExtension

SCHEME = "trueline-closure-1"
Key = tuple[type[models.Model], int]
Content = dict[str, Any]


def _plain(value: Any) -> Any:
    """A value as JSON, the same for the same database content on every machine."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, (dt.date, dt.time, uuid.UUID)):
        return str(value)
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value


def canonical_json(content: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def digest_of_content(content: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


def _declared(model: type[models.Model]) -> Closure:
    closure: Closure | None = getattr(model, "closure", None)
    if closure is None:
        raise LookupError(f"{model._meta.label} declares no closure and cannot be signed")
    return closure


def _same(value: Any) -> Any:
    return value


READ: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "DecimalField": ("{}::text", _same),  # format(…, "f") of a numeric is how PostgreSQL writes it
    "DateTimeField": ("{}", lambda text: _plain(dt.datetime.fromisoformat(text))),
    "JSONField": ("{}::text", json.loads),
    "BinaryField": ("encode({}, 'hex')", _same),
    **dict.fromkeys(
        (
            "AutoField",
            "BigAutoField",
            "BigIntegerField",
            "BooleanField",
            "CharField",
            "DateField",
            "EmailField",
            "IntegerField",
            "PositiveIntegerField",
            "PositiveSmallIntegerField",
            "SlugField",
            "SmallIntegerField",
            "TextField",
            "URLField",
            "UUIDField",
        ),  # fmt: skip
        ("{}", _same),
    ),
}
"""Per kind of column: how PostgreSQL puts it into the array, and what makes the closure's value of it."""


def _reading(column: models.Field[Any, Any]) -> tuple[str, Callable[[Any], Any]]:
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    kind = target.get_internal_type()
    if kind not in READ:
        raise LookupError(f"{column}: columns of kind {kind} cannot be covered by a signature yet")
    expression, read = READ[kind]
    digest = getattr(column.related_model, "signed_by", None)
    if digest is not None:
        file: Any = column.related_model
        return f'(SELECT f."{digest}" FROM "{file._meta.db_table}" f WHERE f.id = t0."{column.column}")', _same
    return expression.format(f't0."{column.column}"'), read


@dataclass(frozen=True)
class _Node:
    """One table of a closure: its place below the root, and the SELECT that reads its rows."""

    model: type[models.Model]
    closure: Closure
    accessor: str
    parent: int
    sql: str
    reads: tuple[Callable[[Any], Any], ...]


@functools.cache
def _nodes(root: type[models.Model], column: str) -> tuple[_Node, ...]:
    """The tables of a model's closure, each after the one it hangs on; `{n}` stands for the number of the table.

    The root's rows are those with `column` among the ids given.
    """
    found: list[_Node] = []

    def add(model: type[models.Model], accessor: str, parent: int, links: tuple[tuple[str, str], ...]) -> None:
        closure = _declared(model)
        readings = [_reading(model._meta.get_field(name)) for name in closure.fields]  # type: ignore[arg-type]
        values = ", ".join(expression for expression, _ in readings)
        joins = "".join(
            f' JOIN "{table}" t{depth} ON t{depth}.id = t{depth - 1}."{column}"'
            for depth, (table, column) in enumerate(links, start=1)
        )
        above = f't0."{links[0][1]}"' if links else "NULL::bigint"
        sql = (
            f"SELECT {{n}}, t0.id, {above}, jsonb_build_array({values})::text"
            f' FROM "{model._meta.db_table}" t0{joins} WHERE t{len(links)}."{column}" = ANY(%s)'
        )
        here = len(found)
        found.append(_Node(model, closure, accessor, parent, sql, tuple(read for _, read in readings)))
        for name in closure.children:
            relation: Any = model._meta.get_field(name)
            add(relation.related_model, name, here, ((model._meta.db_table, relation.field.column), *links))

    add(root, "", -1, ())
    return tuple(found)


def _rows(
    wanted: Mapping[type[models.Model], list[int]], column: str = "id"
) -> dict[tuple[type[models.Model], int], list[Any]]:
    """The rows of every table of every closure by (root model, number of the table); one statement."""
    places: list[tuple[type[models.Model], int]] = []
    statements: list[str] = []
    parameters: list[list[int]] = []
    for root, keys in wanted.items():
        for number, node in enumerate(_nodes(root, column)):
            statements.append(node.sql.replace("{n}", str(len(places)), 1))
            places.append((root, number))
            parameters.append(keys)
    found: dict[tuple[type[models.Model], int], list[Any]] = defaultdict(list)
    with prepared_cursor(connection) as cursor:
        cursor.execute(" UNION ALL ".join(statements) + " ORDER BY 1, 2", parameters)
        for place, pk, parent, values in cursor.fetchall():
            found[places[place]].append((pk, parent, values))
    return found


def _contents(root: type[models.Model], rows: Mapping[Any, list[Any]]) -> dict[int, Content]:
    """The content of each root record by its id, its children within."""
    nodes = _nodes(root, "id")
    made: list[dict[int, Content]] = []
    for number, node in enumerate(nodes):
        here: dict[int, Content] = {}
        for pk, parent, values in rows.get((root, number), ()):
            closure = node.closure
            given = zip(closure.fields, node.reads, json.loads(values), strict=True)
            content: Content = {"id": pk}
            for name, read, value in given:
                if name not in closure.added or value not in (None, ""):
                    content[name] = None if value is None else read(value)
            content.update({accessor: [] for accessor in node.closure.children})
            here[pk] = content
            if number:
                made[node.parent][parent][node.accessor].append(content)
        if node.closure.attachments and here:
            for content in here.values():
                content["attachments"] = []
            for pk, digest in ask(AttachmentDigests(label_of(node.model), tuple(here))):
                here[pk]["attachments"].append(digest)
            for content in here.values():
                content["attachments"].sort()
        made.append(here)
    return made[0]


def closures_of(records: Iterable[models.Model]) -> dict[Key, Content]:
    """What a signature on each record covers, read from the database: its fields, child rows, attached files.

    By (model, id); records that are not in the database are left out. Raises `LookupError` for a model that declares
    no closure. One statement, and what extensions and attachments need per model.
    """
    wanted: dict[type[models.Model], list[int]] = defaultdict(list)
    for record in records:
        if record.pk not in wanted[type(record)]:
            wanted[type(record)].append(record.pk)
    if not wanted:
        return {}
    rows = _rows(wanted)
    found: dict[Key, Content] = {}
    for model, keys in wanted.items():
        label = label_of(model)
        contents = _contents(model, rows)
        further: dict[int, dict[str, Any]] = defaultdict(dict)
        for pk, name, content in ask(ClosureExtension(label, tuple(keys))):
            further[pk][name] = content
        for pk, content in contents.items():
            found[model, pk] = {"scheme": SCHEME, "record": label, "content": content, "further": further[pk]}
    return found


def contents_under(model: type[models.Model], field: str, keys: Iterable[int]) -> dict[int, Content]:
    """The closure contents of the rows of a model that refer to these ids by a foreign key; by their own id."""
    column: Any = model._meta.get_field(field)
    return _contents(model, _rows({model: list(keys)}, column.column))


@dataclass
class _Kept:
    """What was read for the page that is being shown."""

    digests: dict[Key, str] = field(default_factory=dict)
    manifests: dict[Key, list[Any]] = field(default_factory=dict)


_read_once: ContextVar[_Kept | None] = ContextVar("trueline_digests", default=None)


@contextmanager
def digests_read_once() -> Iterator[None]:
    """Inside, the closure and the signatures of a record are read once. For pages that only show; a deed reads anew."""
    token = _read_once.set(_Kept())
    try:
        yield
    finally:
        _read_once.reset(token)


def kept_for_the_page() -> dict[Key, list[Any]] | None:
    """The signatures with their states that were read for this page, or None outside of `digests_read_once`."""
    kept = _read_once.get()
    return None if kept is None else kept.manifests


def digests_of(records: Iterable[models.Model]) -> dict[Key, str]:
    """SHA-256 of each record's closure, in hex, by (model, id); without those that are not in the database."""
    asked = {(type(record), record.pk): record for record in records}
    kept = _read_once.get()
    known = None if kept is None else kept.digests
    found = {} if known is None else {key: known[key] for key in asked if key in known}
    missing = [record for key, record in asked.items() if key not in found]
    found.update({key: digest_of_content(content) for key, content in closures_of(missing).items()})
    if known is not None:
        known.update(found)
    return found


def digest_of(record: models.Model) -> str:
    """SHA-256 of the record's closure, in hex. Raises `LookupError` as `closure_of` does."""
    found = digests_of([record])
    if (type(record), record.pk) not in found:
        raise LookupError(f"{type(record)._meta.label} {record.pk} is not in the database")
    return found[type(record), record.pk]
