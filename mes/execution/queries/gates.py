"""Why this person can or cannot do this now: every guard's answer, and the dispatch list made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker, GuardResult
from core.kernel.statements import compiled
from core.lifecycle.queries import check, permission_blockers, reason_blockers, segregation_blockers, state_blockers
from core.organization.models import EquipmentClass, Terminal, WorkCenter
from core.organization.queries import may, rights_of, scoped
from mes.execution.lifecycle import EXECUTE, ORDER_OPERATION, VIEW
from mes.execution.models import OperationRun, OrderOperation, ProductionOrder
from mes.execution.queries.context import GateContext, classes_at, gauge_classes_in_calibration
from mes.execution.queries.counters import Counters, counters_of
from mes.instructions.models import DataPoint
from mes.routing.models import OperationRequirement
from qms.calibration.queries import today_at
from qms.changes.queries import overdue_limits
from qms.training.queries import overridden_work, standing_of
from traceability.models import Hold

OBVIOUS = ("state", "permission", "second_person", "reason")
"""Checks of the engine itself: they are shown when they stand in the way, and are no news when they do not."""


def gate(order_operation: OrderOperation, action: str, actor: Any, **params: Any) -> list[GuardResult]:
    """Every check of an action on an operation for any person, passed or not; stores nothing.

    For a move of the lifecycle its state, right and segregation come first, as the engine asks them.
    """
    context = params.pop("context", None) or GateContext(order_operation, actor)
    results = []
    move = ORDER_OPERATION.by_move.get(action)
    if move is not None:
        results = [
            GuardResult("state", _("State"), tuple(state_blockers(order_operation, move))),
            GuardResult("permission", _("Right"), _right(context, move)),
            GuardResult("second_person", _("Second person"), tuple(segregation_blockers(order_operation, move, actor))),
            GuardResult("reason", _("Reason"), tuple(reason_blockers(move, params.get("reason", "")))),
        ]
    return results + check(order_operation, action, actor, context=context, **params)


def telling(results: Sequence[GuardResult]) -> list[GuardResult]:
    """The answers worth showing: the engine's own checks only where they stand in the way."""
    return [result for result in results if result.blockers or result.name not in OBVIOUS]


def _right(context: GateContext, move: Any) -> tuple[Blocker, ...]:
    if move.permission == EXECUTE and context.may_execute:
        return ()
    return tuple(permission_blockers(context.operation, move, context.actor))


def next_action(order_operation: OrderOperation, own_run: OperationRun | None) -> str:
    """What a person would do next to work here: start, join, resume, or "" when they are at work already."""
    if order_operation.status == "waiting":
        return "start"
    if order_operation.status == "in_progress":
        return "join" if own_run is None else "resume" if own_run.status == "paused" else ""
    return "resume" if order_operation.status == "paused" else ""


@dataclass(frozen=True)
class DispatchRow:
    """One operation of the dispatch list: what the person would do next, and what is in the way."""

    operation: OrderOperation
    action: str
    blockers: tuple[Blocker, ...]
    counters: Counters
    own_run: OperationRun | None
    people: tuple[OperationRun, ...]

    @property
    def is_ready(self) -> bool:
        return not self.blockers


def _shown() -> QuerySet[OrderOperation]:
    return OrderOperation.objects.select_related(
        "order__site",
        "order__material__uom",
        "order__lot",
        "operation__document",
        "work_center__area__site",
        "document_revision__document",
    )


def operations_for(user: Any) -> QuerySet[OrderOperation]:
    """The operations that a person may see, with what a station shows of them."""
    return scoped(_shown(), user, VIEW)


@compiled
def _shown_with(pk: int) -> QuerySet[OrderOperation]:
    return _shown().filter(pk=pk)


def operation_for(user: Any, pk: int) -> OrderOperation | None:
    """The operation with this key, if the person may see it: `operations_for` of the one that a station works on."""
    found = _shown_with.first(pk)
    if found is None or not any(r.permission == VIEW and r.covers(found.work_center) for r in rights_of(user)):
        return None
    return found


def open_operations(work_center: WorkCenter) -> list[OrderOperation]:
    """Operations waiting or running at a work center, of released orders, most urgent first."""
    return list(
        OrderOperation.objects.filter(work_center=work_center, order__status__in=("released", "in_progress"))
        .exclude(status="completed")
        .select_related(
            "order__site", "order__material__uom", "order__lot", "operation__document", "document_revision__document"
        )
        .order_by("order__priority", F("order__due_on").asc(nulls_last=True), "order__number", "sequence")
    )


def open_operation(order: ProductionOrder) -> OrderOperation | None:
    """The first operation of an order that is not completed: where its work goes on."""
    waiting = order.operations.exclude(status="completed").select_related("work_center")
    return waiting.order_by("sequence").first()


