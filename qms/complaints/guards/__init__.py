"""Every “may not, because” of complaints, decision trees and reports."""

from qms.complaints.guards import complaints, reports, trees

__all__ = ["complaints", "reports", "trees"]
