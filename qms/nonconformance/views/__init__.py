"""Doors of nonconformances: each translates a request into one call of the services, and its result or refusal back."""

from qms.nonconformance.views.codes import DefectCodeForms, DefectCodeList
from qms.nonconformance.views.deeds import (
    AffectedItemAdd,
    AffectedItemCount,
    CauseState,
    DispositionMove,
    DispositionPropose,
    DispositionsSign,
    NonConformanceMove,
    PhotoAdd,
    RecurrenceAnswer,
    Triage,
)
from qms.nonconformance.views.records import NonConformanceDetail, NonConformanceList, NonConformanceRaise

__all__ = [
    "AffectedItemAdd",
    "AffectedItemCount",
    "CauseState",
    "DefectCodeForms",
    "DefectCodeList",
    "DispositionMove",
    "DispositionPropose",
    "DispositionsSign",
    "NonConformanceDetail",
    "NonConformanceList",
    "NonConformanceMove",
    "NonConformanceRaise",
    "PhotoAdd",
    "RecurrenceAnswer",
    "Triage",
]
