"""Held stock that leaves for good by a signed decision, without being set free first."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked
from core.lifecycle.services import attempt, perform
from core.organization.services import require
from core.signing.services import Proof, sign
from traceability.models import Hold, Lot, SerializedUnit, StockMovement, StockRemoval, StorageLocation
from traceability.queries import open_holds, part_held, plain, state_of
from traceability.services.asking import follow_stock
from traceability.services.holds import place_hold, release_hold
from traceability.services.movements import (
    Kind,
    default_place,
    lock,
    lock_units,
    place_blockers,
    place_with,
    refuse,
    require_quantity,
    source_ref,
)


@service
def remove_held(
    *,
    hold: Hold,
    kind: str,
    reason: str,
    actor: Any,
    signature: Proof | None,
    quantity: Decimal | None = None,
    location: StorageLocation | None = None,
    client_id: uuid.UUID | None = None,
) -> StockRemoval:
    """Destroy what a hold covers, or send it back to its supplier, signed ("dispositioned"); nothing is set free.

    Without a quantity all that the hold covers leaves. What is gone needs no hold: a unit's holds close by this
    decision, and the hold of a part of a lot is placed anew on the rest of that part; a hold on a whole lot closes once
    nothing is left. Other holds stay. Raises `Blocked` for a hold that is not open or belongs to a nonconformance, more
    than it covers, what does not lie in one place, or without a reason.
    """
    require(actor, "traceability.remove_hold", hold)
    lot = _locked(hold)
    fresh = Hold.objects.select_related("lot", "unit__material", "site").get(pk=hold.pk)
    before = None if client_id is None else StockRemoval.objects.filter(client_id=client_id).first()
    if before is not None:
        if before.hold_id != hold.pk:
            raise refuse("client_id", _("This request was already used for another booking."), _("Reload the page."))
        return before
    if fresh.status != "open":
        raise refuse("state", _("The hold is released already."), _("Reload the page."), fresh)
    if not reason.strip():
        raise refuse("reason", _("A reason is needed."), _("Write why it leaves."), fresh)
    attempt(fresh, "remove", actor=actor, reason=reason, signature=signature)
    wanted = _quantity(fresh, lot, quantity)
    removal = StockRemoval.objects.create(
        kind=kind,
        hold=fresh,
        lot=lot,
        unit=fresh.unit,
        quantity=wanted,
        reason=reason.strip(),
        client_id=client_id,
    )
    sign(record=removal, meaning="dispositioned", signature=signature, actor=actor, reason=reason)
    _book(removal, lot, location)
    _close(removal, fresh, actor)
    if removal.unit is not None and kind == StockRemoval.Kind.DESTROYED:
        perform(removal.unit, "scrap", actor=actor, reason=reason, removal=removal)
    follow_stock([lot], actor)
    return removal


def _locked(hold: Hold) -> Lot:
    """The lot whose stock leaves, locked with the unit. Raises `Blocked` for a unit that is of no lot."""
    unit: SerializedUnit | None = hold.unit
    lot = hold.lot if unit is None else unit.lot
    if lot is None:
        raise refuse(
            "no_lot",
            _("Unit %(unit)s is of no lot: it was never booked into stock.") % {"unit": unit},
            _("Release the hold with a signature and scrap the unit."),
            unit,
        )
    locked = lock([lot])[lot.pk]
    if unit is not None:
        lock_units([unit])
    return locked


def _quantity(hold: Hold, lot: Lot, quantity: Decimal | None) -> Decimal:
    """How much leaves: what was asked for, as far as the hold covers it and it is here."""
    state = state_of(lot, hold.unit)
    if hold.unit is not None:
        covered = state.unit_stock
    else:
        covered = state.on_hand if hold.quantity is None else min(hold.quantity, part_held(lot), state.on_hand)
    wanted = covered if quantity is None else quantity
    if covered <= 0:
        raise refuse(
            "not_here", _("Nothing of it is in stock."), _("Release the hold, or recall what was shipped."), hold
        )
    require_quantity(wanted, lot, hold.unit)
    if wanted > covered:
        raise refuse(
            "more_than_held",
            _("%(hold)s covers %(covered)s %(uom)s that are here.")
            % {"hold": hold, "covered": plain(covered), "uom": lot.material.uom},
            _("Enter at most as much."),
            hold,
        )
    return wanted


def _book(removal: StockRemoval, lot: Lot, location: StorageLocation | None) -> None:
    state = state_of(lot, removal.unit)
    last = None
    if location is None and removal.unit is not None:
        last = StockMovement.objects.filter(unit=removal.unit).order_by("-pk").first()
    place = location or (last.to_location if last is not None else None)
    if place is None or (location is None and state.places.get(place.pk, Decimal(0)) < removal.quantity):
        place = StorageLocation.objects.get(pk=place_with(state, lot, removal.quantity, may_be_held=True))
    nowhere = list(place_blockers(state, lot, removal.quantity, place))
    if nowhere:
        raise Blocked(nowhere)
    leaves = removal.kind == StockRemoval.Kind.RETURNED
    StockMovement.objects.create(
        kind=Kind.MOVE if leaves else Kind.SCRAP,
        lot=lot,
        unit=removal.unit,
        quantity=removal.quantity,
        uom=lot.material.uom,
        from_location=place,
        to_location=default_place(lot.site, StorageLocation.Kind.SHIPPED) if leaves else None,
        note=removal.reason,
        **source_ref(removal),
    )


def _close(removal: StockRemoval, hold: Hold, actor: Any) -> None:
    """Close what has nothing left to cover, by the decision; what a part-hold still covers is held again."""
    lot, unit = removal.lot, removal.unit
    why = f"{removal}: {removal.reason}"
    if unit is not None:
        for one in open_holds().filter(unit=unit).order_by("pk"):
            release_hold(hold=one, decision=removal, reason=why, actor=actor)
    elif hold.quantity is not None:
        rest = min(hold.quantity, part_held(lot)) - removal.quantity
        release_hold(hold=hold, decision=removal, reason=why, actor=actor)
        if rest > 0:
            place_hold(
                lot=lot,
                quantity=rest,
                reason=hold.reason,
                source=hold.source,
                actor=actor,
            )
    elif state_of(lot).on_hand <= 0 and lot.status != "in_production":
        release_hold(hold=hold, decision=removal, reason=why, actor=actor)
