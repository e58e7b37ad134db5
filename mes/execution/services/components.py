"""Consumption: stock out, genealogy in, both or neither; and taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.lifecycle.services import attempt
from core.organization.models import Terminal
from mes.execution.models import Consumption, Output
from mes.execution.models.orders import OrderOperation
from mes.execution.queries.context import Component, GateContext
from mes.execution.services.floor import at_operation, booker, earlier_result, running
from mes.execution.services.results import Outcome
from traceability.models import Lot, SerializedUnit
from traceability.queries import plain, states
from traceability.services import Demand, LinkInput, issue_many, link_many, lock, reverse_movement, unlink
from traceability.services.movements import lock_units


def under_lock(context: GateContext, components: Sequence[Component]) -> list[Component]:
    """The components read anew under the locks of their lots and units, in the order of ids, with the finished lot.

    A sandbox order takes nothing, so it locks nothing that others need.
    """
    if context.order.is_sandbox:
        return list(components)
    finished = [context.order.lot] if context.order.lot is not None else []
    lots = lock([*(component.lot for component in components), *finished])
    if context.order.lot is not None:
        context.order.lot = lots[context.order.lot.pk]
    units = lock_units(component.unit for component in components if component.unit is not None)
    return [
        Component(
            lot=lots[component.lot.pk],
            quantity=component.quantity,
            unit=None if component.unit is None else units[component.unit.pk],
            explanation=component.explanation,
        )
        for component in components
    ]


@service
def consume_lot(
    *,
    order_operation: OrderOperation,
    lot: Lot,
    actor: Any,
    quantity: Decimal = Decimal(1),
    unit: SerializedUnit | None = None,
    explanation: str = "",
    terminal: Terminal | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[Consumption]:
    """Consume a quantity of a lot, or one serialized unit of it, into the order's lot.

    Raises `Blocked` with every reason: wrong component without an explanation, status, revision, expiry, hold,
    quantity, serial number, more than planned, and whatever forbids working on the operation.
    """
    context = at_operation(order_operation, actor)
    before = earlier_result(Consumption, client_id, context.operation)
    if before is not None:
        return _told(before, repeated=True)
    components = under_lock(context, [Component(lot, quantity, unit, explanation)])
    attempt(context.operation, "consume", actor=actor, context=context, components=components, terminal=terminal)
    return _told(write_consumptions(context, components, client_id=client_id)[0])


def _told(used: Consumption, *, repeated: bool = False) -> Outcome[Consumption]:
    return Outcome(
        used,
        _("%(quantity)s %(uom)s of %(what)s consumed.")
        % {"quantity": plain(used.quantity), "uom": used.uom, "what": used.unit or used.lot},
        _("Undo within 10 seconds; later with a reason."),
        repeated=repeated,
    )


def write_consumptions(
    context: GateContext,
    components: Sequence[Component],
    *,
    into: SerializedUnit | None = None,
    output: Output | None = None,
    client_id: uuid.UUID | None = None,
) -> list[Consumption]:
    """Book stock, genealogy and consumption of components, set-based; they come from `under_lock`, and were judged."""
    if not components:
        return []
    operation, order, run = context.operation, context.order, running(context)
    common = {"order_operation": operation, "run": run, "into_unit": into, "output": output, "client_id": client_id}
    drafts = [
        Consumption(
            material=component.material,
            lot=component.lot,
            unit=component.unit,
            quantity=component.quantity,
            uom=component.material.uom.symbol,
            explanation=component.explanation.strip(),
            is_sandbox=order.is_sandbox,
            **common,
        )
        for component in components
    ]
    child = into if into is not None else order.lot
    if child is not None and not order.is_sandbox:
        books = booker(context)
        demands = [Demand(c.lot, c.quantity, c.unit) for c in components]
        # The guards have read the same stock under the same locks; nothing was booked of it since.
        keys = [component.key for component in components]
        seen = [context.stock[key] for key in keys] if context.stock.keys() >= set(keys) else states(keys)
        movements = issue_many(demands=demands, source=operation, actor=books, under_lock=seen)
        links = link_many(
            links=[LinkInput(c.unit or c.lot, child, c.quantity, c.material.uom) for c in components],
            source=operation,
            actor=books,
            under_lock=True,
        )
        for draft, movement, made in zip(drafts, movements, links, strict=True):
            draft.movement, draft.link = movement, made
    return Consumption.objects.bulk_create(drafts)


@service
def undo_consumption(
    *, consumption: Consumption, actor: Any, reason: str = "", client_id: uuid.UUID | None = None
) -> Outcome[Consumption]:
    """Take a consumption back: within 10 seconds by itself, later with a reason. The first entry stays readable."""
    context = at_operation(consumption.order_operation, actor)
    before = earlier_result(Consumption, client_id, context.operation)
    fresh = Consumption.objects.select_related("lot", "unit", "material", "movement__lot", "link").get(
        pk=consumption.pk
    )
    if before is None:
        attempt(context.operation, "undo", actor=actor, reason=reason, context=context, fact=fresh)
        why = reason.strip() or _("Undone within 10 seconds")
        before_undo = reverse_consumptions(context, [fresh], why, client_id=client_id)[0]
    else:
        before_undo = before
    return Outcome(
        before_undo,
        _("%(what)s is back in stock.") % {"what": fresh.unit or fresh.lot},
        _("Scan what was really used."),
        repeated=before is not None,
    )


def reverse_consumptions(
    context: GateContext,
    consumptions: Sequence[Consumption],
    reason: str,
    *,
    output: Output | None = None,
    client_id: uuid.UUID | None = None,
) -> list[Consumption]:
    """Reverse stock, genealogy and consumption. The guards have been asked."""
    books = booker(context)
    lock(used.lot for used in consumptions if used.movement_id is not None)
    reversals = []
    for used in consumptions:
        movement = link = None
        if used.movement is not None:
            movement = reverse_movement(movement=used.movement, actor=books, reason=reason)
        if used.link is not None:
            link = unlink(genealogy_link=used.link, actor=books, reason=reason)
        reversals.append(
            Consumption(
                order_operation=context.operation,
                run_id=used.run_id if context.own_run is None else context.own_run.pk,
                material_id=used.material_id,
                lot_id=used.lot_id,
                unit_id=used.unit_id,
                quantity=used.quantity,
                uom=used.uom,
                into_unit_id=used.into_unit_id,
                output=output,
                movement=movement,
                link=link,
                reverses=used,
                reason=reason,
                is_sandbox=used.is_sandbox,
                client_id=client_id,
            )
        )
    return Consumption.objects.bulk_create(reversals)
