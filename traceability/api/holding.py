"""The API of what keeps stock from use: holds, containments and recalls."""

from __future__ import annotations

from typing import Any

from core.web.api import Reading, deed, moves, reading, records
from traceability.models import RecallDecision, StockRemoval
from traceability.queries.recalls import figures_of
from traceability.serializers import ContainmentMemberShape, RecallFiguresShape
from traceability.views import containment, holds, recall_lines, recalls


class ContainmentMembers(Reading):
    """What a containment holds: each lot and unit, how much of it is here and with customers, and its hold."""

    page, shape = containment.ContainmentDetail, ContainmentMemberShape

    def read(self, page: Any) -> list[Any]:
        return [
            {
                "lot": hold.lot_id,
                "unit": hold.unit_id,
                "on_hand": member.on_hand,
                "shipped": member.shipped,
                "hold": hold.pk,
                "status": hold.status,
            }
            for member, hold in page.members()
        ]


class RecallFigures(Reading):
    """How much a recall reached, how much of it is accounted for, and how much is decided."""

    page, shape = recalls.RecallDetail, RecallFiguresShape

    def read(self, page: Any) -> list[Any]:
        return [figures_of(page.record)]


urlpatterns = [
    *records("holds", name="hold", list=holds.HoldList, detail=holds.HoldDetail),
    deed("holds/<int:pk>/release/", holds.HoldRelease, name="hold_release"),
    deed("holds/<int:pk>/remove/", containment.HoldRemove, name="hold_remove", returns=StockRemoval, status=201),
    *records(
        "containments",
        name="containment",
        list=containment.ContainmentList,
        create=containment.ContainmentCreate,
        detail=containment.ContainmentDetail,
    ),
    *moves("containments/<int:pk>/", containment.ContainmentMove, name="containment"),
    reading("containments/<int:pk>/members/", ContainmentMembers, name="containment_members"),
    *records(
        "recalls", name="recall", list=recalls.RecallList, create=recalls.RecallCreate, detail=recalls.RecallDetail
    ),
    reading("recalls/<int:pk>/figures/", RecallFigures, name="recall_figures"),
    deed("recalls/<int:pk>/widen/", recalls.RecallWiden, name="recall_widen"),
    deed("recalls/<int:pk>/retrace/", recalls.RecallRetrace, name="recall_retrace"),
    deed("recalls/<int:pk>/decide/", recall_lines.RecallDecide, name="recall_decide"),
    deed("recalls/<int:pk>/letters/", recalls.RecallLetters, name="recall_letters"),
    deed("recalls/<int:pk>/finish/", recalls.RecallClose, name="recall_finish"),
    deed("recalls/<int:pk>/report/", recalls.RecallReportPrint, name="recall_report"),
    *moves("recalls/<int:pk>/", recalls.RecallMove, name="recall"),
    *records("recall-lines", name="recallline", list=recall_lines.RecallLineList, detail=recall_lines.RecallLineDetail),
    deed(
        "recall-lines/<int:pk>/decide/",
        recall_lines.RecallLineDecide,
        name="recallline_decide",
        returns=RecallDecision,
        status=201,
    ),
]
