"""What a change decided about an open order is carried out here, within the transaction of its release."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import begin_many
from core.organization.services import system_user
from core.worklist.models import Kind as Work
from core.worklist.services import assign
from mes.execution.models import OrderOperation, ProductionOrder
from mes.execution.services.floor import lock_order
from mes.routing.models import Operation, RoutingRevision
from qms.changes.models import ChangeItem, ChangeOrder, WipDecision
from qms.changes.services import mark_carried_out
from qms.documents.queries import revision_to_work_by
from traceability.services import place_hold

SCRAP = "traceability.scrap_stock"


@service
def carry_out(*, decision: WipDecision, actor: Any) -> None:
    """Do what was decided about an order: nothing, take the rest over to the new revisions, or hold its lot.

    What is to be scrapped is held, and whoever may scrap is asked: people scrap, not a change. Raises `Blocked`.
    """
    order, change = decision.subject, decision.change
    if not isinstance(order, ProductionOrder):
        return
    order = lock_order(order)
    if order.status in ("draft", "released", "in_progress"):
        if decision.decision == WipDecision.Decision.MIGRATE:
            _migrate(order, change, decision.from_sequence or 0, actor)
        elif decision.decision in (WipDecision.Decision.HOLD, WipDecision.Decision.SCRAP):
            _hold(order, decision, actor)
    mark_carried_out(decision=decision, actor=actor)


def _hold(order: ProductionOrder, decision: WipDecision, actor: Any) -> None:
    if order.lot is None:
        raise Blocked(Blocker("no_lot", _("%(order)s has no lot to hold.") % {"order": order}, record=order))
    reason = _("%(change)s: %(reason)s") % {"change": decision.change, "reason": decision.reason}
    place_hold(lot=order.lot, reason=reason, source=decision.change, actor=system_user("execution"))
    if decision.decision == WipDecision.Decision.SCRAP:
        assign(
            subject=order.lot,
            kind=Work.ACTION,
            title=_("Scrap what %(order)s made: %(change)s") % {"order": order, "change": decision.change},
            to_permission=SCRAP,
            site=order.site,
            due_at=now(),
            actor=actor,
        )


def _migrate(order: ProductionOrder, change: ChangeOrder, sequence: int, actor: Any) -> None:
    """The order is made by the new revisions from an operation on; what is done stays as it was done."""
    replaced = _routing_after(order, change)
    if order.status == "draft":
        if replaced is not None:
            order.routing_revision = replaced
            order.save()
        return
    rows = OrderOperation.objects.select_for_update(of=("self",), no_key=True).filter(order=order)
    following = list(rows.filter(sequence__gte=sequence).select_related("operation").order_by("sequence"))
    begun = [one for one in following if one.status != "waiting"]
    if begun or not following:
        raise Blocked(
            Blocker(
                "begun",
                _("%(order)s has begun an operation from which it was to go over.") % {"order": order},
                record=order,
                remedy=_("Decide about the order again."),
                remedy_url=change.get_absolute_url(),
            )
        )
    planned = Operation.objects.filter(sequence__gte=sequence).order_by("sequence")
    if replaced is None:
        planned = planned.filter(pk__in=[one.operation_id for one in following])
    else:
        planned = planned.filter(routing_revision=replaced)
        order.routing_revision, order.routing_hash = replaced, replaced.content_hash
        order.save()
    wanted = {
        one.sequence: one
        for one in planned.select_related("work_center").annotate(works_by=revision_to_work_by("document"))
    }
    present = {one.sequence: one for one in following}
    for number, operation in present.items():
        if number in wanted:
            _take_over(operation, wanted[number])
        else:
            operation.delete()
    new = [operation for number, operation in wanted.items() if number not in present]
    begin_many([_laid_out(order, operation) for operation in new], actor=actor)


def _routing_after(order: ProductionOrder, change: ChangeOrder) -> RoutingRevision | None:
    """The routing revision that the change puts in the place of the order's, or None where it changes no routing."""
    items = ChangeItem.objects.filter(
        change=change, from_id=order.routing_revision_id, revision_type__model=RoutingRevision._meta.model_name,
        revision_type__app_label=RoutingRevision._meta.app_label, to_id__isnull=False,
    )  # fmt: skip
    key = items.values_list("to_id", flat=True).first()
    return None if key is None else RoutingRevision.objects.get(pk=key)


def _take_over(operation: OrderOperation, source: Any) -> None:
    operation.operation, operation.name, operation.work_center = source, source.name, source.work_center
    operation.document_revision_id = source.works_by
    operation.save()


def _laid_out(order: ProductionOrder, source: Any) -> OrderOperation:
    return OrderOperation(
        order=order, operation=source, sequence=source.sequence, name=source.name, work_center=source.work_center,
        document_revision_id=source.works_by,
    )  # fmt: skip
