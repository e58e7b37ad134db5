"""Start-up checks: what is declared must be wired."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import Error, register

from core.kernel.closure import unclassified
from core.kernel.lifecycle import lifecycles
from core.kernel.permissions import catalogue
from core.kernel.wiring import MOVE_SERVICES, unanswered


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
    for (label, name), made_by in MOVE_SERVICES.items():
        spec = lifecycles()[label].by_move.get(name) if label in lifecycles() else None
        if spec is None or bool(spec.signature) is not ("signature" in made_by.parameters):
            text = "makes no move of the lifecycle, or takes a signature where none is given or none where one is"
            errors.append(Error(f"{made_by.function.__qualname__} ({label}.{name}) {text}", id="trueline.E005"))
    return errors


@register
def signatures_cover_what_they_should(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Every column of a signable model is classified, and every model whose moves are signed is signable."""
    errors = [
        Error(f"{model._meta.label}, what a signature covers: {problem}", id="trueline.E003")
        for model in apps.get_models()
        if getattr(model, "closure", None) is not None
        for problem in unclassified(model)
    ]
    errors += [
        Error(f"{lifecycle.label}.{move.name} is signed, but the model declares no closure", id="trueline.E004")
        for lifecycle in lifecycles().values()
        for move in lifecycle.moves
        if move.signature and getattr(apps.get_model(lifecycle.label), "closure", None) is None
    ]
    return errors
