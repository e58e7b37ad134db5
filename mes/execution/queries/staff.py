"""Who can run an operation, on a shift: everybody who may work there, and what each lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.organization.models import User
from mes.execution.lifecycle import EXECUTE
from mes.execution.models import OrderOperation
from mes.routing.models import OperationRequirement
from qms.training.models import Curriculum
from qms.training.queries.staff import candidates, heads_for
from qms.training.questions import Demand


@dataclass(frozen=True)
class Worker:
    """A person, whether they can run the operation, whether they are planned, and what they lack in words."""

    user: User
    can: bool
    is_planned: bool
    lacking: tuple[Curriculum, ...]
    is_trained: bool


def who_can_run(operation: OrderOperation, since: dt.datetime, until: dt.datetime) -> list[Worker]:
    """Everybody who may work at the operation's work center, whoever can run it first; a fixed number of statements."""
    asked = OperationRequirement.objects.filter(operation=operation.operation_id, curriculum__isnull=False)
    curricula = {one.curriculum.pk: one.curriculum for one in asked.select_related("curriculum") if one.curriculum}
    demand = Demand(
        key=str(operation.pk),
        label=str(operation),
        site_id=operation.order.site_id,
        work_center_id=operation.work_center_id,
        permission=EXECUTE,
        starts_at=since,
        ends_at=until,
        curricula=frozenset(curricula),
        document_id=None,
        routing_id=0,
    )
    revision = None if operation.order.is_sandbox else operation.document_revision
    found = candidates(demand, heads_for([demand], revision))
    people = User.objects.in_bulk([one.person for one in found])
    return [
        Worker(
            people[one.person],
            one.can,
            one.is_planned,
            tuple(curricula[key] for key in sorted(one.lacking)),
            one.is_trained,
        )
        for one in found
    ]


def ready(workers: Sequence[Worker]) -> int:
    """How many can run it and are planned; where nobody is planned, how many can."""
    planned = [one for one in workers if one.is_planned]
    return sum(one.can for one in planned or workers)
