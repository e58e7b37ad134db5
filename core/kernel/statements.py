"""Reads of the hottest deeds, compiled once: the ORM says what is read, and its SQL is kept.

Compiling costs Django several times what the statement itself costs. The definition stays a queryset, so that models,
relations and migrations keep their one source; only the values differ from call to call.
"""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models.query import ModelIterable

from core.kernel.prepared import prepared_cursor

LONGEST = 64
"""Lists longer than this are compiled each time: their SQL is not worth keeping for every length."""

R = TypeVar("R")
Shape = tuple[Any, ...]
_FIRST_WHOLE = 1_930_405_001  # within an `integer` column; no query of ours names such a number itself


def _marks(number: int, count: int, kind: type[Any]) -> list[Any]:
    """Values that stand for those of one parameter while its statement is compiled; none occurs twice."""
    if kind is int:
        return [_FIRST_WHOLE + 10_000 * number + n for n in range(count)]
    if kind is str:
        return [f"value {number} {n} of a statement compiled once" for n in range(count)]
    if kind is uuid.UUID:
        return [uuid.UUID(int=_FIRST_WHOLE + 10_000 * number + n) for n in range(count)]
    if kind is dt.datetime:
        return [dt.datetime(1901, 1, 1, number, 0, 0, n, tzinfo=dt.UTC) for n in range(count)]
    raise TypeError(f"a statement compiled once takes no {kind.__name__}")


def _shape(value: Any) -> tuple[type[Any], int]:
    """Kind of a parameter, and for a list how many values it has (-1: a single one)."""
    if isinstance(value, (list, tuple)):
        return (type(value[0]) if value else int), len(value)
    return type(value), -1


@dataclass(frozen=True)
class _Kept:
    """One compiled statement: its compiler, its SQL, its values with gaps, and what fills each gap."""

    compiler: Any
    sql: str
    values: tuple[Any, ...]
    gaps: tuple[tuple[int, int, int, type[Any]], ...]
    """Place among the values, number of the parameter, place within it (-1: the parameter itself), type there."""
    locks: bool
    makes_records: bool

    def asked(self, given: Sequence[Any]) -> Any:
        """Run the statement with these values: a compiler that hands out the rows found."""
        if self.locks and connection.get_autocommit():
            raise transaction.TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        filled = list(self.values)
        for place, number, within, kind in self.gaps:
            value = given[number] if within < 0 else given[number][within]
            filled[place] = value if type(value) is kind else kind(value)
        compiler = copy.copy(self.compiler)
        compiler.connection = connection
        with prepared_cursor(connection) as cursor:
            cursor.execute(self.sql, filled)
            rows = cursor.fetchall()
        compiler.execute_sql = lambda *_how, **_chunks: [rows]
        return compiler


class _Asked:
    """As much of a queryset as Django needs to make records of rows."""

    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, model: type[models.Model], compiler: Any) -> None:
        self.model = model
        self.db = connection.alias
        self.query = self
        self.compiler = compiler

    def get_compiler(self, using: str) -> Any:
        return self.compiler


class Statement(Generic[R]):
    """A queryset by parameters, compiled once for each kind and number of values."""

    def __init__(self, build: Callable[..., models.QuerySet[Any, R]]) -> None:
        self.build = build
        self._kept: dict[Shape, _Kept] = {}

    def __call__(self, *given: Any) -> list[R]:
        """The records (or the tuples, of a `values_list`) of the queryset for these values."""
        shape = tuple(_shape(value) for value in given)
        if any(count == 0 or count > LONGEST for _kind, count in shape):
            return list(self.build(*given))
        kept = self._kept.get(shape)
        if kept is None:
            kept = self._kept[shape] = self._compile(shape)
        compiler = kept.asked(given)
        if not kept.makes_records:
            return list(compiler.results_iter(tuple_expected=True))
        asked: Any = _Asked(compiler.query.model, compiler)
        return list(ModelIterable(asked))

    def first(self, *given: Any) -> R | None:
        """The first record, or None. Give the queryset an order, and a limit where there may be many."""
        found = self(*given)
        return found[0] if found else None

    def get(self, *given: Any) -> R:
        """The one record. Raises its model's `DoesNotExist`."""
        found = self(*given)
        if len(found) == 1:
            return found[0]
        model: Any = self.build(*given).model
        raise (model.MultipleObjectsReturned if found else model.DoesNotExist)(f"{len(found)} records, not one")

    def _compile(self, shape: Shape) -> _Kept:
        """Compile with marks for values, and note where they come to lie. Raises `LookupError` where one does not."""
        marks = [_marks(number, abs(count), kind) for number, (kind, count) in enumerate(shape)]
        rows = self.build(*(one[0] if count < 0 else one for one, (_k, count) in zip(marks, shape, strict=True)))
        query = rows.query
        compiler: Any = query.get_compiler(using=connection.alias)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet as error:
            raise LookupError("a statement compiled once must not be empty for some values") from error
        meant = {
            (type(mark).__mro__[-2], mark): (number, n if shape[number][1] >= 0 else -1)
            for number, found in enumerate(marks)
            for n, mark in enumerate(found)
        }
        gaps = []
        for place, value in enumerate(values):
            key = (type(value).__mro__[-2], value) if value.__hash__ is not None else None
            if key in meant:
                gaps.append((place, *meant[key], type(value)))
        if {gap[1:3] for gap in gaps} != set(meant.values()):
            raise LookupError("not every value reaches the statement as it was given")
        makes_records = issubclass(rows._iterable_class, ModelIterable)
        converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _expressions: converters
        return _Kept(compiler, sql, tuple(values), tuple(gaps), bool(query.select_for_update), makes_records)


def compiled(build: Callable[..., models.QuerySet[Any, R]]) -> Statement[R]:
    """Keep the SQL of a queryset that is asked again and again with other values; see `Statement`.

    The values must be whole numbers, texts, UUIDs, moments or lists of them, and must not change which SQL is right:
    None has SQL of its own, and a condition on a value belongs around the statement.
    """
    return Statement(build)
