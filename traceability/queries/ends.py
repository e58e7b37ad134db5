"""Where the lots and units of a trace are in the end: in which containers, and with which customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, F, Q, Sum, When

from core.organization.queries import scoped
from traceability.models import ContainerEntry, ShipmentLine
from traceability.queries.genealogy import LOT, UNIT

Node = tuple[int, int]


@dataclass(frozen=True)
class End:
    """The containers here, and the customers with the shipment by which it went to each."""

    containers: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.containers or self.customers)


def ends_of(nodes: Iterable[Node], user: Any) -> Mapping[Node, End]:
    """The end of each lot (its units included) and unit, as far as the user may see it; two queries."""
    wanted = set(nodes)
    lots = {pk for kind, pk in wanted if kind != UNIT}
    units = {pk for kind, pk in wanted if kind == UNIT}
    found: dict[Node, End] = defaultdict(End)

    def told(lot: int, unit: int | None) -> list[End]:
        nodes = [(LOT, lot)] if lot in lots else []
        return [found[node] for node in [*nodes, *([(UNIT, unit)] if unit is not None and unit in units else [])]]

    about = Q(lot__in=lots) | Q(unit__in=units)
    sign = Case(When(kind=ContainerEntry.Kind.PUT_IN, then=F("quantity")), default=-F("quantity"))
    entries = scoped(ContainerEntry.objects.all(), user, "traceability.view_container").filter(about)
    entries = entries.exclude(container__status__in=("shipped", "emptied")).order_by()
    inside = entries.values("lot", "unit", "container__number").annotate(here=Sum(sign)).filter(here__gt=0)
    for row in inside.order_by("container__number"):
        for end in told(row["lot"], row["unit"]):
            if row["container__number"] not in end.containers:
                end.containers.append(row["container__number"])
    lines = scoped(ShipmentLine.objects.all(), user, "traceability.view_shipment").filter(about)
    lines = lines.filter(shipment__status="shipped").select_related("shipment__customer", "container")
    for line in lines.prefetch_related("returns__movement").order_by("pk"):
        if line.returned >= line.quantity:
            continue
        with_what = f" · {line.container}" if line.container is not None else ""
        words = f"{line.shipment.customer} · {line.shipment}{with_what}"
        for end in told(line.lot_id, line.unit_id):
            if words not in end.customers:
                end.customers.append(words)
    return found
