"""What was scanned at a station and does not fit is an attempt that was refused, and is kept as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Attempt, Blocked, Blocker, GuardResult
from mes.execution.models.orders import OrderOperation
from mes.execution.queries import Scanned, scanned_component


@service
def read_component(*, order_operation: OrderOperation, code: str, actor: Any) -> Scanned:
    """The lot or unit that a scanned code names. Raises `Blocked` in words; the refusal is kept as a GateDecision."""
    try:
        return scanned_component(order_operation, code)
    except Blocked as refused:
        raise _refusal(order_operation, "consume", refused.blockers) from refused


@service
def refuse_scans(*, order_operation: OrderOperation, action: str, blockers: Sequence[Blocker], actor: Any) -> None:
    """Raise `Blocked` for codes that were read before and do not fit, so that the refusal is kept."""
    raise _refusal(order_operation, action, blockers)


def _refusal(order_operation: OrderOperation, action: str, blockers: Sequence[Blocker]) -> Blocked:
    said = GuardResult("mes.execution.scan", _("What was scanned fits"), tuple(blockers))
    return Blocked(tuple(blockers), Attempt(action, order_operation, (said,)))
