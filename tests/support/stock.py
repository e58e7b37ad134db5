"""Short words for what tests of stock do and ask all the time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from core.kernel.errors import Blocker
from core.lifecycle.services import perform
from core.organization.services import system_user
from tests.support.people import proof
from traceability.models import Lot, SerializedUnit, StockMovement, StorageLocation
from traceability.queries import state_of, usability_in
from traceability.services import Demand, count_lot, create_unit, issue_many


def held_quantity(lot: Lot) -> Decimal:
    """How much of what is on hand is held."""
    state = state_of(lot)
    return state.on_hand - state.available


def usability(lot: Lot, quantity: Decimal, at: dt.datetime | None = None) -> Sequence[Blocker]:
    """Why a quantity of a lot may not be used; empty when it may."""
    return usability_in(state_of(lot), lot, quantity, at)


def issue_stock(
    *,
    lot: Lot,
    quantity: Decimal,
    actor: Any,
    unit: SerializedUnit | None = None,
    source: models.Model | None = None,
    location: StorageLocation | None = None,
    client_id: uuid.UUID | None = None,
) -> StockMovement:
    """Take a quantity of one lot."""
    return issue_many(demands=[Demand(lot, quantity, unit, location, client_id)], source=source, actor=actor)[0]


def adjust_stock(*, lot: Lot, location: StorageLocation, counted: Decimal, reason: str) -> StockMovement:
    """One person counts a lot in a place, another one approves the difference."""
    counter, approver = system_user("counter"), system_user("approver")
    count = count_lot(lot=lot, location=location, counted=counted, reason=reason, actor=counter)
    perform(count, "book", actor=approver, signature=proof(approver, "approved"))
    movement = count.lines.get().movement
    assert movement is not None
    return movement


def make_units(lot: Lot, count: int, *, actor: Any) -> list[SerializedUnit]:
    """So many completed units of a lot."""
    return [
        create_unit(site=lot.site, material=lot.material, lot=lot, status="completed", actor=actor)
        for _number in range(count)
    ]
