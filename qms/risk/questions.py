"""What risks need to be told by the apps above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.kernel.wiring import Question
from qms.risk.models import RiskAssessment


@dataclass(frozen=True)
class LookedAtBy:
    """A record because of which an assessment is looked at, with its state and what is to be looked at."""

    label: str
    url: str
    note: str


@dataclass(frozen=True)
class WhoLooksAt(Question[LookedAtBy]):
    """Which records that this user may see name the assessment, so that somebody looks at it?"""

    assessment: RiskAssessment
    user: Any
