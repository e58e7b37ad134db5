"""What a step of a ladder did."""

from core.worklist.models import Assignment, Escalation


def raised_by(escalation: Escalation) -> Assignment:
    """The work that a step handed on to somebody else."""
    assert escalation.raised is not None, "the step only reminded whoever was asked"
    return escalation.raised
