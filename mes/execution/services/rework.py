"""A signed decision to rework or repair becomes an order on exactly these goods, by the routing that was named."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from core.organization.services import system_user
from mes.execution.models import ProductionOrder
from mes.execution.services.orders import create_order, release_order
from mes.routing.models import Routing
from mes.routing.queries import effective_revision_of
from qms.nonconformance.models import Disposition


def order_rework(disposition: Disposition) -> ProductionOrder:
    """Create and release the rework order of an approved line, in the transaction of its signature.

    The order makes no lot and takes no stock: it works on the goods that are held for the nonconformance. Raises
    `Blocked` where the routing that was named is not effective any more; then nothing is approved.
    """
    routings = Routing.objects.select_related("site", "material").filter(is_rework=True)
    routing = routings.filter(pk=disposition.route_id or 0).first()
    revision = None if routing is None else effective_revision_of(routing)
    if routing is None or revision is None:
        raise Blocked(
            Blocker(
                "route",
                _("“%(route)s” is no effective routing for rework any more.") % {"route": disposition.route_label},
                record=disposition,
                remedy=_("Withdraw the proposal and propose it by another routing."),
            )
        )
    actor = system_user("execution")
    order = create_order(
        site=routing.site,
        material=routing.material,
        quantity=disposition.quantity,
        routing_revision=revision,
        rework_of=disposition,
        actor=actor,
    )
    return release_order(order=order, actor=actor, reason=str(disposition))
