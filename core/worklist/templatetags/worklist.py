"""`{% load worklist %}`: what the worklist adds to the page of any record."""

from __future__ import annotations

from typing import Any

from django import template

from core.worklist.queries import open_work

register = template.Library()


@register.inclusion_tag("core/worklist/_work_on.html")
def waiting_on(record: Any) -> dict[str, Any]:
    """`{% waiting_on record %}`: who is asked to do what about it, and by when."""
    return {"work": open_work(record)}
