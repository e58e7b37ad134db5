"""What a release puts on the floor: the operations of the routing, each with the instruction it will be done by."""

from __future__ import annotations

from collections.abc import Sequence

from core.kernel.deeds import Deed
from mes.execution.models import OrderOperation, ProductionOrder
from mes.routing.models import Operation
from qms.documents.models import DocumentRevision
from qms.documents.queries import effective_revision, revision_to_work_by

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


def newer_instruction(operation: OrderOperation) -> DocumentRevision | None:
    """The effective revision of an open operation's instruction, where it works to another one or to none."""
    document = operation.operation.document
    if document is None or operation.status == "completed" or operation.order.status not in ("released", "in_progress"):
        return None
    newest = effective_revision(document)
    return None if newest is None or newest.pk == operation.document_revision_id else newest
