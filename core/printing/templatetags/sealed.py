"""Tags of printed records: `{% load sealed %}`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.printing import barcodes
from core.printing.documents import CUT
from core.web.markup import quantity

register = template.Library()
T = TypeVar("T")

PAPER_BAR_MM = 0.4
ROWS_PER_TABLE = 400
"""A longer table is continued as a new one, so that a long record can be cut there."""


@register.simple_tag(takes_context=True)
def moment(context: Context, at: dt.datetime | None, zone: str = "") -> str:
    """`{% moment signature.signed_at %}`: date, time and offset in the zone of the printed record's site."""
    if at is None:
        return "–"
    name = zone or getattr(context.get("printed"), "zone", "") or "UTC"
    return at.astimezone(ZoneInfo(name)).isoformat(sep=" ", timespec="seconds").replace("+", " +")


@register.simple_tag
def limits(low: Decimal | None, high: Decimal | None, uom: str = "") -> SafeString:
    """`{% limits value.lower_limit value.upper_limit value.uom %}`: “10 … 12 N·m”, “≥ 10 N·m”; “–” for none."""
    if low is None and high is None:
        return SafeString("–")
    if low is None:
        return format_html("≤ {}", quantity(high, uom))
    if high is None:
        return format_html("≥ {}", quantity(low, uom))
    return format_html("{} … {}", quantity(low), quantity(high, uom))


@register.simple_tag
def stylesheet(name: str) -> SafeString:
    """`{% stylesheet "trueline/sealed.css" %}`: a static file by its source name, as the renderer serves it."""
    return format_html('<link rel="stylesheet" href="/static/{}">', name)


@register.simple_tag
def cut() -> SafeString:
    """Where a long document may be cut into pieces: between blocks, never inside one."""
    return mark_safe(CUT)


@register.filter
def in_parts(rows: Sequence[T], size: int = ROWS_PER_TABLE) -> list[Sequence[T]]:
    """`{% for part in rows|in_parts %}`: a long list as several tables, with a cut mark between them."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


@register.filter
def short_hash(digest: str) -> str:
    """The first 16 digits in groups of four: what a person compares."""
    return " ".join(digest[start : start + 4] for start in range(0, min(16, len(digest)), 4))


@register.simple_tag
def barcode(kind: str, text: str, height: float = 12, module: float | None = None, label: str = "") -> SafeString:
    """`{% barcode "code128" order.number height=10 %}`: an SVG symbol; kind qr, code128 or datamatrix."""
    makers = {"qr": barcodes.qr, "code128": barcodes.code128, "datamatrix": barcodes.datamatrix}
    return makers[kind](text).svg(height_mm=height, module_mm=module, label=label)


@register.simple_tag
def gs1(*parts: str, linear: bool = False, height: float = 12, module: float | None = None) -> SafeString:
    """`{% gs1 "01" gtin "10" lot.number %}`: a GS1 Data Matrix, or GS1-128 with `linear=True`."""
    elements = list(zip(parts[::2], parts[1::2], strict=True))
    symbol = barcodes.gs1_code128(elements) if linear else barcodes.gs1_datamatrix(elements)
    return symbol.svg(height_mm=height, module_mm=module)


@register.simple_tag
def gs1_elements(elements: Sequence[tuple[str, str]], module: float | None = None) -> SafeString:
    """`{% gs1_elements label.elements %}`: a GS1 Data Matrix of (identifier, value) pairs."""
    return barcodes.gs1_datamatrix(elements).svg(module_mm=module)


@register.filter
def label_module(size: str) -> float:
    """Edge of a Data Matrix module in millimetres that suits a label of this size."""
    return 0.45 if size == "57x32" else 0.8


@register.inclusion_tag("ui/print/code.html")
def code(kind: str, text: str, label: str = "", height: float = 12, module: float | None = None) -> dict[str, Any]:
    """`{% code "code128" lot.number _("Lot") %}`: a symbol with its label above and its text below.

    Bars are wide enough for a camera or a scanned copy at 150 dots an inch (ISO/IEC 15417 X-dimension 0.4 mm).
    """
    if module is None and kind == "code128":
        module = PAPER_BAR_MM
    return {"svg": barcode(kind, text, height, module, label), "text": text, "label": label}


@register.inclusion_tag("ui/print/signatures.html", takes_context=True)
def signature_manifest(context: Context, states: Iterable[Any]) -> dict[str, Any]:
    """`{% signature_manifest states %}`: core.signing.queries.manifest(record) as 21 CFR 11.50 asks for it."""
    return {"states": list(states), "printed": context.get("printed")}


@register.inclusion_tag("ui/print/trail.html", takes_context=True)
def trail_appendix(context: Context, entries: Iterable[Any]) -> dict[str, Any]:
    """`{% trail_appendix entries %}`: timeline entries (core.web.slots.timeline) as an appendix, oldest first."""
    ordered = sorted(entries, key=lambda entry: entry.at)
    return {"parts": in_parts(ordered), "printed": context.get("printed")}
