"""Writes of trailed rows, compiled once for each model and number of rows.

A deed appends many rows of few models. Django writes each INSERT anew, and asks six functions for each value of it.
Here the SQL is kept, and a value that is already what its column takes goes there as it is. Updates of several rows are
one join with their new values, where Django compares each row with each.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connections, models

from core.kernel.prepared import prepared_cursor

M = TypeVar("M", bound=models.Model)
LONGEST = 64
"""More rows at once are left to Django, which then writes one array per column."""

Types = frozenset[type[Any]]
_TEXT: Types = frozenset({str, type(None)})
_WHOLE: Types = frozenset({int, type(None)})
AS_THEY_ARE: dict[str, Types] = {
    **dict.fromkeys(("CharField", "TextField", "SlugField", "URLField", "EmailField"), _TEXT),
    **dict.fromkeys(
        (
            "AutoField", "BigAutoField", "BigIntegerField", "IntegerField", "SmallIntegerField",
            "PositiveIntegerField", "PositiveSmallIntegerField",
        ),
        _WHOLE,
    ),
    "BooleanField": frozenset({bool, type(None)}),
    "UUIDField": frozenset({uuid.UUID, type(None)}),
}  # fmt: skip
"""Per kind of Django's own columns: the Python types that PostgreSQL's driver takes without Django's help."""


def _untouched(field: models.Field[Any, Any]) -> Types:
    """The types whose values go into the column as they are; none for a field with rules of its own."""
    target: Any = field.target_field if isinstance(field, models.ForeignKey) else field
    if not all(type(one).__module__.startswith("django.db.models.") for one in (field, target)):
        return frozenset()
    return AS_THEY_ARE.get(target.get_internal_type(), frozenset())


@cache
def _readings(
    model: type[models.Model], names: tuple[str, ...]
) -> tuple[tuple[str, Types, models.Field[Any, Any]], ...]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    return tuple((field.attname, _untouched(field), field) for field in fields)


@cache
def _sql(model: type[models.Model], names: tuple[str, ...], rows: int, returned: tuple[str, ...], alias: str) -> str:
    quote = connections[alias].ops.quote_name
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(quote(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([row] * rows)}"
    if returned:
        handed: list[Any] = [model._meta.get_field(name) for name in returned]
        sql += " RETURNING " + ", ".join(quote(field.column) for field in handed)
    return sql


class AppendQuerySet(models.QuerySet[M]):
    """A queryset whose inserts are compiled once."""

    def _insert(
        self,
        objs: Sequence[M],
        fields: Sequence[models.Field[Any, Any]],
        returning_fields: Iterable[models.Field[Any, Any]] | None = None,
        raw: bool = False,
        using: str | None = None,
        on_conflict: Any = None,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> Any:
        """As Django's; what it does not know how to keep goes there."""
        alias = using or self.db
        returned = tuple(field.name for field in returning_fields or ())
        values = None
        if on_conflict is None and not raw and 0 < len(objs) <= LONGEST and len(returned) < 2:
            values = _values(self.model, tuple(field.name for field in fields), objs, alias)
        if values is None:
            return super()._insert(  # type: ignore[misc]
                objs, fields, returning_fields, raw, using, on_conflict, update_fields, unique_fields
            )
        names = tuple(field.name for field in fields)
        with prepared_cursor(connections[alias]) as cursor:
            cursor.execute(_sql(self.model, names, len(objs), returned, alias), values)
            return cursor.fetchall() if returned else []


def _values(
    model: type[models.Model], names: tuple[str, ...], rows: Sequence[models.Model], alias: str, *, adding: bool = True
) -> Any:
    """The values of all rows, one after the other; None where one of them is an expression or has SQL of its own."""
    readings = _readings(model, names)
    connection = connections[alias]
    values: list[Any] = []
    for row in rows:
        own = row.__dict__
        for name, untouched, field in readings:
            value = own.get(name, values)
            if type(value) not in untouched:
                if hasattr(field, "get_placeholder"):
                    return None
                value = field.pre_save(row, adding)
                if hasattr(value, "resolve_expression"):
                    return None
                value = field.get_db_prep_save(value, connection)
            values.append(value)
    return values


def append(record: M, fields: Any, returning_fields: Any, raw: bool, using: str) -> Any:
    """The INSERT of one record that is saved; for `_do_insert` of a model."""
    rows: AppendQuerySet[M] = AppendQuerySet(type(record), using=using)
    return rows._insert([record], fields, returning_fields, raw, using)


@cache
def _update_sql(model: type[models.Model], names: tuple[str, ...], rows: int, alias: str) -> str:
    connection = connections[alias]
    quote = connection.ops.quote_name
    key: Any = model._meta.pk
    fields: list[Any] = [key, *(model._meta.get_field(name) for name in names)]
    columns = [quote(field.column) for field in fields]
    # Without the length: a cast to varchar(n) would cut silently what the column refuses.
    kinds = [field.rel_db_type(connection).partition("(")[0] for field in fields]
    first = f"({', '.join(f'%s::{kind}' for kind in kinds)})"
    further = f"({', '.join(['%s'] * len(fields))})"
    given = ", ".join([first, *[further] * (rows - 1)])
    table = quote(model._meta.db_table)
    return (
        f"UPDATE {table} SET {', '.join(f'{column} = given.{column}' for column in columns[1:])}"
        f" FROM (VALUES {given}) AS given ({', '.join(columns)}) WHERE {table}.{columns[0]} = given.{columns[0]}"
    )


def overwrite(records: Sequence[models.Model], names: Sequence[str]) -> bool:
    """Save these columns of at most some thousand saved records of one model; one statement.

    False where a value is an expression: nothing was written.
    """
    model = type(records[0])
    rows = model._base_manager.all()
    key: Any = model._meta.pk
    values = _values(model, (key.name, *names), records, rows.db, adding=False)
    if values is None:
        return False
    with prepared_cursor(connections[rows.db]) as cursor:
        cursor.execute(_update_sql(model, tuple(names), len(records), rows.db), values)
    return True
