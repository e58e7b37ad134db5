"""What takes a booking of stock back by one in the opposite direction."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.organization.services import require
from traceability.models import StockMovement, StockRemoval
from traceability.queries import state_of
from traceability.services.movements import RIGHTS, Kind, booked_before, lock, refuse, require_free

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
    if kind not in RIGHTS:
        raise refuse("transformed", _("A split or merge is taken back as a whole."), _("Take it back."), movement)
    require(actor, RIGHTS[kind], movement.lot)
    lot = lock([movement.lot])[movement.lot_id]
    before = booked_before(client_id, lot)
    if before is not None:
        return before
    if movement.reverses_id is not None or StockMovement.objects.filter(reverses=movement).exists():
        raise refuse("reversed", _("This booking was taken back already."), _("Reload the page."), movement)
    if movement.source_type_id is not None and isinstance(movement.source, StockRemoval):
        raise refuse("removed", _("It left by a signed decision."), _("Count what is really there."), movement)
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
