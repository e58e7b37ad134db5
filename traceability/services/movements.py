"""Bookings of stock other than its use: production, moves, scrap, counts, and what takes a booking back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.kernel.statements import compiled
from core.lifecycle.services import perform
from core.organization.models import Site
from core.organization.services import require
from traceability.models import Lot, SerializedUnit, StockMovement, StorageLocation
from traceability.queries import LotState, hold_blockers, plain, quantity_blockers, require_whole, state_of

Kind = StockMovement.Kind

RIGHTS = {
    Kind.RECEIPT: "traceability.create_lot",
    Kind.PRODUCE: "traceability.produce_lot",
    Kind.ISSUE: "traceability.issue_stock",
    Kind.RETURN: "traceability.issue_stock",
    Kind.MOVE: "traceability.move_stock",
    Kind.SCRAP: "traceability.scrap_stock",
    Kind.ADJUST: "traceability.adjust_stock",
}
"""The permission that each kind of movement needs, also to take it back."""


def refuse(code: str, message: str, remedy: str, record: Any = None) -> Blocked:
    """A refusal with a single reason."""
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


@compiled
def _lots_to_lock(keys: list[int]) -> models.QuerySet[Lot]:
    rows = Lot.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    return rows.select_related("site", "material__uom", "revision")


@compiled
def _units_to_lock(keys: list[int]) -> models.QuerySet[SerializedUnit]:
    return SerializedUnit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")


def lock(lots: Iterable[Lot]) -> dict[int, Lot]:
    """Lock lots in the order of their ids until the deed ends, and read them anew with what their rules need."""
    return {lot.pk: lot for lot in _lots_to_lock(sorted({lot.pk for lot in lots}))}


def lock_units(units: Iterable[SerializedUnit]) -> dict[int, SerializedUnit]:
    """Lock units in the order of their ids until the deed ends, and read them anew; after their lots."""
    return {unit.pk: unit for unit in _units_to_lock(sorted({unit.pk for unit in units}))}


def source_ref(source: models.Model | None) -> dict[str, Any]:
    """Column values that name the source of a fact, if there is one."""
    return {} if source is None else subject_ref(source, "source")


def booked_before(client_id: uuid.UUID | None, lot: Lot) -> StockMovement | None:
    """The movement that an earlier, identical request booked. Raises `Blocked` when its id was used for another lot."""
    movement = None if client_id is None else StockMovement.objects.filter(client_id=client_id).first()
    if movement is not None and movement.lot_id != lot.pk:
        raise refuse("client_id", _("This request was already used for another lot."), _("Reload the page."), lot)
    return movement


def require_quantity(quantity: Decimal, lot: Lot, unit: SerializedUnit | None) -> None:
    """Refuse what is not more than zero, a part of a piece, and anything but 1 of a single unit."""
    if quantity <= 0:
        raise refuse("quantity", _("The quantity must be more than zero."), _("Correct the quantity."), lot)
    require_whole(quantity, lot.material.uom, lot)
    if unit is not None and quantity != 1:
        raise refuse("quantity", _("A serialized unit is booked one by one."), _("Enter 1."), unit)
    if unit is not None and unit.lot_id != lot.pk:
        raise refuse(
            "unit_lot",
            _("Unit %(unit)s is not of lot %(lot)s.") % {"unit": unit, "lot": lot},
            _("Scan the unit again."),
            unit,
        )


def require_place(location: StorageLocation, site: Site) -> None:
    """Refuse a storage location of another site or one no longer used."""
    if location.site_id != site.pk or not location.is_active:
        raise refuse(
            "place",
            _("%(place)s is no storage location in use at %(site)s.") % {"place": location, "site": site},
            _("Choose another storage location."),
            location,
        )


def place_blockers(state: LotState, lot: Lot, quantity: Decimal, location: StorageLocation) -> Iterator[Blocker]:
    """Whether that much of the lot lies in that place."""
    here = state.places.get(location.pk, Decimal(0))
    if here >= quantity:
        return
    yield Blocker(
        "place",
        _("%(here)s %(uom)s of lot %(lot)s lie in %(place)s; %(wanted)s are needed.")
        % {"here": plain(here), "uom": lot.material.uom, "lot": lot, "place": location, "wanted": plain(quantity)},
        record=location,
        remedy=_("Choose the place in which it lies, or correct the stock."),
    )


def require_free(state: LotState, lot: Lot, quantity: Decimal, location: StorageLocation) -> None:
    """Refuse to handle what is held, not there, or not in that place."""
    blockers = [*hold_blockers(state, lot, inherited=False), *quantity_blockers(state, lot, quantity)]
    blockers += place_blockers(state, lot, quantity, location)
    if blockers:
        raise Blocked(blockers)


@compiled
def _place_of_kind(site: int, kind: str) -> models.QuerySet[StorageLocation]:
    return StorageLocation.objects.filter(site=site, kind=kind, is_active=True).order_by("code")[:1]


def default_place(site: Site, *kinds: str) -> StorageLocation:
    """The first storage location of the first of these kinds at a site; `Blocked` when there is none."""
    for kind in kinds:
        found = _place_of_kind.first(site.pk, str(kind))
        if found is not None:
            return found
    raise refuse(
        "place",
        _("%(site)s has no storage location for this.") % {"site": site},
        _("Ask a planner to create one."),
        site,
    )


@service
def produce_stock(
    *,
    lot: Lot,
    quantity: Decimal,
    actor: Any,
    location: StorageLocation | None = None,
    unit: SerializedUnit | None = None,
    source: models.Model | None = None,
    client_id: uuid.UUID | None = None,
    under_lock: bool = False,
) -> StockMovement:
    """Book what production made into a lot; without a location into the first production location of the site.

    `under_lock`: the lot comes from `lock`, in this transaction. Raises `Blocked` for a rejected lot, a quantity that
    is not positive, or a place of another site.
    """
    require(actor, RIGHTS[Kind.PRODUCE], lot)
    lot = lot if under_lock else lock([lot])[lot.pk]
    before = booked_before(client_id, lot)
    if before is not None:
        return before
    require_quantity(quantity, lot, unit)
    if lot.lifecycle.state(lot.status).final:
        raise refuse(
            "lot_status",
            _("Lot %(lot)s is “%(state)s”.") % {"lot": lot, "state": lot.get_status_display()},
            _("Produce into another lot."),
            lot,
        )
    place = location or default_place(
        lot.site, StorageLocation.Kind.PRODUCTION, StorageLocation.Kind.QUARANTINE, StorageLocation.Kind.STOCK
    )
    require_place(place, lot.site)
    return StockMovement.objects.create(
        kind=Kind.PRODUCE,
        lot=lot,
        unit=unit,
        quantity=quantity,
        uom=lot.material.uom,
        to_location=place,
        client_id=client_id,
        **source_ref(source),
    )


@service
def move_stock(
    *,
    lot: Lot,
    quantity: Decimal,
    from_location: StorageLocation,
    to_location: StorageLocation,
    actor: Any,
    unit: SerializedUnit | None = None,
    source: models.Model | None = None,
    reason: str = "",
    client_id: uuid.UUID | None = None,
) -> StockMovement:
    """Carry a quantity of a lot to another place of the same site.

    Raises `Blocked` when it is held, not there, or the place is of another site.
    """
    require(actor, RIGHTS[Kind.MOVE], lot)
    lot = lock([lot])[lot.pk]
    before = booked_before(client_id, lot)
    if before is not None:
        return before
    require_quantity(quantity, lot, unit)
    require_place(to_location, lot.site)
    if from_location.pk == to_location.pk:
        raise refuse("place", _("It lies there already."), _("Choose another storage location."), to_location)
    require_free(state_of(lot, unit), lot, quantity, from_location)
    return StockMovement.objects.create(
        kind=Kind.MOVE,
        lot=lot,
        unit=unit,
        quantity=quantity,
        uom=lot.material.uom,
        from_location=from_location,
        to_location=to_location,
        note=reason,
        client_id=client_id,
        **source_ref(source),
    )


@service
def scrap_stock(
    *,
    lot: Lot,
    quantity: Decimal,
    actor: Any,
    reason: str,
    location: StorageLocation | None = None,
    unit: SerializedUnit | None = None,
    source: models.Model | None = None,
    client_id: uuid.UUID | None = None,
) -> StockMovement:
    """Take a quantity of a lot out of stock for good; a unit becomes scrapped with it.

    Raises `Blocked` when it is held (decide about the hold first), not there, or without a reason.
    """
    require(actor, RIGHTS[Kind.SCRAP], lot)
    lot = lock([lot])[lot.pk]
    before = booked_before(client_id, lot)
    if before is not None:
        return before
    require_quantity(quantity, lot, unit)
    if not reason.strip():
        raise refuse("reason", _("Scrapping needs a reason."), _("Write why."), lot)
    state = state_of(lot, unit)
    place = location or StorageLocation.objects.get(pk=place_with(state, lot, quantity))
    require_free(state, lot, quantity, place)
    movement = StockMovement.objects.create(
        kind=Kind.SCRAP,
        lot=lot,
        unit=unit,
        quantity=quantity,
        uom=lot.material.uom,
        from_location=place,
        note=reason,
        client_id=client_id,
        **source_ref(source),
    )
    if unit is not None:
        perform(unit, "scrap", actor=actor, reason=reason)
    return movement


@service
def adjust_stock(
    *,
    lot: Lot,
    location: StorageLocation,
    counted: Decimal,
    actor: Any,
    reason: str,
    client_id: uuid.UUID | None = None,
) -> StockMovement:
    """Book the difference between what was counted in a place and what the ledger says.

    Raises `Blocked` without a reason, without a difference, or when the missing quantity is under a hold.
    """
    require(actor, RIGHTS[Kind.ADJUST], lot)
    lot = lock([lot])[lot.pk]
    before = booked_before(client_id, lot)
    if before is not None:
        return before
    if not reason.strip():
        raise refuse("reason", _("A correction of stock needs a reason."), _("Write why."), lot)
    if counted < 0:
        raise refuse("quantity", _("A count is never below zero."), _("Correct the quantity."), lot)
    require_whole(counted, lot.material.uom, lot)
    require_place(location, lot.site)
    state = state_of(lot)
    difference = counted - state.places.get(location.pk, Decimal(0))
    if difference == 0:
        raise refuse("no_difference", _("The ledger says the same."), _("Nothing needs to be booked."), lot)
    if difference < 0:
        require_free(state, lot, -difference, location)
    return StockMovement.objects.create(
        kind=Kind.ADJUST,
        lot=lot,
        quantity=abs(difference),
        uom=lot.material.uom,
        from_location=location if difference < 0 else None,
        to_location=location if difference > 0 else None,
        note=reason,
        client_id=client_id,
    )


def place_with(state: LotState, lot: Lot, quantity: Decimal) -> int:
    """Id of the place to take from when none was named: one that has enough, the one with most in it first."""
    for place, there in sorted(state.places.items(), key=lambda item: (-item[1], item[0])):
        if there >= quantity:
            return place
    blockers = list(quantity_blockers(state, lot, quantity)) or [
        Blocker(
            "place",
            _("No single place has %(wanted)s %(uom)s of lot %(lot)s.")
            % {"wanted": plain(quantity), "uom": lot.material.uom, "lot": lot},
            record=lot,
            remedy=_("Take it place by place, or move it together first."),
        )
    ]
    raise Blocked(blockers)


_OPPOSITE = {
    Kind.ISSUE: Kind.RETURN,
    Kind.SCRAP: Kind.RETURN,
    Kind.RECEIPT: Kind.ADJUST,
    Kind.PRODUCE: Kind.ADJUST,
    Kind.RETURN: Kind.ADJUST,
    Kind.MOVE: Kind.MOVE,
    Kind.ADJUST: Kind.ADJUST,
}


@service
def reverse_movement(
    *, movement: StockMovement, actor: Any, reason: str = "", client_id: uuid.UUID | None = None
) -> StockMovement:
    """Take a movement back by one in the opposite direction; the first stays readable.

    Raises `Blocked` when it was taken back before, is such a reversal itself, or what it brought is held or gone.
    """
    kind = Kind(movement.kind)
    require(actor, RIGHTS[kind], movement.lot)
    lot = lock([movement.lot])[movement.lot_id]
    before = booked_before(client_id, lot)
    if before is not None:
        return before
    if movement.reverses_id is not None or StockMovement.objects.filter(reverses=movement).exists():
        raise refuse("reversed", _("This booking was taken back already."), _("Reload the page."), movement)
    if movement.unit is not None and kind is Kind.SCRAP:
        raise refuse("scrapped", _("A scrapped unit stays scrapped."), _("Make a new unit."), movement.unit)
    if movement.to_location is not None:
        require_free(state_of(lot, movement.unit), lot, movement.quantity, movement.to_location)
    return StockMovement.objects.create(
        kind=_OPPOSITE[kind],
        lot=lot,
        unit=movement.unit,
        quantity=movement.quantity,
        uom_id=movement.uom_id,
        from_location=movement.to_location,
        to_location=movement.from_location,
        note=reason,
        reverses=movement,
        client_id=client_id,
        source_type_id=movement.source_type_id,
        source_id=movement.source_id,
        source_label=movement.source_label,
    )
