"""Where the affected goods of a nonconformance are, and whether they were contained in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet

from core.kernel.clock import now
from core.kernel.wiring import ask
from qms.nonconformance.models import AffectedItem, ContainmentCheck, NonConformance
from qms.nonconformance.queries.records import OPEN_STATES
from traceability.models import Hold, Lot, SerializedUnit, StorageLocation
from traceability.queries import Goods, described, reached, with_customers
from traceability.questions import OpenOrdersWith

Where, Result = ContainmentCheck.Where, ContainmentCheck.Result


@dataclass(frozen=True)
class Whereabout:
    """One place of affected goods: which lot (or unit without a lot), where, how much by the ledger."""

    where: str
    lot_id: int | None
    unit_id: int | None
    uom_id: int
    is_made_of_it: bool
    place_id: int | None = None
    shipment_id: int | None = None
    order: models.Model | None = None
    quantity: Decimal | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes it the same place when somebody looks again."""
        order = None if self.order is None else self.order.pk
        return self.where, self.lot_id, self.unit_id, self.place_id, self.shipment_id, order


FITTING = {
    Where.WIP: (Result.CONTAINED, Result.NOT_THERE, Result.NOT_AFFECTED),
    Where.STOCK: (Result.CONTAINED, Result.NOT_THERE, Result.NOT_AFFECTED),
    Where.SHIPPED: (Result.TOLD, Result.NOT_AFFECTED),
}
"""What may be answered where: a hold does not reach what a customer has."""


def key_of(check: ContainmentCheck) -> tuple[Any, ...]:
    """The key of the place that a line is about."""
    return check.where, check.lot_id, check.unit_id, check.place_id, check.shipment_id, check.source_id


def goods_of(record: NonConformance) -> tuple[Goods, Goods]:
    """The affected lots and units, and what was made of them at any depth without them."""
    items = list(AffectedItem.objects.filter(nonconformance=record).select_related("lot", "unit"))
    own = Goods(
        frozenset(item.lot_id for item in items if item.lot_id is not None),
        frozenset(item.unit_id for item in items if item.unit_id is not None),
    )
    made = Goods()
    for item in items:
        lots, units = reached(item.thing, "forward")
        made = made | Goods(frozenset(lots), frozenset(units))
    return own, made - own


def whereabouts_of(record: NonConformance) -> list[Whereabout]:
    """Every place where affected goods, and what was made of them, are now: orders, storage locations, shipments."""
    own, made = goods_of(record)
    found: dict[tuple[Any, ...], Whereabout] = {}
    for goods, is_made_of_it in ((own, False), (made, True)):
        for one in (*_in_stock(goods, is_made_of_it), *_shipped(goods, is_made_of_it), *_wip(goods, is_made_of_it)):
            found.setdefault(one.key, one)
    return list(found.values())


def _named(thing: Lot | SerializedUnit) -> tuple[int | None, int | None]:
    """A lot is named itself, a unit by its lot: a person who looks for pieces looks for their lot."""
    if isinstance(thing, Lot):
        return thing.pk, None
    return (thing.lot_id, None) if thing.lot_id is not None else (None, thing.pk)


def _in_stock(goods: Goods, is_made_of_it: bool) -> Iterable[Whereabout]:
    places: dict[tuple[int | None, int | None, str, int, int], Decimal] = {}
    for member in described(goods, limit=None):
        lot, unit = _named(member.record)
        if member.is_unit and lot in goods.lots:
            continue  # The lot's own line counts its pieces.
        for lies in member.here:
            key = (lot, unit, lies.code, member.record.material.uom_id, member.record.site_id)
            places[key] = places.get(key, Decimal(0)) + lies.quantity
    codes = {(site, code) for _lot, _unit, code, _uom, site in places}
    known = {
        (place.site_id, place.code): place.pk
        for place in StorageLocation.objects.filter(
            site__in={site for site, _code in codes}, code__in={code for _site, code in codes}
        )
    }
    for (lot, unit, code, uom, site), quantity in places.items():
        if quantity > 0:
            yield Whereabout(Where.STOCK, lot, unit, uom, is_made_of_it, place_id=known[site, code], quantity=quantity)


def _shipped(goods: Goods, is_made_of_it: bool) -> Iterable[Whereabout]:
    if not goods:
        return
    shipped: dict[tuple[int | None, int | None, int, int], Decimal] = {}
    for one in with_customers(goods):
        lot, unit = _named(one.goods)
        key = (lot, unit, one.shipment.pk, one.goods.material.uom_id)
        shipped[key] = shipped.get(key, Decimal(0)) + one.quantity
    for (lot, unit, shipment, uom), quantity in shipped.items():
        yield Whereabout(Where.SHIPPED, lot, unit, uom, is_made_of_it, shipment_id=shipment, quantity=quantity)


def _wip(goods: Goods, is_made_of_it: bool) -> Iterable[Whereabout]:
    if not goods:
        return
    orders = ask(OpenOrdersWith(lots=tuple(sorted(goods.lots)), units=tuple(sorted(goods.units))))
    lots = Lot.objects.select_related("material").in_bulk([one.lot_id for one in orders])
    for one in orders:
        if one.how in ("makes", "used") and one.lot_id in lots:
            uom = lots[one.lot_id].material.uom_id
            yield Whereabout(Where.WIP, one.lot_id, None, uom, is_made_of_it, order=one.order)


def unanswered(record: NonConformance) -> QuerySet[ContainmentCheck]:
    """The places that nobody has answered for yet."""
    return ContainmentCheck.objects.filter(nonconformance=record, result="")


def checks_of(record: NonConformance) -> QuerySet[ContainmentCheck]:
    """The places of a record, unanswered ones first."""
    rows = ContainmentCheck.objects.filter(nonconformance=record)
    return rows.select_related("lot__material", "unit", "place", "shipment__customer", "uom", "answered_by").order_by(
        "result", "pk"
    )


def is_on_hold(check: ContainmentCheck) -> bool:
    """Whether an open hold stands on the lot, on a piece of it, or on the unit."""
    held = Q(unit=check.unit_id) if check.lot_id is None else Q(lot=check.lot_id) | Q(unit__lot=check.lot_id)
    return Hold.objects.filter(held, status="open").exists()


def not_contained_in_time() -> Q:
    """For filtering nonconformances: contained too late, or not yet although it is time."""
    late = Q(contained_at__gt=F("contain_by"))
    return late | Q(contained_at__isnull=True, contain_by__lt=now(), status__in=OPEN_STATES)
