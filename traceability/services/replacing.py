"""A component of a unit is taken out, and perhaps another one built in: one deed."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.wiring import publish
from core.lifecycle.services import perform
from core.organization.services import require
from traceability.events import ComponentReplaced
from traceability.models import (
    GenealogyLink,
    Lot,
    SerializedUnit,
    StockMovement,
    StorageLocation,
    Transformation,
)
from traceability.queries import convert, missing_in, plain, state_of
from traceability.services.genealogy import LinkInput, link_many, unlink
from traceability.services.holds import place_hold
from traceability.services.issues import Demand, issue_many
from traceability.services.movements import (
    Kind,
    default_place,
    lock,
    lock_units,
    refuse,
    require_place,
    require_quantity,
    source_ref,
)
from traceability.services.transforming import transformed_before

SCRAP, KEEP = "scrap", "keep"
"""What becomes of the component that was taken out."""


@service
def replace_component(
    *,
    genealogy_link: GenealogyLink,
    reason: str,
    outcome: str,
    actor: Any,
    new_lot: Lot | None = None,
    new_unit: SerializedUnit | None = None,
    quantity: Decimal | None = None,
    location: StorageLocation | None = None,
    client_id: uuid.UUID | None = None,
) -> Transformation:
    """Take a component (or `quantity` of it) out of a unit, and build in as much of another lot, or another unit.

    `outcome` is "scrap", or "keep": it goes into `location` (a quarantine unless named) and on hold. Without a new lot
    or unit nothing is built in. The unit's genealogy keeps both, with their dates, and so does the order that used it
    (`ComponentReplaced`).

    Raises `Blocked` without a reason, for what is not in the unit, a unit that is scrapped or away at a customer,
    another material, and whatever speaks against the use of the new one. `ValueError` for an unknown outcome.
    """
    if outcome not in (SCRAP, KEEP):
        raise ValueError(f"unknown outcome {outcome}")
    require(actor, "traceability.replace_component", genealogy_link.site)
    before = transformed_before(client_id, "replace")
    if before is not None:
        return before
    found = GenealogyLink.objects.select_related(
        "site", "uom", "child_unit", "parent_lot__material__uom", "parent_unit__material__uom", "parent_unit__lot"
    ).get(pk=genealogy_link.pk)
    unit, old = found.child_unit, found.parent_unit or found.parent_lot
    if unit is None or old is None:
        raise refuse(
            "no_unit",
            _("Only what is in a unit is replaced."),
            _("A lot is corrected where its production was booked."),
            genealogy_link,
        )
    if not reason.strip():
        raise refuse("reason", _("Taking a component out needs a reason."), _("Write why."), unit)
    new_lot = new_unit.lot if new_unit is not None else new_lot
    old_lot = old.lot if isinstance(old, SerializedUnit) else old
    lots = lock(lot for lot in (old_lot, new_lot, unit.lot) if lot is not None)
    locked = lock_units(one for one in (unit, new_unit, found.parent_unit) if one is not None)
    unit = locked[unit.pk]
    _require_here(unit)
    amount = _amount(found, old, quantity)
    deed = Transformation.objects.create(site=found.site, kind="replace", reason=reason, client_id=client_id)
    reversal = unlink(genealogy_link=found, actor=actor, reason=reason, source=deed)
    links, movement = [], None
    if amount < found.quantity:  # what stays in the unit
        links.append(LinkInput(old, unit, found.quantity - amount, found.uom))
    _put_away(
        old,
        lots.get(old_lot.pk) if old_lot is not None else None,
        convert(amount, found.uom, old.material.uom),
        outcome,
        location,
        deed,
        actor,
    )
    if new_lot is not None:
        if new_lot.material_id != old.material_id:
            raise refuse(
                "material",
                _("%(new)s is of another material than %(old)s.") % {"new": new_unit or new_lot, "old": old},
                _("Take a lot or unit of %(material)s.") % {"material": old.material},
                new_lot,
            )
        new_lot = lots[new_lot.pk]
        wanted = convert(amount, found.uom, new_lot.material.uom)
        demand = Demand(lot=new_lot, unit=None if new_unit is None else locked[new_unit.pk], quantity=wanted)
        movement = issue_many(demands=[demand], source=deed, actor=actor)[0]
        links.append(LinkInput(demand.unit or new_lot, unit, amount, found.uom))
    made = [one.pk for one in link_many(links=links, source=deed, actor=actor)] if links else []
    publish(
        ComponentReplaced(
            taken_out=found.pk,
            reversal=reversal.pk,
            reason=reason.strip(),
            stays=made[0] if amount < found.quantity else None,
            built_in=made[-1] if movement is not None else None,
            movement=None if movement is None else movement.pk,
        )
    )
    return deed


@service
def build_in_component(
    *,
    unit: SerializedUnit,
    reason: str,
    actor: Any,
    new_lot: Lot | None = None,
    new_unit: SerializedUnit | None = None,
    client_id: uuid.UUID | None = None,
) -> Transformation:
    """Put back what was taken out of a unit earlier: as much of another lot, or another unit.

    Raises `Blocked` without a reason, for a material of which nothing is missing, a unit that is scrapped or away, and
    whatever speaks against the use of the new one. `ValueError` where neither lot nor unit is named.
    """
    require(actor, "traceability.replace_component", unit)
    before = transformed_before(client_id, "replace")
    if before is not None:
        return before
    part, lot = new_unit or new_lot, new_unit.lot if new_unit is not None else new_lot
    if part is None or lot is None:
        raise ValueError("nothing to build in")
    if not reason.strip():
        raise refuse("reason", _("Building a component in needs a reason."), _("Write why."), unit)
    lots = lock(one for one in (lot, unit.lot) if one is not None)
    locked = lock_units(one for one in (unit, new_unit) if one is not None)
    unit = locked[unit.pk]
    _require_here(unit)
    missing = next((one for one in missing_in(unit) if one.material.pk == part.material_id), None)
    if missing is None:
        raise refuse(
            "not_missing",
            _("No %(material)s is missing in unit %(unit)s.") % {"material": part.material, "unit": unit},
            _("Build in the material that was taken out, or replace a component."),
            unit,
        )
    deed = Transformation.objects.create(site=unit.site, kind="replace", reason=reason, client_id=client_id)
    demand = Demand(
        lot=lots[lot.pk],
        unit=None if new_unit is None else locked[new_unit.pk],
        quantity=convert(missing.quantity, missing.uom, part.material.uom),
    )
    movement = issue_many(demands=[demand], source=deed, actor=actor)[0]
    link = link_many(
        links=[LinkInput(demand.unit or demand.lot, unit, missing.quantity, missing.uom)], source=deed, actor=actor
    )[0]
    publish(
        ComponentReplaced(
            taken_out=missing.link.reverses_id or missing.link.pk,
            reversal=None,
            reason=reason.strip(),
            built_in=link.pk,
            movement=movement.pk,
        )
    )
    return deed


def _require_here(unit: SerializedUnit) -> None:
    """Refuse a unit on which nobody can work: scrapped, or at a customer's."""
    if unit.lifecycle.state(unit.status).final:
        raise refuse(
            "unit_status",
            _("Unit %(unit)s is “%(state)s”.") % {"unit": unit, "state": unit.get_status_display()},
            _("Nothing is built into it any more."),
            unit,
        )
    last = StockMovement.objects.filter(unit=unit).select_related("to_location").order_by("-pk").first()
    if last is not None and last.to_location is not None and last.to_location.kind == StorageLocation.Kind.SHIPPED:
        raise refuse(
            "away",
            _("Unit %(unit)s was shipped.") % {"unit": unit},
            _("Take it back from the customer first."),
            unit,
        )


