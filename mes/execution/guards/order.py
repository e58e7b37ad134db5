"""The order behind the operation: may anything be done for it at all?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.models import OperationRun, OrderOperation, ProductionOrder
from mes.execution.queries.changes import due_revision, held_back, kept_by_plan
from mes.execution.queries.context import context_of
from mes.execution.queries.counters import booked_for
from mes.execution.queries.release import planned_operations
from mes.routing.queries import content_hash
from traceability.queries import plain

OPERATION = "mes_execution.OrderOperation"
ORDER = "mes_execution.ProductionOrder"
BEGINNING = ("start", "join", "resume")
WORKING = ("step", "record", "consume", "report", "complete_unit")


@guard(OPERATION, *BEGINNING, *WORKING, "complete", title=gettext_lazy("Order released"))
def order_is_released(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Work only on an order that was released and is not closed (ISO 13485 7.5.1; 21 CFR 211.186, 211.188)."""
    order = context_of(operation, deed).order
    if order.status not in ("released", "in_progress"):
        yield Blocker(
            "order_released",
            _("Order %(order)s is “%(state)s”, not released.") % {"order": order, "state": order.get_status_display()},
            record=order,
            remedy=_("Ask the planner to release the order, or take another one."),
        )


@guard(
    OPERATION,
    *BEGINNING,
    "consume",
    "report",
    "complete_unit",
    "complete",
    title=gettext_lazy("No hold on the lot"),
)
def lot_is_not_held(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Nothing is added to or carried on with a lot under a hold (ISO 13485 8.3; 21 CFR 211.110(c)).

    Recording stays possible: a repeated measurement is evidence for the decision about the hold.
    """
    for hold in context_of(operation, deed).lot_holds:
        yield Blocker(
            "hold",
            _("Lot %(lot)s is on hold: %(reason)s") % {"lot": hold.lot, "reason": hold.reason},
            record=hold,
            remedy=_("Wait for quality's decision; only they release the hold. Meanwhile take another operation."),
        )


@guard(OPERATION, *WORKING, title=gettext_lazy("Operation in progress"))
def operation_is_running(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Facts are recorded while the operation runs, not before or afterwards (21 CFR 211.100(b): at the time)."""
    if operation.status != "in_progress":
        yield Blocker(
            "operation_running",
            _("%(operation)s is “%(state)s”.") % {"operation": operation, "state": operation.get_status_display()},
            record=operation,
            remedy=_("Start or resume the operation first. A completed one must be reopened by the lead."),
        )


@guard(ORDER, "release", title=gettext_lazy("Routing in force and unchanged since its approval"))
def routing_is_in_force(order: ProductionOrder, deed: Deed) -> Iterator[Blocker]:
    """Orders are made by the effective routing, exactly as it was approved (ISO 13485 4.2.4; 21 CFR 211.100(a)).

    By the one before only where a change does not count for the order yet, or its plan says so (CHG-06, CHG-07).
    A sandbox order exists to try a routing before its approval.
    """
    revision = due_revision(order, deed)
    if order.is_sandbox:
        return
    is_kept = revision.status == "superseded" and (held_back(order, deed) or kept_by_plan(order, deed))
    if revision.status != "effective" and not is_kept:
        yield Blocker(
            "routing_effective",
            _("Routing %(revision)s is “%(state)s”, not effective.")
            % {"revision": revision, "state": revision.get_status_display()},
            record=revision,
            remedy=_("Choose the effective revision, or have this one approved."),
        )
    elif revision.content_hash != content_hash(revision):
        yield Blocker(
            "routing_changed",
            _("Routing %(revision)s is no longer what was approved.") % {"revision": revision},
            record=revision,
            remedy=_("Tell quality: the content does not have the digest of its approval."),
        )


@guard(ORDER, "release", title=gettext_lazy("Every operation has a work center and an instruction in force"))
def operations_can_run(order: ProductionOrder, deed: Deed) -> Iterator[Blocker]:
    """What is released must be executable: places and effective instructions exist (ISO 13485 7.5.1 a))."""
    planned = planned_operations(order, deed)
    if not planned:
        yield Blocker(
            "no_operations", _("Routing %(revision)s has no operations.") % {"revision": order.routing_revision}
        )
    for operation, revision in planned:
        if operation.work_center is None:
            yield Blocker(
                "work_center",
                _("%(operation)s has no work center.") % {"operation": operation},
                record=operation,
                remedy=_("Name the work center in the routing."),
            )
        document = operation.document
        if document is not None and not order.is_sandbox and revision is None:
            yield Blocker(
                "instruction",
                _("%(document)s of %(operation)s has no effective revision.")
                % {"document": document, "operation": operation},
                record=document,
                remedy=_("Have the instruction approved and made effective."),
            )


@guard(ORDER, "complete", title=gettext_lazy("All operations completed"))
@guard(ORDER, "close", title=gettext_lazy("All operations completed"))
def operations_are_completed(order: ProductionOrder, deed: Deed) -> Iterator[Blocker]:
    """An order ends when its last operation has ended; a sandbox order may be closed at any time."""
    if order.is_sandbox and order.status != "completed":
        return
    for operation in order.operations.exclude(status="completed"):
        yield Blocker(
            "operation_open",
            _("%(operation)s is “%(state)s”.") % {"operation": operation, "state": operation.get_status_display()},
            record=operation,
            remedy=_("Complete the operation first."),
        )


@guard(ORDER, "cancel", title=gettext_lazy("Nothing made or used"))
def nothing_is_booked(order: ProductionOrder, deed: Deed) -> Iterator[Blocker]:
    """What was made or used is taken back where it was booked, or the order is completed with it (21 CFR 211.188).

    Nothing of a sandbox order reached stock.
    """
    if order.is_sandbox:
        return
    for booked in booked_for(order):
        if booked.reported:
            yield Blocker(
                "reported",
                _("%(quantity)s %(uom)s are reported at %(operation)s.")
                % {
                    "quantity": plain(booked.reported),
                    "uom": order.material.uom.symbol,
                    "operation": booked.operation,
                },
                record=booked.operation,
                remedy=_("Take the report back there (the lead reopens a completed operation), or complete the order."),
                remedy_url=booked.operation.get_absolute_url(),
            )
        if booked.materials:
            yield Blocker(
                "consumed",
                ngettext(
                    "%(count)s material is consumed at %(operation)s.",
                    "%(count)s materials are consumed at %(operation)s.",
                    booked.materials,
                )
                % {"count": booked.materials, "operation": booked.operation},
                record=booked.operation,
                remedy=_("Take the consumption back there, or complete the order."),
                remedy_url=booked.operation.get_absolute_url(),
            )


@guard(ORDER, "cancel", title=gettext_lazy("Nobody at work on it"))
def nobody_is_clocked_on(order: ProductionOrder, deed: Deed) -> Iterator[Blocker]:
    """Nobody's work is ended behind their back: their time would run on, or end at the wrong moment."""
    runs = OperationRun.objects.filter(order_operation__order=order).exclude(status="ended")
    for run in runs.select_related("operator", "order_operation__order").order_by("pk"):
        yield Blocker(
            "clocked_on",
            _("%(who)s is clocked on to %(operation)s.") % {"who": run.operator, "operation": run.order_operation},
            record=run,
            remedy=_("Have them leave the operation at its terminal."),
            remedy_url=run.order_operation.get_absolute_url(),
        )


@guard(OPERATION, "reopen", title=gettext_lazy("Finished lot not decided yet"))
def finished_lot_is_not_decided(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """What a released or rejected lot's record says is not reopened (21 CFR 211.192: reviewed before release)."""
    order = context_of(operation, deed).order
    if order.status in ("closed", "cancelled"):
        yield Blocker(
            "order_released",
            _("Order %(order)s is “%(state)s”.") % {"order": order, "state": order.get_status_display()},
            record=order,
        )
    if order.lot is not None and order.lot.status in ("released", "rejected"):
        yield Blocker(
            "lot_decided",
            _("Lot %(lot)s is “%(state)s”.") % {"lot": order.lot, "state": order.lot.get_status_display()},
            record=order.lot,
            remedy=_("Ask quality to withdraw the decision first."),
        )
