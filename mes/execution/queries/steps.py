"""The steps of an operation as its station shows them: text, pictures, entries with limits and what was recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from mes.execution.models import DataRecord, OrderOperation, StepRecord
from mes.execution.queries.deviations import deviations_at
from mes.instructions.models import DataPoint, InstructionStep
from mes.instructions.queries import limits_text
from qms.nonconformance.models import PlannedDeviation


@dataclass(frozen=True)
class Entry:
    """One value to record at a step, the one that stands, and those that it replaced, oldest first."""

    point: DataPoint
    limits: str
    record: DataRecord | None
    replaced: Sequence[DataRecord] = ()
    deviations: Sequence[PlannedDeviation] = ()
    """Those in force under which it may leave its limits."""


@dataclass(frozen=True)
class Step:
    """One step of the pinned instruction at an operation."""

    number: int
    count: int
    step: InstructionStep
    pictures: Sequence[Any]
    entries: Sequence[Entry]
    confirmed: bool

    @property
    def waits_for_entries(self) -> bool:
        """A value of this step is still to be recorded."""
        return any(entry.record is None for entry in self.entries)

    @property
    def is_done(self) -> bool:
        """Confirmed, and all its required values recorded."""
        missing = any(entry.point.required and entry.record is None for entry in self.entries)
        return self.confirmed and not missing


def steps_at(operation: OrderOperation) -> list[Step]:
    """All steps with their entries and what was recorded; six queries, whatever the number of steps."""
    if operation.document_revision_id is None:
        return []
    points = DataPoint.objects.select_related("unit", "gauge_class")
    steps = list(
        InstructionStep.objects.filter(work_instruction__document_revision=operation.document_revision_id)
        .prefetch_related("pictures__attachment", Prefetch("data_points", points))
        .order_by("sequence")
    )
    recorded: dict[int, list[DataRecord]] = defaultdict(list)
    records = DataRecord.objects.filter(order_operation=operation, unit__isnull=True, output__isnull=True)
    for record in records.select_related(
        "nonconformance", "actor", "superseded_by", "gauge", "deviation_use__deviation"
    ).order_by("id"):
        recorded[record.data_point_id].append(record)
    deviations = deviations_at(operation)
    confirmed: dict[int, bool] = {}
    for pk, done in StepRecord.objects.filter(order_operation=operation).order_by("id").values_list("step_id", "done"):
        confirmed[pk] = done
    return [
        Step(
            number=number,
            count=len(steps),
            step=step,
            pictures=list(step.pictures.all()),
            entries=[
                _entry(point, recorded[point.pk], deviations.get(point.code, ()))
                for point in sorted(step.data_points.all(), key=lambda point: (point.sequence, point.pk))
            ],
            confirmed=confirmed.get(step.pk, False),
        )
        for number, step in enumerate(steps, start=1)
    ]


def _entry(point: DataPoint, records: Sequence[DataRecord], deviations: Sequence[PlannedDeviation]) -> Entry:
    standing = [record for record in records if not hasattr(record, "superseded_by")]
    replaced = [record for record in records if hasattr(record, "superseded_by")]
    return Entry(point, limits_text(point), standing[-1] if standing else None, replaced, deviations)
