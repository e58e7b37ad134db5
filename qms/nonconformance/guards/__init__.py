"""Every “may not, because” of nonconformances, the review board and planned deviations."""

from qms.nonconformance.guards import board, containment, deviations, investigation, records

__all__ = ["board", "containment", "deviations", "investigation", "records"]
