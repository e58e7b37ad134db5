"""What a release puts on the floor: the operations of the routing, each with the instruction it will be done by."""

from __future__ import annotations

from collections.abc import Sequence

from core.kernel.deeds import Deed
from mes.execution.models import ProductionOrder
from mes.routing.models import Operation
from qms.documents.queries import revision_to_work_by

Planned = tuple[Operation, int | None]


def planned_operations(order: ProductionOrder, deed: Deed) -> Sequence[Planned]:
    """The operations of the order's routing in sequence, with the id of the document revision that holds now.

    A sandbox order takes the revision on its way, if there is one. Read once for all guards and effects of a deed.
    """
    key = f"_planned_{order.pk}"
    if key not in deed.__dict__:
        operations = Operation.objects.filter(routing_revision=order.routing_revision_id).order_by("sequence")
        deed.__dict__[key] = [
            (operation, operation.revision_to_work_by)
            for operation in operations.select_related("work_center", "document").annotate(
                revision_to_work_by=revision_to_work_by("document", trial=order.is_sandbox)
            )
        ]
    found: Sequence[Planned] = deed.__dict__[key]
    return found
