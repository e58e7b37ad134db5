"""What a rule of a trend finds in a month."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from qms.complaints.queries.trend import Point, months_until
from qms.reporting.models import TrendRule
from qms.reporting.queries.charts import Asked, counts_by_month, rates
from traceability.queries import day_at

LOOKED_BACK = 3
"""So many months that are over are judged, for those in which the clock stood still."""
Judged = TrendRule.Judged


@dataclass(frozen=True)
class MonthFound:
    """A month of a rule: what was counted, the volume, the rate, and the limit it was held against."""

    month: dt.date
    count: int
    volume: Decimal | None
    rate: float | None
    limit: float
    is_broken: bool


def month_end(month: dt.date) -> dt.date:
    """The last day of a month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def asked_by(rule: TrendRule, first: dt.date, last: dt.date) -> Asked:
    """The nonconformances that a rule watches, on these days."""
    return Asked(
        site=rule.site, first=first, last=last, kind=rule.kind, defect_code=rule.defect_code, material=rule.material,
        supplier=rule.supplier, work_center=rule.work_center,
    )  # fmt: skip


def found_by(rule: TrendRule, today: dt.date | None = None) -> list[MonthFound]:
    """The months that a rule judges now, the oldest first; at most two statements a month."""
    today = today or day_at(rule.site)
    months = months_until(today, LOOKED_BACK + 1)
    first = rule.starts_on.replace(day=1)
    if rule.judged == Judged.COUNT:
        counts = counts_by_month(asked_by(rule, months[0], today))
        limit = float(rule.limit or 0)
        return [
            MonthFound(month, counts.get(month, 0), None, None, limit, counts.get(month, 0) >= limit)
            for month in months
            if month >= first
        ]
    return [_rated(rule, month) for month in months[:-1] if month >= first]


def _rated(rule: TrendRule, month: dt.date) -> MonthFound:
    length = rule.months if rule.judged == Judged.ALARM else 1
    begins = months_until(month, length)[0]
    point: Point = rates(asked_by(rule, begins, month_end(month)), rule.volume).points[-1]
    limit = point.upper if rule.judged == Judged.ALARM else float(rule.limit or 0)
    if point.rate is None:
        return MonthFound(month, point.count, point.shipped, None, limit, is_broken=False)
    is_broken = point.is_high if rule.judged == Judged.ALARM else point.rate >= limit
    return MonthFound(month, point.count, point.shipped, point.rate, limit, is_broken)


def broken(found: Sequence[MonthFound]) -> list[MonthFound]:
    """The months in which a rule was broken."""
    return [one for one in found if one.is_broken]
