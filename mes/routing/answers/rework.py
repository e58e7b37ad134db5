"""Which routings rework may be done by."""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.wiring import answers
from mes.routing.queries import rework_routings
from qms.nonconformance.questions import ReworkRoute, ReworkRoutes


@answers(ReworkRoutes)
def routings_for_rework(question: ReworkRoutes) -> Iterator[ReworkRoute]:
    """The effective routings for rework of these materials at the site."""
    for revision in rework_routings(question.materials, question.site_id):
        routing = revision.routing
        yield ReworkRoute(routing.pk, routing.material_id, str(routing))
