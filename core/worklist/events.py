"""What happened in the worklist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AssignmentEscalated:
    """Overdue work went on to the next person; told within the transaction that recorded it."""

    escalation_id: int
    assignment_id: int
    subject_type_id: int
    subject_id: int
