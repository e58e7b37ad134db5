"""Whole containers on shipments: what is in them goes on the lines, and they leave with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.bulk import bulk_create
from core.kernel.deeds import service
from core.kernel.errors import Blocked
from core.lifecycle.services import perform_many
from core.organization.services import require
from traceability.models import Container, Shipment, ShipmentLine, StorageLocation
from traceability.queries import against_shipping, goods_in, goods_of, lines_of_container, packed_in
from traceability.services.containers import lock_tree
from traceability.services.movements import lock, refuse


@service
def add_container_lines(*, shipment: Shipment, container: Container, actor: Any) -> list[ShipmentLine]:
    """Put a whole container on a draft: a line for each lot and unit in it, at any depth.

    Raises `Blocked` for an empty one, one in another or at another site, and for whatever in it may not be shipped.
    """
    require(actor, "traceability.change_shipment", shipment)
    shipment = Shipment.objects.select_for_update(of=("self",), no_key=True).select_related("site").get(pk=shipment.pk)
    container = lock_tree(container)[container.pk]
    goods = goods_in(packed_in(container))
    if shipment.status != "draft" or container.site_id != shipment.site_id or not goods:
        text = (
            _("Nothing is in container %(container)s.")
            if not goods
            else _("Container %(container)s cannot go on shipment %(shipment)s.")
        )
        raise refuse(
            "container",
            text % {"container": container, "shipment": shipment},
            _("Choose a draft of the site where the container stands, and a container with goods in it."),
            container,
        )
    locked = lock(line.lot for line in goods if line.lot is not None)
    units = {line.unit.pk: line.unit for line in goods if line.unit is not None}
    lines = goods_of(shipment)
    wanted = lines_of_container(goods)
    if any(line.container_id == container.pk for line in lines):
        raise refuse(
            "on_shipment",
            _("%(goods)s is on this shipment already.") % {"goods": container},
            _("Take its lines off first, if what is in it has changed."),
            shipment,
        )
    added = [
        ShipmentLine(
            shipment=shipment,
            lot=locked[lot],
            unit=None if unit is None else units[unit],
            quantity=quantity,
            container=container,
        )
        for (lot, unit), quantity in wanted.items()
    ]
    lots = set(locked)
    blockers = against_shipping([*(line for line in lines if line.lot_id in lots), *added])
    if blockers:
        raise Blocked(blockers)
    return bulk_create(added)


@service
def remove_container_lines(*, shipment: Shipment, container: Container, actor: Any) -> int:
    """Take a whole container off a draft again; tells how many lines that were."""
    require(actor, "traceability.change_shipment", shipment)
    shipment = Shipment.objects.select_for_update(of=("self",), no_key=True).get(pk=shipment.pk)
    lines = list(ShipmentLine.objects.filter(shipment=shipment, container=container, shipment__status="draft"))
    if not lines:
        raise refuse(
            "not_on_shipment",
            _("Container %(container)s is not on a draft %(shipment)s.")
            % {"container": container, "shipment": shipment},
            _("Reload the page."),
            shipment,
        )
    for line in lines:
        line.delete()
    return len(lines)


def lock_containers(containers: Iterable[Container]) -> dict[int, Container]:
    """Lock containers and all in them; the given ones by their ids."""
    given = {one.pk: one for one in containers}
    return {pk: lock_tree(one)[pk] for pk, one in sorted(given.items())}


def ship_containers(containers: Sequence[Container], out: StorageLocation, *, actor: Any) -> None:
    """Containers leave with what is in them; their goods were booked out by the lines of the shipment."""
    for container in containers:
        inside = lock_tree(container)
        container.location = out
        container.save()
        perform_many(list(inside.values()), "ship", actor=actor)
