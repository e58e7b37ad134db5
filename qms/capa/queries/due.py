"""What the clock has to do with CAPAs."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet

from core.kernel.clock import now
from qms.capa.models import EffectivenessCheck


def due_checks(at: dt.datetime | None = None) -> QuerySet[EffectivenessCheck]:
    """Checks whose window is over and that have no result for it yet."""
    found = EffectivenessCheck.objects.select_related("capa__site").filter(
        watched_until__lte=at or now(), capa__status="effectiveness", cycle=F("capa__cycle")
    )
    return found.exclude(results__watched_until=F("watched_until")).order_by("pk")
