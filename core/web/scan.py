"""What a scanner sends, cleaned: the same rules as static/trueline/scanner.js, for codes that arrive on the server."""

from __future__ import annotations

import re

from core.web.questions import Scan

GS = "\x1d"
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")


def clean(raw: str) -> Scan:
    """Take off the AIM identifier and control characters; the group separator (GS1 FNC1) stays."""
    text = raw.strip(" \r\n\t")
    found = _AIM.match(text)
    symbology = found.group() if found else ""
    text = text[len(symbology) :]
    return Scan("".join(c for c in text if c == GS or (c >= " " and c != "\x7f")), symbology)
