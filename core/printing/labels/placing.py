"""A layout with its contents: every text broken into lines, every symbol at the size of whole dots, or why it is not.

Limits of the X-dimension are those of GS1 General Specifications 5.12.3: table 6 (trade items of regulated healthcare
that are not scanned at a till) for GS1 DataMatrix and GS1-128, table 1 for QR codes with a Digital Link.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.kernel.gs1 import build
from core.printing.barcodes import (
    Barcode,
    BarcodeError,
    code128,
    datamatrix,
    gs1_code128,
    gs1_datamatrix,
    qr,
)
from core.printing.labels.layout import Box, Code, Element, Layout, LayoutProblem, Text, name_of
from core.printing.labels.lettering import ASCENT, LINE_HEIGHT, broken, shortened, width_of

X_MM = {"datamatrix": (0.254, 0.990), "code128": (0.170, 0.495), "qr": (0.396, 0.990)}
"""Smallest and largest X-dimension: GS1 symbol specification table 6, for QR that of Digital Links."""
LOGISTIC_X_MM = {"datamatrix": (0.743, 1.500), "code128": (0.495, 0.940), "qr": (0.743, 1.500)}
"""The same of GS1 symbols on logistic units (table 5)."""
QUIET = {"qr": 4, "code128": 10, "datamatrix": 2}
"""Modules that stay white around a symbol (`core.printing.barcodes`)."""
GS1_128_HEIGHT_MM, LOGISTIC_HEIGHT_MM = 12.7, 31.75
"""Bars of GS1-128 are at least so high (tables 6 and 5)."""
GS1_128_CHARACTERS = 48
"""Data characters of GS1-128 (General Specifications 5.4.4)."""


@dataclass(frozen=True)
class Encoded:
    """What a symbol says: GS1 elements, else a text. `problem` tells in words why there is nothing to say."""

    text: str = ""
    elements: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Filled:
    """What is printed: a text for each field, and what each content says."""

    texts: Mapping[str, str]
    codes: Mapping[str, Encoded]


@dataclass(frozen=True)
class Line:
    """One line of a text: where its base line begins, and what it says."""

    x: float
    baseline: float
    text: str


@dataclass(frozen=True)
class PlacedText:
    """A text as it is drawn."""

    size: float
    is_bold: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PlacedCode:
    """A symbol as it is drawn: the top left of its bars, and its module in millimetres and dots."""

    x: float
    y: float
    height: float
    module: float
    module_dots: int
    symbol: Barcode
    encoded: Encoded


@dataclass(frozen=True)
class Placed:
    """A label that is ready to be drawn."""

    layout: Layout
    texts: tuple[PlacedText, ...] = ()
    codes: tuple[PlacedCode, ...] = ()
    boxes: tuple[Box, ...] = ()
    problems: tuple[str, ...] = field(default=())
    """What did not go into its place; only `place(..., strict=False)` leaves any."""

    @property
    def said(self) -> tuple[str, ...]:
        """What its symbols say: element strings with bracketed identifiers, other texts as they are."""
        return tuple(_said(code.encoded) for code in self.codes)


def _said(encoded: Encoded) -> str:
    return build(encoded.elements).bracketed() if encoded.elements else encoded.text


def place(layout: Layout, filled: Filled, *, strict: bool = True) -> Placed:
    """Put the contents in their places. Raises `LayoutProblem` with all that does not fit.

    `strict=False`, for showing a layout that is being made, leaves out what does not fit and says so.
    """
    texts, codes, boxes = [], [], []
    problems = list(_overlaps(layout))
    for position, element in enumerate(layout.elements, start=1):
        try:
            if isinstance(element, Text):
                texts.append(_text(element, name_of(element, position), filled))
            elif isinstance(element, Code):
                codes.append(_code(layout, element, name_of(element, position), filled))
            else:
                boxes.append(element)
        except LayoutProblem as wrong:
            problems += wrong.problems
    if problems and strict:
        raise LayoutProblem(problems)
    return Placed(layout, tuple(texts), tuple(codes), tuple(boxes), tuple(problems))


def _overlaps(layout: Layout) -> Iterator[str]:
    """Nothing stands in the place of a symbol: its quiet zone stays white."""
    named = list(enumerate(layout.elements, start=1))
    for position, code in named:
        for other, element in named:
            if not isinstance(code, Code) or other == position or (isinstance(element, Code) and other < position):
                continue
            if _meet(code, element):
                words = {"code": name_of(code, position), "other": name_of(element, other)}
                text = _("%(other)s lies over %(code)s, whose place stays free for scanners.") % words
                yield text[:1].upper() + text[1:]


def _meet(code: Code, other: Element) -> bool:
    apart_x = other.x >= code.x + code.width - 1e-6 or other.x + other.width <= code.x + 1e-6
    apart_y = other.y >= code.y + code.height - 1e-6 or other.y + other.height <= code.y + 1e-6
    if apart_x or apart_y:
        return False
    around = isinstance(other, Box) and (
        other.x + other.thickness <= code.x
        and other.y + other.thickness <= code.y
        and other.x + other.width - other.thickness >= code.x + code.width
        and other.y + other.height - other.thickness >= code.y + code.height
    )
    return not around


def _text(element: Text, name: str, filled: Filled) -> PlacedText:
    text = " ".join((filled.texts.get(element.field, "") if element.field else element.text).split())
    lines: list[str] | None = broken(text, element.width, element.size, is_bold=element.is_bold, lines=element.lines)
    if lines is None and element.shorten:
        lines = shortened(text, element.width, element.size, is_bold=element.is_bold, lines=element.lines)
    if lines is None or element.size * (1 + LINE_HEIGHT * (max(len(lines), 1) - 1)) > element.height + 1e-6:
        said = _("“%(text)s” does not go into the place of %(element)s.") % {"text": text, "element": name}
        raise LayoutProblem([said])
    placed = []
    for number, line in enumerate(lines):
        free = element.width - width_of(line, element.size, is_bold=element.is_bold)
        shift = {"left": 0.0, "center": free / 2, "right": free}[element.align]
        baseline = element.y + element.size * (ASCENT + LINE_HEIGHT * number)
        placed.append(Line(element.x + max(shift, 0.0), baseline, line))
    return PlacedText(element.size, element.is_bold, tuple(placed))


def _symbol(element: Code, encoded: Encoded) -> Barcode:
    if encoded.elements:
        return {"datamatrix": gs1_datamatrix, "code128": gs1_code128}[element.symbology](encoded.elements)
    return {"datamatrix": datamatrix, "code128": code128, "qr": qr}[element.symbology](encoded.text)


def _code(layout: Layout, element: Code, name: str, filled: Filled) -> PlacedCode:
    encoded = filled.codes.get(element.content, Encoded())
    name = name[:1].upper() + name[1:]
    if encoded.problem or not (encoded.text or encoded.elements):
        why = encoded.problem or _("there is nothing that it could say.")
        raise LayoutProblem([_("%(element)s: %(why)s") % {"element": name, "why": why}])
    try:
        symbol = _symbol(element, encoded)
    except BarcodeError as error:
        raise LayoutProblem([_("%(element)s: %(why)s") % {"element": name, "why": error}]) from error
    is_linear, quiet = element.symbology == "code128", QUIET[element.symbology]
    if is_linear and encoded.elements:
        length = sum(len(ai) + len(value) for ai, value in encoded.elements)
        if length > GS1_128_CHARACTERS:
            words = {"element": name, "length": length, "limit": GS1_128_CHARACTERS}
            said = _("%(element)s: %(length)d characters; GS1-128 holds %(limit)d. Use a Data Matrix.") % words
            raise LayoutProblem([said])
        least_height = LOGISTIC_HEIGHT_MM if layout.is_logistic else GS1_128_HEIGHT_MM
        if element.height < least_height - 1e-6:
            words = {"element": name, "limit": f"{least_height:g}", "table": 5 if layout.is_logistic else 6}
            said = _("%(element)s: bars of GS1-128 are at least %(limit)s mm high (GS1 table %(table)s).") % words
            raise LayoutProblem([said])
    limits = LOGISTIC_X_MM if layout.is_logistic and encoded.elements else X_MM
    least, most = limits[element.symbology]
    across = element.width / (symbol.columns + 2 * quiet)
    room = across if is_linear else min(across, element.height / (symbol.rows + 2 * quiet))
    dots = math.floor(min(room, most) * layout.dots + 1e-6)
    module = dots / layout.dots
    if module < least:
        needed = math.ceil(least * layout.dots - 1e-6) / layout.dots * (symbol.columns + 2 * quiet)
        words = {
            "element": name,
            "columns": symbol.columns + 2 * quiet,
            "least": f"{math.ceil(needed * 10 - 1e-6) / 10:g}",
            "limit": f"{least:g}",
        }
        said = _(
            "%(element)s is too small: %(columns)d modules of at least %(limit)s mm (GS1 X-dimension) in whole dots "
            "need %(least)s mm."
        )
        raise LayoutProblem([said % words])
    x, y = element.x + quiet * module, element.y + (0 if is_linear else quiet * module)
    height = element.height if is_linear else symbol.rows * module
    return PlacedCode(x, y, height, module, dots, symbol, encoded)
