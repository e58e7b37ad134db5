"""What those who watch over the system read: exports."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.trail.models import TrailEvent
from core.trail.queries.sources import Reach, sources

EXPORTED = ("exported", "list_exported", "seals_exported", "trail_exported")
"""Kinds of events by which something leaves the system."""


def exports_seen_by(user: Any) -> QuerySet[TrailEvent]:
    """The exports that a person may know of: those about what they see, and those of people within their reach."""
    source = next(source for source in sources() if source.base is TrailEvent)
    rows = Reach(user).rows(source)
    return TrailEvent.objects.none() if rows is None else rows.filter(kind__in=EXPORTED).select_related("actor")
