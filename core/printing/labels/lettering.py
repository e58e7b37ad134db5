"""How wide a text is in the typeface of the house, so that one that does not fit is refused before it is printed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from PIL.ImageFont import FreeTypeFont, Layout, truetype

LINE_HEIGHT = 1.2
"""From one line to the next, as a multiple of the size."""
ASCENT = 0.93
"""From the top of a line to its base line, as a part of the size."""
ELLIPSIS = "…"


EM = 1000
"""Size at which the typeface is measured."""


@cache
def _typeface(is_bold: bool) -> FreeTypeFont:
    """The typeface that the PDF is set in, read once."""
    name = "plex-sans-semibold.woff" if is_bold else "plex-sans-regular.woff"
    path = Path(settings.BASE_DIR) / "static" / "vendor" / name
    return truetype(str(path), EM, layout_engine=Layout.BASIC)


def width_of(text: str, size: float, *, is_bold: bool) -> float:
    """The width of a line in the unit of `size`."""
    return _typeface(is_bold).getlength(text) * size / EM


def broken(text: str, width: float, size: float, *, is_bold: bool, lines: int) -> list[str] | None:
    """The text in at most so many lines of this width, broken at spaces; None where it does not fit."""
    found: list[str] = []
    for word in text.split():
        joined = f"{found[-1]} {word}" if found else word
        if found and width_of(joined, size, is_bold=is_bold) <= width:
            found[-1] = joined
        elif width_of(word, size, is_bold=is_bold) <= width:
            found.append(word)
        else:
            return None
    return found if len(found) <= lines else None


def shortened(text: str, width: float, size: float, *, is_bold: bool, lines: int) -> list[str]:
    """The text cut to its place, with a mark that it goes on; empty where not even that fits."""
    for length in range(len(text), 0, -1):
        part = text if length == len(text) else text[:length].rstrip() + ELLIPSIS
        found = broken(part, width, size, is_bold=is_bold, lines=lines)
        if found is not None:
            return found
    return []
