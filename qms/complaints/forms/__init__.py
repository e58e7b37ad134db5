"""Shapes of input of complaints, decision trees and reports."""

from qms.complaints.forms.intake import IntakeChangeForm, IntakeForm
from qms.complaints.forms.reports import (
    AcknowledgeForm,
    ReportForm,
    SubmitForm,
    SupplementForm,
)
from qms.complaints.forms.trees import CodeForm, TreeForm, TrendForm, VersionForm
from qms.complaints.forms.work import (
    FileForm,
    FindingsForm,
    JudgeForm,
    RaiseForm,
    ReopenForm,
    ReplyForm,
    SimilarForm,
    TriageForm,
    WaiveForm,
)

__all__ = [
    "AcknowledgeForm",
    "CodeForm",
    "FileForm",
    "FindingsForm",
    "IntakeChangeForm",
    "IntakeForm",
    "JudgeForm",
    "RaiseForm",
    "ReopenForm",
    "ReplyForm",
    "ReportForm",
    "SimilarForm",
    "SubmitForm",
    "SupplementForm",
    "TreeForm",
    "TrendForm",
    "TriageForm",
    "VersionForm",
    "WaiveForm",
]
