"""`{% load reporting %}`: charts drawn on the server, the same on the screen and in the sealed PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.web.markup import number
from qms.complaints.queries.trend import Point, Trend
from qms.complaints.templatetags.complaints import trend_chart
from qms.reporting.queries import Pareto

register = template.Library()
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 300, 60, 840, 20, 250
MOST_BARS = 15
"""Bars that are drawn; the table beside has them all."""
LETTERS = 12


@dataclass(frozen=True)
class DrawnBar:
    """A bar of the picture and the list behind it."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    label: str
    title: str
    url: str


@dataclass(frozen=True)
class Tick:
    """A line of the scale, and what it says on the left and on the right."""

    y: str
    text_y: str
    label: str
    share: str


@dataclass(frozen=True)
class Dot:
    """A month of the picture and the list behind it."""

    x: str
    y: str
    title: str
    url: str
    is_high: bool


def _steps(highest: int) -> tuple[int, int]:
    """A round step and the end of a scale of whole numbers that holds `highest`."""
    step = 1
    while step * 5 < highest:
        step = step * 2 if str(step)[0] != "2" else step // 2 * 5
    return step, step * max(1, -(-highest // step))


@register.inclusion_tag("qms/reporting/_pareto.html")
def pareto_chart(found: Pareto, urls: Sequence[str] = ()) -> dict[str, Any]:
    """`{% pareto_chart pareto urls %}`: bars by frequency, a line of the shares summed up; `urls` lead to the lists."""
    bars = list(found.bars[:MOST_BARS])
    step, top = _steps(max((bar.count for bar in bars), default=1))
    width = (RIGHT - LEFT) / max(len(bars), 1)

    def y(value: float, highest: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / highest

    drawn, line = [], []
    for place, bar in enumerate(bars):
        left, high = LEFT + place * width, y(bar.count, top)
        short = bar.short or _("not known")
        drawn.append(
            DrawnBar(
                f"{left + width * 0.1:.1f}", f"{high:.1f}", f"{width * 0.8:.1f}", f"{BOTTOM - high:.1f}",
                f"{left + width / 2:.1f}", short if len(short) <= LETTERS else f"{short[: LETTERS - 1]}…",
                _("%(name)s: %(count)s, summed up %(share)s %%")
                % {"name": bar.name or _("not known"), "count": bar.count, "share": round(bar.cumulative * 100)},
                urls[place] if place < len(urls) else "",
            )
        )  # fmt: skip
        line.append(f"{left + width / 2:.1f},{y(bar.cumulative, 1):.1f}")
    ticks = []
    for value in range(0, top + 1, step):
        at = y(value, top)
        ticks.append(Tick(f"{at:.1f}", f"{at + 4:.1f}", number(value), f"{round(100 * value / top)} %"))
    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "bottom": BOTTOM, "label_x": LEFT - 8,
        "share_x": RIGHT + 8, "label_y": BOTTOM + 22, "bars": drawn, "ticks": ticks, "line": " ".join(line),
        "more": len(found.bars) - len(bars),
        "words": _("Bars of %(bars)s values, the most frequent first; the table beside it says the same.")
        % {"bars": len(bars)},
    }  # fmt: skip


@register.inclusion_tag("qms/reporting/_rate.html")
def rate_chart(trend: Trend, urls: Sequence[str], volume: str) -> dict[str, Any]:
    """`{% rate_chart trend urls volume %}`: the rates between the limits of a u chart; `urls` lead to the lists."""
    drawn = trend_chart(trend)
    months = [(point, url) for point, url in zip(trend.points, urls or [""] * len(trend.points), strict=True)]
    shown = [(point, url) for point, url in months if point.rate is not None]
    dots = [
        Dot(dot.x, dot.y, _title(point, volume), url, point.is_high)
        for dot, (point, url) in zip(drawn["dots"], shown, strict=True)
    ]
    words = _("Nonconformances per 1,000 %(volume)s in %(months)s months; %(alarms)s above the limit.") % {
        "volume": volume,
        "months": len(trend.points),
        "alarms": len(trend.alarms),
    }
    return {**drawn, "dots": dots, "words": words, "volume": volume}


def _title(point: Point, volume: str) -> str:
    return _("%(month)s: %(count)s, %(rate)s per 1,000 %(volume)s (limit %(upper)s)") % {
        "month": date_format(point.month, "F Y"),
        "count": point.count,
        "rate": number(round(point.rate or 0.0, 2)),
        "volume": volume,
        "upper": number(round(point.upper, 2)),
    }
