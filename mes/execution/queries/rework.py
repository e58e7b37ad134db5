"""What became of the orders by which affected goods are reworked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from mes.execution.models import OrderOperation, ProductionOrder
from mes.execution.queries.counters import counters

ZERO = Decimal(0)


@dataclass(frozen=True)
class Reinspection:
    """What the last operation of a rework order, its re-inspection, reported so far."""

    operation: OrderOperation
    passed: Decimal
    failed: Decimal
    planned: Decimal

    @property
    def is_passed(self) -> bool:
        """Whether all of it passed and nothing failed."""
        return self.operation.status == "completed" and self.passed >= self.planned and self.failed == ZERO


def rework_order_of(disposition: int) -> ProductionOrder | None:
    """The order that carries out a line, if one was made."""
    return ProductionOrder.objects.filter(rework_of=disposition).select_related("site", "material__uom").first()


def reinspection_of(order: ProductionOrder) -> Reinspection | None:
    """What the re-inspection says; None before the order is on the floor."""
    last = order.operations.order_by("-sequence").first()
    if last is None:
        return None
    last.order = order
    done = counters(last)
    return Reinspection(last, done.good, done.scrap, done.planned)
