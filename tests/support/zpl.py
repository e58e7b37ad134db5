"""A small reader of ZPL II, written from the language's own description and not from our writer.

It knows the commands that label printers obey: `^` and `~` begin a command wherever they stand, `^FH` names the mark of
hexadecimal bytes, `^CI28` says that they are UTF-8. Code 128 fields are turned into bars, for another decoder to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from PIL import Image

_COMMAND = re.compile(r"([\^~])([A-Z][A-Z0-9@])([^\^~]*)")
START, SUBSETS = {">9": 103, ">:": 104, ">;": 105}, {">5": 99, ">6": 100, ">7": 101}
FNC1, STOP = 102, 106
ESCAPED_B = {">0": ">", "><": "^", ">=": "~"}
# Bar and space widths of the 107 symbol characters (ISO/IEC 15417, table 1), as the standard prints them.
WIDTHS = re.findall(
    r"\d+",
    """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
""",
)


@dataclass
class Field:
    """One field: where it stands, the commands that say how it is drawn, and its data."""

    x: int
    y: int
    commands: list[tuple[str, str]] = field(default_factory=list)
    data: str = ""

    @property
    def kind(self) -> str:
        return next((name for name, _ in self.commands if name in {"BX", "BQ", "BC", "A0", "GB"}), "")

    def parameters(self, name: str) -> list[str]:
        return next(value for known, value in self.commands if known == name).split(",")


@dataclass
class Label:
    """One format between ^XA and ^XZ."""

    width: int = 0
    height: int = 0
    copies: int = 1
    encoding: str = "cp850"
    fields: list[Field] = field(default_factory=list)

    def of(self, kind: str) -> list[Field]:
        return [one for one in self.fields if one.kind == kind]

    @property
    def texts(self) -> list[str]:
        return [one.data for one in self.of("A0")]


def read(stream: bytes) -> list[Label]:
    """The labels of a stream; `ValueError` for a command outside a label, or one that this reader does not know."""
    labels: list[Label] = []
    label: Label | None = None
    text = stream.decode("ascii")
    if leftover := _COMMAND.sub("", text).strip():
        raise ValueError(f"no command: {leftover!r}")
    present = Field(0, 0)
    mark = ""
    for prefix, name, raw in _COMMAND.findall(text):
        value = raw.rstrip("\r\n")
        if prefix == "~":
            raise ValueError(f"a control command: ~{name}")
        if name == "XA":
            label = Label()
            labels.append(label)
        elif label is None:
            raise ValueError(f"^{name} outside a label")
        elif name == "XZ":
            label = None
        elif name == "CI":
            label.encoding = {"28": "utf-8"}[value]
        elif name == "PW":
            label.width = int(value)
        elif name == "LL":
            label.height = int(value)
        elif name == "PQ":
            label.copies = int(value.split(",")[0])
        elif name == "FO":
            x, y = value.split(",")
            present, mark = Field(int(x), int(y)), ""
        elif name == "FH":
            mark = value or "_"
        elif name == "FD":
            present.data = _unescaped(value, mark, label.encoding)
        elif name == "FS":
            label.fields.append(present)
        elif name in {"A0", "BX", "BQ", "BC", "BY", "GB"}:
            present.commands.append((name, value))
        elif name == "LH":
            if value != "0,0":
                raise ValueError(f"the home of the label is moved: {value}")
        else:
            raise ValueError(f"unknown command ^{name}")
    return labels


def _unescaped(text: str, mark: str, encoding: str) -> str:
    if not mark:
        return text
    found = bytearray()
    position = 0
    while position < len(text):
        two = text[position + 1 : position + 3]
        if text[position] == mark and re.fullmatch("[0-9A-F]{2}", two):
            found.append(int(two, 16))
            position += 3
        else:
            found += text[position].encode(encoding)
            position += 1
    return found.decode(encoding)


def matrix_text(data: str, escape: str = "_") -> tuple[bool, str]:
    """Data of ^BX as a scanner sends it: whether function 1 begins it, and the text with group separators."""
    is_gs1 = data.startswith(f"{escape}1")
    rest, found = data[2:] if is_gs1 else data, ""
    while rest:
        if rest.startswith(escape * 2):
            found, rest = found + escape, rest[2:]
        elif rest.startswith(f"{escape}1"):
            found, rest = found + "\x1d", rest[2:]
        elif rest.startswith(escape):
            raise ValueError(f"an escape that this reader does not know: {rest[:3]!r}")
        else:
            found, rest = found + rest[0], rest[1:]
    return is_gs1, found


def symbol_characters(data: str) -> list[int]:
    """Data of ^BC as symbol characters with check character and stop."""
    found = [START[data[:2]]]
    subset, rest = found[0], data[2:]
    while rest:
        pair = rest[:2]
        if pair == ">8":
            found.append(FNC1)
            rest = rest[2:]
        elif pair in SUBSETS:
            found.append(SUBSETS[pair])
            subset, rest = {99: 105, 100: 104, 101: 103}[SUBSETS[pair]], rest[2:]
        elif subset == 105:
            found.append(int(pair))
            rest = rest[2:]
        elif subset == 104:
            letter = ESCAPED_B.get(pair)
            if letter is None and rest[0] == ">":
                raise ValueError(f"an invocation that this reader does not know: {pair!r}")
            found.append(ord(letter or rest[0]) - 32)
            rest = rest[2:] if letter else rest[1:]
        else:
            raise ValueError("subset A is not read")
    check = (found[0] + sum(place * value for place, value in enumerate(found[1:], start=1))) % 103
    return [*found, check, STOP]


def bars(data: str, module: int = 3, height: int = 60) -> Image.Image:
    """The bars of a ^BC field with quiet zones of ten modules."""
    row = [255] * 10
    for value in symbol_characters(data):
        for place, width in enumerate(WIDTHS[value]):
            row += [0 if place % 2 == 0 else 255] * int(width)
    row += [255] * 10
    image = Image.new("L", (len(row), 1))
    image.putdata(row)
    return image.resize((len(row) * module, height), Image.Resampling.NEAREST)
