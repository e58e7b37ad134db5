"""Taking the pieces of a value out of limits from the quota of a planned deviation, in the deed that records it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from core.organization.queries import may
from core.organization.services import system_user
from mes.execution.queries.context import GateContext
from mes.execution.queries.deviations import Deviating, deviating
from mes.execution.services.measured import Measured
from mes.instructions.queries import judge
from qms.nonconformance.models import DeviationUse, PlannedDeviation
from qms.nonconformance.queries import use_of_pieces
from qms.nonconformance.services import lock_deviation, use_deviation
from traceability.models import SerializedUnit

USE = "qms_nonconformance.use_planneddeviation"


def chosen_deviations(
    context: GateContext, measured: Iterable[Measured], *, unit: SerializedUnit | None, is_one_piece: bool
) -> list[Deviating]:
    """What the values that came with a deviation use of it. Each deviation is locked, lowest id first.

    Two stations at once then read one after the other what is left. A value within limits uses nothing.
    """
    chosen = [(one, one.deviation) for one in measured if one.deviation is not None]
    if not chosen:
        return []
    locked: dict[int, PlannedDeviation] = {
        deviation.pk: lock_deviation(deviation) for _, deviation in sorted(chosen, key=lambda pair: pair[1].pk)
    }
    found = [
        deviating(
            context,
            one.data_point,
            judge(one.data_point, one.value),
            locked[deviation.pk],
            unit=unit,
            is_one_piece=is_one_piece,
        )
        for one, deviation in chosen
    ]
    return [one for one in found if one is not None]


def take_from_quota(
    context: GateContext, found: Sequence[Deviating], *, unit: SerializedUnit | None
) -> dict[int, DeviationUse]:
    """The use of each value out of limits, by its data point: taken now, or before for the same pieces.

    A person whose right counts at the work center only is entered as the person who measured; the system books at the
    site on their behalf, as it books their stock.
    """
    site = context.order.site
    books: Any = context.actor if not found or may(context.actor, USE, site) else system_user("execution")
    uses: dict[int, DeviationUse] = {}
    for one in found:
        before = use_of_pieces(one.deviation, context.operation, one.lot, unit) if one.quantity is None else None
        uses[one.point.pk] = before or use_deviation(
            deviation=one.deviation,
            lot=one.lot,
            unit=unit,
            quantity=one.quantity or context.order.quantity,
            source=context.operation,
            actor=books,
        )
    return uses
