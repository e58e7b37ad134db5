"""`{% load nonconformance %}`: pictures of a nonconformance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from core.web.markup import number
from qms.nonconformance.questions import MeasuredSeries

register = template.Library()
WIDTH, HEIGHT, MARGIN, LABELS = 630, 150, 20, 110
"""`LABELS` is the room left of the values, for the figures of the limits."""
ABOVE, BELOW, APART = -4, 12, 30
"""Where the figure of a limit stands beside its line; lines nearer than `APART` share one figure."""


@dataclass(frozen=True)
class Dot:
    """A value as a point of the picture."""

    x: str
    y: str
    label: str
    is_bad: bool


def _figures(series: MeasuredSeries, y: Callable[[Decimal], str]) -> list[tuple[str, int, str]]:
    """The lines of the limits, each with its figure and the place of it."""
    lower, upper = series.lower, series.upper
    if lower is not None and upper is not None and float(y(lower)) - float(y(upper)) < APART:
        both = _("%(lower)s to %(upper)s") % {"lower": number(lower), "upper": number(upper)}
        return [(y(lower), BELOW, ""), (y(upper), ABOVE, both)]
    named = ((lower, BELOW), (upper, ABOVE))
    return [(y(limit), offset, number(limit)) for limit, offset in named if limit is not None]


@register.filter
def of_line(signers: Mapping[int, Mapping[str, str]], line: Any) -> Any:
    """`{{ signers|of_line:disposition }}`: the functions that sign this line, and who has."""
    return signers.get(line.pk, {}).items()


@register.inclusion_tag("qms/nonconformance/_measured.html")
def measured_chart(series: MeasuredSeries) -> dict[str, Any]:
    """`{% measured_chart series %}`: the latest values between their limits, drawn on the server."""
    values = [point.value for point in series.points]
    limits = [limit for limit in (series.lower, series.upper) if limit is not None]
    low, high = min([*values, *limits]), max([*values, *limits])
    spread = (high - low) or Decimal(1)

    def y(value: Decimal) -> str:
        return f"{MARGIN + (HEIGHT - 2 * MARGIN) * float((high - value) / spread):.1f}"

    step = (WIDTH - LABELS - MARGIN) / max(len(values) - 1, 1)
    dots = [
        Dot(f"{LABELS + place * step:.1f}", y(point.value), f"{point.label} {number(point.value)}", not point.is_within)
        for place, point in enumerate(series.points)
    ]
    band_top = y(series.upper) if series.upper is not None else f"{MARGIN}"
    band_bottom = y(series.lower) if series.lower is not None else f"{HEIGHT - MARGIN}"
    return {
        "series": series,
        "width": WIDTH,
        "height": HEIGHT,
        "line": " ".join(f"{dot.x},{dot.y}" for dot in dots),
        "dots": dots,
        "band_top": band_top,
        "band_height": f"{float(band_bottom) - float(band_top):.1f}",
        "limits": _figures(series, y),
        "right": WIDTH - MARGIN,
        "number_bad": sum(dot.is_bad for dot in dots),
    }
