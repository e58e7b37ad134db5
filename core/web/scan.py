"""What a scanner sends, cleaned: the same rules as static/trueline/scanner.js, for codes that arrive on the server."""

from __future__ import annotations

import re

from core.web.questions import Scan

GS = "\x1d"
FIXED = {"00": 18, "01": 14, "02": 14, "20": 2, **dict.fromkeys(("11", "12", "13", "15", "16", "17"), 6)}
"""Lengths of the GS1 application identifiers of fixed length that labels of lots and units carry."""
_ELEMENT = re.compile(r"(01\d{14}|00\d{18}|10[^\x1d]{1,20}\x1d21|21[^\x1d]{1,20}\x1d10)")
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")


def clean(raw: str) -> Scan:
    """Take off the AIM identifier and control characters; the group separator (GS1 FNC1) stays."""
    text = raw.strip(" \r\n\t")
    found = _AIM.match(text)
    symbology = found.group() if found else ""
    text = text[len(symbology) :]
    return Scan("".join(c for c in text if c == GS or (c >= " " and c != "\x7f")), symbology)


def elements(text: str) -> dict[str, str]:
    """The GS1 element string as application identifier and value; empty when the text is none.

    It is one when it begins with a GTIN or an SSCC, or names lot and serial number apart by a group separator.
    """
    if not _ELEMENT.match(text):
        return {}
    found: dict[str, str] = {}
    rest = text
    while rest:
        name, rest = rest[:2], rest[2:].removeprefix(GS)
        length = FIXED.get(name)
        if length is not None:
            value, rest = rest[:length], rest[length:].removeprefix(GS)
        else:
            value, _gs, rest = rest.partition(GS)
        if not name.isdecimal() or not value or (length is not None and len(value) != length):
            return {}
        found[name] = value
    return found
