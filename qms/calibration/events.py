"""What happened to gauges."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GaugeFailed:
    """A gauge was found out of tolerance; what was measured with it since its last good calibration is in question."""

    record_id: int
    plan_id: int
