"""What happened to nonconformances that apps above may react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NonConformanceRaised:
    """A nonconformance was raised and its holds stand; told within that transaction."""

    nonconformance_id: int


@dataclass(frozen=True)
class DispositionApproved:
    """A disposition was signed, its hold lifted or its quantity scrapped; told within that transaction."""

    disposition_id: int
    nonconformance_id: int
    kind: str
