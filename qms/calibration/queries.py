"""How gauges stand, which one is meant, and what was measured with them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.kernel.errors import Blocker
from core.kernel.lifecycle import State
from core.kernel.wiring import ask
from core.organization.models import Equipment, Site
from qms.calibration.lifecycle import DUE_SOON, PLAN
from qms.calibration.models import CalibrationPlan, CalibrationReading, CalibrationRecord, ImpactAnswer
from qms.calibration.questions import MeasuredValue, MeasuredWith

OPEN = ("due", "in_progress", "passed", "failed", "oot_impact")
GOOD = ("closed", "taken_over")

STANDINGS = (
    State("good", gettext_lazy("In calibration"), tone="good", icon="circle-check"),
    State("due_soon", gettext_lazy("Due soon"), tone="warn", icon="clock"),
    State("overdue", gettext_lazy("Overdue"), tone="bad", icon="clock"),
    State("never", gettext_lazy("Not yet calibrated"), tone="bad", icon="alert"),
    State("failed", gettext_lazy("Failed"), tone="bad", icon="alert"),
    *(state for state in PLAN.states if state.code != "in_service"),
)
BY_CODE = {state.code: state for state in STANDINGS}


def site_of(plan: CalibrationPlan) -> Site:
    """The plant at which a gauge is kept."""
    return plan.equipment.work_center.area.site


def today_at(site: Site, at: dt.datetime | None = None) -> dt.date:
    """The calendar day at a site."""
    return (at or now()).astimezone(ZoneInfo(site.time_zone)).date()


def in_calibration(day: dt.date, prefix: str = "") -> Q:
    """The gauges that may be used on a day: in service, calibrated, not failed, not overdue."""
    conditions = {
        "status": "in_service",
        "failed__isnull": True,
        "due_on__gte": day,
    }
    return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})


def standing_is(code: str, day: dt.date) -> Q:
    """The gauges that stand so on a day."""
    used = Q(status="in_service")
    fit = used & Q(failed__isnull=True)
    return {
        "good": fit & Q(due_on__gt=day + DUE_SOON),
        "due_soon": fit & Q(due_on__gte=day, due_on__lte=day + DUE_SOON),
        "overdue": fit & Q(due_on__lt=day),
        "never": fit & Q(due_on__isnull=True),
        "failed": used & Q(failed__isnull=False),
    }.get(code, Q(status=code))


def standing(plan: CalibrationPlan, day: dt.date) -> State:
    """How a gauge stands on a day, as word, tone and icon."""
    if plan.status != "in_service":
        return BY_CODE[plan.status]
    if plan.failed_id is not None:
        return BY_CODE["failed"]
    if plan.due_on is None:
        return BY_CODE["never"]
    if plan.due_on < day:
        return BY_CODE["overdue"]
    return BY_CODE["due_soon" if plan.due_on <= day + DUE_SOON else "good"]


def gauge_blockers(plan: CalibrationPlan, day: dt.date) -> list[Blocker]:
    """Why nothing may be measured with a gauge on a day; empty when it may be used (ISO 13485 7.6; ISO 9001 7.1.5)."""
    found = standing(plan, day)
    if found.code in ("good", "due_soon"):
        return []
    words = {
        "overdue": _("The calibration of %(gauge)s was due on %(date)s."),
        "never": _("%(gauge)s is not yet calibrated."),
        "failed": _("%(gauge)s failed its calibration."),
        "out_of_service": _("%(gauge)s is out of service."),
        "lost": _("%(gauge)s is reported as lost."),
        "retired": _("%(gauge)s is retired."),
    }
    message = words[found.code] % {
        "gauge": plan.equipment,
        "date": date_format(plan.due_on, "SHORT_DATE_FORMAT") if plan.due_on is not None else "",
    }
    return [
        Blocker(
            f"gauge_{found.code}",
            message,
            record=plan,
            remedy=_("Scan another gauge."),
            remedy_url=plan.get_absolute_url(),
        )
    ]


def gauges() -> QuerySet[CalibrationPlan]:
    """Gauges with what every page says of them."""
    return CalibrationPlan.objects.select_related(
        "equipment__equipment_class", "equipment__work_center__area__site", "in_force", "failed"
    )


def gauge_called(code: str, site: Site) -> CalibrationPlan | None:
    """The gauge at a site with this code, as it stands on it, whatever its case."""
    found = gauges().filter(equipment__code__iexact=code.strip(), equipment__work_center__area__site=site)
    return found.first()


def equipment_called(code: str, site: Site) -> Equipment | None:
    """The equipment at a site with this code, gauge or not."""
    return Equipment.objects.filter(code__iexact=code.strip(), work_center__area__site=site).first()


def records() -> QuerySet[CalibrationRecord]:
    """Calibrations with what every page says of them."""
    return CalibrationRecord.objects.select_related(
        "plan__equipment__equipment_class", "plan__equipment__work_center__area__site", "performed_by"
    )


def open_calibration(plan: CalibrationPlan) -> CalibrationRecord | None:
    """The calibration of a gauge that is not finished; there is one at most."""
    return CalibrationRecord.objects.filter(plan=plan, status__in=OPEN).first()


@dataclass(frozen=True)
class PointState:
    """A point of the plan, its newest reading in a calibration, and the readings that it replaced."""

    point: Any
    reading: CalibrationReading | None
    replaced: Sequence[CalibrationReading]


def calibration_in_force(plan: CalibrationPlan) -> CalibrationRecord | None:
    """The calibration by which a gauge is used: the last that was made here, else the one that was taken over."""
    if plan.in_force is not None or plan.due_on is None:
        return plan.in_force
    return CalibrationRecord.objects.filter(plan=plan, status="taken_over").order_by("-pk").first()


def points_of(record: CalibrationRecord) -> list[PointState]:
    """Every point that is, or was, part of this calibration with its readings; two statements."""
    readings: dict[int, list[CalibrationReading]] = {}
    for reading in CalibrationReading.objects.filter(record=record).select_related("actor", "superseded_by"):
        readings.setdefault(reading.point_id, []).append(reading)
    points = record.plan.points.filter(Q(is_active=True) | Q(pk__in=readings)).select_related("uom")
    return [
        PointState(point, readings[point.pk][-1] if point.pk in readings else None, readings.get(point.pk, [])[:-1])
        for point in points.order_by("sequence", "pk")
    ]


def newest_readings(record: CalibrationRecord) -> list[CalibrationReading]:
    """The readings that count."""
    return list(CalibrationReading.objects.filter(record=record, superseded_by__isnull=True).order_by("pk"))


def last_good_before(record: CalibrationRecord) -> CalibrationRecord | None:
    """The calibration that was in force before this one."""
    earlier = CalibrationRecord.objects.filter(plan=record.plan_id, status__in=GOOD, left_in_tolerance=True)
    if record.performed_on is not None:
        earlier = earlier.filter(performed_on__lte=record.performed_on)
    return earlier.exclude(pk=record.pk).order_by("-performed_on", "-pk").first()


@dataclass(frozen=True)
class LookBack:
    """What was measured with a gauge since its last good calibration."""

    since: dt.datetime | None
    until: dt.datetime | None
    good: CalibrationRecord | None
    values: Sequence[MeasuredValue]
    answers: Mapping[str, ImpactAnswer] = field(default_factory=dict)
    """The newest answer for each value that has one."""

    @property
    def rows(self) -> list[tuple[MeasuredValue, ImpactAnswer | None]]:
        """Each value with what is said about it."""
        return [(value, self.answers.get(value.key)) for value in self.values]

    @property
    def unanswered(self) -> list[MeasuredValue]:
        """Values of which nothing is said yet."""
        return [value for value in self.values if value.key not in self.answers]

    @property
    def sha256(self) -> str:
        """The digest of the list with its answers, which a signature covers."""
        told = {key: [key, one.answer, one.reason] for key, one in self.answers.items()}
        content = json.dumps([told.get(value.key, value.key) for value in self.values], separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()


def look_back(record: CalibrationRecord, user: Any = None) -> LookBack:
    """Every value measured with the gauge from its last good calibration to this one."""
    site = site_of(record.plan)
    good = last_good_before(record)
    since = _day_begins(good.performed_on, site) if good is not None and good.performed_on is not None else None
    until = _day_begins(record.performed_on + dt.timedelta(days=1), site) if record.performed_on is not None else None
    values = ask(MeasuredWith(record.plan.equipment_id, since, until, user))
    answers = {
        one.key: one for one in ImpactAnswer.objects.filter(record=record).select_related("actor").order_by("pk")
    }
    return LookBack(since, until, good, values, answers)


def _day_begins(day: dt.date, site: Site) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZoneInfo(site.time_zone))


def due_plans(limit: int) -> list[CalibrationPlan]:
    """Gauges in service whose calibration has to be asked for: due soon, overdue or never done, and not yet asked."""
    soon = now().date() + DUE_SOON
    wanted = gauges().filter(Q(due_on__isnull=True) | Q(due_on__lte=soon), status="in_service")
    open_ones = CalibrationRecord.objects.filter(status__in=OPEN)
    return list(wanted.exclude(pk__in=open_ones.values("plan")).order_by("due_on", "pk")[:limit])
