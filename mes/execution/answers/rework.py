"""What the floor tells about rework: its orders, and what their re-inspection said."""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.wiring import answers
from mes.execution.models import OrderOperation, ProductionOrder
from mes.execution.queries.counters import counters_of
from qms.nonconformance.questions import ReworkOrder, ReworkOrders


@answers(ReworkOrders)
def orders_of_rework(question: ReworkOrders) -> Iterator[ReworkOrder]:
    """The rework orders of a nonconformance, oldest first, with passed and failed quantity; three statements."""
    orders = ProductionOrder.objects.filter(
        rework_of__affected_item__nonconformance=question.nonconformance_id
    ).order_by("pk")
    known = {order.pk: order for order in orders}
    last: dict[int, OrderOperation] = {}
    for operation in OrderOperation.objects.filter(order__in=known).order_by("order", "sequence"):
        operation.order = known[operation.order_id]
        last[operation.order_id] = operation
    done = counters_of(last.values()) if last else {}
    for pk, order in known.items():
        counted = done.get(last[pk].pk) if pk in last else None
        yield ReworkOrder(
            disposition_id=order.rework_of_id or 0,
            record=order,
            passed=counted.good if counted is not None else None,
            failed=counted.scrap if counted is not None else None,
        )
