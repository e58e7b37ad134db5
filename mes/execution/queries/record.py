"""Progress of an order, and everything that was recorded for it, in order: the matter of the production record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.signing.queries import SignatureState, manifests
from mes.execution.models import (
    Consumption,
    DataRecord,
    DefectReport,
    LaborEntry,
    OperationRun,
    OrderOperation,
    Output,
    ProductionOrder,
    StepRecord,
)
from mes.execution.queries.counters import Counters, counters_of
from qms.nonconformance.models import NonConformance


@dataclass(frozen=True)
class Progress:
    """One operation of an order with its counters."""

    operation: OrderOperation
    counters: Counters


def progress(order: ProductionOrder) -> list[Progress]:
    """The operations of an order in sequence, with what was reported; two queries."""
    operations = list(
        order.operations.select_related("work_center", "operation", "document_revision__document").order_by("sequence")
    )
    for operation in operations:
        operation.order = order
    done = counters_of(operations)
    return [Progress(operation, done[operation.pk]) for operation in operations]


@dataclass
class OperationFacts:
    """Everything recorded at one operation, oldest first; superseded and reversed facts included, as they happened."""

    operation: OrderOperation
    counters: Counters
    runs: list[OperationRun] = field(default_factory=list)
    labor: list[LaborEntry] = field(default_factory=list)
    steps: list[StepRecord] = field(default_factory=list)
    values: list[DataRecord] = field(default_factory=list)
    consumptions: list[Consumption] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    nonconformances: list[NonConformance] = field(default_factory=list)
    signatures: Sequence[SignatureState] = ()


def order_facts(order: ProductionOrder) -> list[OperationFacts]:
    """Everything recorded for an order, by operation in sequence in a fixed number of queries."""
    found = {row.operation.pk: OperationFacts(row.operation, row.counters) for row in progress(order)}
    of = {"order_operation__in": list(found)}
    for run in OperationRun.objects.filter(**of).select_related("operator", "terminal").order_by("pk"):
        found[run.order_operation_id].runs.append(run)
    for entry in LaborEntry.objects.filter(**of).select_related("actor", "run__operator", "run__terminal"):
        found[entry.order_operation_id].labor.append(entry)
    for step in StepRecord.objects.filter(**of).select_related("actor", "step"):
        found[step.order_operation_id].steps.append(step)
    values = DataRecord.objects.filter(**of).select_related(
        "actor", "data_point__step", "unit", "supersedes", "superseded_by", "nonconformance", "output"
    )
    for value in values:
        found[value.order_operation_id].values.append(value)
    used = Consumption.objects.filter(**of).select_related(
        "actor", "material", "lot", "unit", "into_unit", "reverses", "reversed_by", "output"
    )
    for consumption in used:
        found[consumption.order_operation_id].consumptions.append(consumption)
    for output in Output.objects.filter(**of).select_related(
        "actor", "scrap_reason", "unit", "reverses", "reversed_by"
    ):
        found[output.order_operation_id].outputs.append(output)
    for report in DefectReport.objects.filter(**of).select_related("nonconformance"):
        found[report.order_operation_id].nonconformances.append(report.nonconformance)
    states = manifests(facts.operation for facts in found.values())
    for facts in found.values():
        raised = {value.nonconformance.pk: value.nonconformance for value in facts.values if value.nonconformance}
        facts.nonconformances += list(raised.values())
        facts.signatures = states[OrderOperation, facts.operation.pk]
    return list(found.values())
