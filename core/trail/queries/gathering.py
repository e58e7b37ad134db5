"""Rows of many tables in one statement.

A page of the timeline tells of dozens of kinds of records. Asked kind by kind it would cost a statement for each; here
PostgreSQL answers every row as JSON, and the models are made from that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, models

Model = type[models.Model]


@dataclass(frozen=True)
class Wanted:
    """Rows of a table: those with these keys, or those where a condition (over `t`) holds."""

    model: Model
    keys: Sequence[Any] = ()
    where: str = ""
    given: Sequence[Any] = ()

    def statement(self, number: int) -> tuple[str, list[Any]]:
        """Its part of the statement."""
        meta, quote = self.model._meta, connection.ops.quote_name
        condition = self.where or f"t.{quote(str(meta.pk.column))} = ANY(%s)"
        given = list(self.given) if self.where else [list(self.keys)]
        return f"SELECT {number}, to_jsonb(t)::text FROM {quote(meta.db_table)} t WHERE {condition}", given


def read(parts: Sequence[Wanted]) -> list[list[Any]]:
    """The rows of each part, in one statement."""
    found: list[list[Any]] = [[] for _part in parts]
    if not parts:
        return found
    statements = [part.statement(number) for number, part in enumerate(parts)]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(sql for sql, _given in statements), [one for _sql, given in statements for one in given]
        )
        for number, row in cursor.fetchall():
            found[number].append(_made(parts[number].model, json.loads(row, parse_float=Decimal)))
    return found


def _made(model: Model, row: Mapping[str, Any]) -> models.Model:
    fields = model._meta.concrete_fields
    values = [_value(field, row[str(field.column)]) for field in fields]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


def _value(field: Any, value: Any) -> Any:
    """A value of a column as its field has it."""
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(value.removeprefix("\\x"))
    return (field.target_field if field.is_relation else field).to_python(value)


class Gathered:
    """Records by kind and key; each round of relations costs one statement, however many kinds it leads to."""

    def __init__(self) -> None:
        self.known: dict[Model, dict[Any, Any]] = {}

    def fetch(self, wanted: Mapping[Model, Iterable[Any]]) -> None:
        """Read what is not known yet."""
        missing = {model: set(keys) - self.known.setdefault(model, {}).keys() for model, keys in wanted.items()}
        parts = [Wanted(model, sorted(keys)) for model, keys in missing.items() if keys]
        for part, rows in zip(parts, read(parts), strict=True):
            self.known[part.model] |= dict.fromkeys(part.keys) | {row.pk: row for row in rows}

    def find(self, model: Model, key: Any) -> Any:
        """The record, as far as it was read and is there."""
        return self.known.get(model, {}).get(key)

    def follow(self, begun: Iterable[tuple[Any, Iterable[str]]]) -> None:
        """Fill in relations of rows, given as paths (`lot__material`)."""
        steps = [(row, path.split("__")) for row, paths in begun for path in paths]
        while steps:
            wanted: dict[Model, set[Any]] = {}
            for row, (name, *_rest) in steps:
                field = row._meta.get_field(name)
                key = getattr(row, field.attname)
                if key is not None:
                    wanted.setdefault(field.related_model, set()).add(key)
            self.fetch(wanted)
            steps = [step for row, path in steps for step in self._step(row, path)]

    def subjects_of(self, rows: Iterable[Any]) -> None:
        """Fill in what rows are about, of whatever kinds: their page is that of their subject."""
        about = [(row, row.subject_model) for row in rows]
        wanted: dict[Model, set[Any]] = {}
        for row, model in about:
            if model is not None:
                wanted.setdefault(model, set()).add(row.subject_id)
        self.fetch(wanted)
        for row, model in about:
            row.subject = None if model is None else self.find(model, row.subject_id)

    def _step(self, row: Any, path: Sequence[str]) -> list[tuple[Any, list[str]]]:
        name, *rest = path
        field = row._meta.get_field(name)
        target = self.find(field.related_model, getattr(row, field.attname))
        if target is None:
            return []
        field.set_cached_value(row, target)
        return [(target, rest)] if rest else []
