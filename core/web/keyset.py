"""Keyset paging: page 1,800 costs what page 1 costs, and rows that arrive meanwhile shift nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Model, Q, QuerySet

M = TypeVar("M", bound=Model)
COUNT_LIMIT = 10_000


class BadCursor(ValueError):
    """The cursor in the address was not made by this list."""


@dataclass(frozen=True)
class Page(Generic[M]):
    """The rows of one page and the cursors of its neighbours (empty: there is none)."""

    rows: list[M]
    next: str
    previous: str
    total: int
    is_total_exact: bool
    is_first: bool


def field_of(model: type[Model], path: str) -> Field[Any, Any]:
    """The concrete field at the end of an ORM path; `FieldDoesNotExist` when there is none."""
    current: type[Model] = model
    found: Field[Any, Any] = model._meta.pk
    steps = path.split("__")
    for position, step in enumerate(steps):
        field = current._meta.pk if step == "pk" else current._meta.get_field(step)
        if not isinstance(field, Field):
            raise FieldDoesNotExist(f"{model.__name__}.{path} is no column")
        found = field
        if position < len(steps) - 1:
            related = field.related_model
            if not isinstance(related, type):
                raise FieldDoesNotExist(f"{model.__name__}.{path}: {step} is no relation")
            current = related
    return found


def paginate(queryset: QuerySet[M], order: Sequence[str], size: int, *, after: str = "", before: str = "") -> Page[M]:
    """One page of `queryset` in `order` ("-" for descending; empty values last; the key is always appended).

    Raises `BadCursor` for a cursor of another list or order.
    """
    keys = [(path.lstrip("-"), path.startswith("-")) for path in order]
    if not any(path in ("pk", "id") for path, _ in keys):
        keys.append(("pk", keys[-1][1] if keys else False))
    backwards = bool(before)
    rows = queryset.order_by(*(_ordering(path, down, backwards) for path, down in keys))
    cursor = before or after
    if cursor:
        rows = rows.filter(_beyond(queryset.model, keys, _decode(queryset.model, keys, cursor), backwards))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, more) if backwards else (more, bool(after))
    # Only keys are counted: what a list works out for each row it shows is not worked out for ten thousand.
    counted = queryset.order_by().values("pk")[: COUNT_LIMIT + 1]
    total = counted.count() if (has_next or has_previous) else len(found)
    return Page(
        rows=found,
        next=_encode(found[-1], keys) if found and has_next else "",
        previous=_encode(found[0], keys) if found and has_previous else "",
        total=min(total, COUNT_LIMIT),
        is_total_exact=total <= COUNT_LIMIT,
        is_first=not has_previous,
    )


def _ordering(path: str, descending: bool, backwards: bool) -> Any:
    expression = F(path)
    down = descending != backwards
    # Empty values stand last in the forward order, so first when reading backwards.
    ends: dict[str, bool] = {"nulls_first": True} if backwards else {"nulls_last": True}
    return expression.desc(**ends) if down else expression.asc(**ends)


def _beyond(model: type[Model], keys: Sequence[tuple[str, bool]], values: Sequence[Any], backwards: bool) -> Q:
    """Rows strictly after the given one (before it when reading backwards)."""
    (path, descending), *rest = keys
    value = values[0]
    comparison = "lt" if descending != backwards else "gt"
    if value is None:
        same, further = Q(**{f"{path}__isnull": True}), Q(**{f"{path}__isnull": False}) if backwards else Q(pk__in=[])
    else:
        same, further = Q(**{path: value}), Q(**{f"{path}__{comparison}": value})
        if not backwards and field_of(model, path).null:
            further |= Q(**{f"{path}__isnull": True})
    if not rest:
        return further
    return further | (same & _beyond(model, rest, values[1:], backwards))


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for step in path.split("__"):
        if value is None:
            return None
        field = None if step == "pk" else value._meta.get_field(step)
        value = getattr(value, field.attname if field is not None and step == path.split("__")[-1] else step)
    return value


def _encode(row: Model, keys: Sequence[tuple[str, bool]]) -> str:
    values = [_value(row, path) for path, _ in keys]
    texts = [None if value is None else str(value) for value in values]
    names = ",".join(("-" if down else "") + path for path, down in keys)
    return base64.urlsafe_b64encode(json.dumps([names, *texts]).encode()).decode().rstrip("=")


def _decode(model: type[Model], keys: Sequence[tuple[str, bool]], cursor: str) -> list[Any]:
    names = ",".join(("-" if down else "") + path for path, down in keys)
    try:
        made_for, *texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if made_for != names or len(texts) != len(keys):
            raise BadCursor(cursor)
        return [
            None if text is None else field_of(model, path).to_python(text)
            for text, (path, _) in zip(texts, keys, strict=True)
        ]
    except (ValueError, TypeError, ValidationError) as error:
        raise BadCursor(cursor) from error
