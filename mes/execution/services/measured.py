"""A value as it was entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.organization.models import Equipment
from mes.instructions.models import DataPoint
from qms.nonconformance.models import PlannedDeviation


@dataclass(frozen=True)
class Measured:
    """A value as it was entered for a data point."""

    data_point: DataPoint
    value: Any
    gauge: Equipment | None = None
    """What it was measured with, as it was scanned."""
    deviation: PlannedDeviation | None = None
    """The planned deviation under which it may be out of limits, as the operator chose it."""
