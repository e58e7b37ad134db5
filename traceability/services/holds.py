"""Placing holds, and releasing them: one, or several that somebody chose, each with its own signature."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.wiring import makes
from core.lifecycle.services import begin, perform, perform_many
from core.organization.services import require
from traceability.models import Hold, Lot, SerializedUnit
from traceability.queries import plain, require_whole, state_of
from traceability.services.movements import lock, lock_units, refuse, source_ref


@service
def place_hold(
    *,
    reason: str,
    actor: Any,
    lot: Lot | None = None,
    unit: SerializedUnit | None = None,
    quantity: Decimal | None = None,
    source: models.Model | None = None,
) -> Hold:
    """Forbid the use of a lot, of a quantity of it, or of one unit. Holds add up; each is released on its own.

    Name exactly one of lot and unit (`ValueError`). Without a quantity all of the lot is held, also what comes into it
    later. Raises `Blocked` without a reason, for a quantity that is not positive, or for more than is there, unless a
    `source` knows of pieces that are still to come or gone already.
    """
    held = unit if unit is not None else lot
    if held is None or (lot is not None and unit is not None):
        raise ValueError("a hold is on a lot or on a unit")
    require(actor, "traceability.place_hold", held)
    if not reason.strip():
        raise refuse("reason", _("A hold needs a reason."), _("Write what is wrong or suspected."), held)
    if quantity is not None and quantity <= 0:
        raise refuse("quantity", _("The quantity must be more than zero."), _("Correct the quantity."), held)
    if quantity is not None:
        require_whole(quantity, held.material.uom, held)
    if unit is not None:
        if unit.lot is not None:
            lock([unit.lot])
        lock_units([unit])
        quantity = None
    elif lot is not None:
        lot = lock([lot])[lot.pk]
        if quantity is not None and source is None:
            _require_there(lot, quantity)
    hold = Hold(
        site_id=held.site_id,
        lot=lot,
        unit=unit,
        quantity=quantity,
        reason=reason,
        placed_by=actor,
        placed_at=now(),
        **source_ref(source),
    )
    return begin(hold, actor=actor, reason=reason)


def _require_there(lot: Lot, quantity: Decimal) -> None:
    there = state_of(lot).on_hand
    if quantity > there:
        raise refuse(
            "more_than_there",
            _("%(there)s %(uom)s of lot %(lot)s are here; %(quantity)s would be more.")
            % {"there": plain(there), "uom": lot.material.uom, "lot": lot, "quantity": plain(quantity)},
            _("Hold at most that much, or all of the lot, also what comes into it."),
            lot,
        )


@makes("traceability.Hold", "release")
@service
def release_hold(
    *, hold: Hold, reason: str, actor: Any, signature: Any = None, decision: models.Model | None = None
) -> Hold:
    """Release exactly this hold, with a signature ("hold_released") or by a `decision` that was signed itself.

    Raises `Blocked` when it is not open, without the right, a reason, or either of both.
    """
    if decision is not None:
        return perform(hold, "lift", actor=actor, reason=reason, decision=decision)
    return perform(hold, "release", actor=actor, reason=reason, signature=signature)


@service
def release_holds(*, holds: Sequence[Hold], reason: str, actor: Any, signature: Any) -> list[Hold]:
    """Release exactly these holds for one reason, all or none, by one identification: each is signed for itself.

    Raises `Blocked` with what stands against each of them, by its name.
    """
    return perform_many(holds, "release", actor=actor, reason=reason, signature=signature)
