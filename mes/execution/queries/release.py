"""What a release puts on the floor: the operations of the routing, each with the instruction it will be done by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.kernel.deeds import Deed
from mes.execution.models import OrderOperation, ProductionOrder
from mes.execution.queries.changes import due_revision, instead_of, operations_by
from mes.routing.models import Operation
from qms.documents.models import DocumentRevision
from qms.documents.queries import effective_revision

Planned = tuple[Operation, int | None]


def planned_operations(order: ProductionOrder, deed: Deed) -> Sequence[Planned]:
    """The operations of the order's routing in sequence, with the id of the document revision that holds now.

    A sandbox order takes the revision on its way, if there is one. Read once for all guards and effects of a deed.
    """

    def read() -> list[Planned]:
        revision = due_revision(order, deed)
        others = instead_of(order, deed)
        operations: list[Any] = list(operations_by(revision.pk, trial=order.is_sandbox, deed=deed))
        return [(operation, others.get(operation.works_by, operation.works_by)) for operation in operations]

    return deed.once(("planned", order.pk), read)


def newer_instruction(operation: OrderOperation) -> DocumentRevision | None:
    """The effective revision of an open operation's instruction, where it works to another one or to none."""
    document = operation.operation.document
    if document is None or operation.status == "completed" or operation.order.status not in ("released", "in_progress"):
        return None
    newest = effective_revision(document)
    return None if newest is None or newest.pk == operation.document_revision_id else newest
