"""Barcodes as inline SVG: crisp at any size, no style attributes, the same on screens and in PDFs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import zxingcpp
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

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
_MODULE_MM = {"qr": 0.5, "code128": 0.3, "datamatrix": 0.5}


# Identifiers whose value ends in a modulo-10 check digit, with their length (GS1 General Specifications 7.9.1).
_CHECKED = {"00": 18, "01": 14, "02": 14, "03": 14, **{f"41{last}": 13 for last in range(8)}}


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
    """A square-ish Data Matrix ECC 200 symbol."""
    return _encode("datamatrix", text)


def gs1_datamatrix(elements: Sequence[tuple[str, str]]) -> Barcode:
    """A GS1 Data Matrix of application identifiers and values, e.g. `[("01", gtin), ("10", lot)]`.

    Raises `BarcodeError` where GS1 forbids the value (unknown identifier, wrong check digit, wrong length).
    """
    return _encode("datamatrix", gs1_text(elements), gs1=True)


def gs1_code128(elements: Sequence[tuple[str, str]]) -> Barcode:
    """A GS1-128 symbol of application identifiers and values; errors as `gs1_datamatrix`."""
    return _encode("code128", gs1_text(elements), gs1=True)


def gs1_text(elements: Sequence[tuple[str, str]]) -> str:
    """Element string with bracketed identifiers: values may hold parentheses (GS1 character set 82), never brackets."""
    for identifier, value in elements:
        if not identifier.isdigit() or not value or "[" in value or "]" in value:
            raise BarcodeError(f"({identifier}) {value!r} is not a GS1 element")
        length = _CHECKED.get(identifier)
        if length is not None and (len(value) != length or not value.isdigit() or _check_digit(value) != value[-1]):
            raise BarcodeError(f"({identifier}) {value!r} has a wrong length or check digit")
    return "".join(f"[{identifier}]{value}" for identifier, value in elements)


def _check_digit(value: str) -> str:
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(value[:-1])))
    return str(-weighted % 10)


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
