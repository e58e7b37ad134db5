"""Tags of the floor's pages: `{% load execution %}`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from core.signing.lifecycle import MEANINGS
from mes.execution.models import Consumption, OrderOperation
from mes.execution.queries import left_to_undo
from qms.nonconformance.models import PlannedDeviation
from qms.nonconformance.queries import allowed_of, left_of
from traceability.models import Material
from traceability.queries import plain

register = template.Library()


@register.filter
def fact_key(fact: Any) -> str:
    """`consumption-12` or `output-7`: how a form names the booking it takes back."""
    return f"{'consumption' if isinstance(fact, Consumption) else 'output'}-{fact.pk}"


@register.filter
def undo_milliseconds(fact: Any) -> int:
    """How long it may still be undone without a reason."""
    return int(left_to_undo(fact).total_seconds() * 1000)


@register.filter
def say(messages: Iterable[Any], text: str) -> bool:
    """Whether one of the page's messages says this already."""
    return any(text in str(message) for message in messages)


@register.filter
def entered_value(entered: dict[str, str], key: str) -> str:
    """What was typed before the page said no."""
    return entered.get(f"value-{key}", "")


@register.filter
def deviation_words(deviation: PlannedDeviation) -> str:
    """What a planned deviation allows, and for how many pieces more."""
    return _("%(allowed)s, %(left)s left") % {"allowed": allowed_of(deviation), "left": plain(left_of(deviation))}


@register.filter
def meaning_word(meaning: str) -> str:
    """The meaning of a signature in words."""
    return str(MEANINGS.get(meaning, meaning))


@register.filter
def finishes_units(operation: OrderOperation) -> bool:
    """Whether units are finished here one by one, by serial number."""
    if operation.order.rework_of_id is not None:
        return False
    return bool(operation.operation.yields_unit and operation.order.material.tracking == Material.Tracking.SERIAL)
