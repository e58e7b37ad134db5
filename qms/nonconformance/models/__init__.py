"""What does not conform, what is decided about it, and who may decide."""

from qms.nonconformance.models.board import BoardAuthority, BoardRule, DispositionVote
from qms.nonconformance.models.codes import CauseCategory, DefectCode, FoundAt, Severity
from qms.nonconformance.models.concessions import Concession
from qms.nonconformance.models.containment import ContainmentCheck
from qms.nonconformance.models.deviations import DeviationUse, PlannedDeviation
from qms.nonconformance.models.others import OtherLot
from qms.nonconformance.models.records import (
    FULL_TEXT,
    AffectedItem,
    CapaDecision,
    Disposition,
    NonConformance,
    shown,
)

__all__ = [
    "FULL_TEXT",
    "AffectedItem",
    "BoardAuthority",
    "BoardRule",
    "CapaDecision",
    "CauseCategory",
    "Concession",
    "ContainmentCheck",
    "DefectCode",
    "DeviationUse",
    "Disposition",
    "DispositionVote",
    "FoundAt",
    "NonConformance",
    "OtherLot",
    "PlannedDeviation",
    "Severity",
    "shown",
]
