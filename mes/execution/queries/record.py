"""Progress of an order, and everything that was recorded for it, in order: the matter of the production record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
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


Found = dict[int, OperationFacts]
"""The facts of an order's operations, by the operation's id."""


def _read_runs(found: Found) -> None:
    runs = OperationRun.objects.filter(order_operation__in=list(found))
    for run in runs.select_related("operator", "terminal").order_by("pk"):
        found[run.order_operation_id].runs.append(run)


def _read_labor(found: Found) -> None:
    entries = LaborEntry.objects.filter(order_operation__in=list(found))
    for entry in entries.select_related("actor", "run__operator", "run__terminal"):
        found[entry.order_operation_id].labor.append(entry)


def _read_steps(found: Found) -> None:
    for step in StepRecord.objects.filter(order_operation__in=list(found)).select_related("actor", "step"):
        found[step.order_operation_id].steps.append(step)


def _read_values(found: Found) -> None:
    values = DataRecord.objects.filter(order_operation__in=list(found)).select_related(
        "actor",
        "data_point__step",
        "unit",
        "supersedes",
        "superseded_by",
        "nonconformance",
        "output",
        "gauge",
        "calibration",
        "deviation_use__deviation",
    )
    for value in values:
        found[value.order_operation_id].values.append(value)


def _read_consumptions(found: Found) -> None:
    used = Consumption.objects.filter(order_operation__in=list(found)).select_related(
        "actor", "material", "lot", "unit", "into_unit", "reverses", "reversed_by", "output"
    )
    for consumption in used:
        found[consumption.order_operation_id].consumptions.append(consumption)


def _read_outputs(found: Found) -> None:
    outputs = Output.objects.filter(order_operation__in=list(found)).select_related(
        "actor", "scrap_reason", "unit", "reverses", "reversed_by"
    )
    for output in outputs:
        found[output.order_operation_id].outputs.append(output)


def _read_nonconformances(found: Found) -> None:
    """What somebody reported, then what the values that were read raised."""
    reports = DefectReport.objects.filter(order_operation__in=list(found)).select_related("nonconformance")
    for report in reports:
        found[report.order_operation_id].nonconformances.append(report.nonconformance)
    for facts in found.values():
        raised = {value.nonconformance.pk: value.nonconformance for value in facts.values if value.nonconformance}
        facts.nonconformances += list(raised.values())


def _read_signatures(found: Found) -> None:
    states = manifests(facts.operation for facts in found.values())
    for facts in found.values():
        facts.signatures = states[OrderOperation, facts.operation.pk]


FACTS: dict[str, Callable[[Found], None]] = {
    "runs": _read_runs,
    "labor": _read_labor,
    "steps": _read_steps,
    "values": _read_values,
    "consumptions": _read_consumptions,
    "outputs": _read_outputs,
    "nonconformances": _read_nonconformances,
    "signatures": _read_signatures,
}
"""Each kind of fact and what reads it, in the order in which they are read."""


def order_facts(order: ProductionOrder, only: Collection[str] = tuple(FACTS)) -> list[OperationFacts]:
    """What was recorded for an order, by operation in sequence, in a fixed number of queries.

    `only` names the kinds that are read, one query each (three for signatures), for a page that shows no others.
    """
    found = {row.operation.pk: OperationFacts(row.operation, row.counters) for row in progress(order)}
    for kind, read in FACTS.items():
        if kind in only:
            read(found)
    return list(found.values())
