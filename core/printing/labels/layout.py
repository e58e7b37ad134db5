"""The layout of a label as data: what stands where, in millimetres. Reading it refuses what is no layout, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

DOTS_PER_MM = {8: 8.0, 12: 300 / 25.4, 24: 600 / 25.4}
"""Dots in a millimetre by the name of the print head: 203, 300 and 600 dots an inch."""
STANDARD_DPMM = 8
SYMBOLOGIES = ("datamatrix", "qr", "code128")
SMALLEST_MM, LARGEST_MM = 5.0, 300.0
"""Edges of a label that are taken."""
SMALLEST_TEXT_MM, LARGEST_TEXT_MM = 1.2, 40.0
"""Height of a text: below 1.2 mm nobody reads it at arm's length."""
MOST_ELEMENTS = 60
LONGEST_TEXT = 120


class LayoutProblem(Exception):
    """What is wrong with a layout, or with a content that does not go into it: one sentence each, for people."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Word:
    """A field or content that a layout may name: its label, and a sample of usual length for trying the layout.

    `may_shorten`: it only describes, so that a layout may cut it to its place; what identifies is never cut.
    """

    label: str | Promise
    sample: str = ""
    may_shorten: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """The closed lists that a layout may use: fields of its texts, contents of its symbols by symbology."""

    fields: Mapping[str, Word]
    contents: Mapping[str, Word]
    carried_by: Mapping[str, tuple[str, ...]]
    is_logistic: bool = False
    """Whether it is for logistic units, whose GS1 symbols are read from further away."""


@dataclass(frozen=True)
class Text:
    """A text in its place: a field's value or fixed words; `size` is the height of its letters' box in millimetres."""

    x: float
    y: float
    width: float
    height: float
    size: float = 3.0
    field: str = ""
    text: str = ""
    is_bold: bool = False
    align: str = "left"
    lines: int = 1
    shorten: bool = False
    kind: str = "text"


@dataclass(frozen=True)
class Code:
    """A symbol in its place, its quiet zone included; as large as whole dots allow."""

    x: float
    y: float
    width: float
    height: float
    symbology: str = "datamatrix"
    content: str = ""
    kind: str = "code"


@dataclass(frozen=True)
class Box:
    """A frame with lines of this thickness; a line where it is no higher or wider than they are thick."""

    x: float
    y: float
    width: float
    height: float
    thickness: float = 0.3
    kind: str = "box"


Element = Text | Code | Box
KINDS: dict[str, type[Text | Code | Box]] = {"text": Text, "code": Code, "box": Box}


@dataclass(frozen=True)
class Layout:
    """A label of this size at this resolution, and what stands on it."""

    width: float
    height: float
    dpmm: int
    elements: tuple[Element, ...] = ()
    is_logistic: bool = False

    @property
    def dots(self) -> float:
        """Dots in a millimetre."""
        return DOTS_PER_MM[self.dpmm]

    def in_dots(self, length: float) -> int:
        """A length in whole dots."""
        return round(length * self.dots)


def as_data(elements: Sequence[Element]) -> list[dict[str, Any]]:
    """The elements as they are kept."""
    return [asdict(element) for element in elements]


def name_of(element: Element, position: int) -> str:
    """How people call an element: what it is, and where it stands in the list."""
    kinds = {"text": _("text"), "code": _("symbol"), "box": _("line or box")}
    return _("element %(position)d (%(kind)s)") % {"position": position, "kind": kinds[element.kind]}


def read_layout(width: Any, height: Any, dpmm: Any, elements: Any, words: Vocabulary) -> Layout:
    """The layout from its data. Raises `LayoutProblem` with everything that is wrong with it."""
    problems: list[str] = []
    if dpmm not in DOTS_PER_MM:
        problems.append(_("Print heads have 8, 12 or 24 dots in a millimetre."))
    if not (SMALLEST_MM <= float(width) <= LARGEST_MM and SMALLEST_MM <= float(height) <= LARGEST_MM):
        limits = {"low": f"{SMALLEST_MM:g}", "high": f"{LARGEST_MM:g}"}
        problems.append(_("The edges of a label are between %(low)s and %(high)s mm.") % limits)
    if not isinstance(elements, list) or len(elements) > MOST_ELEMENTS:
        problems.append(_("A label has at most %(limit)d elements.") % {"limit": MOST_ELEMENTS})
        elements = []
    found: list[Element] = []
    for position, row in enumerate(elements, start=1):
        try:
            element = read_element(row, position)
        except LayoutProblem as wrong:
            problems += wrong.problems
            continue
        found.append(element)
        problems += _against(element, name_of(element, position), float(width), float(height), words)
    if problems:
        raise LayoutProblem(problems)
    return Layout(float(width), float(height), dpmm, tuple(found), words.is_logistic)


def read_element(row: Any, position: int = 1) -> Element:
    """One element from its data; its values are judged by `read_layout`. Raises `LayoutProblem`."""
    unclear = LayoutProblem([_("Element %(position)d of the layout cannot be read.") % {"position": position}])
    if not isinstance(row, Mapping) or not isinstance(row.get("kind"), str) or row["kind"] not in KINDS:
        raise unclear
    kind = KINDS[row["kind"]]
    types = {one.name: str(one.type) for one in fields(kind)}
    if set(row) - set(types):
        raise unclear
    values: dict[str, Any] = {}
    for name, value in row.items():
        wanted = types[name]
        if wanted == "float" and isinstance(value, (int, float)) and not isinstance(value, bool):
            values[name] = float(value)
        elif (wanted, type(value)) in {("str", str), ("int", int), ("bool", bool)}:
            values[name] = value
        else:
            raise unclear
    try:
        return kind(**values)
    except TypeError:
        raise unclear from None


def _against(element: Element, name: str, width: float, height: float, words: Vocabulary) -> list[str]:
    """What is wrong with an element whatever is printed."""
    found = []
    is_inside = element.x >= 0 and element.y >= 0 and element.width > 0 and element.height > 0
    if not (is_inside and element.x + element.width <= width + 1e-6 and element.y + element.height <= height + 1e-6):
        found.append(_("%(element)s does not lie on the label.") % {"element": name})
    if isinstance(element, Text):
        found += _against_text(element, name, words)
    elif isinstance(element, Code):
        if element.symbology not in SYMBOLOGIES:
            found.append(_("%(element)s: there is no such symbology.") % {"element": name})
        elif element.content not in words.contents:
            found.append(_("%(element)s: choose what the symbol says.") % {"element": name})
        elif element.symbology not in words.carried_by[element.content]:
            found.append(_("%(element)s: this symbology does not carry that content.") % {"element": name})
    elif not 0 < element.thickness <= min(element.width, element.height) + 1e-6:
        found.append(_("%(element)s is thinner than its line.") % {"element": name})
    return [text[:1].upper() + text[1:] for text in found]


def _against_text(element: Text, name: str, words: Vocabulary) -> list[str]:
    found = []
    if not SMALLEST_TEXT_MM <= element.size <= LARGEST_TEXT_MM:
        limits = {"element": name, "low": f"{SMALLEST_TEXT_MM:g}", "high": f"{LARGEST_TEXT_MM:g}"}
        found.append(_("%(element)s: texts are between %(low)s and %(high)s mm high.") % limits)
    if bool(element.field) == bool(element.text.strip()):
        found.append(_("%(element)s: give either a field or fixed words.") % {"element": name})
    if element.field and element.field not in words.fields:
        found.append(_("%(element)s: there is no such field for this kind of label.") % {"element": name})
    elif element.shorten and not (element.field and words.fields[element.field].may_shorten):
        found.append(_("%(element)s identifies what is labelled and is never shortened.") % {"element": name})
    if len(element.text) > LONGEST_TEXT or not element.text.isprintable():
        found.append(_("%(element)s: fixed words are one line of at most %(limit)d characters.") % {
            "element": name, "limit": LONGEST_TEXT,
        })  # fmt: skip
    if not 1 <= element.lines <= 10 or element.align not in {"left", "center", "right"}:
        found.append(_("%(element)s: it has 1 to 10 lines, at the left, in the middle or at the right.") % {
            "element": name,
        })  # fmt: skip
    return found
