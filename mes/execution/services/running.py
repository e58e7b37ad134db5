"""Working on an operation: start, join, pause, resume, leave, sign, complete, reopen."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import makes
from core.lifecycle.services import attempt, begin, perform
from core.organization.models import Terminal
from core.organization.services import system_user
from core.signing.models import Signature
from core.signing.services import Proof, sign
from mes.execution.models import LaborEntry, OperationRun, OrderOperation
from mes.execution.queries.context import GateContext
from mes.execution.services.floor import at_operation, earlier_result, running
from mes.execution.services.orders import order_may_be_complete, order_started
from mes.execution.services.results import Outcome
from traceability.services import catch

Kind = LaborEntry.Kind


def _labor(run: OperationRun, kind: str, client_id: uuid.UUID | None = None, note: str = "") -> LaborEntry:
    return LaborEntry.objects.create(
        order_operation_id=run.order_operation_id, run=run, kind=kind, note=note, client_id=client_id
    )


@service
def start_operation(
    *,
    order_operation: OrderOperation,
    actor: Any,
    terminal: Terminal | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[OperationRun]:
    """Clock the person on to an operation, and start it unless a colleague has.

    Raises `Blocked` with every reason: order, hold, sequence, instruction, qualification, place, equipment, right.
    """
    context = at_operation(order_operation, actor)
    operation = context.operation
    before = earlier_result(LaborEntry, client_id, operation)
    if before is not None:
        return _started(before.run, repeated=True)
    if context.own_run is not None:
        if context.own_run.status == "paused":
            return _resume(context, client_id, terminal)
        return _started(context.own_run, repeated=True)
    _take_up(context, terminal)
    run = OperationRun(order_operation=operation, operator=actor, terminal=terminal, started_at=context.at)
    begin(run, actor=actor)
    _labor(run, Kind.START, client_id)
    order_started(context.order)
    if context.order.lot is not None:
        catch(lots=[context.order.lot])
    return _started(run)


def _take_up(context: GateContext, terminal: Terminal | None) -> None:
    """Bring the operation into progress, or join the colleagues who work on it."""
    operation, actor = context.operation, context.actor
    if operation.status == "in_progress":
        attempt(operation, "join", actor=actor, context=context, terminal=terminal)
    else:
        move = "resume" if operation.status == "paused" else "start"
        perform(operation, move, actor=actor, context=context, terminal=terminal)


def _started(run: OperationRun, *, repeated: bool = False) -> Outcome[OperationRun]:
    return Outcome(
        run,
        _("%(who)s works on %(operation)s.") % {"who": run.operator, "operation": run.order_operation},
        _("Follow the steps, scan the components, record the values."),
        repeated=repeated,
    )


@service
def pause_operation(
    *, order_operation: OrderOperation, actor: Any, note: str = "", client_id: uuid.UUID | None = None
) -> Outcome[OperationRun]:
    """Pause the person's work; the operation pauses when nobody else works on it."""
    context = at_operation(order_operation, actor)
    before = earlier_result(LaborEntry, client_id, context.operation)
    run = before.run if before is not None else _own(context)
    if before is None:
        attempt(context.operation, "leave", actor=actor, context=context)
        perform(run, "pause", actor=actor)
        _labor(run, Kind.PAUSE, client_id, note)
        _pause_if_alone(context)
    return Outcome(
        run,
        _("Your work on %(operation)s is paused.") % {"operation": context.operation},
        _("Resume it when you are back."),
        repeated=before is not None,
    )


