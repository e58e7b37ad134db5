"""Scrap reasons: the words in which operators say why pieces were lost."""

from __future__ import annotations

from typing import Any

from core.kernel.deeds import service
from core.organization.services import require
from core.organization.services.configuration import configuring
from mes.routing.models import ScrapReason

CHANGE = "mes_routing.change_scrapreason"


@service
def create_scrap_reason(*, code: str, name: str, actor: Any, is_active: bool = True, reason: str = "") -> ScrapReason:
    """Create a scrap reason. Raises `ValidationError` when the code is taken."""
    require(actor, CHANGE)
    created = ScrapReason(code=code.strip(), name=name.strip(), is_active=is_active)
    created.full_clean()
    with configuring(created):
        created.save()
    return created


@service
def change_scrap_reason(
    *, scrap_reason: ScrapReason, code: str, name: str, is_active: bool, actor: Any, reason: str = ""
) -> ScrapReason:
    """Change a scrap reason; it is switched off, not deleted, because outputs name it."""
    require(actor, CHANGE)
    changed = ScrapReason.objects.select_for_update().get(pk=scrap_reason.pk)
    with configuring(changed):
        changed.code, changed.name, changed.is_active = code.strip(), name.strip(), is_active
        changed.full_clean()
        changed.save()
    return changed
