"""Counting what lies in a place; the differences are booked once somebody who did not count approves them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked
from core.kernel.wiring import effect
from core.lifecycle.services import begin, perform
from core.organization.services import next_number, require
from traceability.models import Lot, SerializedUnit, StockCount, StockCountLine, StockMovement, StorageLocation
from traceability.queries import difference_blockers, lines_of, place_of_unit, require_whole, state_of
from traceability.services.asking import follow_stock
from traceability.services.movements import Kind, lock, lock_units, refuse, require_place, require_plausible, source_ref

COUNT = "traceability.count_stockcount"


@service
def begin_count(*, location: StorageLocation, actor: Any, lot: Lot | None = None) -> StockCount:
    """Begin the count of one place, or of one lot in it. Raises `Blocked` for a place no longer used, and while another
    count of the same is open."""
    site = location.site
    require(actor, COUNT, site)
    require_place(location, site)
    # Two people who begin at once meet at this row.
    StorageLocation.objects.select_for_update(no_key=True).get(pk=location.pk)
    same = StockCount.objects.filter(location=location, status__in=("counting", "submitted"))
    other = same.filter(lot=lot).first()
    if other is not None:
        raise refuse(
            "open_count",
            _("%(place)s is being counted: %(count)s is “%(state)s”.")
            % {"place": location, "count": other, "state": other.get_status_display()},
            _("Count there, or finish it first."),
            other,
        )
    return begin(StockCount(site=site, location=location, lot=lot, number=next_number(site, "COUNT")), actor=actor)


@service
def record_count(*, count: StockCount, lot: Lot, counted: Decimal, actor: Any, reason: str = "") -> StockCountLine:
    """Record how much of a lot lies in the place, in the material's unit; the same lot once more replaces it, with a
    reason.

    What the ledger says at this moment is kept beside it. Raises `Blocked` when nobody counts any more, for less than
    zero, part of a piece, a lot of another site, and for material that is tracked by serial number.
    """
    require(actor, COUNT, count)
    count = _counting(count)
    lot = lock([lot])[lot.pk]
    _require_countable(count, lot, counted)
    return _kept(count, lot, None, state_of(lot).places.get(count.location_id, Decimal(0)), counted, reason, actor)


@service
def record_unit(
    *, count: StockCount, unit: SerializedUnit, actor: Any, is_there: bool = True, reason: str = ""
) -> StockCountLine:
    """Record that a unit was scanned in the place, or that it is not there; once more takes a reason.

    Raises `Blocked` when nobody counts any more, and for a unit of no lot, of another site, or in the count of a lot.
    """
    require(actor, COUNT, count)
    count = _counting(count)
    if unit.lot is None or unit.site_id != count.site_id or count.lot_id is not None:
        raise refuse(
            "unit",
            _("Unit %(unit)s is not counted here.") % {"unit": unit},
            _("Count the place in which it lies."),
            unit,
        )
    lot = lock([unit.lot])[unit.lot.pk]
    unit = lock_units([unit])[unit.pk]
    place = place_of_unit(unit)
    expected = Decimal(place is not None and place.pk == count.location_id)
    return _kept(count, lot, unit, expected, Decimal(is_there), reason, actor)


@service
def count_lot(*, lot: Lot, location: StorageLocation, counted: Decimal, actor: Any, reason: str) -> StockCount:
    """Count one lot in one place and hand the difference over: it is booked once somebody else approves it.

    Raises `Blocked` without a reason, without a difference, and as `begin_count` and `record_count` do.
    """
    if not reason.strip():
        raise refuse("reason", _("A correction of stock needs a reason."), _("Write why."), lot)
    count = begin_count(location=location, lot=lot, actor=actor)
    line = record_count(count=count, lot=lot, counted=counted, actor=actor, reason=reason)
    if not line.difference:
        raise refuse("no_difference", _("The ledger says the same."), _("Nothing needs to be booked."), lot)
    return perform(count, "submit", actor=actor)


def _counting(count: StockCount) -> StockCount:
    """The count under its lock. Raises `Blocked` where nobody counts any more."""
    count = StockCount.objects.select_for_update(of=("self",), no_key=True).select_related("location").get(pk=count.pk)
    if count.status != "counting":
        raise refuse(
            "count_status",
            _("%(count)s is “%(state)s”.") % {"count": count, "state": count.get_status_display()},
            _("Begin another count, or have this one counted again."),
            count,
        )
    return count


def _kept(
    count: StockCount,
    lot: Lot,
    unit: SerializedUnit | None,
    expected: Decimal,
    counted: Decimal,
    reason: str,
    actor: Any,
) -> StockCountLine:
    """The line of a lot or unit, new or replaced with a reason."""
    line = StockCountLine.objects.select_for_update(of=("self",)).filter(count=count, lot=lot, unit=unit).first()
    if line is None:
        line = StockCountLine(count=count, lot=lot, unit=unit)
    elif not reason.strip():
        text = _("Lot %(lot)s was counted already.") if unit is None else _("Unit %(lot)s was counted already.")
        raise refuse(
            "reason",
            text % {"lot": unit or lot},
            _("Write why it is counted once more, and what was wrong."),
            unit or lot,
        )
    line.expected, line.counted, line.reason = expected, counted, reason.strip()
    line.counted_by, line.counted_at = actor, now()
    line.save()
    return line


def _require_countable(count: StockCount, lot: Lot, counted: Decimal) -> None:
    if lot.site_id != count.site_id:
        raise refuse(
            "site", _("Lot %(lot)s lies at %(site)s.") % {"lot": lot, "site": lot.site}, _("Count it there."), lot
        )
    if lot.material.tracking == "serial":
        raise refuse(
            "serial",
            _("%(material)s is tracked by serial number.") % {"material": lot.material},
            _("Scan its units one by one, and say of each that is missing that it is not there."),
            lot,
        )
    if count.lot_id is not None and count.lot_id != lot.pk:
        raise refuse(
            "other_lot",
            _("%(count)s is of lot %(lot)s.") % {"count": count, "lot": count.lot},
            _("Scan that lot."),
            lot,
        )
    if counted < 0:
        raise refuse("quantity", _("A count is never below zero."), _("Correct the quantity."), lot)
    require_plausible(counted, lot)
    require_whole(counted, lot.material.uom, lot)


@effect("traceability.StockCount", "book")
def book_differences(record: StockCount, deed: Deed) -> None:
    """One movement for each difference; every reason against it is asked anew under the locks."""
    lines = [line for line in lines_of(record) if line.difference]
    lots = lock(line.lot for line in lines)
    units = lock_units(line.unit for line in lines if line.unit is not None)
    for line in lines:
        line.lot = lots[line.lot_id]
        line.unit = units.get(line.unit_id) if line.unit_id is not None else None
    blockers = list(difference_blockers(record, lines))
    if blockers:
        raise Blocked(blockers)
    for line in lines:
        elsewhere = place_of_unit(line.unit) if line.unit is not None and line.difference > 0 else None
        line.movement = StockMovement.objects.create(
            kind=Kind.ADJUST if elsewhere is None else Kind.MOVE,
            lot=line.lot,
            unit=line.unit,
            quantity=abs(line.difference),
            uom=line.lot.material.uom,
            from_location=record.location if line.difference < 0 else elsewhere,
            to_location=record.location if line.difference > 0 else None,
            note=line.reason or deed.reason,
            **source_ref(record),
        )
        line.save()
    follow_stock(lots.values(), deed.actor)
