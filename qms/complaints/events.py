"""What happened to complaints that apps above may react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ComplaintReceived:
    """A complaint was recorded; told within that transaction."""

    complaint_id: int


@dataclass(frozen=True)
class ComplaintFoundReportable:
    """A decision that a complaint has to be reported was signed; told within that transaction."""

    complaint_id: int
    decision_id: int
