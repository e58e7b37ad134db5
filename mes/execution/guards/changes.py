"""Changes at the floor: what may not be used any more, and what the floor asks of a change itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.guards.order import OPERATION, ORDER
from mes.execution.models import OrderOperation, ProductionOrder
from mes.execution.queries.changes import blocked_for_release, blocked_for_start, counts_for
from mes.execution.queries.context import context_of
from mes.execution.queries.release import planned_operations
from qms.changes.models import ChangeOrder

CHANGE = "qms_changes.ChangeOrder"
IN_TIME = gettext_lazy("Its change is approved and has not expired")


def _late(change: ChangeOrder) -> Blocker:
    reason = (
        _("%(change)s was released as emergency and is not approved in time.")
        if change.is_emergency and change.status == "released"
        else _("%(change)s was temporary and has expired.")
    )
    return Blocker(
        "change_late",
        reason % {"change": change},
        record=change,
        remedy=_("Ask quality to approve the change, or to return what was there before."),
        remedy_url=change.get_absolute_url(),
    )


@guard(ORDER, "release", title=IN_TIME)
def change_allows_the_release(order: ProductionOrder, deed: Deed) -> Iterator[Blocker]:
    """What came by an emergency is not used anew once its approval is late, nor what came for a time (CHG-01)."""
    if order.is_sandbox:
        return
    documents = [revision for _operation, revision in planned_operations(order, deed)]
    for change in blocked_for_release(order, documents, deed):
        yield _late(change)


@guard(OPERATION, "start", title=IN_TIME)
def change_allows_the_start(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """The same for an operation that nobody has begun (CHG-01)."""
    context = context_of(operation, deed)
    order = context.order
    if not order.is_sandbox:
        for change in blocked_for_start(operation, order, context.overdue_changes):
            yield _late(change)


@guard(CHANGE, "submit", "request_approval", title=gettext_lazy("The order that it counts from is known"))
def order_it_counts_from_is_known(change: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """A change that counts from a production order on names one of its site (CHG-06)."""
    if change.effectivity != ChangeOrder.Effectivity.ORDER or not change.effectivity_mark:
        return
    if not ProductionOrder.objects.filter(site=change.site_id, number=change.effectivity_mark).exists():
        yield Blocker(
            "effectivity_order",
            _("There is no order %(order)s at %(site)s.") % {"order": change.effectivity_mark, "site": change.site},
            record=change,
            remedy=_("Create the order, or name another one."),
        )


@guard(CHANGE, "close", title=gettext_lazy("The new revisions count"))
def new_revisions_count(change: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Until the number or the end of the stock is reached, new orders are still made by the old revisions (CHG-06)."""
    if change.status != "returned" and not counts_for(change, change.site):
        yield Blocker(
            "not_reached",
            _("New orders are still made by the old revisions: %(effectivity)s is not reached.")
            % {"effectivity": change.get_effectivity_display()},
            record=change,
            remedy=_("Wait until the number is reached or the stock is used up."),
        )
