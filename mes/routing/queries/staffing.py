"""Who could do planned orders by a routing revision."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from core.kernel.wiring import ask
from mes.routing.models import RoutingRevision
from qms.training.queries import Staffing, heads_for, staffing
from qms.training.queries.staff import HORIZON
from qms.training.questions import Demand, ScheduledDemand


def staffing_for_routing(revision: RoutingRevision, at: dt.datetime) -> Staffing:
    """What of the planned orders of the routing nobody could do by this revision: its operations on their days.

    Operations that ask for no qualification need nobody in particular.
    """
    found = ask(ScheduledDemand(revision.routing.site_id, at, at + HORIZON))
    days: dict[str, Demand] = {}
    for one in found:
        if one.routing_id == revision.routing_id:
            days.setdefault(one.key.partition("-")[0], one)
    if not days:
        return Staffing((), at)
    operations = revision.operations.filter(work_center__isnull=False).prefetch_related("requirements")
    demands = []
    for operation in operations.order_by("sequence"):
        curricula = frozenset(
            one.curriculum_id for one in operation.requirements.all() if one.curriculum_id is not None
        )
        if not curricula:
            continue
        for order, day in sorted(days.items()):
            demands.append(
                replace(
                    day,
                    key=f"{order}-{operation.sequence}",
                    label=f"{day.label.partition(' · ')[0]} · {operation}",
                    work_center_id=operation.work_center_id or 0,
                    curricula=curricula,
                    document_id=operation.document_id,
                )
            )
    return staffing(demands, heads_for(demands, None), at)
