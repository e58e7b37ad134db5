"""Output: good and scrapped quantity in one report, finished units with what is in them, and taking either back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.lifecycle.services import attempt, perform
from core.organization.models import Terminal
from core.organization.queries import rights_read_once
from core.signing.services import Proof, sign
from mes.execution.models import Consumption, DataRecord, Output
from mes.execution.models.orders import OrderOperation
from mes.execution.queries.context import Component, GateContext
from mes.execution.queries.counters import counters
from mes.execution.services.components import (
    reverse_consumptions,
    under_lock,
    undo_consumption,
    write_consumptions,
)
from mes.execution.services.deviations import chosen_deviations, take_from_quota
from mes.execution.services.floor import at_operation, booker, earlier_result, running
from mes.execution.services.measured import Measured
from mes.execution.services.recording import covered_by, write_values
from mes.execution.services.results import Outcome
from mes.routing.models import ScrapReason
from traceability.models import SerializedUnit
from traceability.queries import plain
from traceability.services import catch, create_unit, produce_stock, reverse_movement

ONE = Decimal(1)
ZERO = Decimal(0)


@service
def report_output(
    *,
    order_operation: OrderOperation,
    actor: Any,
    good: Decimal = ZERO,
    scrap: Decimal = ZERO,
    scrap_reason: ScrapReason | None = None,
    explanation: str = "",
    terminal: Terminal | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[Output]:
    """Report good and scrapped quantity together; at the last operation the good quantity enters the finished lot.

    Raises `Blocked` for more than ordered without an explanation, for scrap without a reason, on a held lot, and for
    whatever forbids working on the operation.
    """
    context = at_operation(order_operation, actor)
    before = earlier_result(Output, client_id, context.operation)
    if before is not None:
        return _told(before, context, repeated=True)
    attempt(
        context.operation,
        "report",
        actor=actor,
        context=context,
        good=good,
        scrap=scrap,
        scrap_reason=scrap_reason,
        explanation=explanation,
        terminal=terminal,
    )
    order = context.order
    movement = None
    if good > 0 and context.operation.operation.yields_unit and order.lot is not None:
        movement = produce_stock(lot=order.lot, quantity=good, source=context.operation, actor=booker(context))
    output = Output.objects.create(
        order_operation=context.operation,
        run=running(context),
        good=good,
        scrap=scrap,
        scrap_reason=scrap_reason if scrap > 0 else None,
        movement=movement,
        explanation=explanation.strip(),
        is_sandbox=order.is_sandbox,
        client_id=client_id,
    )
    if order.lot is not None:
        catch(lots=[order.lot])
    return _told(output, context)


@service
def complete_unit(
    *,
    order_operation: OrderOperation,
    serial: str,
    actor: Any,
    components: Sequence[Component] = (),
    values: Sequence[Measured] = (),
    explanation: str = "",
    signature: Proof | None = None,
    terminal: Terminal | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[Output]:
    """Finish one serialized unit: its components bound to it, its values recorded, its stock booked, perhaps signed.

    All or nothing. Raises `Blocked` with every reason against any part. A value out of limits finishes the unit and
    holds it, with a draft nonconformance.
    """
    # Seven rights stand in the way of one deed; they are read at its beginning, inside its transaction.
    with rights_read_once():
        return _complete_unit(
            at_operation(order_operation, actor),
            serial.strip(),
            components,
            values,
            explanation=explanation,
            signature=signature,
            terminal=terminal,
            client_id=client_id,
        )


def _complete_unit(
    context: GateContext,
    serial: str,
    components: Sequence[Component],
    values: Sequence[Measured],
    *,
    explanation: str,
    signature: Proof | None,
    terminal: Terminal | None,
    client_id: uuid.UUID | None,
) -> Outcome[Output]:
    actor = context.actor
    before = earlier_result(Output, client_id, context.operation)
    if before is not None:
        return _told(before, context, repeated=True)
    # A deviation is locked before lots are: whoever records a value locks no lot after it.
    begun = context.begun_unit(serial) if any(one.deviation is not None for one in values) else None
    deviating = chosen_deviations(context, values, unit=begun, is_one_piece=True)
    scanned = under_lock(context, components)
    attempt(
        context.operation,
        "complete_unit",
        actor=actor,
        context=context,
        components=scanned,
        data_points=[measured.data_point for measured in values],
        gauges={one.data_point.pk: one.gauge for one in values if one.gauge is not None},
        serial=serial,
        good=ONE,
        explanation=explanation,
        deviating=deviating,
        terminal=terminal,
    )
    unit = _finished_unit(context, serial)
    movement = None
    if unit is not None and context.order.lot is not None:
        movement = produce_stock(
            lot=context.order.lot,
            unit=unit,
            quantity=ONE,
            source=context.operation,
            actor=booker(context),
            under_lock=True,
        )
    output = Output.objects.create(
        order_operation=context.operation,
        run=running(context),
        good=ONE,
        unit=unit,
        serial=serial,
        movement=movement,
        explanation=explanation.strip(),
        is_sandbox=context.order.is_sandbox,
        client_id=client_id,
    )
    write_consumptions(context, scanned, into=unit, output=output)
    uses = take_from_quota(context, deviating, unit=unit)
    records = write_values(context, values, unit=unit, output=output, uses=uses)
    if signature is not None:
        sign(record=output, meaning=signature.meaning, signature=signature, actor=actor)
    if unit is not None:
        catch(units=[unit], seen=context.order.lot)
    return _told(output, context, records)


def _finished_unit(context: GateContext, serial: str) -> SerializedUnit | None:
    """The unit with this serial number, completed; made now unless it was begun earlier. None on a sandbox order."""
    order, books = context.order, booker(context)
    if order.is_sandbox:
        return None
    begun = context.begun_unit(serial)
    if begun is not None:
        return perform(begun, "complete", actor=books)
    return create_unit(
        site=order.site,
        material=order.material,
        serial=serial,
        lot=order.lot,
        status="completed",
        source=context.operation,
        actor=books,
        under_lock=True,
    )


def _told(
    output: Output, context: GateContext, records: Sequence[DataRecord] = (), *, repeated: bool = False
) -> Outcome[Output]:
    done = context.counters if repeated else context.counters.plus(output.good, output.scrap)
    if output.serial:
        message = _("Unit %(serial)s is finished.") % {"serial": output.serial}
    else:
        message = _("%(good)s good and %(scrap)s scrap reported.") % {
            "good": plain(output.good),
            "scrap": plain(output.scrap),
        }
    if done.remaining > 0:
        next_step = _("%(rest)s of %(planned)s remain.") % {
            "rest": plain(done.remaining),
            "planned": plain(done.planned),
        }
    else:
        next_step = _("The ordered quantity is reached: complete the operation.")
    raised = next((record.nonconformance for record in records if record.nonconformance is not None), None)
    if any(record.judgement == DataRecord.Verdict.OUT for record in records):
        texts = [
            f"{record.label} {record.value}: {record.judgement_text}" for record in records if record.judgement == "out"
        ]
        message = f"{message} {'; '.join(texts)}"
        if raised is not None:
            next_step = _("%(number)s was raised and unit %(serial)s is on hold until quality decides.") % {
                "number": raised.number,
                "serial": output.serial,
            }
        elif covered := [covered_by(record) for record in records if record.is_covered]:
            return Outcome(output, message, " ".join([*covered, next_step]), tone="warn", repeated=repeated)
        return Outcome(output, message, next_step, tone="bad", repeated=repeated, nonconformance=raised)
    return Outcome(output, message, next_step, repeated=repeated)


@service
def undo_output(*, output: Output, actor: Any, reason: str = "", client_id: uuid.UUID | None = None) -> Outcome[Output]:
    """Take a report or a finished unit back: within 10 seconds by itself, later with a reason.

    With a unit its components go back too, and the unit is in process again. The first entries stay readable.
    """
    context = at_operation(output.order_operation, actor)
    before = earlier_result(Output, client_id, context.operation)
    fresh = Output.objects.select_related("unit", "movement__lot", "movement__unit", "scrap_reason").get(pk=output.pk)
    reversal = before
    if reversal is None:
        attempt(context.operation, "undo", actor=actor, reason=reason, context=context, fact=fresh, with_unit=True)
        reversal = _reverse(context, fresh, reason.strip() or _("Undone within 10 seconds"), client_id)
    done = counters(context.operation)
    return Outcome(
        reversal,
        _("“%(entry)s” is taken back.") % {"entry": fresh.serial or fresh},
        _("%(rest)s of %(planned)s remain.") % {"rest": plain(done.remaining), "planned": plain(done.planned)},
        repeated=before is not None,
    )


@service
def undo_booking(
    *, fact: Consumption | Output, actor: Any, reason: str = "", client_id: uuid.UUID | None = None
) -> Outcome[Any]:
    """Take back what was booked, whichever it is."""
    if isinstance(fact, Consumption):
        return undo_consumption(consumption=fact, actor=actor, reason=reason, client_id=client_id)
    return undo_output(output=fact, actor=actor, reason=reason, client_id=client_id)


def _reverse(context: GateContext, output: Output, reason: str, client_id: uuid.UUID | None) -> Output:
    books = booker(context)
    movement = None
    used = output.consumptions.filter(reverses__isnull=True, reversed_by__isnull=True)
    consumptions = list(used.select_related("lot", "unit", "material", "movement__lot", "link").order_by("lot", "unit"))
    under_lock(context, [Component(one.lot, one.quantity, one.unit) for one in consumptions])
    if output.movement is not None:
        movement = reverse_movement(movement=output.movement, actor=books, reason=reason)
    reversal = Output.objects.create(
        order_operation=context.operation,
        run_id=output.run_id if context.own_run is None else context.own_run.pk,
        good=output.good,
        scrap=output.scrap,
        scrap_reason=output.scrap_reason,
        unit=output.unit,
        serial=output.serial,
        movement=movement,
        reverses=output,
        reason=reason,
        is_sandbox=output.is_sandbox,
        client_id=client_id,
    )
    reverse_consumptions(context, consumptions, reason, output=reversal)
    if output.unit is not None:
        perform(output.unit, "reopen", actor=books, reason=reason)
    return reversal
