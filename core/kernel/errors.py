"""Refusals: what may not happen, why, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Blocker:
    """One reason why a deed is refused, in plain words, with the remedy.

    `code` is stable for programs and tests; `message` and `remedy` are translated sentences for people.
    """

    code: str
    message: str
    record: Any = None
    remedy: str = ""
    remedy_url: str = ""

    def as_dict(self) -> dict[str, str]:
        """The blocker as plain strings, for storage in a GateDecision or a response."""
        return {
            "code": self.code,
            "message": str(self.message),
            "record": str(self.record) if self.record is not None else "",
            "remedy": str(self.remedy),
            "remedy_url": self.remedy_url,
        }


@dataclass(frozen=True)
class GuardResult:
    """What one guard answered: no blockers means that it passed."""

    name: str
    title: str
    blockers: tuple[Blocker, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.blockers

    def as_dict(self) -> dict[str, Any]:
        return {
            "guard": self.name,
            "title": str(self.title),
            "passed": self.passed,
            "blockers": [blocker.as_dict() for blocker in self.blockers],
        }


@dataclass(frozen=True)
class Attempt:
    """The action that was tried and what every guard said; stored as a GateDecision when it is refused."""

    action: str
    subject: Any
    results: tuple[GuardResult, ...] = ()


@dataclass
class Blocked(Exception):
    """A deed was refused; nothing has changed. Carries every blocker at once."""

    blockers: Sequence[Blocker]
    attempt: Attempt | None = field(default=None)

    def __init__(self, blockers: Iterable[Blocker] | Blocker, attempt: Attempt | None = None) -> None:
        self.blockers = (blockers,) if isinstance(blockers, Blocker) else tuple(blockers)
        self.attempt = attempt
        if not self.blockers:
            raise ValueError("Blocked needs at least one Blocker")
        super().__init__("; ".join(f"{b.code}: {b.message}" for b in self.blockers))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all blockers, in order."""
        return tuple(blocker.code for blocker in self.blockers)
