"""Taking stock for use: every reason against it is asked under the lock of the lot."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import models

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site
from core.organization.services import require
from traceability.models import Lot, SerializedUnit, StockMovement, StorageLocation
from traceability.queries import LotState, apart_blockers, states, usability_in
from traceability.services.movements import (
    RIGHTS,
    Kind,
    booked_before,
    lock,
    lock_units,
    place_blockers,
    place_with,
    require_quantity,
    source_ref,
)
from traceability.services.shelf_life import open_now


@dataclass(frozen=True)
class Demand:
    """So much of a lot (or one unit of it) is to be taken, perhaps from a certain place."""

    lot: Lot
    quantity: Decimal
    unit: SerializedUnit | None = None
    location: StorageLocation | None = None
    client_id: uuid.UUID | None = None


@service
def issue_many(
    *,
    demands: Sequence[Demand],
    source: models.Model | None,
    actor: Any,
    under_lock: Sequence[LotState] | None = None,
) -> list[StockMovement]:
    """Take several lots at once, all or nothing, in a number of queries that does not grow with them.

    `under_lock`: the caller has read the lots and units of the demands by `lock` and `lock_units` in this transaction,
    and since then their stock and holds, which are these; nothing was booked of them meanwhile.

    A repeated `client_id` gives back what it booked before. Raises `Blocked` with the reasons of every demand: status,
    revision, expiry, hold, inherited hold, quantity, place.
    """
    if under_lock is not None:
        lots = {demand.lot.pk: demand.lot for demand in demands}
        units = {demand.unit.pk: demand.unit for demand in demands if demand.unit is not None}
    else:
        lots = lock(demand.lot for demand in demands)
        units = lock_units(demand.unit for demand in demands if demand.unit is not None)
    sites: dict[int, Site] = {lot.site_id: lot.site for lot in lots.values()}
    for _pk, site in sorted(sites.items()):
        require(actor, RIGHTS[Kind.ISSUE], site)
    fresh = [replace(d, lot=lots[d.lot.pk], unit=None if d.unit is None else units[d.unit.pk]) for d in demands]
    before = [booked_before(demand.client_id, demand.lot) for demand in fresh]
    open_demands = [d for d, done in zip(fresh, before, strict=True) if done is None]
    if under_lock is None:
        seen = states([(d.lot.pk, None if d.unit is None else d.unit.pk) for d in open_demands])
    else:
        seen = [state for state, done in zip(under_lock, before, strict=True) if done is None]
    movements = iter(_book(open_demands, seen, source))
    return [next(movements) if done is None else done for done in before]


def _book(demands: Sequence[Demand], found: Sequence[LotState], source: models.Model | None) -> list[StockMovement]:
    taken: dict[int, Decimal] = defaultdict(Decimal)
    left: dict[int, dict[int, Decimal]] = {}
    blockers: list[Blocker] = []
    movements = []
    for demand, state in zip(demands, found, strict=True):
        require_quantity(demand.quantity, demand.lot, demand.unit)
        taken[demand.lot.pk] += demand.quantity
        against = usability_in(state, demand.lot, taken[demand.lot.pk], unit=demand.unit)
        if against:
            blockers += against
            continue
        places = left.setdefault(demand.lot.pk, dict(state.places))
        present = replace(state, places=places)
        if demand.location is not None:
            nowhere = list(place_blockers(present, demand.lot, demand.quantity, demand.location))
            nowhere += apart_blockers(present, demand.lot, demand.quantity, demand.location)
            if nowhere:
                blockers += nowhere
                continue
            place = demand.location.pk
        else:
            place = place_with(present, demand.lot, demand.quantity)
        places[place] -= demand.quantity
        movements.append(
            StockMovement(
                kind=Kind.ISSUE,
                lot=demand.lot,
                unit=demand.unit,
                quantity=demand.quantity,
                uom=demand.lot.material.uom,
                from_location_id=place,
                client_id=demand.client_id,
                **source_ref(source),
            )
        )
    if blockers:
        raise Blocked(blockers)
    open_now({demand.lot.pk: demand.lot for demand in demands}.values())
    return StockMovement.objects.bulk_create(movements)