def dispatch_list(work_center: WorkCenter, user: Any, *, terminal: Terminal | None = None) -> list[DispatchRow]:
    """What there is to do at a work center, ready or why not, for one person.

    A number of queries that does not grow with the list. Without the right to work here the reason stands in each row.
    """
    operations = open_operations(work_center)
    for operation in operations:
        operation.work_center = work_center
    contexts = _contexts(operations, work_center, user)
    people = _people(operations)
    done = counters_of(operations)
    rows = []
    for operation, context in zip(operations, contexts, strict=True):
        action = next_action(operation, context.own_run)
        results = gate(operation, action, user, context=context, terminal=terminal) if action else []
        rows.append(
            DispatchRow(
                operation=operation,
                action=action,
                blockers=tuple(blocker for result in results for blocker in result.blockers),
                counters=done[operation.pk],
                own_run=context.own_run,
                people=tuple(people.get(operation.pk, ())),
            )
        )
    return rows


def people_at(order_operation: OrderOperation) -> list[OperationRun]:
    """Who is clocked on to an operation now, in the order of their coming."""
    return _people([order_operation]).get(order_operation.pk, [])


def _people(operations: Sequence[OrderOperation]) -> dict[int, list[OperationRun]]:
    found: dict[int, list[OperationRun]] = {}
    runs = OperationRun.objects.filter(order_operation__in=operations).exclude(status="ended")
    for run in runs.select_related("operator").order_by("pk"):
        found.setdefault(run.order_operation_id, []).append(run)
    return found


def _contexts(operations: Sequence[OrderOperation], work_center: WorkCenter, user: Any) -> list[GateContext]:
    """Contexts of many operations of one work center, filled set-based."""
    if not operations:
        return []
    site = operations[0].order.site  # that of the work center too: an order is made at one site
    allowed = may(user, EXECUTE, work_center)
    orders = {operation.order_id for operation in operations}
    earlier: dict[int, list[OrderOperation]] = {}
    for one in OrderOperation.objects.filter(order__in=orders).select_related("order").order_by("sequence"):
        earlier.setdefault(one.order_id, []).append(one)
    holds: dict[int, list[Hold]] = {}
    lots = [operation.order.lot_id for operation in operations if operation.order.lot_id is not None]
    for hold in Hold.objects.filter(lot__in=lots, quantity__isnull=True, status="open").select_related("lot"):
        holds.setdefault(hold.lot_id or 0, []).append(hold)
    requirements: dict[int, list[OperationRequirement]] = {}
    asked = OperationRequirement.objects.filter(operation__in={operation.operation_id for operation in operations})
    for requirement in asked.select_related("curriculum", "equipment_class"):
        requirements.setdefault(requirement.operation_id, []).append(requirement)
    own = {
        run.order_operation_id: run
        for run in OperationRun.objects.filter(order_operation__in=operations, operator=user.pk).exclude(status="ended")
    }
    measured = _gauge_classes(operations)
    day = today_at(site)
    classes = classes_at(work_center.pk, day)
    at_hand = gauge_classes_in_calibration(site.pk, day) if measured else frozenset()
    known = standing_of(
        user,
        curricula=[one.curriculum_id for asked in requirements.values() for one in asked if one.curriculum_id],
        revisions=[operation.document_revision for operation in operations if not operation.order.is_sandbox],
    )
    overridden, overdue = overridden_work(user, operations), overdue_limits()
    contexts = []
    for operation in operations:
        context = GateContext(operation, user)
        context.may_execute = allowed
        context.earlier = [one for one in earlier[operation.order_id] if one.sequence < operation.sequence]
        context.lot_holds = holds.get(operation.order.lot_id or 0, [])
        context.requirements = requirements.get(operation.operation_id, [])
        context.own_run = own.get(operation.pk)
        context.overdue_changes = overdue
        context.equipment_classes = classes
        context.gauge_classes = measured.get(operation.document_revision_id or 0, [])
        context.gauge_classes_at_hand = at_hand
        is_overridden = operation.pk in overridden
        context.standing = replace(known, is_overridden=is_overridden) if is_overridden else known
        contexts.append(context)
    return contexts


def _gauge_classes(operations: Sequence[OrderOperation]) -> dict[int, list[EquipmentClass]]:
    """The classes of gauges that required values are measured with, by the pinned revision."""
    revisions = {one.document_revision_id for one in operations if one.document_revision_id is not None}
    points = DataPoint.objects.filter(
        step__work_instruction__document_revision__in=revisions, required=True, gauge_class__isnull=False
    ).select_related("gauge_class", "step__work_instruction")
    found: dict[int, dict[int, EquipmentClass]] = {}
    for point in points.order_by("pk"):
        if point.gauge_class is not None:
            classes = found.setdefault(point.step.work_instruction.document_revision_id, {})
            classes[point.gauge_class.pk] = point.gauge_class
    return {revision: list(classes.values()) for revision, classes in found.items()}
