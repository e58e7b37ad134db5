"""What nonconformance needs to be told by the apps above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.kernel.wiring import Question


@dataclass(frozen=True)
class MeasuredPoint:
    """One recorded value of the characteristic, and whether it was within its limits."""

    at: dt.datetime
    value: Decimal
    label: str
    is_within: bool
    is_this: bool = False


@dataclass(frozen=True)
class MeasuredSeries:
    """The latest values of one characteristic, oldest first, with the limits that were in force."""

    name: str
    unit: str
    lower: Decimal | None
    upper: Decimal | None
    points: Sequence[MeasuredPoint] = field(default_factory=tuple)


@dataclass(frozen=True)
class MeasuredValues(Question[MeasuredSeries]):
    """Which values were measured before the one that raised this nonconformance? Asked with what it was raised from."""

    nonconformance_id: int
    source_label: str
    source_type_id: int
    source_id: int
    limit: int = 25
