"""Tags of the floor's pages: `{% load execution %}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template

from core.kernel.clock import now
from core.signing.lifecycle import MEANINGS
from mes.execution.models import Consumption, OrderOperation
from traceability.models import Material

register = template.Library()
UNDO = dt.timedelta(seconds=10)


@register.filter
def fact_key(fact: Any) -> str:
    """`consumption-12` or `output-7`: how a form names the booking it takes back."""
    return f"{'consumption' if isinstance(fact, Consumption) else 'output'}-{fact.pk}"


@register.filter
def undoable(fact: Any) -> bool:
    """Whether it may still be undone without a reason; never when a value of it was out of limits."""
    return not getattr(fact, "is_out", False) and bool(now() - fact.stamped_at <= UNDO)


@register.filter
def undo_milliseconds(fact: Any) -> int:
    """How long it may still be undone without a reason."""
    return max(int((UNDO - (now() - fact.stamped_at)).total_seconds() * 1000), 0)


@register.filter
def say(messages: Iterable[Any], text: str) -> bool:
    """Whether one of the page's messages says this already."""
    return any(text in str(message) for message in messages)


@register.filter
def entered_value(entered: dict[str, str], key: str) -> str:
    """What was typed before the page said no."""
    return entered.get(f"value-{key}", "")


@register.filter
def meaning_word(meaning: str) -> str:
    """The meaning of a signature in words."""
    return str(MEANINGS.get(meaning, meaning))


@register.filter
def finishes_units(operation: OrderOperation) -> bool:
    """Whether units are finished here one by one, by serial number."""
    return bool(operation.operation.yields_unit and operation.order.material.tracking == Material.Tracking.SERIAL)
