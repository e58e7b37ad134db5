"""`{% load worklist %}`: what the worklist adds to the page of any record."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from core.worklist.queries import may_pass_on, may_reschedule, open_work

register = template.Library()


@register.inclusion_tag("core/worklist/_work_on.html", takes_context=True)
def waiting_on(context: Context, record: Any) -> dict[str, Any]:
    """`{% waiting_on record %}`: who is asked to do what about it, and by when."""
    work, user = open_work(record), context["request"].user
    return {
        "work": work,
        "passable": [asked for asked in work if may_pass_on(user, asked)],
        "movable": [asked for asked in work if may_reschedule(user, asked)],
    }
