"""The trail appendix of a production record: its own story and that of everything it tells of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from core.web.questions import TimelineEntry
from core.web.slots import timeline
from mes.production_record.queries.content import RecordContent

EVERYTHING = 1_000_000
"""An appendix that leaves out the oldest entries would be no trail; timelines ask for a number."""


def trail_of(content: RecordContent) -> list[TimelineEntry]:
    """Oldest first: the record, its order, lot and operations, its nonconformances with decisions, and its holds."""
    found = [
        dataclasses.replace(entry, title=f"{named}: {entry.title}")
        for named, subject in _subjects(content)
        for entry in timeline(subject, EVERYTHING)
    ]
    return sorted(found, key=lambda entry: entry.at)


def _subjects(content: RecordContent) -> Iterator[tuple[str, Any]]:
    record = content.record
    yield record.number, record
    yield record.order.number, record.order
    yield record.lot.number, record.lot
    for facts in content.operations:
        yield f"{facts.operation.sequence} {facts.operation.name}", facts.operation
    for one in content.nonconformances:
        yield one.nonconformance.number, one.nonconformance
        for disposition in one.dispositions:
            yield f"{one.nonconformance.number} {disposition.get_kind_display()}", disposition
    for story in content.holds:
        yield f"{story.hold._meta.verbose_name} {story.thing}", story.hold
