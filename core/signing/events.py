"""What happens while signing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SigningLocked:
    """Too many wrong secrets: the person cannot sign for a while, somebody should look."""

    user_id: int
    attempts: int
