"""Set-based writes of trailed tables: a staging table in, rows with their history and transitions out.

Ten thousand rows go in a handful of statements (performance.md, consequence 6). The triggers check each row as always.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import NOT_PROVIDED

from core.kernel.deeds import current
from core.kernel.records import FactModel, TrailedModel, tracked_columns

HISTORY_COLUMNS = (
    "history_user_id, history_date, history_change_reason, history_type, history_txid, history_session_user, "
    "history_client, history_source, history_stamped_at"
)
HISTORY_VALUES = "%(_actor)s, now(), %(_reason)s, '{kind}', 0, '', '', '', now()"
FACT_STAMPS = {
    "actor_id": "%(_actor)s",
    "stamped_at": "now()",
    "stamped_txid": "0",
    "stamped_session_user": "''",
    "stamped_client": "''",
    "stamped_source": "''",
}


def literal(value: Any) -> str:
    """A plain value as SQL, for statements whose other parameters are bound by name."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        escaped = value.replace("'", "''").replace("%", "%%")
        return f"'{escaped}'"
    raise TypeError(f"no SQL literal for {value!r}")


def _with_defaults(model: type[models.Model], values: Mapping[str, str]) -> dict[str, str]:
    """Every column of the model with its SQL expression: the given ones, else the model's own defaults."""
    complete: dict[str, str] = {}
    for column in model._meta.concrete_fields:
        if column.primary_key or column.column is None:
            continue
        if column.column in values:
            complete[column.column] = values[column.column]
        elif column.column in FACT_STAMPS and issubclass(model, FactModel):
            complete[column.column] = FACT_STAMPS[column.column]
        elif column.column == "row_version":
            complete[column.column] = "1"
        elif column.default is not NOT_PROVIDED and not callable(column.default):
            complete[column.column] = literal(column.default)
        elif column.null:
            complete[column.column] = "NULL"
        elif column.blank and isinstance(column, (models.CharField, models.TextField)):
            complete[column.column] = "''"
        else:
            raise LookupError(f"{model._meta.label}.{column.name} needs a value")
    unknown = set(values) - set(complete)
    if unknown:
        raise LookupError(f"{model._meta.label} has no column {sorted(unknown)}")
    return complete


@dataclass(frozen=True)
class Written:
    """Rows that one statement wrote, by the keys of their history, or their own where they are facts, as runs.

    `kind` is that of their history: "+" created, "~" changed; "" for facts.
    """

    model: type[models.Model]
    kind: str
    ranges: list[list[int]]


RUNS = (
    " SELECT min(key), max(key) FROM (SELECT key, key - row_number() OVER (ORDER BY key) AS run FROM kept) k"
    " GROUP BY run ORDER BY 1"
)
"""Keys as runs without gaps: ten thousand rows of one statement are one run, unless somebody wrote in between."""


