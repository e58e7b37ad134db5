"""Doors of nonconformances: each translates a request into one call of the services, and its result or refusal back."""

from qms.nonconformance.views.board import (
    BoardAuthorityForms,
    BoardAuthorityList,
    BoardRuleForms,
    BoardRuleList,
    ConcessionList,
    DispositionWitness,
)
from qms.nonconformance.views.codes import DefectCodeForms, DefectCodeList
from qms.nonconformance.views.containment import ContainmentAnswer, PlacesFind
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
from qms.nonconformance.views.deviations import (
    PlannedDeviationDetail,
    PlannedDeviationForms,
    PlannedDeviationList,
    PlannedDeviationMove,
    PlannedDeviationUse,
)
from qms.nonconformance.views.investigation import (
    AssignMany,
    CapaDecide,
    NonConformanceMerge,
    OtherLotAnswer,
    OtherLotList,
    OtherLotsFind,
)
from qms.nonconformance.views.records import NonConformanceDetail, NonConformanceList, NonConformanceRaise

__all__ = [
    "BoardAuthorityForms",
    "BoardAuthorityList",
    "BoardRuleForms",
    "BoardRuleList",
    "ConcessionList",
    "ContainmentAnswer",
    "PlacesFind",
    "DispositionWitness",
    "PlannedDeviationDetail",
    "PlannedDeviationForms",
    "PlannedDeviationList",
    "PlannedDeviationMove",
    "PlannedDeviationUse",
    "AssignMany",
    "CapaDecide",
    "NonConformanceMerge",
    "OtherLotAnswer",
    "OtherLotList",
    "OtherLotsFind",
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
