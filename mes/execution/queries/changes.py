"""Which revision an order is made by, where a change in force does not simply count from its release on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType

from core.kernel.deeds import Deed
from core.organization.models import NumberSeries, Site
from mes.execution.models import OrderOperation, ProductionOrder
from mes.routing.models import Operation, RoutingRevision
from qms.changes.models import ChangeOrder
from qms.changes.queries import Limit, any_limits, finishes_on_old, limits
from qms.documents.models import DocumentRevision
from qms.documents.queries import revision_to_work_by
from traceability.models import SerializedUnit
from traceability.queries import lots_for, units_for

Effectivity = ChangeOrder.Effectivity
LOTS = "LOT"
"""The series from which lots get their numbers."""


def figure_of(number: str) -> int:
    """The figure at the end of a number such as LOT-000123; 0 where there is none."""
    found = re.search(r"([0-9]+)\D*$", number)
    return int(found[1]) if found else 0


def operations_by(revision: int, *, trial: bool, deed: Deed) -> list[Operation]:
    """The operations of a routing revision with the instruction that counts for each, read once for a deed.

    The same statement says whether any change is to be asked about.
    """

    def read() -> list[Operation]:
        rows = Operation.objects.filter(routing_revision=revision).select_related("work_center", "document")
        works_by = revision_to_work_by("document", trial=trial)
        return list(rows.annotate(works_by=works_by, is_limited=any_limits()).order_by("sequence"))

    return deed.once(("operations", revision, trial), read)


def _limits(order: ProductionOrder, deed: Deed) -> Sequence[Limit]:
    def read() -> list[Limit]:
        known: list[Any] = list(operations_by(order.routing_revision_id, trial=order.is_sandbox, deed=deed))
        return [] if known and not known[0].is_limited else limits()

    return deed.once("limits of changes", read)


def next_lot_figure(site: Site) -> int:
    """The figure of the number that the next lot of the site gets."""
    known = NumberSeries.objects.filter(site=site, prefix=LOTS).values_list("last_number", flat=True).first()
    return (known or 0) + 1


def counts_for(change: ChangeOrder, site: Site, order: ProductionOrder | None = None) -> bool:
    """Whether the new revisions of a released change count for this order, or without one for any that follows."""
    mark = change.effectivity_mark
    if change.effectivity == Effectivity.ORDER:
        named = ProductionOrder.objects.filter(site=change.site_id, number=mark).first()
        return named is None or order is None or order.pk >= named.pk
    if change.effectivity == Effectivity.LOT:
        return next_lot_figure(site) >= figure_of(mark)
    material = change.effectivity_material
    if material is None:
        return True
    if change.effectivity == Effectivity.SERIAL:
        last = SerializedUnit.objects.filter(material=material, site=site).order_by("-pk").first()
        more = int(order.quantity) if order is not None else 1
        return figure_of(last.serial if last is not None else "") + more >= figure_of(mark)
    if change.effectivity == Effectivity.USED_UP:
        return not lots_for(material, site) and not units_for(material, site, most=1)
    return True


def _counting(order: ProductionOrder, deed: Deed) -> Mapping[int, bool]:
    """Per change with an effectivity by number or stock, whether it counts for the order."""

    def read() -> dict[int, bool]:
        by_mark = {
            one.change.pk: one.change for one in _limits(order, deed) if one.change.effectivity != Effectivity.DATE
        }
        return {key: counts_for(change, order.site, order) for key, change in by_mark.items()}

    return deed.once(("changes that count", order.pk), read)


def _kind(model: type[RoutingRevision] | type[DocumentRevision]) -> int:
    return int(ContentType.objects.get_for_model(model).pk)


def _keeps(order: ProductionOrder, deed: Deed) -> ChangeOrder | None:
    """The change by whose plan an order that was not released yet is still made by the superseded routing."""
    if order.routing_revision.status != "superseded":
        return None
    return deed.once(("kept by plan", order.pk), lambda: finishes_on_old(order, order.routing_revision))


def due_revision(order: ProductionOrder, deed: Deed) -> RoutingRevision:
    """The routing revision that the order is released with: its own, unless a change in force says another one."""
    present = order.routing_revision
    if order.is_sandbox or _keeps(order, deed) is not None:
        return present
    counting = _counting(order, deed)
    for limit in _limits(order, deed):
        if limit.revision_type != _kind(RoutingRevision) or limit.change.pk not in counting:
            continue
        counts = counting[limit.change.pk]
        if counts and limit.from_id == present.pk and limit.to_id is not None:
            return _routing(limit.to_id, deed)
        if not counts and limit.to_id == present.pk and limit.from_id is not None:
            return _routing(limit.from_id, deed)
    return present


def _routing(key: int, deed: Deed) -> RoutingRevision:
    def read() -> RoutingRevision:
        return RoutingRevision.objects.select_related("routing__site", "routing__material").get(pk=key)

    return deed.once(("routing", key), read)


def held_back(order: ProductionOrder, deed: Deed) -> bool:
    """Whether the routing that the order is due to is an earlier one, because a change does not count for it yet."""
    due = due_revision(order, deed)
    counting = _counting(order, deed)
    return any(
        limit.from_id == due.pk and limit.revision_type == _kind(RoutingRevision) and not counting[limit.change.pk]
        for limit in _limits(order, deed)
        if limit.change.pk in counting
    )


def kept_by_plan(order: ProductionOrder, deed: Deed) -> bool:
    """Whether a change's plan for open orders lets the order be made by the superseded routing."""
    return _keeps(order, deed) is not None


def instead_of(order: ProductionOrder, deed: Deed) -> dict[int, int]:
    """Document revisions that do not count for the order yet, with those that are taken in their place."""
    if order.is_sandbox:
        return {}
    kept = _keeps(order, deed)
    kind = _kind(DocumentRevision)
    found: dict[int, int] = {}
    if kept is not None:
        pairs = kept.items.filter(revision_type=kind).values_list("to_id", "from_id")
        found = {after: before for after, before in pairs if after is not None and before is not None}
    counting = _counting(order, deed)
    for limit in _limits(order, deed):
        waits = limit.change.pk in counting and not counting[limit.change.pk]
        if waits and limit.revision_type == kind and limit.from_id is not None and limit.to_id is not None:
            found[limit.to_id] = limit.from_id
    return found


def changes_by_lot(order: ProductionOrder, deed: Deed) -> bool:
    """Whether a change in force counts from a lot number on."""
    return any(one.change.effectivity == Effectivity.LOT for one in _limits(order, deed))


def blocked_for_release(order: ProductionOrder, documents: Sequence[int | None], deed: Deed) -> list[ChangeOrder]:
    """Changes whose revisions may not be used any more, and that an order would be released with."""
    return _blocked(_limits(order, deed), due_revision(order, deed).pk, {key for key in documents if key is not None})


def blocked_for_start(operation: OrderOperation, order: ProductionOrder, overdue: Sequence[Limit]) -> list[ChangeOrder]:
    """Of the changes that are `overdue`, those with whose revisions the operation would be begun."""
    documents = {operation.document_revision_id} - {None}
    return _blocked(overdue, order.routing_revision_id, documents)


def _blocked(found: Sequence[Limit], routing: int, documents: set[int | None] | set[int]) -> list[ChangeOrder]:
    routings, texts = _kind(RoutingRevision), _kind(DocumentRevision)
    hit = {
        one.change.pk: one.change
        for one in found
        if one.is_blocked
        and (
            (one.revision_type == routings and one.to_id == routing)
            or (one.revision_type == texts and one.to_id in documents)
        )
    }
    return list(hit.values())
