"""How the trail's events look in answers of the API."""

from __future__ import annotations

from core.trail.models import TrailEvent
from core.web.api import FactShape


class TrailEventShape(FactShape):
    """What happened that changed no row."""

    class Meta:
        model = TrailEvent
        fields = ("id", "stamped_at", "actor", "kind", "text", "data", "subject_label")
