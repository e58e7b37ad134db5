"""`{% load worklist %}`: what the worklist adds to the page of any record."""

from __future__ import annotations

from typing import Any

from django import template

from core.worklist.queries import role_names, work_on

register = template.Library()


@register.inclusion_tag("core/worklist/_work_on.html")
def waiting_on(record: Any) -> dict[str, Any]:
    """`{% waiting_on record %}`: who is asked to do what about it, and by when."""
    work = list(work_on(record))
    return {"work": work, "role_names": role_names() if any(not found.to_user_id for found in work) else {}}
