"""What a service of the shop floor tells the operator: what happened, in words, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """The record made, what happened, what to do next; `repeated` when an identical request had done it before.

    `tone` is good, warn or bad (an out-of-limit value is recorded well, and is bad news).
    """

    record: R
    message: str
    next_step: str = ""
    tone: str = "good"
    repeated: bool = False
    nonconformance: Any = None
