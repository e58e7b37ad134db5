"""`{% load complaints %}`: the picture of the trend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.web.markup import number
from qms.complaints.queries.trend import Point, Trend

register = template.Library()
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 280, 60, 880, 20, 240
MOST_LABELS = 12


@dataclass(frozen=True)
class Dot:
    """A month as a point of the picture."""

    x: str
    y: str
    title: str
    is_high: bool


@dataclass(frozen=True)
class Mark:
    """Words at a place."""

    x: str
    label: str


@dataclass(frozen=True)
class Tick:
    """A line of the scale."""

    y: str
    text_y: str
    label: str


def _top_of(trend: Trend) -> float:
    """The end of the scale: a round figure above everything that is shown."""
    highest = max((max(point.rate or 0.0, point.upper) for point in trend.points), default=0.0) or 1.0
    step = 10.0 ** (len(str(int(highest))) - 1) if highest >= 1 else 0.1
    return (int(highest / step) + 1) * step


@register.inclusion_tag("qms/complaints/_chart.html")
def trend_chart(trend: Trend) -> dict[str, Any]:
    """`{% trend_chart trend %}`: the rates between their limits, drawn on the server."""
    top = _top_of(trend)
    step = (RIGHT - LEFT) / max(len(trend.points) - 1, 1)
    shown = [(LEFT + place * step, point) for place, point in enumerate(trend.points) if point.rate is not None]

    def y(value: float) -> str:
        return f"{BOTTOM - (BOTTOM - TOP) * value / top:.1f}"

    def line(values: Iterable[tuple[float, float]]) -> str:
        return " ".join(f"{x:.1f},{y(value)}" for x, value in values)

    lower = [(x, point.lower) for x, point in shown]
    ticks = [
        Tick(y(top * part / 4), f"{float(y(top * part / 4)) + 4:.1f}", number(round(top * part / 4, 2)))
        for part in range(5)
    ]
    every = -(-len(trend.points) // MOST_LABELS)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": RIGHT,
        "bottom": BOTTOM,
        "label_x": LEFT - 8,
        "months_y": BOTTOM + 22,
        "ticks": ticks,
        "line": line((x, point.rate or 0.0) for x, point in shown),
        "upper": line((x, point.upper) for x, point in shown),
        "lower": line(lower) if any(value > 0 for _x, value in lower) else "",
        "mean": y(trend.mean or 0.0),
        "dots": [Dot(f"{x:.1f}", y(point.rate or 0.0), _title(point), point.is_high) for x, point in shown],
        "months": [
            Mark(f"{LEFT + place * step:.1f}", date_format(point.month, "M y"))
            for place, point in enumerate(trend.points)
            if place % every == 0
        ],
        "words": _("Complaints per 1,000 shipped in %(months)s months; %(alarms)s above the limit.")
        % {"months": len(trend.points), "alarms": len(trend.alarms)},
    }


def _title(point: Point) -> str:
    return _("%(month)s: %(count)s complaints, %(rate)s per 1,000 (limit %(upper)s)") % {
        "month": date_format(point.month, "F Y"),
        "count": point.count,
        "rate": number(round(point.rate or 0.0, 2)),
        "upper": number(round(point.upper, 2)),
    }
