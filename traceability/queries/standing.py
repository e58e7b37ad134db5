"""The holds that stand against the release of a lot or unit."""

from __future__ import annotations

from core.kernel.deeds import Deed
from traceability.models import Hold, Lot, SerializedUnit
from traceability.queries.genealogy import holds_within
from traceability.queries.stock import part_held, states


def standing_holds(record: Lot | SerializedUnit, deed: Deed) -> list[Hold]:
    """Open holds on a record itself, and those of what went into it that reach it (`LotState.inherited`).

    A hold on a part of a lot stands against the release of the whole lot, until the held part is split off.
    """
    found = [hold for hold in holds_within(record, deed) if hold.status == "open"]
    if not found:
        return []
    is_lot = isinstance(record, Lot)
    lot = record if isinstance(record, Lot) else record.lot
    of_lot = record.pk if is_lot else lot.pk if lot is not None else None
    inherited = states([(of_lot, None if is_lot else record.pk)])[0].inherited  # type: ignore[list-item]  # no lot

    def stands(hold: Hold) -> bool:
        if hold.pk in inherited:
            return True
        if hold.unit_id is not None:
            return hold.unit is not None and (hold.unit.lot_id == record.pk if is_lot else hold.unit_id == record.pk)
        return hold.lot_id == of_lot and (hold.quantity is None or (lot is not None and part_held(lot) > 0))

    return [hold for hold in found if stands(hold)]
