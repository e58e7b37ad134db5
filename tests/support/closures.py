"""Rows of any signable model with its children, in a database whose tables keep their columns and no rule."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from core.files.models import Attachment
from core.kernel.closure import Closure
from core.kernel.records import RecordClass, models_of

_numbers = itertools.count(1)
_strangers = itertools.count(7_000_000)
START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def signable() -> list[type[models.Model]]:
    """Every model of records and facts that declares what a signature covers."""
    kinds = (RecordClass.RECORD, RecordClass.FACT)
    return [model for kind in kinds for model in models_of(kind) if getattr(model, "closure", None) is not None]


def closure_of(model: type[models.Model]) -> Closure:
    """What a signature on a row of the model covers."""
    closure = model.closure  # type: ignore[attr-defined]
    assert isinstance(closure, Closure)
    return closure


def without_rules() -> None:
    """Take triggers and constraints off the tables of every signable model, so that any value can be tried."""
    tried: list[type[models.Model]] = [*signable(), Attachment]
    tables = [model._meta.db_table for model in tried]
    with connection.cursor() as cursor:
        for table in dict.fromkeys(tables):
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'u')"
                " ORDER BY contype = 'u'",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}" CASCADE')
            cursor.execute(
                "SELECT indexrelid::regclass::text FROM pg_index"
                " WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")


def value_for(column: models.Field[Any, Any]) -> Any:
    """A value for the column that was not given before, as PostgreSQL takes it."""
    number = next(_numbers)
    if isinstance(column, models.ForeignKey):
        return attachment() if column.related_model is Attachment else next(_strangers)
    if isinstance(column, models.BooleanField):
        return bool(number % 2)
    if isinstance(column, (models.PositiveSmallIntegerField, models.SmallIntegerField)):
        return number % 32_000
    if isinstance(column, models.IntegerField):
        return number
    if isinstance(column, models.DecimalField):
        return Decimal(number) / 10**column.decimal_places
    if isinstance(column, models.DateTimeField):
        return START + dt.timedelta(minutes=number)
    if isinstance(column, models.DateField):
        return START.date() + dt.timedelta(days=number)
    if isinstance(column, models.UUIDField):
        return uuid.uuid4()
    if isinstance(column, models.JSONField):
        return json.dumps({"number": number})
    if isinstance(column, models.BinaryField):
        return number.to_bytes(8)
    assert isinstance(column, (models.CharField, models.TextField)), column
    return f"{number:x}"[-column.max_length :] if column.max_length else f"{number:x}"


def another_value(column: models.Field[Any, Any], present: Any) -> Any:
    """A value for the column that differs from the present one."""
    if isinstance(column, models.BooleanField):
        return not present
    return value_for(column)


def insert(model: type[models.Model], **given: Any) -> int:
    """A row with a value in every column; returns its key."""
    columns = [column for column in model._meta.concrete_fields if not column.primary_key]
    values = [given[column.name] if column.name in given else value_for(column) for column in columns]
    names = ", ".join(f'"{column.column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({", ".join(["%s"] * len(columns))}) RETURNING id',
            values,
        )
        return int(cursor.fetchone()[0])


def attachment(record: type[models.Model] | None = None, key: int = 0) -> int:
    """A file, perhaps attached to a row; returns its key."""
    kind = ContentType.objects.get_for_model(record or ContentType)
    return insert(Attachment, subject_type=kind.pk, subject_id=key, sha256=f"{next(_numbers):064x}")


@dataclass(frozen=True)
class Row:
    """A row of a closure; `parent` is the column by which it hangs on the row above it, None for the root."""

    model: type[models.Model]
    key: int
    parent: models.Field[Any, Any] | None = None


def insert_tree(model: type[models.Model], parent: models.Field[Any, Any] | None = None, above: int = 0) -> list[Row]:
    """A row with one child of every kind below it, and theirs; where files count, with one attached."""
    given = {} if parent is None else {parent.name: above}
    row = Row(model, insert(model, **given), parent)
    rows = [row]
    closure = closure_of(model)
    if closure.attachments:
        attachment(model, row.key)
    for name in closure.children:
        relation: Any = model._meta.get_field(name)
        rows += insert_tree(relation.related_model, relation.field, row.key)
    return rows


def relations_to(root: type[models.Model]) -> Iterator[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every signable model of an upper app that refers to the model, and by which column."""
    for relation in root._meta.related_objects:
        other: Any = relation.related_model
        if getattr(other, "closure", None) is not None and other._meta.app_label != root._meta.app_label:
            yield other, relation.field
