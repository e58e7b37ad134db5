"""What the templates of changes need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def form_for(forms: Mapping[str, Any], line: Any) -> Any:
    """The form that decides about the order of a line, or None."""
    return forms.get(f"{line.order_type}:{line.demand.order.pk}")
