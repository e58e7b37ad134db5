"""The order of operations."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.guards.order import OPERATION
from mes.execution.models import OrderOperation
from mes.execution.queries.context import context_of


def _open_before(earlier: OrderOperation, operation: OrderOperation) -> Blocker:
    return Blocker(
        "sequence",
        _("%(earlier)s is “%(state)s”; it comes before %(operation)s.")
        % {"earlier": earlier, "state": earlier.get_status_display(), "operation": operation},
        record=earlier,
        remedy=_("Complete the earlier operation first."),
    )


@guard(OPERATION, "start", "join", title=gettext_lazy("Earlier operations done"))
def earlier_operations_are_done(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Operational system checks: steps in their permitted sequence (21 CFR 11.10(f); 21 CFR 211.100(b)).

    An operation that may overlap starts as soon as every earlier one has been started.
    """
    allowed = ("in_progress", "paused", "completed") if operation.operation.overlap_allowed else ("completed",)
    for earlier in context_of(operation, deed).earlier:
        if earlier.status not in allowed:
            yield _open_before(earlier, operation)


@guard(OPERATION, "complete", title=gettext_lazy("Earlier operations done"))
def earlier_operations_are_completed(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Nothing is completed before what it builds upon, overlap or not (21 CFR 11.10(f))."""
    for earlier in context_of(operation, deed).earlier:
        if earlier.status != "completed":
            yield _open_before(earlier, operation)
