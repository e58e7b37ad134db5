"""Purchase orders, suppliers and customers for the tests of what arrives and what leaves."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.models import Partner
from tests.support.people import make_user
from tests.traceability.world import World
from traceability import services
from traceability.models import (
    CustomerReturn,
    Lot,
    Material,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    SerializedUnit,
    Shipment,
    ShipmentLine,
)

_numbers = itertools.count(1)


def partner(world: World, **values: Any) -> Partner:
    """A partner; a supplier unless said otherwise."""
    number = next(_numbers)
    made = {"code": f"V-{number}", "name": f"Partner {number}", "is_supplier": True, **values}
    found = Partner(**made)
    kept(world, found)
    return found


def kept(world: World, record: Any) -> Any:
    """Save a record that an import makes otherwise."""
    return kept_by(world.system, record)


def kept_by(actor: Any, record: Any) -> Any:
    """The same, by somebody else."""
    with transaction.atomic(), acting(actor):
        record.save()
    return record


def ordered(
    world: World, quantity: Decimal | int = 10, material: Material | None = None, **values: Any
) -> PurchaseOrderLine:
    """A line of a new purchase order; `supplier` and `is_closed` are those of the order."""
    order = PurchaseOrder(
        site=world.site,
        number=values.pop("number", f"PO-{next(_numbers)}"),
        supplier=values.pop("supplier", None) or partner(world),
        ordered_on=dt.date(2026, 1, 5),
        is_closed=values.pop("is_closed", False),
    )
    kept(world, order)
    line = PurchaseOrderLine(
        order=order,
        position=values.pop("position", "10"),
        material=material or world.material(),
        quantity=Decimal(quantity),
        due_on=dt.date(2026, 2, 1),
        **values,
    )
    kept(world, line)
    return line


def shipment(world: World, lot: Lot, customer: str) -> Shipment:
    """A draft to a new customer with ten of the lot."""
    to = partner(world, code=customer, is_customer=True)
    made = services.create_shipment(site=world.site, customer=to, actor=world.system)
    services.add_shipment_line(shipment=made, lot=lot, quantity=Decimal(10), actor=world.system)
    return made


DELIVERY = services.Delivery(quantity=Decimal(4), supplier_lot="S-77")


def delivered(**values: Any) -> services.Delivery:
    """Four of the supplier's lot S-77, unless said otherwise."""
    return replace(DELIVERY, **values)


def receive(world: World, line: PurchaseOrderLine, **values: Any) -> Receipt:
    """What the line expects arrives and quality takes it in."""
    return services.receive_ordered(line=line, delivery=delivered(**values), actor=world.quality)


RIGHTS = tuple(f"traceability.{verb}_shipment" for verb in ("view", "change", "ship", "return"))
LEAD = (*RIGHTS, "traceability.view_lot", "traceability.view_serializedunit", "traceability.place_hold")


def leads(world: World) -> Any:
    """The same, in any world."""
    services.create_location(site=world.site, code="OUT", name="Shipped", kind="shipped", actor=world.system)
    return make_user(site=world.site, permissions=LEAD)


def draft(world: World, lead: Any) -> Shipment:
    """A shipment without lines."""
    customer = partner(world, is_supplier=False, is_customer=True)
    return services.create_shipment(site=world.site, customer=customer, actor=lead)


def put(shipment: Shipment, lead: Any, goods: Lot | SerializedUnit, quantity: int = 1) -> ShipmentLine:
    """A lot or a unit goes on the shipment."""
    unit = goods if isinstance(goods, SerializedUnit) else None
    lot = goods.lot if isinstance(goods, SerializedUnit) else goods
    assert lot is not None
    return services.add_shipment_line(shipment=shipment, lot=lot, unit=unit, quantity=Decimal(quantity), actor=lead)


def shipped(world: World, lead: Any, goods: Lot | SerializedUnit, quantity: int = 1) -> ShipmentLine:
    """It left for a customer."""
    line = put(draft(world, lead), lead, goods, quantity)
    perform(line.shipment, "ship", actor=lead)
    return ShipmentLine.objects.select_related("shipment", "lot", "unit", "movement").get(pk=line.pk)


def back(line: ShipmentLine, lead: Any, quantity: int = 1, **values: Any) -> CustomerReturn:
    """The customer sends it back."""
    return services.return_goods(line=line, quantity=Decimal(quantity), reason="Dented", actor=lead, **values)
