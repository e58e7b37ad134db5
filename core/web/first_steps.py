"""What a new plant still needs, for whoever may do it; nothing once all of it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists
from django.http import HttpRequest

from core.kernel.wiring import ask
from core.web.access import held
from core.web.questions import FirstStep, FirstStepsOf


@dataclass(frozen=True)
class ShownStep:
    """One step as it is shown."""

    step: FirstStep
    is_done: bool


def first_steps(request: HttpRequest) -> list[ShownStep]:
    """The steps that the visitor may do, in their order, while one of them is not done; all found in one query."""
    steps = [step for step in ask(FirstStepsOf(request.user)) if step.permission in held(request)]
    if not steps:
        return []
    steps.sort(key=lambda step: step.order)
    visitor: Any = request.user
    person = get_user_model()._default_manager.filter(pk=visitor.pk)
    done = person.values_list(*(Exists(step.done) for step in steps)).get()
    return [] if all(done) else [ShownStep(step, is_done) for step, is_done in zip(steps, done, strict=True)]
