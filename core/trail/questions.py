"""What the trail needs to be told by the apps above."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel.wiring import Question


@dataclass(frozen=True)
class Verification:
    """A verification that somebody asked for: its page."""

    url: str


@dataclass(frozen=True)
class VerificationAsked(Question[Verification]):
    """Where does this user see the verification that they asked for last?"""

    user_id: int
