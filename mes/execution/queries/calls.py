"""Calls for help from an operation, as the person who called sees them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from core.lifecycle.models import Transition
from mes.execution.models import Andon, OrderOperation


@dataclass(frozen=True)
class Call:
    """An open call, and who has said that they are coming ("" while nobody has)."""

    andon: Andon
    answered_by: str


def open_calls(order_operation: OrderOperation) -> list[Call]:
    """The calls of an operation that are not settled, newest first; two queries."""
    calls = list(Andon.objects.filter(order_operation=order_operation).exclude(status="closed").order_by("-id")[:5])
    answers = Transition.objects.filter(
        subject_type=ContentType.objects.get_for_model(Andon),
        subject_id__in=[call.pk for call in calls],
        move="acknowledge",
    )
    by = {answer.subject_id: str(answer.actor) for answer in answers.select_related("actor")}
    return [Call(call, by.get(call.pk, "")) for call in calls]
