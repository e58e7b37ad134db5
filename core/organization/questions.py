"""What terminals need to be told by the apps whose work they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.kernel.wiring import Question


@dataclass(frozen=True)
class ScanTarget:
    """Where a scanned code leads at this terminal, and what it is in words.

    Known codes that lead nowhere here have no `url`; `advice` says what to do instead.
    """

    url: str
    label: str
    advice: str = ""


@dataclass(frozen=True)
class TerminalScan(Question[ScanTarget]):
    """What does this scanned code mean at this terminal for the person signed on?"""

    text: str
    terminal: Any
    user: Any
