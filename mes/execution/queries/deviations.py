"""Planned deviations at an operation: which may be chosen for its values, and what one covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.errors import Blocker
from mes.execution.models import OrderOperation
from mes.execution.queries.context import GateContext
from mes.instructions.models import DataPoint
from mes.instructions.queries import Judgement
from qms.nonconformance.models import PlannedDeviation
from qms.nonconformance.queries import against_using, against_value, for_value, use_of_pieces
from traceability.models import Lot, SerializedUnit

ONE = Decimal(1)


@dataclass(frozen=True)
class Deviating:
    """A value out of limits that somebody records under a planned deviation, and how much of the quota it takes.

    A value of one unit is about one piece, a value of the operation about all pieces of its order. `quantity` is None
    where the same pieces were counted before, such as when a value is measured again.
    """

    point: DataPoint
    judgement: Judgement
    deviation: PlannedDeviation
    lot: Lot
    unit: SerializedUnit | None
    quantity: Decimal | None


def deviating(
    context: GateContext,
    point: DataPoint,
    judgement: Judgement,
    deviation: PlannedDeviation,
    *,
    unit: SerializedUnit | None,
    is_one_piece: bool,
) -> Deviating | None:
    """What a chosen deviation is used for; None where the value needs none or the order is a try-out."""
    order, lot = context.order, context.order.lot_at_hand
    if not judgement.is_out or order.is_sandbox or lot is None:
        return None
    quantity: Decimal | None = ONE if is_one_piece else order.quantity
    if not (is_one_piece and unit is None) and use_of_pieces(deviation, context.operation, lot, unit):
        quantity = None
    return Deviating(point, judgement, deviation, lot, unit, quantity)


def deviation_blockers(context: GateContext, found: Iterable[Deviating]) -> Iterator[Blocker]:
    """Every reason why the chosen deviations do not cover the values, or have nothing left for them."""
    revision = context.operation.document_revision
    document = None if revision is None else revision.document
    for one in found:
        yield from against_value(
            one.deviation,
            document=document,
            parameter=one.point.code,
            number=one.judgement.number,
            lower=one.point.lower_limit,
            upper=one.point.upper_limit,
        )
        yield from against_using(one.deviation, one.lot, one.quantity, context.today)


def deviations_at(operation: OrderOperation) -> Mapping[str, Sequence[PlannedDeviation]]:
    """The planned deviations in force that may be chosen at an operation, by the code of the value; one statement."""
    revision, order = operation.document_revision, operation.order
    found: dict[str, list[PlannedDeviation]] = defaultdict(list)
    if revision is None or order.is_sandbox:
        return found
    today = GateContext(operation, None).today
    for one in for_value(order.site, order.material, revision.document_id, today):
        found[one.parameter].append(one)
    return found
