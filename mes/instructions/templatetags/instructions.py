"""Words about data points in templates: `{% load instructions %}` … `{{ point|limits }}`."""

from __future__ import annotations

from django import template

from mes.instructions.models import DataPoint
from mes.instructions.queries import limits_text

register = template.Library()


@register.filter
def limits(data_point: DataPoint) -> str:
    """What counts as in, such as “11.0 to 13.0 N·m”; empty when everything does."""
    return limits_text(data_point)