def _amount(found: GenealogyLink, old: Lot | SerializedUnit, quantity: Decimal | None) -> Decimal:
    """How much is taken out: all of the link, or a part of it."""
    amount = found.quantity if quantity is None else quantity
    if isinstance(old, Lot):
        require_quantity(amount, old, None)
    if amount > found.quantity or (isinstance(old, SerializedUnit) and amount != found.quantity):
        raise refuse(
            "quantity",
            _("%(there)s %(uom)s of %(old)s are in it.")
            % {"there": plain(found.quantity), "uom": found.uom.symbol, "old": old},
            _("Enter at most that much."),
            old,
        )
    return amount


def _put_away(
    old: Lot | SerializedUnit,
    lot: Lot | None,
    amount: Decimal,
    outcome: str,
    location: StorageLocation | None,
    deed: Transformation,
    actor: Any,
) -> None:
    """Scrap what was taken out, or book it back into a place and hold it there."""
    unit = old if isinstance(old, SerializedUnit) else None
    if outcome == SCRAP:
        if unit is not None:
            unit.refresh_from_db()
            perform(unit, "scrap", actor=actor, reason=deed.reason)
        return
    if lot is not None and (unit is None or state_of(lot, unit).unit_stock <= 0):
        place = location or default_place(
            deed.site, StorageLocation.Kind.QUARANTINE, StorageLocation.Kind.PRODUCTION, StorageLocation.Kind.STOCK
        )
        require_place(place, deed.site)
        StockMovement.objects.create(
            kind=Kind.RETURN,
            lot=lot,
            unit=unit,
            quantity=amount,
            uom=lot.material.uom,
            to_location=place,
            note=deed.reason,
            **source_ref(deed),
        )
    why = _("Taken out: %(why)s") % {"why": deed.reason}
    if unit is not None:
        place_hold(unit=unit, reason=why, actor=actor)
    else:
        place_hold(lot=lot, quantity=amount, reason=why, actor=actor)
