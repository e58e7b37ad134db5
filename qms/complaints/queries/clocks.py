"""Statutory clocks: how many days after the plant became aware, and on which day they end.

The day on which the plant becomes aware is not counted (21 CFR 803.10(c), Regulation (EEC, Euratom) 1182/71 Art. 3).
Work days are Monday to Friday: without holidays a clock ends sooner, never later.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from core.organization.models import Site

CALENDAR, WORK = "calendar", "work"
SATURDAY = 5


def is_work_day(day: dt.date) -> bool:
    """Whether it is one of Monday to Friday."""
    return day.weekday() < SATURDAY


def after_work_days(day: dt.date, days: int) -> dt.date:
    """The day so many work days after this one."""
    while days > 0:
        day += dt.timedelta(days=1)
        days -= is_work_day(day)
    return day


def due_day(aware_on: dt.date, days: int, count: str) -> dt.date:
    """The last day of a clock of so many calendar or work days. `ValueError` for another way of counting."""
    if count == WORK:
        return after_work_days(aware_on, days)
    if count == CALENDAR:
        return aware_on + dt.timedelta(days=days)
    raise ValueError(f"days are counted as {CALENDAR} or {WORK}, not as {count!r}")


def end_of(day: dt.date, site: Site) -> dt.datetime:
    """The last moment of a day at a site."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=ZoneInfo(site.time_zone)).astimezone(dt.UTC)
