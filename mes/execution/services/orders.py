"""Production orders: created, released with everything pinned, closed, cancelled."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, makes
from core.lifecycle.services import begin, begin_many, perform
from core.organization.models import Site
from core.organization.queries import rights_read_once
from core.organization.services import next_number, require, system_user
from mes.execution.lifecycle import CHANGE, CREATE, SANDBOX
from mes.execution.models import OrderOperation, ProductionOrder
from mes.execution.queries.changes import changes_by_lot, due_revision, figure_of, next_lot_figure
from mes.execution.queries.release import newer_instruction, planned_operations
from mes.execution.services.floor import lock_order
from mes.routing.models import RoutingRevision
from mes.routing.queries import content_hash, effective_routing
from qms.nonconformance.models import Disposition
from traceability.models import Material
from traceability.queries import require_whole
from traceability.services import create_lot, finish_lot, void_lot

NUMBERS = {False: "PO", True: "TRY"}


@service
def create_order(
    *,
    site: Site,
    material: Material,
    quantity: Decimal,
    actor: Any,
    routing_revision: RoutingRevision | None = None,
    due_on: dt.date | None = None,
    priority: int = 5,
    number: str = "",
    is_sandbox: bool = False,
    origin: str = "",
    external_id: str = "",
    rework_of: Disposition | None = None,
) -> ProductionOrder:
    """Create an order by the effective routing of the material, or by the revision given.

    A sandbox order ("Try as operator") may use a revision that is not approved yet. Raises `Blocked` without the right,
    for a quantity that is not positive, or when the material has no effective routing at the site.
    """
    require(actor, SANDBOX if is_sandbox else CREATE, site)
    revision = routing_revision or effective_routing(material, site)
    if revision is None:
        raise Blocked(
            Blocker(
                "routing",
                _("%(material)s has no effective routing at %(site)s.") % {"material": material, "site": site},
                record=material,
                remedy=_("Have a routing approved and made effective first."),
            )
        )
    if revision.routing.is_rework != (rework_of is not None):
        raise Blocked(
            Blocker(
                "routing",
                _("By routing %(revision)s nothing is made; nonconforming goods are reworked by it.")
                % {"revision": revision}
                if revision.routing.is_rework
                else _("Routing %(revision)s is not for rework.") % {"revision": revision},
                record=revision,
                remedy=_("Name it in a disposition.") if revision.routing.is_rework else _("Choose one for rework."),
            )
        )
    if revision.routing.material_id != material.pk or revision.routing.site_id != site.pk:
        raise Blocked(
            Blocker(
                "routing",
                _("Routing %(revision)s is for another material or site.") % {"revision": revision},
                record=revision,
                remedy=_("Choose a routing of this material at this site."),
            )
        )
    if quantity <= 0:
        raise Blocked(Blocker("quantity", _("The quantity must be above zero."), remedy=_("Enter how many.")))
    require_whole(quantity, material.uom, material)
    order = ProductionOrder(
        site=site,
        number=number.strip() or next_number(site, NUMBERS[is_sandbox]),
        material=material,
        routing_revision=revision,
        quantity=quantity,
        due_on=due_on,
        priority=priority,
        is_sandbox=is_sandbox,
        created_by=actor,
        origin=origin,
        external_id=external_id,
        rework_of=rework_of,
    )
    return begin(order, actor=actor)


@makes("mes_execution.ProductionOrder", "release")
@service
def release_order(*, order: ProductionOrder, actor: Any, reason: str = "") -> ProductionOrder:
    """Release an order to the floor: routing and instructions are pinned, the finished lot is made."""
    with rights_read_once():
        return perform(order, "release", actor=actor, reason=reason)


@service
def try_routing(*, revision: RoutingRevision, quantity: Decimal, actor: Any) -> ProductionOrder:
    """Put a sandbox order for a revision on the floor, before it is approved.

    The right to try is enough: nothing leaves stock, so no planner has to release it.
    """
    order = create_order(
        site=revision.routing.site,
        material=revision.routing.material,
        quantity=quantity,
        routing_revision=revision,
        is_sandbox=True,
        actor=actor,
    )
    return release_order(order=order, actor=system_user("execution"))


@effect("mes_execution.ProductionOrder", "release", before_save=True)
def pin_what_it_is_made_by(order: ProductionOrder, deed: Deed) -> None:
    """Pin the routing by its digest, and make the finished lot."""
    revision = order.routing_revision = due_revision(order, deed)
    # The guard has just found an approved routing to be what its digest says; a draft on trial has no digest yet.
    order.routing_hash = content_hash(revision) if order.is_sandbox else revision.content_hash
    if not order.is_sandbox and order.rework_of_id is None:
        expected = next_lot_figure(order.site) if changes_by_lot(order, deed) else None
        order.lot = create_lot(site=order.site, material=order.material, status="in_production", actor=deed.actor)
        if expected is not None and figure_of(order.lot.number) != expected:
            raise Blocked(_another_lot(order))


def _another_lot(order: ProductionOrder) -> Blocker:
    """Somebody made a lot meanwhile, and a change counts from a lot number on."""
    return Blocker(
        "lot_meanwhile",
        _("Another lot was made while %(order)s was being released.") % {"order": order},
        record=order,
        remedy=_("Release it again."),
    )


@effect("mes_execution.ProductionOrder", "release")
def lay_out_its_operations(order: ProductionOrder, deed: Deed) -> None:
    """One operation of the order for each of the routing, with the instruction revision it is done by."""
    begin_many(
        [
            OrderOperation(
                order=order,
                operation=operation,
                sequence=operation.sequence,
                name=operation.name,
                work_center=operation.work_center,
                document_revision_id=revision,
            )
            for operation, revision in planned_operations(order, deed)
        ],
        actor=deed.actor,
    )


@makes("mes_execution.ProductionOrder", "close")
@service
def close_order(*, order: ProductionOrder, actor: Any, reason: str = "") -> ProductionOrder:
    """Close an order whose operations are completed; a sandbox order at any time."""
    return perform(lock_order(order), "close", actor=actor, reason=reason)


@makes("mes_execution.ProductionOrder", "cancel")
@service
def cancel_order(*, order: ProductionOrder, actor: Any, reason: str) -> ProductionOrder:
    """Cancel an order that will not be made, with a reason.

    Raises `Blocked` while anything that was made or used is not taken back, or somebody is clocked on.
    """
    return perform(lock_order(order), "cancel", actor=actor, reason=reason)


def order_started(order: ProductionOrder) -> None:
    """Move a released order on when its first operation starts; the engine's own step, not the operator's right."""
    if order.status == "released":
        perform(order, "start", actor=system_user("execution"))


def order_may_be_complete(order: ProductionOrder) -> bool:
    """Complete the order when no operation is open any more; returns whether it was."""
    if order.status != "in_progress" or order.operations.exclude(status="completed").exists():
        return False
    perform(order, "complete", actor=system_user("execution"))
    return True


@effect("mes_execution.ProductionOrder", "complete")
def finish_the_lot(order: ProductionOrder, deed: Deed) -> None:
    """Production of the finished lot has ended; it waits for quality."""
    if order.lot is not None and order.lot.status == "in_production":
        finish_lot(lot=order.lot, actor=deed.actor)


@effect("mes_execution.ProductionOrder", "cancel")
def void_the_lot(order: ProductionOrder, deed: Deed) -> None:
    """The lot that was made for it stays empty for good."""
    if order.lot is not None:
        void_lot(lot=order.lot, actor=deed.actor, reason=deed.reason)


@service
def adopt_instruction(*, order_operation: OrderOperation, actor: Any, reason: str) -> OrderOperation:
    """Let an open operation continue by the instruction that is effective now, with a reason.

    Raises `Blocked` without the right or the reason, on a completed operation, or when there is no newer revision.
    """
    lock_order(order_operation.order)
    rows = OrderOperation.objects.select_for_update(of=("self",), no_key=True)
    operation = rows.select_related("order", "operation__document", "work_center").get(pk=order_operation.pk)
    require(actor, CHANGE, operation)
    newest = newer_instruction(operation)
    if newest is None:
        raise Blocked(
            Blocker(
                "instruction",
                _("%(operation)s cannot take another instruction.") % {"operation": operation},
                record=operation,
                remedy=_("It is completed, or works to the effective revision already."),
            )
        )
    if not reason.strip():
        raise Blocked(Blocker("reason", _("This change needs a reason."), record=operation, remedy=_("Write why.")))
    operation.document_revision = newest
    operation.save()
    return operation
