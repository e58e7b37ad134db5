"""What nonconformance needs to be told by the apps above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.kernel.wiring import Question
from qms.documents.models import Document


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


@dataclass(frozen=True)
class LimitedValue:
    """A number that an instruction records within limits."""

    code: str
    label: str
    limits: str


@dataclass(frozen=True)
class LimitedValues(Question[LimitedValue]):
    """Which numbers does an instruction record within limits, in the revision in force or in the newest one?"""

    document: Document


@dataclass(frozen=True)
class ReworkRoute:
    """A routing for rework of a material; `key` is what a disposition names it by."""

    key: int
    material_id: int
    label: str


@dataclass(frozen=True)
class ReworkRoutes(Question[ReworkRoute]):
    """By which effective routings may goods of these materials be reworked at a site?"""

    materials: tuple[int, ...]
    site_id: int


@dataclass(frozen=True)
class ReworkOrder:
    """An order on the floor that carries out a line, and what its re-inspection reported so far."""

    disposition_id: int
    record: Any
    passed: Decimal | None = None
    failed: Decimal | None = None


@dataclass(frozen=True)
class ReworkOrders(Question[ReworkOrder]):
    """Which orders rework what a nonconformance affects?"""

    nonconformance_id: int


@dataclass(frozen=True)
class SourcePlace:
    """A kind of record that nonconformances are raised from, and the path from it to the work center where that was."""

    model: type[Any]
    path: str


@dataclass(frozen=True)
class SourcePlaces(Question[SourcePlace]):
    """At which work center was it found? Told once for each kind of source: many are counted by one statement."""
