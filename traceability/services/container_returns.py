"""Whole containers that come back from customers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import perform_many
from core.organization.services import require
from traceability.models import Container, CustomerReturn, ShipmentLine, StorageLocation
from traceability.services.containers import lock_tree
from traceability.services.movements import default_place, refuse
from traceability.services.shipping import return_goods


@service
def return_container(*, container: Container, reason: str, actor: Any) -> list[CustomerReturn]:
    """Take a shipped container back with all that is in it, packed as it left: into quarantine, its goods on hold.

    Raises `Blocked` without a reason, for one that is not with a customer or stands in another, and where a part of
    what is in it came back by itself: then nobody knows what is in it, and the rest comes back line by line.
    """
    require(actor, "traceability.return_shipment", container)
    inside = lock_tree(container)
    container = inside[container.pk]
    if not reason.strip():
        raise refuse("reason", _("A return needs a reason."), _("Write why it comes back."), container)
    lines = list(
        ShipmentLine.objects.filter(container=container, movement__isnull=False)
        .select_related("shipment__site", "lot", "unit")
        .prefetch_related("returns__movement")
        .order_by("lot_id", "unit_id")
    )
    shipment = max((line.shipment_id for line in lines), default=None)
    lines = [line for line in lines if line.shipment_id == shipment]
    if container.status != "shipped" or container.parent_id is not None or not lines:
        raise refuse(
            "not_shipped",
            _("Container %(container)s was not shipped by itself.") % {"container": container},
            _("Take back the outermost container with which it left."),
            container,
        )
    opened = [line for line in lines if line.returned]
    if opened:
        raise Blocked(
            Blocker(
                "opened",
                _("%(goods)s of container %(container)s came back by itself: the container was opened.")
                % {"goods": opened[0].goods, "container": container},
                record=container,
                remedy=_("Take the rest back line by line, and pack it anew."),
                remedy_url=opened[0].shipment.get_absolute_url(),
            )
        )
    back = [return_goods(line=line, quantity=line.quantity, reason=reason, actor=actor) for line in lines]
    container.location = default_place(container.site, StorageLocation.Kind.QUARANTINE)
    container.save()
    perform_many(list(inside.values()), "come_back", actor=actor, reason=reason)
    return back
