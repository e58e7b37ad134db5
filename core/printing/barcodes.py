"""Barcodes as inline SVG: crisp at any size, no style attributes, the same on screens and in PDFs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import zxingcpp
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.kernel.gs1 import Gs1Error, build

_PATH = re.compile(r'<path d="([^"]+)"')
_SIZE = re.compile(r'<svg width="(\d+)" height="(\d+)"')

# Quiet zones in modules as the symbologies ask for them: ISO/IEC 18004 (QR) 4, ISO/IEC 15417 (Code 128) 10,
# ISO/IEC 16022 (Data Matrix) 1; Data Matrix gets 2 because labels are cut and photocopied.
_QUIET = {"qr": 4, "code128": 10, "datamatrix": 2}
_FORMATS = {
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "code128": zxingcpp.BarcodeFormat.Code128,
    "datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
}
# The encoder's own choice may be a rectangle of ISO/IEC 21471 (DMRE), which most scanners do not read.
_SQUARE = {"force_square": True}
_MODULE_MM = {"qr": 0.5, "code128": 0.3, "datamatrix": 0.5}


class BarcodeError(ValueError):
    """The text cannot be written in the symbology that was asked for."""


@dataclass(frozen=True)
class Barcode:
    """One symbol: its modules as an SVG path, its size in modules, and what a reader will return."""

    kind: str
    text: str
    path: str
    columns: int
    rows: int

    def svg(self, *, module_mm: float | None = None, height_mm: float = 12, label: str = "") -> SafeString:
        """The symbol as an `<svg>` element in millimetres; `height_mm` is used by linear symbols only."""
        module = module_mm or _MODULE_MM[self.kind]
        quiet = _QUIET[self.kind]
        linear = self.kind == "code128"
        width = self.columns + 2 * quiet
        rows = self.rows + (0 if linear else 2 * quiet)
        top = 0 if linear else -quiet
        height = height_mm if linear else rows * module
        return format_html(
            '<svg class="barcode barcode-{}" role="img" aria-label="{}" width="{}mm" height="{}mm" '
            'viewBox="{} {} {} {}" preserveAspectRatio="none" shape-rendering="crispEdges">'
            '<rect x="{}" y="{}" width="{}" height="{}" fill="#fff"/><path fill="#000" d="{}"/></svg>',
            self.kind, label or self.text, _mm(width * module), _mm(height), -quiet, top, width, rows,
            -quiet, top, width, rows, mark_safe(self.path),
        )  # fmt: skip


def qr(text: str) -> Barcode:
    """A QR code with 15 % error correction (level M)."""
    # Readers guess the alphabet of unmarked bytes; other texts than ASCII say that they are UTF-8.
    return _encode("qr", text, ec_level="M", **({} if text.isascii() else {"eci": "UTF-8"}))


def code128(text: str) -> Barcode:
    """A Code 128 symbol; raises `BarcodeError` for characters outside Latin-1 or an empty text."""
    return _encode("code128", text)


def datamatrix(text: str) -> Barcode:
    """A square Data Matrix ECC 200 symbol."""
    return _encode("datamatrix", text, **_SQUARE)


def gs1_datamatrix(elements: Sequence[tuple[str, str]]) -> Barcode:
    """A GS1 Data Matrix of application identifiers and values, e.g. `[("01", gtin), ("10", lot)]`.

    Raises `BarcodeError` that names the broken rule where GS1 forbids a value or misses another identifier beside it.
    """
    return _encode("datamatrix", gs1_text(elements), gs1=True, **_SQUARE)


def gs1_code128(elements: Sequence[tuple[str, str]]) -> Barcode:
    """A GS1-128 symbol of application identifiers and values; errors as `gs1_datamatrix`."""
    return _encode("code128", gs1_text(elements), gs1=True)


def gs1_text(elements: Sequence[tuple[str, str]]) -> str:
    """Element string with bracketed identifiers: values may hold parentheses (GS1 character set 82), never brackets.

    Raises `BarcodeError` in words for what breaks a rule of GS1.
    """
    try:
        made = build(elements)
    except Gs1Error as error:
        raise BarcodeError(str(error)) from error
    return "".join(f"[{identifier}]{value}" for identifier, value in made.pairs)


def _encode(kind: str, text: str, **options: object) -> Barcode:
    if not text:
        raise BarcodeError("a barcode needs a text")
    try:
        symbol = zxingcpp.create_barcode(text, _FORMATS[kind], **options)
        drawing = symbol.to_svg(add_quiet_zones=False)
    except (ValueError, RuntimeError) as error:
        raise BarcodeError(str(error)) from error
    size, path = _SIZE.search(drawing), _PATH.search(drawing)
    if not symbol.valid or size is None or path is None:
        raise BarcodeError(f"{text!r} cannot be written as {kind}")
    return Barcode(kind, symbol.text, path[1], int(size[1]), int(size[2]))


def _mm(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
