"""What people, places and their configuration need to be told by the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.kernel.errors import Blocker
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


@dataclass(frozen=True)
class AgainstConfiguration(Question[Blocker]):
    """What stands against changing configuration of this model now, such as the lack of an approved change?"""

    model: type[Any]
