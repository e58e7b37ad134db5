"""What was booked at an operation and could still be taken back."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from mes.execution.models import Consumption, DataRecord, OrderOperation, Output

Booking = Consumption | Output


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
