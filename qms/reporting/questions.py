"""What the figures of quality need to be told by the apps above: how much was done, and how long releases took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from core.kernel.wiring import Question
from core.organization.models import Site
from traceability.models import Material


@dataclass(frozen=True)
class Span:
    """Where and when something is counted, of one material or of all; `until` does not count any more."""

    site: Site
    begins: dt.datetime
    until: dt.datetime
    material: Material | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone by whose calendar months begin."""
        return ZoneInfo(self.site.time_zone)


@dataclass(frozen=True)
class VolumeKind:
    """What events are set against: how much of it there was in each month of a span, by the month's first day."""

    code: str
    label: str | Promise
    by_month: Callable[[Span], Mapping[dt.date, Decimal]]


@dataclass(frozen=True)
class VolumeKinds(Question[VolumeKind]):
    """What does this app count by month that nonconformances can be set against?"""

    mandatory = True


@dataclass(frozen=True)
class FloorTotals:
    """Operations completed in a span; pieces good at the last operation of their order, and scrapped at any."""

    operations: int
    good: Decimal
    scrapped: Decimal
    list_name: str
    """The list of the orders behind them."""


@dataclass(frozen=True)
class FloorFigures(Question[FloorTotals]):
    """How much was made and scrapped in a span?"""

    span: Span


@dataclass(frozen=True)
class ReleaseTimes:
    """How many production records were released in a span, and the median time from the last work to the release."""

    released: int
    median: dt.timedelta | None
    list_name: str
    """The list of the records behind them; it knows `site` and `released` as days."""
    slowest: tuple[tuple[str, dt.timedelta], ...] = ()
    """The slowest few: the record's number and how long it took."""


@dataclass(frozen=True)
class ReleaseFigures(Question[ReleaseTimes]):
    """How long did releases take that were made in a span? `slowest` of them are named, the slowest first."""

    span: Span
    slowest: int = 0
