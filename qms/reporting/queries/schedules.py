"""When a report is due, for which days, and for whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

from core.kernel.clock import now
from core.organization.models import Site, User
from core.organization.queries import holders_of, people_who_may
from core.printing.models import PrintedRecord
from core.worklist.models import Assignment
from qms.reporting.lifecycle import VIEW_RUN
from qms.reporting.models import ReportDelivery, ReportRun, ReportSchedule

WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """When a report was due, and the first and last day that it tells of."""

    due_at: dt.datetime
    begins_on: dt.date
    ends_on: dt.date


def last_due(schedule: ReportSchedule, moment: dt.datetime | None = None) -> Period | None:
    """The latest report that is due by a moment; None before the schedule's first day.

    A weekly report tells of Monday to Sunday of the week before, a monthly one of the month before.
    """
    zone = ZoneInfo(schedule.site.time_zone)
    today = (moment or now()).astimezone(zone)

    def at(day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(schedule.hour), tzinfo=zone)

    if schedule.every == ReportSchedule.Every.WEEK:
        monday = today.date() - dt.timedelta(days=today.weekday())
        due = monday + dt.timedelta(days=schedule.day - 1)
        if at(due) > today:
            due, monday = due - WEEK, monday - WEEK
        begins, ends = monday - WEEK, monday - dt.timedelta(days=1)
    else:
        due = today.date().replace(day=schedule.day)
        if at(due) > today:
            due = (due.replace(day=1) - dt.timedelta(days=1)).replace(day=schedule.day)
        ends = due.replace(day=1) - dt.timedelta(days=1)
        begins = ends.replace(day=1)
    return Period(at(due), begins, ends) if due >= schedule.starts_on else None


def readers_at(site: Site) -> QuerySet[User]:
    """Who may read reports of a site."""
    return people_who_may([VIEW_RUN], site)


def told_of(schedule: ReportSchedule) -> dict[int, tuple[User, bool]]:
    """Who is told of a new report, and whether by mail too: subscribers and holders of subscribed roles who may
    read it now. Two statements, and one for each role."""
    found: dict[int, tuple[User, bool]] = {}
    may_read = {one.pk: one for one in readers_at(schedule.site)}
    for one in schedule.subscriptions.select_related("role", "person"):
        people = [one.person_id] if one.role is None else holders_of(one.role.code, schedule.site).values_list("pk")
        for key in (row if isinstance(row, int) else row[0] for row in people if row is not None):
            if key in may_read:
                found[key] = (may_read[key], one.by_mail or found.get(key, (None, False))[1])
    return found


def print_of(run: ReportRun) -> PrintedRecord | None:
    """The sealed PDF of a report; None until it is made."""
    kind = ContentType.objects.get_for_model(ReportRun)
    return PrintedRecord.objects.filter(subject_type=kind, subject_id=run.pk).order_by("pk").first()


def unread_delivery(run: ReportRun, user: Any) -> ReportDelivery | None:
    """That somebody was told of a report and has not said that they read it."""
    waiting = Assignment.objects.filter(
        subject_type=ContentType.objects.get_for_model(ReportDelivery), to_user=user.pk, status="open"
    )
    return run.deliveries.filter(person=user.pk, pk__in=waiting.values("subject_id")).first()