@dataclass
class Stage:
    """A temporary table of text columns, one row per line of an input, and the errors found in it.

    `table` has `line` (number in the input), `verdict` ('' until decided), `key` (id of the record it stands for) and
    `changes` (JSON: field, old and new value of what would change).
    SQL expressions see it as `s` and may use the named parameters of `params`.
    """

    table: str
    errors: str
    params: dict[str, Any] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    """What was written so far, in order: an undo finds its rows by it."""

    def _bound(self, extra: Mapping[str, Any]) -> dict[str, Any]:
        present = current()
        if present is None:
            raise RuntimeError("set-based writes belong inside a @service")
        return {**self.params, **extra, "_actor": present.user.pk, "_reason": present.reason}

    def execute(self, sql: str, **params: Any) -> int:
        """Run a statement and return how many rows it touched."""
        with connection.cursor() as cursor:
            cursor.execute(sql, self._bound(params))
            return int(cursor.rowcount)

    def error(self, column: str, message: str, where: str, *, joins: str = "", **params: Any) -> int:
        """Report `message` on `column` for every line where the condition holds. `message` is an SQL text template
        whose `{value}` is replaced by the column's value."""
        return self.execute(
            f"INSERT INTO {self.errors} (line, field, message)"
            f" SELECT s.line, %(_field)s, replace(%(_message)s, '{{value}}', coalesce(s.\"{column}\", ''))"
            f" FROM {self.table} s {joins} WHERE s.verdict = '' AND ({where})",
            _field=column,
            _message=str(message),
            **params,
        )

    def duplicate(self, columns: Sequence[str], message: str) -> int:
        """Report every line whose key stands on an earlier line too."""
        keys = ", ".join(f'"{column}"' for column in columns)
        return self.execute(
            f"INSERT INTO {self.errors} (line, field, message)"
            " SELECT line, %(_field)s,"
            " replace(replace(%(_message)s, '{value}', shown), '{line}', first::text) FROM ("
            f" SELECT line, concat_ws(' · ', {keys}) AS shown, min(line) OVER (PARTITION BY {keys}) AS first"
            f" FROM {self.table} WHERE verdict = '') d WHERE line <> first",
            _field=columns[0],
            _message=str(message),
        )

    def mark_wrong(self) -> int:
        """Give every line that something was found wrong with its verdict; the others are judged on."""
        return self.execute(
            f"UPDATE {self.table} SET verdict = 'wrong' WHERE line IN (SELECT line FROM {self.errors}) AND verdict = ''"
        )

    def has_errors(self) -> bool:
        """Whether any line was found wrong."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {self.errors})")
            return bool(cursor.fetchone()[0])

    def insert(self, model: type[models.Model], values: Mapping[str, str], *, joins: str = "", where: str) -> int:
        """Insert a row of `model` for every line where the condition holds; a record also gets its history row, and
        its Transition when it has a lifecycle. `values` maps columns to SQL expressions over `s` and the joins."""
        return self.insert_from(model, values, source=f"{self.table} s {joins} WHERE {where} ORDER BY s.line")

    def insert_from(self, model: type[models.Model], values: Mapping[str, str], *, source: str, label: str = "") -> int:
        """The same from any FROM clause, for rows that stand for groups of lines.

        `label`: how the Transition names the record, an SQL expression over `made`; else its kind and its id.
        """
        complete = _with_defaults(model, values)
        columns = ", ".join(f'"{name}"' for name in complete)
        select = f"SELECT {', '.join(complete.values())} FROM {source}"
        insert = f"INSERT INTO {model._meta.db_table} ({columns}) {select}"
        if not issubclass(model, TrailedModel):
            return self._keep(model, "", f"WITH kept AS ({insert} RETURNING id AS key)")
        parts = [f"WITH made AS ({insert} RETURNING *)"]
        if model.lifecycle is not None:
            parts.append(f", told AS ({self._births(model, label)})")
        return self._keep(model, "+", f"{' '.join(parts)}, kept AS ({self._history(model, '+', 'made')})")

    def update(self, model: type[TrailedModel], values: Mapping[str, str], *, joins: str = "", where: str) -> int:
        """Update the records that lines stand for (`s.key`), with their history rows."""
        settings = ", ".join(f'"{column}" = {expression}' for column, expression in values.items())
        table = model._meta.db_table
        changed = (
            f"WITH changed AS (UPDATE {table} b SET {settings}, row_version = b.row_version + 1"
            f" FROM {self.table} s {joins} WHERE b.id = s.key AND {where} RETURNING b.*)"
        )
        return self._keep(model, "~", f"{changed}, kept AS ({self._history(model, '~', 'changed')})")

    def remove(self, model: type[TrailedModel], *, where: str) -> int:
        """Delete the records that lines stand for (`s.key`), with their history rows."""
        gone = (
            f"WITH gone AS (DELETE FROM {model._meta.db_table} b USING {self.table} s"
            f" WHERE b.id = s.key AND {where} RETURNING b.*)"
        )
        return self._keep(model, "-", f"{gone}, kept AS ({self._history(model, '-', 'gone')})")

    def restore(self, model: type[TrailedModel], *, where: str) -> int:
        """Set the records that lines stand for back to what they were before the history row `s.history_id`.

        The status stays: it changes only by a move.
        """
        table, history = model._meta.db_table, model.history.model._meta.db_table
        columns = [name for name in tracked_columns(model) if name not in ("id", "row_version", "status")]
        settings = ", ".join(f'"{column}" = p."{column}"' for column in columns)
        changed = (
            f"WITH changed AS (UPDATE {table} b SET {settings}, row_version = b.row_version + 1"
            f" FROM {self.table} s JOIN {history} h ON h.history_id = s.history_id"
            f" JOIN {history} p ON p.id = h.id AND p.row_version = h.row_version - 1 AND p.history_type <> '-'"
            f" WHERE b.id = s.key AND {where} RETURNING b.*)"
        )
        return self._keep(model, "~", f"{changed}, kept AS ({self._history(model, '~', 'changed')})")

    def _keep(self, model: type[models.Model], kind: str, statement: str) -> int:
        """Run a statement that names what it wrote `kept`, and remember its keys."""
        with connection.cursor() as cursor:
            cursor.execute(statement + RUNS, self._bound({}))
            ranges = [[int(first), int(last)] for first, last in cursor.fetchall()]
        if ranges:
            self.written.append(Written(model, kind, ranges))
        return sum(last - first + 1 for first, last in ranges)

    def _history(self, model: type[TrailedModel], kind: str, source: str) -> str:
        tracked = ", ".join(f'"{column}"' for column in tracked_columns(model))
        history = model.history.model._meta.db_table
        return (
            f"INSERT INTO {history} ({tracked}, {HISTORY_COLUMNS})"
            f" SELECT {tracked}, {HISTORY_VALUES.format(kind=kind)} FROM {source} RETURNING history_id AS key"
        )

    def _births(self, model: type[TrailedModel], label: str) -> str:
        kind = ContentType.objects.get_for_model(model)
        stamps = ", ".join(FACT_STAMPS)
        named = label or f"{literal(f'{model._meta.verbose_name} ')} || made.id"
        return (
            "INSERT INTO core_lifecycle_transition (subject_type_id, subject_id, subject_label, move, from_status,"
            f" to_status, record_version, reason, signature_id, {stamps})"
            f" SELECT {kind.pk}, made.id, {named}, 'begin', NULL, made.status, 1, %(_reason)s, NULL,"
            f" {', '.join(FACT_STAMPS.values())} FROM made"
        )
