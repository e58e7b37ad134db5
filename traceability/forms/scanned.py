"""What a scanned code names, where a form asks for numbers."""

from __future__ import annotations

from core.web.questions import Scan
from core.web.scan import label_of


def named_on(text: str) -> str:
    """The serial or lot number that a scanned GS1 label says, else the text itself."""
    try:
        label = label_of(Scan(text))
    except ValueError:
        return text
    return (label.get("21") or label.get("10") or text) if label is not None else text
