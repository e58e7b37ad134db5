"""What happens to prints, for the apps whose records are printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SentAgain:
    """A print of which some may have come out is sent once more, for this reason."""

    print_job_id: int
    reason: str
