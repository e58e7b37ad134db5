"""Quantities of an operation, summed from its Output and Consumption facts; nothing is stored twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from core.kernel.statements import compiled
from mes.execution.models import Consumption, OrderOperation, Output, ProductionOrder

ZERO = Decimal(0)


@dataclass(frozen=True)
class Counters:
    """Good and scrapped quantity of an operation against what was ordered."""

    planned: Decimal
    good: Decimal = ZERO
    scrap: Decimal = ZERO

    @property
    def remaining(self) -> Decimal:
        """What is still to be reported; never below zero."""
        return max(self.planned - self.good - self.scrap, ZERO)

    def plus(self, good: Decimal, scrap: Decimal) -> Counters:
        """The counters after one more report."""
        return replace(self, good=self.good + good, scrap=self.scrap + scrap)

    @property
    def over(self) -> Decimal:
        """What was reported beyond the ordered quantity."""
        return max(self.good + self.scrap - self.planned, ZERO)


def _net(column: str) -> Coalesce:
    """Sum of a column in which reversing facts count against."""
    total = Sum(F(column), filter=Q(reverses__isnull=True), default=ZERO) - Sum(
        F(column), filter=Q(reverses__isnull=False), default=ZERO
    )
    return Coalesce(total, Value(ZERO), output_field=DecimalField(max_digits=24, decimal_places=6))


@compiled
def _sums(operations: list[int]) -> QuerySet[Output, tuple[int, Decimal, Decimal]]:
    reported = Output.objects.filter(order_operation__in=operations).order_by().values("order_operation")
    return reported.annotate(total_good=_net("good"), total_scrap=_net("scrap")).values_list(
        "order_operation", "total_good", "total_scrap"
    )


@compiled
def _used(operation: int) -> QuerySet[Consumption, tuple[int, Decimal]]:
    used = Consumption.objects.filter(order_operation=operation).order_by().values("material")
    return used.annotate(total=_net("quantity")).values_list("material", "total")


def counters_of(operations: Iterable[OrderOperation]) -> dict[int, Counters]:
    """Counters of several operations by their id; one query."""
    planned = {operation.pk: operation.order.quantity for operation in operations}
    found = {operation: (good, scrap) for operation, good, scrap in _sums(list(planned))}
    return {pk: Counters(quantity, *found.get(pk, (ZERO, ZERO))) for pk, quantity in planned.items()}


def counters(order_operation: OrderOperation) -> Counters:
    """Good, scrapped and remaining quantity of one operation; one query."""
    return counters_of([order_operation])[order_operation.pk]


@dataclass(frozen=True)
class Booked:
    """What is booked at an operation and was not taken back: the quantity reported, and how many materials went in."""

    operation: OrderOperation
    reported: Decimal
    materials: int


def booked_for(order: ProductionOrder) -> list[Booked]:
    """The operations of an order at which something is booked, in sequence; three queries."""
    operations = list(order.operations.order_by("sequence"))
    for operation in operations:
        operation.order = order
    used = Consumption.objects.filter(order_operation__order=order).order_by().values("order_operation", "material")
    consumed = [row["order_operation"] for row in used.annotate(total=_net("quantity")).exclude(total=ZERO)]
    done = counters_of(operations)
    found = [Booked(one, done[one.pk].good + done[one.pk].scrap, consumed.count(one.pk)) for one in operations]
    return [booked for booked in found if booked.reported or booked.materials]


def consumed_of(order_operation: OrderOperation) -> dict[int, Decimal]:
    """Net consumed quantity of an operation by material id, in each material's own unit; one query."""
    return dict(_used(order_operation.pk))
