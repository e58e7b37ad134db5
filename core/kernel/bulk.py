"""Bulk writes of trailed records, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from core.kernel.deeds import current
from core.kernel.records import TrailedModel
from core.kernel.stale import refuse_stale
from core.kernel.writes import AppendQuerySet, overwrite

T = TypeVar("T", bound=TrailedModel)
BATCH = 2000


def _history(records: Sequence[TrailedModel], *, update: bool) -> None:
    present = current()
    if present is None:
        raise RuntimeError("bulk writes belong inside a @service")
    type(records[0]).history.bulk_history_create(
        records, batch_size=BATCH, update=update, default_user=present.user, default_change_reason=present.reason
    )


def bulk_create(records: Sequence[T]) -> list[T]:
    """Insert records of one model with their history rows; returns them with primary keys."""
    if not records:
        return []
    for record in records:
        record.row_version = 1
    rows: AppendQuerySet[T] = AppendQuerySet(type(records[0]))
    created = rows.bulk_create(records, batch_size=BATCH)
    _history(created, update=False)
    return list(created)


def bulk_update(records: Sequence[T], fields: Sequence[str]) -> None:
    """Save these fields of records of one model, with their history rows."""
    if not records:
        return
    for record in records:
        refuse_stale(record)
    for record in records:
        record.row_version += 1
    for start in range(0, len(records), BATCH):
        some, names = records[start : start + BATCH], [*fields, "row_version"]
        if not overwrite(some, names):
            type(some[0])._base_manager.bulk_update(some, names)
    _history(records, update=True)
