"""Steps and values. A value is judged here, on the server; one out of limits raises its nonconformance at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.lifecycle.services import attempt
from core.organization.models import Equipment, Terminal
from mes.execution.models import DataRecord, Output, StepRecord
from mes.execution.models.orders import OrderOperation
from mes.execution.queries.bookings import UNDO_WINDOW
from mes.execution.queries.context import GateContext
from mes.execution.services.deviations import chosen_deviations, take_from_quota
from mes.execution.services.floor import at_operation, earlier_result, reporter, running
from mes.execution.services.measured import Measured
from mes.execution.services.results import Outcome
from mes.instructions.models import DataPoint, InstructionStep
from mes.instructions.queries import judge
from qms.calibration.queries import calibration_in_force
from qms.nonconformance.models import DeviationUse, FoundAt, NonConformance, PlannedDeviation, Severity
from qms.nonconformance.queries import left_of
from qms.nonconformance.services import ItemInput, raise_nonconformance
from traceability.models import SerializedUnit
from traceability.queries import plain


@service
def complete_step(
    *,
    order_operation: OrderOperation,
    step: InstructionStep,
    actor: Any,
    done: bool = True,
    terminal: Terminal | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[StepRecord]:
    """Confirm that an instruction step was done, or (`done` false) open it again."""
    context = at_operation(order_operation, actor)
    before = earlier_result(StepRecord, client_id, context.operation)
    record = before
    if record is None:
        attempt(context.operation, "step", actor=actor, context=context, step=step, terminal=terminal)
        record = StepRecord.objects.create(
            order_operation=context.operation, run=running(context), step=step, done=done, client_id=client_id
        )
    message = _("Step %(step)s is done.") if record.done else _("Step %(step)s is open again.")
    return Outcome(record, message % {"step": step}, repeated=before is not None)


@service
def record_value(
    *,
    order_operation: OrderOperation,
    data_point: DataPoint,
    value: Any,
    actor: Any,
    unit: SerializedUnit | None = None,
    gauge: Equipment | None = None,
    deviation: PlannedDeviation | None = None,
    reason: str = "",
    terminal: Terminal | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[DataRecord]:
    """Record a value, judged against the limits of the pinned instruction; with the gauge it was measured with.

    Out of limits: the value is kept, and a draft nonconformance with a hold on the lot (or on the unit) is raised in
    the same transaction; under a planned deviation that covers it, its pieces are taken from the deviation's quota
    instead, and the work goes on. A value recorded before is superseded, with a reason unless it was in limits and is
    the person's own slip of the last seconds. Raises `Blocked` for a value that is no answer to the data point, and for
    a deviation that is not in force, is about another value or range, or has too little left.
    """
    context = at_operation(order_operation, actor)
    before = earlier_result(DataRecord, client_id, context.operation)
    if before is not None:
        return _told(before, repeated=True)
    present = _present(context, data_point, unit)
    why = reason.strip() or (_slip(context) if present is not None and _is_slip(present, context) else "")
    measured = Measured(data_point, value, gauge, deviation)
    deviating = chosen_deviations(context, [measured], unit=unit, is_one_piece=unit is not None)
    attempt(
        context.operation,
        "record",
        actor=actor,
        reason=why,
        context=context,
        data_points=[data_point],
        gauges={} if gauge is None else {data_point.pk: gauge},
        unit=unit,
        supersedes=present,
        deviating=deviating,
        terminal=terminal,
    )
    records = write_values(
        context,
        [measured],
        unit=unit,
        uses=take_from_quota(context, deviating, unit=unit),
        supersedes=present,
        reason=why if present is not None else "",
        client_id=client_id,
    )
    return _told(records[0])


def _present(context: GateContext, data_point: DataPoint, unit: SerializedUnit | None) -> DataRecord | None:
    return (
        DataRecord.objects.filter(
            order_operation=context.operation,
            data_point=data_point,
            unit=unit,
            superseded_by__isnull=True,
            output__reversed_by__isnull=True,
        )
        .order_by("-id")
        .first()
    )


def _is_slip(record: DataRecord, context: GateContext) -> bool:
    """A result out of specification is never taken for one: only a person can say why it is replaced (211.192)."""
    own = record.actor_id == context.actor.pk and context.at - record.stamped_at <= UNDO_WINDOW
    return own and record.judgement != DataRecord.Verdict.OUT


def _slip(context: GateContext) -> str:
    return _("Corrected by the same person within %(seconds)s seconds") % {"seconds": UNDO_WINDOW.seconds}


def write_values(
    context: GateContext,
    measured: Sequence[Measured],
    *,
    unit: SerializedUnit | None = None,
    output: Output | None = None,
    supersedes: DataRecord | None = None,
    uses: Mapping[int, DeviationUse] | None = None,
    reason: str = "",
    client_id: uuid.UUID | None = None,
) -> list[DataRecord]:
    """Judge and record values; those out of limits together raise one nonconformance. The guards have been asked.

    `uses` are the uses of planned deviations by data point: what is covered by one raises nothing. Each
    keeps the gauge and the calibration by which it was used.
    """
    run, order = running(context), context.order
    plans = context.gauge_plans(one.gauge for one in measured if one.gauge is not None)
    judged = [judge(one.data_point, one.value) for one in measured]
    records = [
        DataRecord(
            order_operation=context.operation,
            run=run,
            data_point=one.data_point,
            label=one.data_point.label,
            unit=unit,
            output=output,
            value_number=judgement.number,
            value_text=judgement.entered,
            uom=one.data_point.unit.symbol if one.data_point.unit is not None else "",
            judgement=judgement.verdict.value,
            judgement_text=judgement.text,
            lower_limit=one.data_point.lower_limit,
            upper_limit=one.data_point.upper_limit,
            lower_warning=one.data_point.lower_warning,
            upper_warning=one.data_point.upper_warning,
            supersedes=supersedes,
            reason=reason,
            is_sandbox=order.is_sandbox,
            gauge=one.gauge,
            deviation_use=(uses or {}).get(one.data_point.pk),
            calibration=calibration_in_force(plans[one.gauge.pk]) if one.gauge is not None else None,
            client_id=client_id,
        )
        for one, judgement in zip(measured, judged, strict=True)
    ]
    out = [record for record in records if record.judgement == DataRecord.Verdict.OUT and not record.is_covered]
    if out and not order.is_sandbox:
        found = _raise_out_of_limits(context, out, unit)
        for record in out:
            record.nonconformance = found
    return DataRecord.objects.bulk_create(records)


def _raise_out_of_limits(
    context: GateContext, records: Sequence[DataRecord], unit: SerializedUnit | None
) -> NonConformance:
    first = records[0]
    rework = context.order.rework_of
    if rework is not None:  # What is reworked is held already, and its decision waits for this result.
        return rework.nonconformance
    place = unit if unit is not None else context.order.lot
    return raise_nonconformance(
        site=context.order.site,
        title=_("%(label)s out of limits: %(value)s") % {"label": first.label, "value": first.value},
        description="\n".join(f"{record.label}: {record.judgement_text}" for record in records),
        severity=Severity.MAJOR,
        source=context.operation,
        items=[ItemInput(unit=unit) if unit is not None else ItemInput(lot=context.order.lot)] if place else [],
        context={
            **circumstances(context),
            "characteristic": ", ".join(record.label for record in records),
            "limits": ", ".join(limits_of(record) for record in records),
            "measured": ", ".join(record.value for record in records),
        },
        detection_point=FoundAt.IN_PROCESS,
        actor=reporter(context),
    )


def covered_by(record: DataRecord) -> str:
    """By which planned deviation a value out of limits is covered, and what is left of it."""
    if record.deviation_use is None:
        raise LookupError("no planned deviation covers this value")
    deviation = record.deviation_use.deviation
    return _("%(deviation)s covers it; %(left)s of %(quota)s are left.") % {
        "deviation": deviation,
        "left": plain(left_of(deviation)),
        "quota": plain(deviation.quota),
    }


def limits_of(record: DataRecord) -> str:
    """The limits of a value in words."""
    lower, upper = record.lower_limit, record.upper_limit
    if lower is not None and upper is not None:
        words = _("%(lower)s to %(upper)s") % {"lower": plain(lower), "upper": plain(upper)}
    elif lower is not None:
        words = _("at least %(limit)s") % {"limit": plain(lower)}
    elif upper is not None:
        words = _("at most %(limit)s") % {"limit": plain(upper)}
    else:
        return record.judgement_text
    return f"{words} {record.uom}".strip()


def circumstances(context: GateContext) -> dict[str, Any]:
    """What was true at the operation in this moment, frozen into a nonconformance."""
    operation, run = context.operation, context.own_run
    lots = operation.consumptions.filter(reverses__isnull=True, reversed_by__isnull=True)
    found = {
        "order": context.order.number,
        "operation": str(operation),
        "operator": str(context.actor),
        "station": str(run.terminal or operation.work_center) if run is not None else str(operation.work_center),
        "instruction": str(operation.document_revision or ""),
        "lots": sorted({str(used.lot) for used in lots.select_related("lot")}),
    }
    return {key: value for key, value in found.items() if value}


def _told(record: DataRecord, *, repeated: bool = False) -> Outcome[DataRecord]:
    message = _("%(label)s %(value)s recorded.") % {"label": record.label, "value": record.value}
    if record.judgement == DataRecord.Verdict.IN:
        return Outcome(record, message, repeated=repeated)
    if record.judgement == DataRecord.Verdict.WARNING:
        return Outcome(
            record,
            f"{message} {record.judgement_text}",
            _("It is in limits. Check the cause before it leaves them."),
            tone="warn",
            repeated=repeated,
        )
    if record.deviation_use is not None:
        return Outcome(record, f"{message} {record.judgement_text}", covered_by(record), tone="warn", repeated=repeated)
    found = record.nonconformance
    if found is None:
        next_step = _("This is a try-out: on a real order a nonconformance is raised now and the lot is held.")
    else:
        held = record.unit or record.order_operation.order.lot_at_hand
        if record.order_operation.order.rework_of_id is not None:
            said = _("It did not pass: report it as scrap of this operation; %(number)s is then decided anew.")
            return Outcome(
                record,
                f"{message} {record.judgement_text}",
                said % {"number": found.number},
                tone="bad",
                repeated=repeated,
                nonconformance=found,
            )
        next_step = _(
            "%(number)s was raised and %(held)s is on hold. You may measure again with a reason. "
            "Quality decides; until then the operation cannot be completed."
        ) % {"number": found.number, "held": held}
    return Outcome(
        record,
        f"{message} {record.judgement_text}",
        next_step,
        tone="bad",
        repeated=repeated,
        nonconformance=found,
    )
