"""What leaves for customers: whether it may, and where it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from traceability.models import Container, Lot, SerializedUnit, Shipment, ShipmentLine
from traceability.queries.containers import Packed, packed_blockers, packed_in
from traceability.queries.stock import states
from traceability.queries.usability import usability_in


def goods_of(shipment: Shipment) -> list[ShipmentLine]:
    """The lines of a shipment with what their rules and pages need."""
    lines = shipment.lines.select_related("lot__material__uom", "lot__site", "lot__revision", "unit", "shipment")
    lines = lines.select_related("container")
    return list(lines.prefetch_related("returns__movement").order_by("pk"))


def against_shipping(lines: Sequence[ShipmentLine]) -> list[Blocker]:
    """Why goods may not leave: what may not be used may not be shipped; lines of one lot count together."""
    found = states([(line.lot_id, line.unit_id) for line in lines])
    taken: dict[int, Decimal] = defaultdict(Decimal)
    loose: dict[int, Decimal] = defaultdict(Decimal)
    blockers: list[Blocker] = []
    for line, state in zip(lines, found, strict=True):
        taken[line.lot_id] += line.quantity
        blockers += usability_in(state, line.lot, taken[line.lot_id], unit=line.unit)
        if line.container_id is None:
            loose[line.lot_id] += line.quantity
            blockers += packed_blockers(state, line.lot, loose[line.lot_id])
    return blockers + list(_containers_as_listed(lines))


def lines_of_container(goods: Sequence[Packed]) -> dict[tuple[int, int | None], Decimal]:
    """How much of which lot, or which unit of it, a container gives to a shipment."""
    found: dict[tuple[int, int | None], Decimal] = defaultdict(Decimal)
    for packed in goods:
        if packed.lot is not None:
            found[packed.lot.pk, None if packed.unit is None else packed.unit.pk] += packed.quantity
    return found


def _containers_as_listed(lines: Sequence[ShipmentLine]) -> Iterator[Blocker]:
    """Whether containers on a shipment still hold exactly what their lines say, and stand in no other."""
    listed: dict[int, dict[tuple[int, int | None], Decimal]] = defaultdict(dict)
    for line in lines:
        if line.container_id is not None:
            listed[line.container_id][line.lot_id, line.unit_id] = line.quantity
    for container in Container.objects.filter(pk__in=listed).order_by("pk"):
        if container.parent_id is not None or container.status not in ("open", "closed"):
            yield Blocker(
                "container_status",
                _("Container %(container)s is shipped, out of use, or in another one.") % {"container": container},
                record=container,
                remedy=_("Take its lines off the shipment."),
                remedy_url=container.get_absolute_url(),
            )
        elif lines_of_container(packed_in(container)) != listed[container.pk]:
            yield Blocker(
                "contents_changed",
                _("Container %(container)s was packed or unpacked since it was put on the shipment.")
                % {"container": container},
                record=container,
                remedy=_("Take its lines off the shipment and add it again."),
                remedy_url=container.get_absolute_url(),
            )


def shipped_lines(record: Lot | SerializedUnit) -> QuerySet[ShipmentLine]:
    """The lines by which a lot or unit went to customers, the latest first."""
    lines = ShipmentLine.objects.filter(shipment__status="shipped")
    lines = lines.filter(unit=record) if isinstance(record, SerializedUnit) else lines.filter(lot=record)
    lines = lines.select_related("shipment__customer", "unit", "movement").prefetch_related("returns__movement")
    return lines.order_by("-pk")
