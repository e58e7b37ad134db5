"""The API of risk matrices and risk assessments."""

from __future__ import annotations

from typing import Any

from core.jobs.models import BackgroundJob
from core.web.api import Reading, deed, moves, reading, records
from qms.risk import views
from qms.risk.models import RiskAssessment, RiskControl, RiskItem, RiskLink, RiskMatrix
from qms.risk.serializers import JudgedShape


class Risks(Reading):
    """The risks of an assessment with their judgements, controls and what they are about."""

    page, shape = views.RiskAssessmentDetail, JudgedShape

    def read(self, page: Any) -> list[Any]:
        return list(page.risks)


MATRIX = "matrices/<int:pk>/"
ONE = "assessments/<int:pk>/"
ITEM = "risks/<int:pk>/"
urlpatterns = [
    *records(
        "matrices",
        name="riskmatrix",
        list=views.RiskMatrixList,
        create=views.RiskMatrixCreate,
        detail=views.RiskMatrixDetail,
        change=views.RiskMatrixChange,
    ),
    deed(f"{MATRIX}revise/", views.RiskMatrixRevise, name="riskmatrix_revise", returns=RiskMatrix, status=201),
    *moves(MATRIX, views.RiskMatrixMove, name="riskmatrix"),
    *records(
        "assessments",
        name="riskassessment",
        list=views.RiskAssessmentList,
        create=views.RiskAssessmentCreate,
        detail=views.RiskAssessmentDetail,
        change=views.RiskAssessmentChange,
    ),
    reading(f"{ONE}risks/", Risks, name="riskitem_list"),
    deed(f"{ONE}risks/new/", views.RiskItemCreate, name="riskitem_create", returns=RiskItem, status=201),
    deed(f"{ONE}seal/", views.RiskFileSeal, name="riskassessment_seal", returns=BackgroundJob),
    *moves(ONE, views.RiskAssessmentMove, name="riskassessment"),
    deed(f"{ITEM}change/", views.RiskItemChange, name="riskitem_change"),
    deed(f"{ITEM}remove/", views.RiskItemRemove, name="riskitem_remove", returns=RiskAssessment),
    deed(f"{ITEM}controls/new/", views.RiskControlCreate, name="riskcontrol_create", returns=RiskControl, status=201),
    deed(f"{ITEM}links/new/", views.RiskLinkCreate, name="risklink_create", returns=RiskLink, status=201),
    deed("controls/<int:pk>/change/", views.RiskControlChange, name="riskcontrol_change"),
    deed("controls/<int:pk>/remove/", views.RiskControlRemove, name="riskcontrol_remove", returns=RiskAssessment),
    deed("links/<int:pk>/remove/", views.RiskLinkRemove, name="risklink_remove", returns=RiskAssessment),
]
