"""The open orders of a change: what is decided about them, and who still uses the old revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from core.kernel.wiring import ask
from qms.changes.models import ChangeItem, ChangeOrder, WipDecision
from qms.changes.queries.controlled import items_of
from qms.changes.questions import Demand, OpenDemand


@dataclass(frozen=True)
class OrderLine:
    """An open order that the change affects, through which revisions, and the decision about it, if there is one."""

    demand: Demand
    through: tuple[str, ...]
    order_type: int
    decision: WipDecision | None = None


def order_lines(change: ChangeOrder, items: Sequence[ChangeItem] | None = None) -> list[OrderLine]:
    """Every open order that uses a revision which the change ends, with the decision about it.

    `items` are those of the change with their revisions, where they were read already.
    """
    decided = {(one.subject_type_id, one.subject_id): one for one in change.wip_decisions.select_related("decided_by")}
    found: dict[tuple[int, int], OrderLine] = {}
    for item in items_of(change) if items is None else items:
        revision = item.from_revision
        if revision is None:
            continue
        for demand in ask(OpenDemand(revision)):
            key = (ContentType.objects.get_for_model(demand.order).pk, demand.order.pk)
            known = found.get(key)
            through = (*(known.through if known is not None else ()), item.from_label)
            if known is not None and "migrate" not in demand.choices:
                demand = known.demand
            found[key] = OrderLine(demand, through, key[0], decided.get(key))
    return list(found.values())


def uses_of_the_old(change: ChangeOrder) -> list[Demand]:
    """The open orders that still use what the change ended: the old revisions, or after its end the temporary ones."""
    returned = change.status == "returned"
    found: dict[tuple[type, int], Demand] = {}
    for item in items_of(change):
        revision = item.to_revision if returned else item.from_revision
        if revision is None or revision.status == "effective":
            continue
        for demand in ask(OpenDemand(revision)):
            found.setdefault((type(demand.order), demand.order.pk), demand)
    return list(found.values())
