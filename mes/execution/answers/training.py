"""What execution tells training: where work asks for curricula, who practised, and what is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import Max

from core.kernel.wiring import answers
from mes.execution.lifecycle import EXECUTE
from mes.execution.models import OperationRun, ProductionOrder
from mes.routing.models import Operation
from qms.training.models import TrainingRequirement
from qms.training.questions import AskedAt, Demand, LastPractice, Practised, ScheduledDemand, WorkThatAsks


@answers(WorkThatAsks)
def operations_that_ask(question: WorkThatAsks) -> Iterator[AskedAt]:
    """Operations of effective routings: by their requirements, and by the curricula that name their instruction."""
    operations = Operation.objects.filter(routing_revision__status="effective", work_center__isnull=False).order_by()
    asked = set(
        operations.filter(requirements__curriculum__isnull=False).values_list("requirements__curriculum", "work_center")
    )
    by_document: dict[int, set[int]] = {}
    named = TrainingRequirement.objects.filter(is_active=True, document__isnull=False)
    for document, curriculum in named.values_list("document", "curriculum"):
        by_document.setdefault(int(document or 0), set()).add(curriculum)
    placed = operations.filter(document__in=by_document).values_list("document", "work_center").distinct()
    for document, work_center in placed:
        asked |= {(curriculum, work_center) for curriculum in by_document[int(document or 0)]}
    for curriculum, work_center in sorted(asked):
        yield AskedAt(int(curriculum), int(work_center), EXECUTE)


@answers(LastPractice)
def runs_of_operations_that_ask(question: LastPractice) -> Iterator[Practised]:
    """When each person last worked on an operation that asks for the curriculum."""
    runs = OperationRun.objects.filter(
        order_operation__operation__requirements__curriculum__in=question.curricula,
        order_operation__order__is_sandbox=False,
    ).order_by()
    last = runs.values("order_operation__operation__requirements__curriculum", "operator").annotate(
        at=Max("started_at")
    )
    for row in last:
        yield Practised(row["order_operation__operation__requirements__curriculum"], row["operator"], row["at"])


@answers(ScheduledDemand)
def orders_that_are_planned(question: ScheduledDemand) -> Iterator[Demand]:
    """The operations of orders that are not released yet, on the day for which they are due.

    Released orders keep the instruction they were released with. An order without a date may come on any day.
    """
    orders = ProductionOrder.objects.filter(status="draft", is_sandbox=False).select_related("site", "routing_revision")
    if question.site_id is not None:
        orders = orders.filter(site=question.site_id)
    planned = list(orders.order_by("due_on", "pk"))
    operations: dict[int, list[Operation]] = {}
    found = Operation.objects.filter(
        routing_revision__in={order.routing_revision_id for order in planned}, work_center__isnull=False
    ).prefetch_related("requirements")
    for operation in found.order_by("sequence"):
        operations.setdefault(operation.routing_revision_id, []).append(operation)
    for order in planned:
        since, until = question.since, question.until
        if order.due_on is not None:
            zone = ZoneInfo(order.site.time_zone)
            since = dt.datetime.combine(order.due_on, dt.time.min, zone)
            until = dt.datetime.combine(order.due_on, dt.time.max, zone)
        if until <= question.since or since > question.until:
            continue
        for operation in operations.get(order.routing_revision_id, ()):
            yield Demand(
                key=f"{order.pk}-{operation.sequence}",
                label=f"{order.number} · {operation}",
                site_id=order.site_id,
                work_center_id=operation.work_center_id or 0,
                permission=EXECUTE,
                starts_at=since,
                ends_at=until,
                curricula=frozenset(
                    one.curriculum_id for one in operation.requirements.all() if one.curriculum_id is not None
                ),
                document_id=operation.document_id,
                routing_id=order.routing_revision.routing_id,
                url=order.get_absolute_url(),
            )
