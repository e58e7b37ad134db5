"""Set-based import of scrap reasons."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.trail.services.sets import Stage
from mes.routing.models import ScrapReason
from traceability.services.imports import find_existing, upsert

VALUES = {"name": "s.name", "origin": "%(origin)s", "external_id": "coalesce(s.external_id, '')"}


def check_scrap_reasons(stage: Stage) -> None:
    """Codes are unique."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    find_existing(stage, ScrapReason, "b.code = s.code", VALUES)


def write_scrap_reasons(stage: Stage) -> None:
    """Scrap reasons, new and changed."""
    upsert(stage, ScrapReason, {"code": "s.code", **VALUES}, VALUES)
