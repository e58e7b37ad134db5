"""A placed label as SVG: the picture on screens and the page of the PDF are the same drawing."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.printing.labels.placing import Placed, PlacedCode

UNITS = 100
"""Units of the drawing in a millimetre: letters of a few units are badly spaced by some renderers."""


def _u(value: float) -> str:
    return f"{value * UNITS:.1f}".rstrip("0").rstrip(".")


def _code(code: PlacedCode) -> SafeString:
    is_linear = code.symbol.kind == "code128"
    down = code.height / code.symbol.rows if is_linear else code.module
    return format_html(
        '<path fill="#000" shape-rendering="crispEdges" transform="translate({} {}) scale({} {})" d="{}"/>',
        _u(code.x), _u(code.y), f"{code.module * UNITS:.4f}", f"{down * UNITS:.4f}", mark_safe(code.symbol.path),
    )  # fmt: skip


def svg(placed: Placed, *, title: str = "") -> SafeString:
    """The label as an `<svg>` element of its size in millimetres, without style attributes."""
    layout = placed.layout
    width, height = _u(layout.width), _u(layout.height)
    boxes = format_html_join(
        "",
        '<path fill="#000" fill-rule="evenodd" d="M{0} {1}h{2}v{3}h-{2}z{4}"/>',
        (
            (
                _u(box.x),
                _u(box.y),
                _u(box.width),
                _u(box.height),
                _hole(box.x, box.y, box.width, box.height, box.thickness),
            )
            for box in placed.boxes
        ),
    )
    texts = format_html_join(
        "",
        '<text x="{}" y="{}" font-family="Plex, sans-serif" font-size="{}" font-weight="{}" fill="#000">{}</text>',
        (
            (_u(line.x), _u(line.baseline), _u(text.size), 600 if text.is_bold else 400, line.text)
            for text in placed.texts
            for line in text.lines
        ),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="label" role="img" aria-label="{}" width="{}mm" height="{}mm" '
        'viewBox="0 0 {} {}"><rect width="{}" height="{}" fill="#fff"/>{}{}{}</svg>',
        title or " ".join(placed.said), f"{layout.width:g}", f"{layout.height:g}", width, height, width, height,
        boxes, texts, format_html_join("", "{}", ((_code(code),) for code in placed.codes)),
    )  # fmt: skip


def _hole(x: float, y: float, width: float, height: float, thickness: float) -> str:
    """The inside of a frame; nothing where it is a line."""
    inner_width, inner_height = width - 2 * thickness, height - 2 * thickness
    if inner_width <= 0 or inner_height <= 0:
        return ""
    return f"M{_u(x + thickness)} {_u(y + thickness)}h{_u(inner_width)}v{_u(inner_height)}h-{_u(inner_width)}z"
