"""The API of routings: their revisions, every change of a draft that the builder makes, scrap reasons."""

from __future__ import annotations

from typing import Any

from core.web.api import Reading, deed, moves, reading, records
from mes.routing.models import OmittedMaterial, Operation, RoutingRevision
from mes.routing.queries import omitted_of, operations_of
from mes.routing.serializers import OmittedMaterialShape, OperationShape, RoutingRevisionShape
from mes.routing.views import deeds, revisions, routings, scrap_reasons, staffing


class Revisions(Reading):
    """The revisions of a routing, newest first."""

    page, shape = routings.RoutingPage, RoutingRevisionShape

    def read(self, page: Any) -> list[RoutingRevision]:
        return list(page.revisions)


class Operations(Reading):
    """The operations of a revision in order, with what each consumes and requires."""

    page, shape = revisions.RevisionPage, OperationShape

    def read(self, page: Any) -> list[Operation]:
        return operations_of(page.record)


class Omissions(Reading):
    """The lines of the bill of material that the revision does not use on purpose."""

    page, shape = revisions.RevisionPage, OmittedMaterialShape

    def read(self, page: Any) -> list[OmittedMaterial]:
        return omitted_of(page.record)


ONE = "revisions/<int:pk>/"
urlpatterns = [
    *records(
        "routings",
        name="routing",
        list=routings.RoutingList,
        create=routings.RoutingCreate,
        detail=routings.RoutingPage,
        change=routings.RoutingChange,
    ),
    reading("routings/<int:pk>/revisions/", Revisions, name="routingrevision_list"),
    deed(
        "routings/<int:pk>/revise/", routings.RoutingRevise, name="routing_revise", returns=RoutingRevision, status=201
    ),
    *records("revisions", name="routingrevision", detail=revisions.RevisionPage),
    *moves(ONE, revisions.RevisionMove, name="routingrevision"),
    deed(f"{ONE}staffing/", staffing.RoutingRevisionStaffing, name="routingrevision_staffing"),
    reading(f"{ONE}operations/", Operations, name="operation_list"),
    reading(f"{ONE}omissions/", Omissions, name="omittedmaterial_list"),
    *(
        deed(
            f"{ONE}build/{one.about}/<int:part>/{one.address}/" if one.about else f"{ONE}build/{one.address}/",
            one,
            name=f"{one.about or 'routingrevision'}_{one.name}",
            returns=one.makes,
        )
        for one in deeds.DEEDS
    ),
    *records(
        "scrap-reasons",
        name="scrapreason",
        list=scrap_reasons.ScrapReasonList,
        create=scrap_reasons.ScrapReasonForms,
        change=scrap_reasons.ScrapReasonForms,
    ),
]
