"""Bookings of stock other than its use: production, moves, scrap, counts, and what takes a booking back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.kernel.statements import compiled
from core.lifecycle.services import perform
from core.organization.models import Site
from core.organization.services import require
from traceability.models import Lot, SerializedUnit, StockMovement, StorageLocation
from traceability.queries import (
    LotState,
    apart_blockers,
    hold_blockers,
    packed_blockers,
    plain,
    quantity_blockers,
    require_whole,
    state_of,
)
from traceability.services.asking import follow_stock
from traceability.services.catching import ANY_CONTAINED, catch

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

MOST = Decimal(10) ** 10
"""The largest quantity that is booked at once: above it somebody slipped, and sums would no longer fit."""


def refuse(code: str, message: str, remedy: str, record: Any = None) -> Blocked:
    """A refusal with a single reason."""
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


@compiled
def _lots_to_lock(keys: list[int]) -> models.QuerySet[Lot]:
    rows = Lot.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    return rows.select_related("site", "material__uom", "revision").annotate(any_contained=ANY_CONTAINED)


@compiled
def _units_to_lock(keys: list[int]) -> models.QuerySet[SerializedUnit]:
    rows = SerializedUnit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    return rows.annotate(any_contained=ANY_CONTAINED)


LEAVES = {
    StorageLocation.Kind.SHIPPED: (
        gettext_lazy("%(place)s is for what was shipped."),
        gettext_lazy("Prepare a shipment; it moves the goods there."),
    ),
    StorageLocation.Kind.SCRAP: (
        gettext_lazy("%(place)s is for what was scrapped."),
        gettext_lazy("Scrap it on its own page; that takes the right and a reason."),
    ),
}


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
    """Refuse what is not more than zero, more than anybody has, a part of a piece, and all but 1 of a single unit."""
    if quantity <= 0:
        raise refuse("quantity", _("The quantity must be more than zero."), _("Correct the quantity."), lot)
    require_plausible(quantity, lot)
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


def require_plausible(quantity: Decimal, lot: Lot) -> None:
    """Refuse a quantity beyond `MOST`."""
    if quantity > MOST:
        raise refuse(
            "quantity",
            _("%(quantity)s is more than is booked at once.") % {"quantity": plain(quantity)},
            _("Correct the quantity, or give the material a larger unit of measure."),
            lot,
        )


def require_place(location: StorageLocation, site: Site, *, may_leave: bool = False) -> None:
    """Refuse a storage location of another site, one no longer used, or, unless it may leave, where nothing is on hand.

    What is scrapped or shipped gets there by the deed that says why.
    """
    if not may_leave and location.kind in LEAVES:
        text, remedy = LEAVES[StorageLocation.Kind(location.kind)]
        raise refuse("leaves", str(text) % {"place": location}, str(remedy), location)
    if location.site_id != site.pk or not location.is_active:
        raise refuse(
            "place",
            _("%(place)s is no storage location in use at %(site)s.") % {"place": location, "site": site},
            _("Choose another storage location."),
            location,
        )


def place_blockers(state: LotState, lot: Lot, quantity: Decimal, location: StorageLocation) -> Iterator[Blocker]:
    """Whether that much of the lot lies loose in that place."""
    here = state.places.get(location.pk, Decimal(0))
    if here >= quantity:
        return (yield from packed_blockers(state, lot, quantity, location.pk))
    yield Blocker(
        "place",
        _("%(here)s %(uom)s of lot %(lot)s lie in %(place)s; %(wanted)s are needed.")
        % {"here": plain(here), "uom": lot.material.uom, "lot": lot, "place": location, "wanted": plain(quantity)},
        record=location,
        remedy=_("Choose the place in which it lies, or correct the stock."),
    )


def require_free(
    state: LotState, lot: Lot, quantity: Decimal, location: StorageLocation, *, may_be_held: bool = False
) -> None:
    """Refuse to handle what is held (unless it may be), not there, or not in that place."""
    blockers = list(place_blockers(state, lot, quantity, location))
    if not may_be_held:
        blockers[:0] = [*hold_blockers(state, lot, inherited=False), *quantity_blockers(state, lot, quantity)]
        blockers += apart_blockers(state, lot, quantity, location)
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
    movement = StockMovement.objects.create(
        kind=Kind.PRODUCE,
        lot=lot,
        unit=unit,
        quantity=quantity,
        uom=lot.material.uom,
        to_location=place,
        client_id=client_id,
        **source_ref(source),
    )
    catch(lots=[lot] if unit is None else [], units=[] if unit is None else [unit], seen=lot)
    return movement


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
    """Carry a quantity of a lot to another place of the same site; out of it only for a `source` that decided so.

    Into quarantine also what is held. Raises `Blocked` when it is held, not there, or the place is of another site.
    """
    require(actor, RIGHTS[Kind.MOVE], lot)
    lot = lock([lot])[lot.pk]
    before = booked_before(client_id, lot)
    if before is not None:
        return before
    require_quantity(quantity, lot, unit)
    require_place(to_location, lot.site, may_leave=source is not None)
    if from_location.pk == to_location.pk:
        raise refuse("place", _("It lies there already."), _("Choose another storage location."), to_location)
    to_quarantine = to_location.kind == StorageLocation.Kind.QUARANTINE
    require_free(state_of(lot, unit), lot, quantity, from_location, may_be_held=to_quarantine)
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
    follow_stock([lot], actor)
    return movement


def place_with(state: LotState, lot: Lot, quantity: Decimal, *, may_be_held: bool = False) -> int:
    """Id of the place to take from when none was named: one that has enough, the one with most in it first.

    Out of quarantine only what the holds leave over, unless it may be held.
    """
    for place, there in sorted(state.places.items(), key=lambda item: (-item[1], item[0])):
        room = there if may_be_held else state.may_leave(place)
        if room >= quantity and state.container is None and state.loose(place) >= quantity:
            return place
    blockers = (
        list(quantity_blockers(state, lot, quantity))
        or [
            *packed_blockers(state, lot, quantity),
            Blocker(
                "place",
                _("No single place has %(wanted)s %(uom)s of lot %(lot)s.")
                % {"wanted": plain(quantity), "uom": lot.material.uom, "lot": lot},
                record=lot,
                remedy=_("Take it place by place, or move it together first."),
            ),
        ][:1]
    )
    raise Blocked(blockers)
