"""Nonconformances counted: by what they are (Pareto), and month by month against what was done (u chart).

A u chart has for each month the rate u = c / n, its mean ū = Σc / Σn, and limits ū ± 3 √(ū / n): ISO 7870-2:2013, 6.2;
Montgomery, Introduction to Statistical Quality Control, 7.3.2. Both are computed in `qms.complaints.queries.trend`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncMonth

from core.kernel.wiring import ask
from core.organization.models import Partner, Site, WorkCenter
from qms.complaints.queries.trend import Trend, chart, months_until, shipped_by_month
from qms.nonconformance.models import CauseCategory, DefectCode, FoundAt, NonConformance
from qms.nonconformance.queries import TRAITS, at_work_center, counted_between, of_material, of_supplier
from qms.reporting.questions import Span, VolumeKind, VolumeKinds
from traceability.models import Material

Rows = Any
SHIPPED = "shipped"
NAMED: Mapping[str, Any] = {
    "defect": DefectCode,
    "material": Material,
    "supplier": Partner,
    "work_center": WorkCenter,
}


@dataclass(frozen=True)
class Asked:
    """Which nonconformances are meant: of a site, on these days, both included, and of what."""

    site: Site
    first: dt.date
    last: dt.date
    kind: str = ""
    defect_code: DefectCode | None = None
    material: Material | None = None
    supplier: Partner | None = None
    work_center: WorkCenter | None = None
    cause: str = ""
    detection: str = ""

    @property
    def span(self) -> Span:
        """The same days as moments."""
        zone = ZoneInfo(self.site.time_zone)
        begins = dt.datetime.combine(self.first, dt.time.min, tzinfo=zone)
        until = dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time.min, tzinfo=zone)
        return Span(self.site, begins, until, self.material)


def counted(asked: Asked) -> Rows:
    """The nonconformances that are meant; what was cancelled does not count."""
    rows = NonConformance.objects.filter(site=asked.site).exclude(status="cancelled").order_by()
    rows = counted_between(rows, asked.first, asked.last, asked.site)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.defect_code is not None:
        rows = rows.filter(defect_code=asked.defect_code)
    if asked.cause:
        rows = rows.filter(cause_category=asked.cause)
    if asked.detection:
        rows = rows.filter(detection_point=asked.detection)
    if asked.material is not None:
        rows = of_material(rows, asked.material)
    if asked.supplier is not None:
        rows = of_supplier(rows, asked.supplier)
    return rows if asked.work_center is None else at_work_center(rows, asked.work_center)


@dataclass(frozen=True)
class Bar:
    """One value of a trait: how it is called, for short and in full, how often, and its share summed up so far."""

    key: Any
    """What the list's filter takes; None where the nonconformances have no value."""
    short: str
    name: str
    count: int
    cumulative: float
    """The share of this bar and all before it, of the sum of all bars, 0 to 1."""


@dataclass(frozen=True)
class Pareto:
    """The values of a trait, the most frequent first; `total` counts each nonconformance once, whatever it has."""

    trait: str
    bars: Sequence[Bar]
    total: int

    @property
    def summed(self) -> int:
        """All bars together: more than the total where a nonconformance has several values."""
        return sum(bar.count for bar in self.bars)


def pareto(asked: Asked, code: str) -> Pareto:
    """How often each value of a trait occurs, in at most three statements whatever the number of records."""
    trait = TRAITS[code]
    rows = counted(asked)
    grouped = rows.annotate(trait=trait.value()).values("trait").annotate(number=Count("pk", distinct=trait.is_many))
    only = {"material": asked.material, "supplier": asked.supplier}.get(code)
    found = [(row["trait"], row["number"]) for row in grouped if only is None or row["trait"] == only.pk]
    total = rows.count() if trait.is_many else sum(number for _key, number in found)
    named = _names(code, [key for key, _number in found if key not in (None, "")])
    found.sort(key=lambda one: (-one[1], named.get(one[0], (None, "~", ""))[1]))
    summed, so_far, bars = sum(number for _key, number in found), 0, []
    for key, number in found:
        so_far += number
        key_shown, short, name = named.get(key, (None, "", ""))
        bars.append(Bar(key_shown, short, name, number, so_far / summed))
    return Pareto(code, bars, total)


def _names(code: str, keys: Sequence[Any]) -> dict[Any, tuple[Any, str, str]]:
    """For each value: what the list's filter takes, the short and the full name."""
    if code in ("cause", "detection"):
        choices: Any = CauseCategory if code == "cause" else FoundAt
        return {key: (key, str(choices(key).label), str(choices(key).label)) for key in keys}
    records = NAMED[code]._default_manager.in_bulk(keys)
    if code == "material":
        return {key: (one.number, one.number, str(one)) for key, one in records.items()}
    if code == "supplier":
        return {key: (one.code, one.code, str(one)) for key, one in records.items()}
    return {key: (key, one.code, str(one)) for key, one in records.items()}


def volume_kinds() -> dict[str, VolumeKind]:
    """Everything that nonconformances can be set against, by its code: what the floor did, what was shipped."""
    found = [*ask(VolumeKinds())]
    return {one.code: one for one in found}


def counts_by_month(asked: Asked) -> dict[dt.date, int]:
    """How many were reported in each month, by the site's calendar."""
    zone = ZoneInfo(asked.site.time_zone)
    rows = counted(asked).annotate(month=TruncMonth("reported_at", tzinfo=zone)).values("month")
    return {row["month"].date(): row["number"] for row in rows.annotate(number=Count("pk"))}


def months_of(asked: Asked) -> list[dt.date]:
    """The first days of the months from the first to the last day."""
    number = (asked.last.year - asked.first.year) * 12 + asked.last.month - asked.first.month + 1
    return months_until(asked.last, number)


def rates(asked: Asked, volume: str) -> Trend:
    """Nonconformances for each thousand of a volume, by month, with the limits of a u chart; in two statements.

    `LookupError` for a volume that no app tells of. What the volume is counted of is narrowed by the material alone.
    """
    months = months_of(asked)
    sizes = volume_kinds()[volume].by_month(asked.span)
    return chart(months, counts_by_month(asked), {month: Decimal(sizes.get(month, 0)) for month in months})


def shipped(span: Span) -> Mapping[dt.date, Decimal]:
    """What left for customers in each month of a span."""
    ends = span.until - dt.timedelta(seconds=1)
    first, last = (moment.astimezone(span.zone).date() for moment in (span.begins, ends))
    months = months_until(last, (last.year - first.year) * 12 + last.month - first.month + 1)
    return shipped_by_month(span.site, months, span.material)
