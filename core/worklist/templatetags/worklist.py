"""`{% load worklist %}`: what the worklist adds to the page of any record."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from core.worklist.queries import asked_in_words, may_pass_on, may_reschedule, nobody_may, open_work

register = template.Library()


@register.inclusion_tag("core/worklist/_work_on.html", takes_context=True)
def waiting_on(context: Context, record: Any) -> dict[str, Any]:
    """`{% waiting_on record %}`: who is asked to do what about it, and by when."""
    user = context["request"].user
    return {
        "lines": [
            {
                "work": work,
                "asked": asked_in_words(work, work.role_name or ""),
                "nobody": nobody_may(work),
                "passable": may_pass_on(user, work),
                "movable": may_reschedule(user, work),
            }
            for work in open_work(record)
        ]
    }
