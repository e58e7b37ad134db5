"""What a scanner sends, cleaned: the same rules as static/trueline/scanner.js, for codes that arrive on the server."""

from __future__ import annotations

import re

from core.kernel.gs1 import CARRIERS, GS, ElementString, Gs1Error, identifier, parse
from core.web.questions import Scan

_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_LINK = re.compile(r"https?://", re.IGNORECASE)
_LABEL = re.compile(rf"\(\d{{2,4}}\)|01\d{{14}}|00\d{{18}}|[^{GS}]*{GS}")
"""How a GS1 label begins: with an identifier in brackets, a GTIN or an SSCC; or a separator is somewhere in it."""


def clean(raw: str) -> Scan:
    """Take off the AIM identifier and control characters; the group separator (GS1 FNC1) stays."""
    text = raw.strip(" \r\n\t")
    found = _AIM.match(text)
    symbology = found.group() if found else ""
    text = text[len(symbology) :]
    return Scan("".join(c for c in text if c == GS or (c >= " " and c != "\x7f")), symbology)


def label_of(scan: Scan) -> ElementString | None:
    """The GS1 label that was scanned; None for anything else, such as a number of the house.

    It is one when its symbol says so and it begins with an identifier, or when it begins like one. Raises `Gs1Error` in
    words where it is one and breaks a rule; a web address without a GS1 key is just a web address.
    """
    text = scan.text
    if _LINK.match(text):
        try:
            return parse(text)
        except Gs1Error as error:
            if error.rules[0] in ("address", "dlpkey"):
                return None
            raise
    claimed = scan.symbology in CARRIERS and identifier(text.removeprefix(GS)) is not None
    if not claimed and (scan.symbology or not _LABEL.match(text)):
        return None
    return parse(text)
