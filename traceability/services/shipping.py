"""Shipments to customers, and what comes back from them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked
from core.kernel.wiring import effect
from core.lifecycle.services import begin
from core.organization.models import Partner, Site
from core.organization.services import next_number, require
from traceability.models import (
    CustomerReturn,
    Lot,
    SerializedUnit,
    Shipment,
    ShipmentLine,
    StockMovement,
    StorageLocation,
)
from traceability.queries import against_shipping, goods_of, partner_blockers, plain, states
from traceability.services.container_shipping import lock_containers, ship_containers
from traceability.services.holds import place_hold
from traceability.services.movements import (
    Kind,
    default_place,
    lock,
    lock_units,
    place_with,
    refuse,
    require_quantity,
    source_ref,
)


@service
def create_shipment(*, site: Site, customer: Partner, actor: Any) -> Shipment:
    """Begin a shipment to a customer, as a draft without lines. Raises `Blocked` for who is no customer in use."""
    require(actor, "traceability.change_shipment", site)
    blockers = list(partner_blockers(customer, "customer"))
    if blockers:
        raise Blocked(blockers)
    return begin(Shipment(site=site, customer=customer, number=next_number(site, "SHIP")), actor=actor)


def _locked_draft(shipment: Shipment) -> Shipment:
    rows = Shipment.objects.select_for_update(of=("self",), no_key=True).select_related("site", "customer")
    locked = rows.get(pk=shipment.pk)
    if locked.status != "draft":
        raise refuse(
            "shipment_status",
            _("Shipment %(shipment)s is “%(state)s”; only a draft changes.")
            % {"shipment": locked, "state": locked.get_status_display()},
            _("Prepare another shipment."),
            locked,
        )
    return locked


@service
def add_shipment_line(
    *, shipment: Shipment, lot: Lot, quantity: Decimal, actor: Any, unit: SerializedUnit | None = None
) -> ShipmentLine:
    """Put a quantity of a lot, or one unit of it, on a draft.

    Raises `Blocked` for what may not be used (not released, expired, on hold, not there), with the lines that are on
    the draft already; for a lot of another site, and for what stands on the draft.
    """
    require(actor, "traceability.change_shipment", shipment)
    shipment = _locked_draft(shipment)
    lot = lock([lot])[lot.pk]
    require_quantity(quantity, lot, unit)
    if lot.site_id != shipment.site_id:
        raise refuse(
            "site",
            _("Lot %(lot)s lies at %(site)s.") % {"lot": lot, "site": lot.site},
            _("Ship it from there."),
            lot,
        )
    lines = goods_of(shipment)
    mine = (lot.pk, unit.pk if unit else None)
    if any((line.lot_id, line.unit_id) == mine and line.container_id is None for line in lines):
        raise refuse(
            "on_shipment",
            _("%(goods)s is on this shipment already.") % {"goods": unit or lot},
            _("Take the line off and add it with the whole quantity."),
            shipment,
        )
    line = ShipmentLine(shipment=shipment, lot=lot, unit=unit, quantity=quantity)
    blockers = against_shipping([*(one for one in lines if one.lot_id == lot.pk), line])
    if blockers:
        raise Blocked(blockers)
    line.save()
    return line


@service
def remove_shipment_line(*, line: ShipmentLine, actor: Any) -> Shipment:
    """Take a line off a draft; its history stays. Raises `Blocked` once it is shipped or cancelled."""
    require(actor, "traceability.change_shipment", line)
    shipment = _locked_draft(line.shipment)
    line.delete()
    return shipment


@effect("traceability.Shipment", "ship")
def take_out_of_stock(record: Shipment, deed: Deed) -> None:
    """Move what is on the lines to the place of what was shipped; every reason is asked anew under the locks."""
    lines = goods_of(record)
    containers = lock_containers(line.container for line in lines if line.container is not None)
    lots = lock(line.lot for line in lines)
    units = lock_units(line.unit for line in lines if line.unit is not None)
    for line in lines:
        line.lot = lots[line.lot_id]
        line.unit = None if line.unit_id is None else units[line.unit_id]
    blockers = against_shipping(lines)
    if blockers:
        raise Blocked(blockers)
    out = default_place(record.site, StorageLocation.Kind.SHIPPED)
    lies_in = _places_of(units)
    left = dict(zip(lots, states([(pk, None) for pk in lots]), strict=True))
    for line in lines:
        places = dict(left[line.lot_id].places)
        known = lies_in.get(line.unit_id)
        if line.container_id is not None:
            known = containers[line.container_id].location_id
        place = known if known in places else place_with(left[line.lot_id], line.lot, line.quantity)
        places[place] -= line.quantity
        packed = dict(left[line.lot_id].packed)
        if line.container_id is not None:
            packed[place] -= line.quantity
        left[line.lot_id] = replace(left[line.lot_id], places=places, packed=packed)
        line.movement = StockMovement.objects.create(
            kind=Kind.MOVE,
            lot=line.lot,
            unit=line.unit,
            quantity=line.quantity,
            uom=line.lot.material.uom,
            from_location_id=place,
            to_location=out,
            note=str(record.customer),
            **source_ref(record),
        )
        line.save()
    ship_containers(list(containers.values()), out, actor=deed.actor)


def _places_of(units: Iterable[int]) -> dict[int | None, int | None]:
    """Where units lie by their last movements; one query."""
    last = StockMovement.objects.filter(unit__in=units).order_by("unit_id", "-pk").distinct("unit_id")
    return {movement.unit_id: movement.to_location_id for movement in last}


@service
def return_goods(
    *, line: ShipmentLine, quantity: Decimal, reason: str, actor: Any, client_id: uuid.UUID | None = None
) -> CustomerReturn:
    """Take back what was shipped: into quarantine, on a hold that names the return, until quality releases it.

    A repeated `client_id` gives back what it booked before. Raises `Blocked` for what was not shipped, more than was
    shipped and is not back yet, a part of a piece, without a reason, or at a site without quarantine.
    """
    require(actor, "traceability.return_shipment", line)
    lot = lock([line.lot])[line.lot_id]
    before = None if client_id is None else StockMovement.objects.filter(client_id=client_id).first()
    if before is not None:
        found = CustomerReturn.objects.filter(movement=before, line=line).first()
        if found is None:
            raise refuse("client_id", _("This request was already used for another booking."), _("Reload the page."))
        return found
    lines = ShipmentLine.objects.select_related("shipment__site", "unit", "movement")
    line = lines.prefetch_related("returns__movement").get(pk=line.pk)
    require_quantity(quantity, lot, line.unit)
    if not reason.strip():
        raise refuse("reason", _("A return needs a reason."), _("Write why it comes back."), line)
    if line.movement is None:
        raise refuse(
            "not_shipped",
            _("%(goods)s was not shipped with %(shipment)s.") % {"goods": line.goods, "shipment": line.shipment},
            _("Choose the shipment with which it left."),
            line.shipment,
        )
    out = line.quantity - line.returned
    if quantity > out:
        raise refuse(
            "more_than_shipped",
            _("%(out)s %(uom)s of %(goods)s are still with the customer; %(quantity)s would be more.")
            % {"out": plain(out), "uom": lot.material.uom, "goods": line.goods, "quantity": plain(quantity)},
            _("Count again, or choose the other shipment with which it left."),
            line,
        )
    movement = StockMovement.objects.create(
        kind=Kind.MOVE,
        lot=lot,
        unit=line.unit,
        quantity=quantity,
        uom=lot.material.uom,
        from_location_id=line.movement.to_location_id,
        to_location=default_place(line.shipment.site, StorageLocation.Kind.QUARANTINE),
        note=reason,
        client_id=client_id,
        **source_ref(line.shipment),
    )
    why = _("Returned: %(why)s") % {"why": reason}
    if line.unit is None:
        hold = place_hold(lot=lot, quantity=quantity, reason=why, source=line.shipment, actor=actor)
    else:
        hold = place_hold(unit=line.unit, reason=why, source=line.shipment, actor=actor)
    return CustomerReturn.objects.create(line=line, movement=movement, hold=hold, reason=reason)
