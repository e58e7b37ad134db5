"""Start-up checks: what is declared must be wired."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from core.kernel.lifecycle import lifecycles
from core.kernel.permissions import catalogue
from core.kernel.wiring import unanswered


@register
def wiring_is_complete(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Mandatory questions have an answer, and every move names a declared permission."""
    errors = [
        Error(f"The mandatory question {question.__module__}.{question.__name__} has no answer", id="trueline.E001")
        for question in unanswered()
    ]
    known = catalogue()
    errors += [
        Error(f"{lifecycle.label}.{move.name} names the undeclared permission {move.permission}", id="trueline.E002")
        for lifecycle in lifecycles().values()
        for move in lifecycle.moves
        if move.permission not in known
    ]
    return errors
