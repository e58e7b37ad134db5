"""The steps of an operation as its station shows them: text, pictures, entries with limits and what was recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mes.execution.models import DataRecord, OrderOperation, StepRecord
from mes.instructions.models import DataPoint, InstructionStep
from mes.instructions.queries import limits_text


@dataclass(frozen=True)
class Entry:
    """One value to record at a step, the one that stands, and those that it replaced, oldest first."""

    point: DataPoint
    limits: str
    record: DataRecord | None
    replaced: Sequence[DataRecord] = ()


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
    def is_done(self) -> bool:
        """Confirmed, and all its required values recorded."""
        missing = any(entry.point.required and entry.record is None for entry in self.entries)
        return self.confirmed and not missing


def steps_at(operation: OrderOperation) -> list[Step]:
    """All steps with their entries and what was recorded; five queries, whatever the number of steps."""
    if operation.document_revision_id is None:
        return []
    steps = list(
        InstructionStep.objects.filter(work_instruction__document_revision=operation.document_revision_id)
        .prefetch_related("pictures__attachment", "data_points__unit")
        .order_by("sequence")
    )
    recorded: dict[int, list[DataRecord]] = defaultdict(list)
    records = DataRecord.objects.filter(order_operation=operation, unit__isnull=True, output__isnull=True)
    for record in records.select_related("nonconformance", "actor", "superseded_by").order_by("id"):
        recorded[record.data_point_id].append(record)
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
                _entry(point, recorded[point.pk])
                for point in sorted(step.data_points.all(), key=lambda point: (point.sequence, point.pk))
            ],
            confirmed=confirmed.get(step.pk, False),
        )
        for number, step in enumerate(steps, start=1)
    ]


def _entry(point: DataPoint, records: Sequence[DataRecord]) -> Entry:
    standing = [record for record in records if not hasattr(record, "superseded_by")]
    replaced = [record for record in records if hasattr(record, "superseded_by")]
    return Entry(point, limits_text(point), standing[-1] if standing else None, replaced)
