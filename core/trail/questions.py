"""What the trail needs to be told by the apps above."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel.wiring import Question


@dataclass(frozen=True)
class Verification:
    """A verification that somebody asked for: its page, and the number of the work."""

    url: str
    job: int


@dataclass(frozen=True)
class DisposedRows:
    """Rows that were deleted on a signature: the number of the disposal and its runs of keys."""

    disposal: int
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class RowsDisposedOf(Question[DisposedRows]):
    """Which rows of this table were disposed of after retention, on a signature that still fits?"""

    table: str


@dataclass(frozen=True)
class VerificationAsked(Question[Verification]):
    """Where does this user see the verification that they asked for last?"""

    user_id: int
