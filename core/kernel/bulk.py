"""Bulk writes of trailed records, with their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from core.kernel.deeds import current
from core.kernel.records import TrailedModel
from core.kernel.stale import refuse_stale

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
    created = type(records[0])._base_manager.bulk_create(records, batch_size=BATCH)
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
    type(records[0])._base_manager.bulk_update(records, [*fields, "row_version"], batch_size=BATCH)
    _history(records, update=True)
