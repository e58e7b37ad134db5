r"""A placed label as ZPL II (own code: the library of that name is AGPL and is not used).

Whatever is printed goes through `^FH\`: letters, digits and some marks stand for themselves, every other character is
written as the hexadecimal bytes of its UTF-8 (`^CI28`). So no lot number can end a field or begin a command.
"""

from __future__ import annotations

import string

from core.kernel.gs1 import GS, build
from core.printing.labels.layout import Layout
from core.printing.labels.placing import Encoded, Placed, PlacedCode

PLAIN = frozenset(string.ascii_letters + string.digits + " .,:;-+/()%#@=<>*!?&'\"[]{}|$_")
"""Characters that stand for themselves in a field: not `^` and `~`, which begin commands, nor the mark of `^FH`."""
FNC1 = "_1"
"""Function 1 in a Data Matrix whose escape character is `_`."""


def escaped(text: str) -> str:
    r"""A text as the data of a field with `^FH\`."""
    return "".join(
        letter if letter in PLAIN else "".join(f"\\{byte:02X}" for byte in letter.encode()) for letter in text
    )


def _at(layout: Layout, x: float, y: float) -> str:
    return f"^FO{layout.in_dots(x)},{layout.in_dots(y)}"


def zpl(placed: Placed, *, copies: int = 1) -> bytes:
    """The label, to be printed so often."""
    layout = placed.layout
    lines = ["^XA", "^CI28", "^LH0,0", f"^PW{layout.in_dots(layout.width)}", f"^LL{layout.in_dots(layout.height)}"]
    for box in placed.boxes:
        width, height = max(layout.in_dots(box.width), 1), max(layout.in_dots(box.height), 1)
        thickness = max(layout.in_dots(box.thickness), 1)
        lines.append(f"{_at(layout, box.x, box.y)}^GB{width},{height},{thickness}^FS")
    for text in placed.texts:
        size = layout.in_dots(text.size)
        for line in text.lines:
            # ^FO names the top of the letters' box; the base line of font 0 lies at three quarters of its height.
            top = max(line.baseline - 0.75 * text.size, 0.0)
            lines.append(f"{_at(layout, line.x, top)}^A0N,{size},{size}^FH\\^FD{escaped(line.text)}^FS")
    lines += [_code(layout, code) for code in placed.codes]
    lines += [f"^PQ{copies},0,1,Y", "^XZ", ""]
    return "\n".join(lines).encode("ascii")


def _code(layout: Layout, code: PlacedCode) -> str:
    at = _at(layout, code.x, code.y)
    if code.symbol.kind == "datamatrix":
        return f"{at}^BXN,{code.module_dots},200,,,,_^FH\\^FD{escaped(matrix_data(code.encoded))}^FS"
    if code.symbol.kind == "qr":
        return f"{at}^BQN,2,{code.module_dots}^FH\\^FDMA,{escaped(code.encoded.text)}^FS"
    height = layout.in_dots(code.height)
    data = escaped(linear_data(code.encoded))
    return f"{at}^BY{code.module_dots}^BCN,{height},N,N,N,N^FH\\^FD{data}^FS"


def matrix_data(encoded: Encoded) -> str:
    """The data of `^BX` with the escape character `_`: function 1 begins GS1 data and ends values of open length."""
    if not encoded.elements:
        return encoded.text.replace("_", "__")
    parts = element_parts(encoded)
    return FNC1 + FNC1.join(part.replace("_", "__") for part in parts)


def element_parts(encoded: Encoded) -> list[str]:
    """The element string, cut where function 1 separates its values."""
    return build(encoded.elements).raw().split(GS)


_SAID = {">": ">0", "^": "><", "~": ">="}
"""Characters of subset B that `^BC` writes with its own escape."""
LEAST_DIGITS = 4
"""A run of so many digits is shorter in subset C."""


def linear_data(encoded: Encoded) -> str:
    """The data of `^BC`: start, subsets B and C as they are shortest, `>8` for function 1."""
    parts = element_parts(encoded) if encoded.elements else [encoded.text]
    found, subset = "", ""
    for number, part in enumerate(parts):
        is_gs1, rest = bool(encoded.elements), part
        if number:  # between two values; the separator is the same in every subset
            found += ">8"
        while rest or not subset:
            run = len(rest) - len(rest.lstrip(string.digits))
            take = run - run % 2
            wanted = "C" if take >= LEAST_DIGITS or (take and take == len(rest)) else "B"
            if not subset:
                found += (">;" if wanted == "C" else ">:") + (">8" if is_gs1 else "")
            elif subset != wanted:
                found += ">5" if wanted == "C" else ">6"
            subset = wanted
            if wanted == "C":
                found, rest = found + rest[:take], rest[take:]
            else:
                take = _until_digits(rest)
                found, rest = found + "".join(_SAID.get(letter, letter) for letter in rest[:take]), rest[take:]
    return found


def _until_digits(text: str) -> int:
    """How many characters stay in subset B: up to an even run of digits that is worth changing for."""
    for start in range(1, len(text)):
        run = len(text) - start - len(text[start:].lstrip(string.digits))
        if run >= LEAST_DIGITS and run % 2 == 0:
            return start
    return len(text)
