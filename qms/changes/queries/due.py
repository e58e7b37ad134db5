"""What the clock brings: releases, returns, and approvals that are late."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from core.kernel.clock import now
from core.organization.models import Site
from qms.changes.lifecycle import IN_FORCE
from qms.changes.models import ChangeOrder

SATURDAY = 5


def due_releases() -> QuerySet[ChangeOrder]:
    """Ready changes whose signed date has come, the earliest first."""
    found = ChangeOrder.objects.filter(status="ready", release_at__lte=now()).select_related("site")
    return found.order_by("release_at", "pk")


def due_returns() -> QuerySet[ChangeOrder]:
    """Temporary changes in force whose time is over and whose return was not refused before."""
    found = ChangeOrder.objects.filter(
        status__in=IN_FORCE, is_temporary=True, expires_at__lte=now(), return_refused_at__isnull=True
    )
    return found.select_related("site").order_by("expires_at", "pk")


def late_retrospectives() -> QuerySet[ChangeOrder]:
    """Emergency changes without approval in time of which nobody was told yet."""
    found = ChangeOrder.objects.filter(
        status="released", urgency="emergency", retrospective_due_at__lt=now(), escalated_at__isnull=True
    )
    return found.select_related("site").order_by("retrospective_due_at", "pk")


def working_days_after(moment: dt.datetime, days: int, site: Site) -> dt.datetime:
    """The same time of day so many working days (Monday to Friday at the site) later."""
    found = moment.astimezone(ZoneInfo(site.time_zone))
    while days > 0:
        found += dt.timedelta(days=1)
        days -= found.weekday() < SATURDAY
    return found
