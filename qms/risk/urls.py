from django.urls import path

from qms.risk import views

app_name = "qms_risk"

MATRIX = "matrices/<int:pk>/"
ONE = "assessments/<int:pk>/"
ITEM = "risks/<int:pk>/"
urlpatterns = [
    path("matrices/", views.RiskMatrixList.as_view(), name="riskmatrix_list"),
    path("matrices/new/", views.RiskMatrixCreate.as_view(), name="riskmatrix_create"),
    path(MATRIX, views.RiskMatrixDetail.as_view(), name="riskmatrix_detail"),
    path(f"{MATRIX}change/", views.RiskMatrixChange.as_view(), name="riskmatrix_change"),
    path(f"{MATRIX}revise/", views.RiskMatrixRevise.as_view(), name="riskmatrix_revise"),
    path(f"{MATRIX}<slug:move>/", views.RiskMatrixMove.as_view(), name="riskmatrix_move"),
    path("assessments/", views.RiskAssessmentList.as_view(), name="riskassessment_list"),
    path("assessments/new/", views.RiskAssessmentCreate.as_view(), name="riskassessment_create"),
    path("risks-of/", views.RisksOf.as_view(), name="risks_of"),
    path(ONE, views.RiskAssessmentDetail.as_view(), name="riskassessment_detail"),
    path(f"{ONE}change/", views.RiskAssessmentChange.as_view(), name="riskassessment_change"),
    path(f"{ONE}seal/", views.RiskFileSeal.as_view(), name="riskassessment_seal"),
    path(f"{ONE}risks/new/", views.RiskItemCreate.as_view(), name="riskitem_create"),
    path(f"{ONE}<slug:move>/", views.RiskAssessmentMove.as_view(), name="riskassessment_move"),
    path(f"{ITEM}change/", views.RiskItemChange.as_view(), name="riskitem_change"),
    path(f"{ITEM}remove/", views.RiskItemRemove.as_view(), name="riskitem_remove"),
    path(f"{ITEM}controls/new/", views.RiskControlCreate.as_view(), name="riskcontrol_create"),
    path(f"{ITEM}links/new/", views.RiskLinkCreate.as_view(), name="risklink_create"),
    path("controls/<int:pk>/change/", views.RiskControlChange.as_view(), name="riskcontrol_change"),
    path("controls/<int:pk>/remove/", views.RiskControlRemove.as_view(), name="riskcontrol_remove"),
    path("links/<int:pk>/remove/", views.RiskLinkRemove.as_view(), name="risklink_remove"),
]
