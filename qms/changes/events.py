"""What happened to changes that upper apps react to, within the transaction of the release."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ChangeReleased:
    """Every item of the change is effective or obsolete; what was decided about open orders is carried out now."""

    change_id: int
