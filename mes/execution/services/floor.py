"""What every deed on the floor begins with: locks in one order, and the sight that all its guards share.

Lock order: order → operation → run → lots by id → units by id. Whoever acts on one operation waits for the one before,
so repeated requests, counters and holds are judged on what is really there.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from core.kernel.statements import Statement, compiled
from core.organization.queries import may
from core.organization.services import system_user
from mes.execution.models import (
    Consumption,
    DataRecord,
    LaborEntry,
    OperationRun,
    OrderOperation,
    Output,
    ProductionOrder,
    StepRecord,
)
from mes.execution.queries.context import GateContext

F = TypeVar("F", StepRecord, DataRecord, Consumption, Output, LaborEntry)


@compiled
def _order_of(operation: int) -> QuerySet[ProductionOrder]:
    orders = ProductionOrder.objects.select_for_update(of=("self",), no_key=True)
    return orders.select_related("site", "material__uom", "lot").filter(operations=operation)


@compiled
def _operation(operation: int) -> QuerySet[OrderOperation]:
    rows = OrderOperation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("operation__document", "work_center__area__site", "document_revision__document").filter(
        pk=operation
    )


@compiled
def _open_run(operation: int, operator: int) -> QuerySet[OperationRun]:
    runs = OperationRun.objects.select_for_update(of=("self",), no_key=True).exclude(status="ended")
    return runs.filter(order_operation=operation, operator=operator).select_related("terminal").order_by("pk")[:1]


@cache
def _by_client_id(model: type[F]) -> Statement[F]:
    return Statement(lambda client_id: model.objects.filter(client_id=client_id).order_by("pk")[:1])


def lock_order(order: ProductionOrder) -> ProductionOrder:
    """Lock an order until the deed ends and read it anew."""
    rows = ProductionOrder.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("site", "material__uom", "routing_revision", "lot").get(pk=order.pk)


def at_operation(order_operation: OrderOperation, actor: Any) -> GateContext:
    """Lock the order, the operation and the person's run; the context then sees what nobody else can change."""
    order = _order_of.get(order_operation.pk)
    operation = _operation.get(order_operation.pk)
    operation.order = order
    if order.lot is not None:
        order.lot.material = order.material
        order.lot.site = order.site
    context = GateContext(operation, actor)
    run = _open_run.first(operation.pk, actor.pk)
    if run is not None:
        run.order_operation = operation
        run.operator = actor
    context.own_run = run
    return context


def booker(context: GateContext) -> Any:
    """Who books the stock of a person's deed at the site: the person, or the system on their behalf.

    A grant at one work center lets a person execute there (the guards have asked); the stock of the site follows from
    that and needs no further right. The operator's own facts always name the operator.
    """
    return context.actor if context.may_book else system_user("execution")


def reporter(context: GateContext) -> Any:
    """Who raises what the server judged to be out of limits: the person, or the system where they may not at the site.

    The value is kept and the lot held whoever entered it.
    """
    rights = ("qms_nonconformance.raise_nonconformance", "traceability.place_hold")
    site = context.order.site
    return context.actor if all(may(context.actor, right, site) for right in rights) else system_user("execution")


def running(context: GateContext) -> OperationRun:
    """The person's run, which the guards have found to be running."""
    if context.own_run is None:
        raise LookupError("the guards let nobody pass who is not clocked on")
    return context.own_run


def earlier_result(model: type[F], client_id: uuid.UUID | None, operation: OrderOperation) -> F | None:
    """The fact that an identical request recorded before; asked after the lock, so a double tap finds the first.

    Raises `Blocked` when the id was used for another operation.
    """
    if client_id is None:
        return None
    found = _by_client_id(model).first(client_id)
    if found is not None and found.order_operation_id != operation.pk:
        raise Blocked(
            Blocker(
                "client_id",
                _("This request was already used for another operation."),
                record=operation,
                remedy=_("Reload the page and enter it again."),
            )
        )
    return found
