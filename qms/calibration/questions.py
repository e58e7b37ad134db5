"""What calibration needs to be told by the apps above."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from core.kernel.wiring import Question


@dataclass(frozen=True)
class MeasuredValue:
    """A value that was measured with a gauge: what, on what, where and when, by whom, and how it was judged."""

    key: str
    """Names the record of the value, for a list that was signed."""
    at: dt.datetime
    label: str
    value: str
    judgement: str
    tone: str
    where: str
    url: str
    lot: str = ""
    lot_url: str = ""
    unit: str = ""
    unit_url: str = ""
    who: str = ""
    calibration: str = ""


@dataclass(frozen=True)
class MeasuredWith(Question[MeasuredValue]):
    """Which values were measured with this gauge between these moments? Newest first; None asks without that end.

    `user` narrows it to what that person may see; None asks for all. Corrected values belong to it.
    """

    equipment_id: int
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    user: Any = None
