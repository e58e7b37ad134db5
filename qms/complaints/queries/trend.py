"""Complaints per 1,000 shipped, month by month, with the limits of a u chart (ISO 7870-2)."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from core.organization.models import Site
from qms.complaints.models import Complaint, ComplaintCode
from traceability.models import Material, ShipmentLine

PER = 1000
SIGMAS = 3
MONTHS = (12, 24, 36)


@dataclass(frozen=True)
class Point:
    """One month: how many complaints, how much was shipped, the rate and its limits; no rate where nothing left."""

    month: dt.date
    count: int
    shipped: Decimal
    rate: float | None
    lower: float
    upper: float

    @property
    def is_high(self) -> bool:
        """Whether the rate lies above its upper limit: more than chance explains."""
        return self.rate is not None and self.rate > self.upper

    @property
    def is_low(self) -> bool:
        """Whether it lies below its lower limit."""
        return self.rate is not None and self.rate < self.lower


@dataclass(frozen=True)
class Trend:
    """A series of months with its mean rate."""

    points: Sequence[Point]
    mean: float | None

    @property
    def alarms(self) -> list[Point]:
        """The months above their limit."""
        return [point for point in self.points if point.is_high]


@dataclass(frozen=True)
class CodeLine:
    """One event code with its complaints month by month."""

    code: ComplaintCode | None
    counts: Sequence[int]
    alarms: int

    @property
    def total(self) -> int:
        """All months together."""
        return sum(self.counts)


def months_until(last: dt.date, number: int) -> list[dt.date]:
    """The first days of so many months, the one of `last` being the latest."""
    index = last.year * 12 + last.month - 1
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(index - number + 1, index + 1)]


def chart(months: Sequence[dt.date], counts: Mapping[dt.date, int], shipped: Mapping[dt.date, Decimal]) -> Trend:
    """The u chart of counts over what was shipped: mean = all complaints / all thousands, ± 3 √(mean / thousands)."""
    sizes = {month: float(shipped.get(month, 0)) / PER for month in months}
    volume = sum(size for size in sizes.values() if size > 0)
    counted = sum(counts.get(month, 0) for month in months if sizes[month] > 0)
    mean = counted / volume if volume else None
    points = []
    for month in months:
        count, size = counts.get(month, 0), sizes[month]
        if size <= 0 or mean is None:
            points.append(Point(month, count, shipped.get(month, Decimal(0)), None, 0.0, 0.0))
            continue
        spread = SIGMAS * math.sqrt(mean / size)
        points.append(Point(month, count, shipped[month], count / size, max(0.0, mean - spread), mean + spread))
    return Trend(points, mean)


def shipped_by_month(site: Site, months: Sequence[dt.date], material: Material | None = None) -> dict[dt.date, Decimal]:
    """How much left for customers in each month, in the site's zone."""
    zone = ZoneInfo(site.time_zone)
    begin = dt.datetime.combine(months[0], dt.time.min, tzinfo=zone)
    lines = ShipmentLine.objects.filter(
        shipment__site=site, shipment__status="shipped", movement__stamped_at__gte=begin
    )
    if material is not None:
        lines = lines.filter(lot__material=material)
    sums = lines.order_by().annotate(month=TruncMonth("movement__stamped_at", tzinfo=zone)).values("month")
    return {row["month"].date(): row["total"] for row in sums.annotate(total=Sum("quantity"))}


def counts_by_code(
    site: Site, months: Sequence[dt.date], material: Material | None = None
) -> dict[int | None, dict[dt.date, int]]:
    """How many complaints of each event code were received in each month; what is no complaint does not count."""
    rows = Complaint.objects.filter(site=site, received_on__gte=months[0]).exclude(is_complaint="no")
    if material is not None:
        rows = rows.filter(material=material)
    counted = rows.order_by().annotate(month=TruncMonth("received_on")).values("code", "month")
    found: dict[int | None, dict[dt.date, int]] = defaultdict(dict)
    for row in counted.annotate(number=Count("pk")):
        found[row["code"]][row["month"]] = row["number"]
    return found


@dataclass(frozen=True)
class Overview:
    """The trend of one site: of one code or all, and the line of each code."""

    months: Sequence[dt.date]
    trend: Trend
    lines: Sequence[CodeLine]


def overview(
    *, site: Site, today: dt.date, months: int, code: ComplaintCode | None = None, material: Material | None = None
) -> Overview:
    """The trend until this month, in three statements."""
    wanted = months_until(today, months)
    shipped, by_code = shipped_by_month(site, wanted, material), counts_by_code(site, wanted, material)
    codes = ComplaintCode.objects.in_bulk([key for key in by_code if key is not None])
    lines = []
    for key, counts in by_code.items():
        alarms = len(chart(wanted, counts, shipped).alarms)
        lines.append(CodeLine(codes.get(key or 0), [counts.get(month, 0) for month in wanted], alarms))
    total: dict[dt.date, int] = defaultdict(int)
    for key, counts in by_code.items():
        if code is None or key == code.pk:
            for month, number in counts.items():
                total[month] += number
    lines.sort(key=lambda line: (-line.total, "" if line.code is None else line.code.code))
    return Overview(wanted, chart(wanted, total, shipped), lines)
