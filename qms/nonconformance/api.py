"""The API of nonconformances."""

from __future__ import annotations

from typing import Any

from core.files.models import Attachment
from core.web.api import Reading, deed, moves, reading, records
from qms.nonconformance import views
from qms.nonconformance.models import AffectedItem, Disposition
from qms.nonconformance.serializers import AffectedItemShape, DispositionShape


class Items(Reading):
    """What a nonconformance affects."""

    page, shape = views.NonConformanceDetail, AffectedItemShape

    def read(self, page: Any) -> list[AffectedItem]:
        return [state.item for state in page.states]


class Dispositions(Reading):
    """What is proposed and decided about what it affects."""

    page, shape = views.NonConformanceDetail, DispositionShape

    def read(self, page: Any) -> list[Disposition]:
        return list(Disposition.objects.filter(affected_item__nonconformance=page.record).order_by("pk"))


ONE = "nonconformances/<int:pk>/"
urlpatterns = [
    *records(
        "nonconformances",
        name="nonconformance",
        list=views.NonConformanceList,
        create=views.NonConformanceRaise,
        detail=views.NonConformanceDetail,
    ),
    reading(f"{ONE}items/", Items, name="affecteditem_list"),
    reading(f"{ONE}dispositions/", Dispositions, name="disposition_list"),
    deed(f"{ONE}photo/", views.PhotoAdd, name="nonconformance_photo", returns=Attachment, status=201),
    deed(f"{ONE}triage/", views.Triage, name="nonconformance_triage"),
    deed(f"{ONE}recurrence/", views.RecurrenceAnswer, name="nonconformance_recurrence"),
    deed(f"{ONE}cause/", views.CauseState, name="nonconformance_cause"),
    deed(f"{ONE}items/new/", views.AffectedItemAdd, name="affecteditem_create"),
    deed(f"{ONE}propose/", views.DispositionPropose, name="nonconformance_propose"),
    deed(f"{ONE}sign/", views.DispositionsSign, name="nonconformance_sign"),
    *moves(ONE, views.NonConformanceMove, name="nonconformance", without=("open",)),
    deed("items/<int:pk>/count/", views.AffectedItemCount, name="affecteditem_count"),
    *moves("dispositions/<int:pk>/", views.DispositionMove, name="disposition"),
    *records(
        "codes",
        name="defectcode",
        list=views.DefectCodeList,
        create=views.DefectCodeForms,
        change=views.DefectCodeForms,
    ),
]