@service
def resume_operation(
    *,
    order_operation: OrderOperation,
    actor: Any,
    terminal: Terminal | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[OperationRun]:
    """Go on with paused work; everything that guards a start is asked again."""
    context = at_operation(order_operation, actor)
    before = earlier_result(LaborEntry, client_id, context.operation)
    if before is not None:
        return _started(before.run, repeated=True)
    _own(context)
    return _resume(context, client_id, terminal)


def _resume(context: GateContext, client_id: uuid.UUID | None, terminal: Terminal | None) -> Outcome[OperationRun]:
    run = running(context)
    _take_up(context, terminal)
    perform(run, "resume", actor=context.actor)
    _labor(run, Kind.RESUME, client_id)
    return _started(run)


@service
def leave_operation(
    *, order_operation: OrderOperation, actor: Any, note: str = "", client_id: uuid.UUID | None = None
) -> Outcome[OperationRun]:
    """Clock the person off without completing the operation (end of shift, other work)."""
    context = at_operation(order_operation, actor)
    before = earlier_result(LaborEntry, client_id, context.operation)
    run = before.run if before is not None else _own(context)
    if before is None:
        attempt(context.operation, "leave", actor=actor, context=context)
        _end(run, actor, client_id, note)
        _pause_if_alone(context)
    return Outcome(
        run,
        _("You are clocked off from %(operation)s.") % {"operation": context.operation},
        _("A colleague can take over; what you recorded stays."),
        repeated=before is not None,
    )


def _own(context: GateContext) -> OperationRun:
    if context.own_run is None:
        raise Blocked(
            Blocker(
                "clocked_on",
                _("%(who)s is not clocked on to %(operation)s.")
                % {"who": context.actor, "operation": context.operation},
                record=context.operation,
                remedy=_("Start the operation under your own name."),
            )
        )
    return context.own_run


def _end(run: OperationRun, actor: Any, client_id: uuid.UUID | None = None, note: str = "") -> None:
    run.ended_at = now()
    run.save()
    perform(run, "end", actor=actor)
    _labor(run, Kind.END, client_id, note)


def _pause_if_alone(context: GateContext) -> None:
    operation = context.operation
    if operation.status == "in_progress" and not operation.runs.filter(status="running").exists():
        perform(operation, "pause", actor=context.actor, context=context)


@service
def sign_operation(
    *, order_operation: OrderOperation, meaning: str, signature: Proof | None, actor: Any, reason: str = ""
) -> Outcome[Signature]:
    """Sign an operation as it stands: everything recorded at it, and nothing that comes later.

    Raises `Blocked` without the right or an unfit proof, or when a verifier or witness has worked on it.
    """
    context = at_operation(order_operation, actor)
    return Outcome(
        _sign(context, meaning, signature, reason),
        _("%(who)s signed %(operation)s.") % {"who": actor, "operation": context.operation},
        _("A later entry makes the signature outdated; it is then given again."),
    )


def _sign(context: GateContext, meaning: str, signature: Proof | None, reason: str = "") -> Signature:
    attempt(context.operation, "sign", actor=context.actor, context=context, meaning=meaning)
    return sign(record=context.operation, meaning=meaning, signature=signature, actor=context.actor, reason=reason)


@service
def complete_operation(
    *,
    order_operation: OrderOperation,
    actor: Any,
    explanation: str = "",
    material_explanation: str = "",
    signature: Proof | None = None,
    terminal: Terminal | None = None,
    client_id: uuid.UUID | None = None,
) -> Outcome[OrderOperation]:
    """Complete an operation: everything recorded, decided, accounted for and signed, or nothing happens.

    `explanation` says why there are fewer pieces than ordered, `material_explanation` why components are missing in
    those that were made; neither stands for the other. A `signature` is given to the operation first, with the proof's
    meaning. Everybody still clocked on is clocked off.
    """
    context = at_operation(order_operation, actor)
    operation = context.operation
    before = earlier_result(LaborEntry, client_id, operation)
    if before is None:
        _explain(operation, explanation=explanation, material_explanation=material_explanation)
        if signature is not None:
            _sign(context, signature.meaning, signature)
        perform(operation, "complete", actor=actor, context=context, terminal=terminal)
        _end(running(context), actor, client_id)
        for run in operation.runs.exclude(status="ended").order_by("pk"):
            _end(run, actor, note=_("The operation was completed."))
        finished = order_may_be_complete(context.order)
    else:
        finished = context.order.status == "completed"
    following = context.order.operations.filter(sequence__gt=operation.sequence).order_by("sequence").first()
    if finished:
        next_step = _("The order is complete. The lot waits for quality.")
    elif following is not None:
        next_step = _("Next: %(operation)s at %(where)s.") % {"operation": following, "where": following.work_center}
    else:
        next_step = _("Earlier operations of the order are still open.")
    return Outcome(
        operation, _("%(operation)s is completed.") % {"operation": operation}, next_step, repeated=before is not None
    )


def _explain(operation: OrderOperation, **given: str) -> None:
    """Keep what was said; nothing said leaves what was said before."""
    said = {name: text.strip() for name, text in given.items() if text.strip()}
    if any(getattr(operation, name) != text for name, text in said.items()):
        for name, text in said.items():
            setattr(operation, name, text)
        operation.save()


@makes("mes_execution.OrderOperation", "reopen")
@service
def reopen_operation(*, order_operation: OrderOperation, actor: Any, reason: str) -> Outcome[OrderOperation]:
    """Reopen a completed operation for a correction, with a reason; its order is in progress again."""
    context = at_operation(order_operation, actor)
    perform(context.operation, "reopen", actor=actor, reason=reason, context=context)
    if context.order.status == "completed":
        perform(context.order, "reopen", actor=system_user("execution"), reason=reason)
    return Outcome(
        context.operation,
        _("%(operation)s is open again.") % {"operation": context.operation},
        _("Correct the entries; signatures on it are outdated and are given again."),
        tone="warn",
    )
