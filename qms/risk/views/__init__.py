"""The pages of risk matrices and risk assessments."""

from qms.risk.views.assessments import (
    RiskAssessmentChange,
    RiskAssessmentCreate,
    RiskAssessmentDetail,
    RiskAssessmentList,
    RiskAssessmentMove,
    RiskFileSeal,
    RisksOf,
)
from qms.risk.views.items import (
    RiskControlChange,
    RiskControlCreate,
    RiskControlRemove,
    RiskItemChange,
    RiskItemCreate,
    RiskItemRemove,
    RiskLinkCreate,
    RiskLinkRemove,
)
from qms.risk.views.matrices import (
    RiskMatrixChange,
    RiskMatrixCreate,
    RiskMatrixDetail,
    RiskMatrixList,
    RiskMatrixMove,
    RiskMatrixRevise,
)

__all__ = [
    "RiskAssessmentChange",
    "RiskAssessmentCreate",
    "RiskAssessmentDetail",
    "RiskAssessmentList",
    "RiskAssessmentMove",
    "RiskControlChange",
    "RiskControlCreate",
    "RiskControlRemove",
    "RiskFileSeal",
    "RiskItemChange",
    "RiskItemCreate",
    "RiskItemRemove",
    "RiskLinkCreate",
    "RiskLinkRemove",
    "RiskMatrixChange",
    "RiskMatrixCreate",
    "RiskMatrixDetail",
    "RiskMatrixList",
    "RiskMatrixMove",
    "RiskMatrixRevise",
    "RisksOf",
]
