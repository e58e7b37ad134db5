"""Print every guard, service of a move, effect, subscriber, question with its answers, job and schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand

from core.kernel import wiring


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def wiring_lines() -> Iterator[str]:
    """The wiring as Markdown, in a stable order; docs/wiring.md is held against it."""
    yield "# Wiring"
    yield ""
    yield "Written by `manage.py show_wiring`; a test compares it."
    yield ""
    yield "## Guards"
    yield ""
    for (label, action), guards in sorted(wiring.GUARDS.items()):
        yield from (f"- {label} · {action} ← `{guard.name}`" for guard in guards)
    yield ""
    yield "## Services by which moves are made"
    yield ""
    for (label, move), made_by in sorted(wiring.MOVE_SERVICES.items()):
        yield f"- {label} · {move} ← `{_name(made_by.function)}`"
    yield ""
    yield "## Effects"
    yield ""
    for (label, move), effects in sorted(wiring.EFFECTS.items()):
        yield from (f"- {label} · {move} → `{_name(effect)}`" for effect in effects)
    yield ""
    yield "## Events and their subscribers"
    yield ""
    for event, subscribers in sorted(wiring.SUBSCRIBERS.items(), key=lambda pair: _name(pair[0])):
        yield from (f"- `{_name(event)}` → `{_name(subscriber)}`" for subscriber in subscribers)
    yield ""
    yield "## Questions and their answers"
    yield ""
    for question in sorted(wiring.Question.known, key=_name):
        given = ", ".join(f"`{_name(answer)}`" for answer in wiring.ANSWERS.get(question, ())) or "no answer"
        yield f"- `{_name(question)}`{' (mandatory)' if question.mandatory else ''} ← {given}"
    yield ""
    yield "## Jobs"
    yield ""
    yield from (f"- {name} → `{_name(handler)}`" for name, handler in sorted(wiring.JOBS.items()))
    yield ""
    yield "## Schedule"
    yield ""
    for name, entry in sorted((current_app.conf.beat_schedule or {}).items()):
        yield f"- {name}: `{entry['task']}` every {entry['schedule']}"


class Command(BaseCommand):
    help = "Print every guard, service of a move, effect, subscriber, question with its answers, job and schedule."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in wiring_lines():
            self.stdout.write(line)
