"""What was booked at an operation and could still be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from core.kernel.clock import now
from mes.execution.models import Consumption, DataRecord, OrderOperation, Output

Booking = Consumption | Output


UNDO_WINDOW = dt.timedelta(seconds=10)
"""So long a booking may be taken back without a reason."""


def left_to_undo(fact: Booking) -> dt.timedelta:
    """How long a booking may still be taken back without a reason; zero when it may not."""
    return max(UNDO_WINDOW - (now() - fact.stamped_at), dt.timedelta())


def fresh_bookings(recent: Iterable[Booking], user: Any) -> list[Booking]:
    """Those of the latest bookings that the person may take back without a reason now.

    Their own, within the first seconds; never one with a value out of limits (see the guards of `undo`).
    """
    return [
        fact
        for fact in recent
        if fact.actor_id == user.pk and not getattr(fact, "is_out", False) and left_to_undo(fact)
    ]


def recent_bookings(operation: OrderOperation, limit: int = 6) -> list[Booking]:
    """The latest bookings that still count, newest first; what went into a finished unit counts as part of it."""
    used = Consumption.objects.filter(
        order_operation=operation, reverses__isnull=True, reversed_by__isnull=True, output__isnull=True
    ).select_related("lot", "unit", "actor")
    reported = (
        Output.objects.filter(order_operation=operation, reverses__isnull=True, reversed_by__isnull=True)
        .select_related("actor", "unit")
        .annotate(is_out=Exists(DataRecord.objects.filter(output=OuterRef("pk"), judgement=DataRecord.Verdict.OUT)))
    )
    both: list[Booking] = [*used.order_by("-id")[:limit], *reported.order_by("-id")[:limit]]
    return sorted(both, key=lambda fact: fact.stamped_at, reverse=True)[:limit]


def booking(operation: OrderOperation, kind: str, pk: int) -> Booking | None:
    """The consumption or output of the operation with this id, if there is one."""
    if kind == "consumption":
        return Consumption.objects.filter(order_operation=operation, pk=pk).first()
    if kind == "output":
        return Output.objects.filter(order_operation=operation, pk=pk).first()
    return None
