"""Complaints, what was signed about them, the trees that say what is reportable, and the reports themselves."""

from qms.complaints.models.codes import ComplaintCode
from qms.complaints.models.complaints import Capa, Channel, Complaint, Harm, IsComplaint, Reply
from qms.complaints.models.findings import (
    ComplaintAssessment,
    ComplaintReopening,
    InvestigationWaiver,
    ReportabilityDecision,
)
from qms.complaints.models.reports import RegulatoryReport
from qms.complaints.models.trees import DecisionTree, DecisionTreeVersion

__all__ = [
    "Capa",
    "Channel",
    "Complaint",
    "ComplaintAssessment",
    "ComplaintCode",
    "ComplaintReopening",
    "DecisionTree",
    "DecisionTreeVersion",
    "Harm",
    "InvestigationWaiver",
    "IsComplaint",
    "RegulatoryReport",
    "Reply",
    "ReportabilityDecision",
]
