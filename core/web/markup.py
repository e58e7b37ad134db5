"""Small pieces of HTML that templates and table columns share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils import formats
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext

from core.kernel.clock import now

Text = str | Promise
TONES = ("neutral", "info", "good", "warn", "bad")
TONE_ICONS = {"neutral": "circle", "info": "info", "good": "check", "warn": "alert", "bad": "ban"}


CURRENT = SafeString(' aria-current="page"')
_HYPHENED = re.compile(r"(?<!\S)((?=\S*\d)(?=\S{3,24}(?:\s|$))\S+-\S+)")
"""A word of a text that holds a hyphen and a figure, and that fits a line of a phone."""


@cache
def icon_names() -> frozenset[str]:
    """Every icon of the sprite."""
    sprite = (Path(settings.BASE_DIR) / "static" / "vendor" / "icons.svg").read_text(encoding="utf-8")
    return frozenset(part.split('"', 1)[0] for part in sprite.split('<symbol id="')[1:])


def url_of(record: Any) -> str:
    """The address of a record's page, or empty: not every model has one, nor every installation every app."""
    if not hasattr(record, "get_absolute_url"):
        return ""
    try:
        return str(record.get_absolute_url())
    except NoReverseMatch:
        return ""


def icon(name: str, label: Text = "") -> SafeString:
    """An icon of the sprite; with a label it is an image that says so, else it is decoration."""
    if not label:
        return _decoration(name)
    return format_html(
        '<svg class="tl-icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, _address_of_icon(name)
    )


@cache
def _decoration(name: str) -> SafeString:
    return format_html('<svg class="tl-icon" aria-hidden="true"><use href="{}"></use></svg>', _address_of_icon(name))


def _address_of_icon(name: str) -> str:
    return f"{static('vendor/icons.svg')}#{name}"


def navigation_links(links: Iterable[Any]) -> SafeString:
    """The entries of one group of the navigation: thirty of them on every page, too many for nodes of a template."""
    waiting = gettext("waiting")
    return format_html_join(
        "",
        '<li><a href="{}"{}>{}<span>{}</span>{}</a></li>',
        (
            (link.url, CURRENT if link.is_current else "", icon(link.icon), link.label, _waiting(link.count, waiting))
            for link in links
        ),
    )


def _waiting(count: int, word: str) -> SafeString | str:
    if not count:
        return ""
    return format_html('<span class="tl-nav-count">{}<span class="tl-sr"> {}</span></span>', count, word)


def unbroken(text: str) -> SafeString:
    """A text in which numbers such as TT-100-2 stay on one line: a browser would break them after their hyphens."""
    parts = _HYPHENED.split(text)
    return format_html_join(
        "",
        "{}",
        ((format_html('<span class="tl-nowrap">{}</span>', part) if n % 2 else part,) for n, part in enumerate(parts)),
    )


def badge(label: Text, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """A state or a mark as word + icon + tone."""
    return format_html(
        '<span class="tl-state tl-state-{}">{}{}</span>',
        tone if tone in TONES else "neutral",
        icon(icon_name or TONE_ICONS.get(tone, "circle")),
        label,
    )


def state_of(record: Any) -> SafeString:
    """The badge of a record's present state."""
    state = record.lifecycle.state(record.status)
    return badge(state.label, state.tone, state.icon)


def offset_of(moment: dt.datetime) -> str:
    """The offset of an aware moment: `UTC`, `UTC+1`, `UTC+5:30`."""
    seconds = int((moment.utcoffset() or dt.timedelta()).total_seconds())
    if not seconds:
        return "UTC"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"UTC{'+' if seconds > 0 else '−'}{hours}" + (f":{minutes:02}" if minutes else "")


def site_time(value: dt.datetime | None, zone: dt.tzinfo, *, seconds: bool = False) -> SafeString:
    """A moment in a zone, with the offset; the machine reads UTC."""
    if value is None:
        return SafeString("–")
    local = value.astimezone(zone)
    clock = formats.date_format(local, "H:i:s" if seconds else "H:i")
    return format_html(
        '<time class="tl-time" datetime="{}">{} {} <span class="tl-offset">{}</span></time>',
        value.astimezone(dt.UTC).isoformat(timespec="seconds"),
        formats.date_format(local, "j M Y"),
        clock,
        offset_of(local),
    )


def due(value: dt.datetime | None) -> SafeString:
    """How long until something is due, or how long it is over, as word + icon + tone."""
    if value is None:
        return SafeString("–")
    moment = now()
    if value < moment:
        text = gettext("%(time)s overdue") % {"time": timesince(value, moment, depth=1)}
        return badge(text, "bad", "alarm")
    text = gettext("due in %(time)s") % {"time": timesince(moment, value, depth=1)}
    return badge(text, "warn" if value - moment < dt.timedelta(days=3) else "neutral", "clock")


def number(value: Any, decimals: int | None = None) -> str:
    """A number with the language's decimal sign; from five digits on grouped by thin spaces, which no country reads
    as a decimal sign. Without `decimals` trailing zeros go; with it they stay, where a drawing counts them.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    figure = Decimal(str(value))
    text = f"{figure:.{decimals}f}" if decimals is not None else f"{figure:f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, fraction = text.partition(".")
    sign, digits = ("\u2212", whole[1:]) if whole.startswith("-") else ("", whole)
    if len(digits) > 4:
        digits = f"{int(digits):,}".replace(",", "\u202f")
    separator = str(formats.get_format("DECIMAL_SEPARATOR")) if fraction else ""
    return f"{sign}{digits}{separator}{fraction}"


def quantity(value: Any, unit: Text = "", decimals: int | None = None) -> SafeString:
    """A number with its unit; `–` where nothing was given."""
    if value is None or value == "":
        return SafeString("–")
    shown = number(value, decimals)
    if not unit:
        return format_html('<span class="tl-qty">{}</span>', shown)
    return format_html('<span class="tl-qty">{}&nbsp;<span class="tl-qty-unit">{}</span></span>', shown, unit)


def scale(value: Any, low: Any, high: Any, warn_low: Any = None, warn_high: Any = None) -> dict[str, Any]:
    """Positions of the bands and the marker of a measuring scale, in thousandths of its width.

    The limits lie at 120 and 880; a value further out sticks to the edge. Without warning limits there is no
    warning band.
    """
    lowest, highest = Decimal(str(low)), Decimal(str(high))
    span = (highest - lowest) or Decimal(1)

    def at(figure: Any) -> int:
        share = (Decimal(str(figure)) - lowest) / span
        return int(min(Decimal(992), max(Decimal(8), 120 + 760 * share)))

    left = at(warn_low) if warn_low is not None else 120
    right = at(warn_high) if warn_high is not None else 880
    figure = None if value in (None, "") else Decimal(str(value))
    return {
        "low": number(lowest),
        "high": number(highest),
        "bands": [
            ("bad", 0, 120),
            ("warn", 120, left - 120),
            ("good", left, right - left),
            ("warn", right, 880 - right),
            ("bad", 880, 120),
        ],
        "mark": None if figure is None else at(figure) - 4,
        "is_out": figure is not None and not lowest <= figure <= highest,
    }
