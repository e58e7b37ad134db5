"""What the engine tells upper apps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class TransitionPerformed:
    """A record was born (from None) or moved; published inside the transaction, after the effects."""

    record: Any
    move: str
    from_status: str | None
    to_status: str
    actor_id: int
