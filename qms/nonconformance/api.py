"""The API of nonconformances."""

from __future__ import annotations

from typing import Any

from core.files.models import Attachment
from core.web.api import Reading, deed, moves, reading, records
from qms.nonconformance import views
from qms.nonconformance.models import AffectedItem, ContainmentCheck, DeviationUse, Disposition
from qms.nonconformance.queries import checks_of
from qms.nonconformance.serializers import AffectedItemShape, ContainmentCheckShape, DispositionShape


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


class Containment(Reading):
    """The places where affected goods are, and what was found there."""

    page, shape = views.NonConformanceDetail, ContainmentCheckShape

    def read(self, page: Any) -> list[ContainmentCheck]:
        return list(checks_of(page.record))


PLANNED = "deviations/<int:pk>/"
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
    deed(f"{ONE}merge/", views.NonConformanceMerge, name="nonconformance_merge"),
    deed(f"{ONE}capa/", views.CapaDecide, name="nonconformance_capa"),
    deed(f"{ONE}other-lots/", views.OtherLotsFind, name="nonconformance_others"),
    reading(f"{ONE}containment/", Containment, name="containmentcheck_list"),
    deed(f"{ONE}places/", views.PlacesFind, name="nonconformance_places"),
    deed("containment/<int:pk>/answer/", views.ContainmentAnswer, name="containmentcheck_answer"),
    *records("other-lots", name="otherlot", list=views.OtherLotList),
    deed("other-lots/<int:pk>/answer/", views.OtherLotAnswer, name="otherlot_answer"),
    deed(f"{ONE}propose/", views.DispositionPropose, name="nonconformance_propose"),
    deed(f"{ONE}sign/", views.DispositionsSign, name="nonconformance_sign"),
    *moves(ONE, views.NonConformanceMove, name="nonconformance", without=("open",)),
    deed("items/<int:pk>/count/", views.AffectedItemCount, name="affecteditem_count"),
    deed("dispositions/<int:pk>/witness/", views.DispositionWitness, name="disposition_witness"),
    *moves("dispositions/<int:pk>/", views.DispositionMove, name="disposition"),
    *records("concessions", name="concession", list=views.ConcessionList),
    *records(
        "board/rules",
        name="boardrule",
        list=views.BoardRuleList,
        create=views.BoardRuleForms,
        change=views.BoardRuleForms,
    ),
    *records(
        "board/authorities",
        name="boardauthority",
        list=views.BoardAuthorityList,
        create=views.BoardAuthorityForms,
        change=views.BoardAuthorityForms,
    ),
    *records(
        "deviations",
        name="planneddeviation",
        list=views.PlannedDeviationList,
        create=views.PlannedDeviationForms,
        detail=views.PlannedDeviationDetail,
        change=views.PlannedDeviationForms,
    ),
    deed(f"{PLANNED}use/", views.PlannedDeviationUse, name="planneddeviation_use", returns=DeviationUse, status=201),
    *moves(PLANNED, views.PlannedDeviationMove, name="planneddeviation"),
    *records(
        "codes",
        name="defectcode",
        list=views.DefectCodeList,
        create=views.DefectCodeForms,
        change=views.DefectCodeForms,
    ),
]
