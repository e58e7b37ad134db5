"""Whether a lot or unit may be used, and if not, every reason in plain words with its remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocker
from traceability.models import Hold, Lot, Material, MaterialRevision, SerializedUnit, StorageLocation
from traceability.queries.stock import LotState, day_at


def plain(quantity: Decimal) -> str:
    """A quantity without trailing zeros."""
    return f"{quantity.normalize():f}"


def usability_in(
    state: LotState, lot: Lot, quantity: Decimal, at: dt.datetime | None = None, *, unit: SerializedUnit | None = None
) -> list[Blocker]:
    """Why a quantity of a lot (or one unit of it) may not be used now; empty when it may. `state` was read already."""
    day = day_at(lot.site, at or now())
    return [
        *material_blockers(lot.material),
        *_status(lot, unit),
        *_unit_of(state, lot, unit),
        *_revision(lot, day),
        *_expiry(lot, day),
        *_retest(lot, day),
        *hold_blockers(state, lot),
        *quantity_blockers(state, lot, quantity),
    ]


def material_blockers(material: Material) -> Iterator[Blocker]:
    """Whether the material is still used."""
    if not material.is_active:
        yield Blocker(
            "material_inactive",
            _("Material %(material)s is no longer used.") % {"material": material},
            record=material,
            remedy=_("Ask the process engineer which material replaces it."),
        )


def _status(lot: Lot, unit: SerializedUnit | None) -> Iterator[Blocker]:
    if unit is not None and unit.status not in ("completed", "released"):
        yield Blocker(
            "unit_status",
            _("Unit %(unit)s is “%(state)s”; only a finished unit may be used.")
            % {"unit": unit, "state": unit.get_status_display()},
            record=unit,
            remedy=_("Take another unit."),
        )
    if lot.status != "released" and not (unit is not None and unit.status == "released" and lot.status != "rejected"):
        yield Blocker(
            "lot_status",
            _("Lot %(lot)s is “%(state)s”, not released.") % {"lot": lot, "state": lot.get_status_display()},
            record=lot,
            remedy=_("Take another lot.")
            if lot.lifecycle.state(lot.status).final
            else _("Take another lot, or ask quality to release this one."),
            remedy_url=lot.get_absolute_url(),
        )


def _unit_of(state: LotState, lot: Lot, unit: SerializedUnit | None) -> Iterator[Blocker]:
    if unit is None:
        if lot.material.tracking == "serial":
            yield Blocker(
                "unit_missing",
                _("%(material)s is tracked by serial number.") % {"material": lot.material},
                record=lot,
                remedy=_("Scan the serial number of the piece."),
            )
    elif unit.lot_id != lot.pk:
        yield Blocker(
            "unit_lot",
            _("Unit %(unit)s is not of lot %(lot)s.") % {"unit": unit, "lot": lot},
            record=unit,
            remedy=_("Scan the unit again."),
        )
    elif state.is_short:
        yield incomplete(unit)
    elif state.unit_stock <= 0:
        yield Blocker(
            "unit_stock",
            _("Unit %(unit)s is not in stock.") % {"unit": unit},
            record=unit,
            remedy=_("Take another unit, or have the stock of this one corrected."),
        )


def incomplete(unit: SerializedUnit) -> Blocker:
    """What stands against the use of a unit in which something is missing."""
    return Blocker(
        "incomplete",
        _("A component was taken out of unit %(unit)s and not put back.") % {"unit": unit},
        record=unit,
        remedy=_("Build in what is missing, on the page of the unit."),
        remedy_url=unit.get_absolute_url(),
    )


def _revision(lot: Lot, day: dt.date) -> Iterator[Blocker]:
    revision: MaterialRevision | None = lot.revision
    if revision is None or revision.status == "effective":
        return
    if revision.status == "superseded" and revision.use_up_until is not None and revision.use_up_until >= day:
        return
    yield Blocker(
        "revision",
        _("Lot %(lot)s is of revision %(revision)s, which is “%(state)s”.")
        % {"lot": lot, "revision": revision.revision, "state": revision.get_status_display()},
        record=revision,
        remedy=_("Take a lot of the effective revision, or ask the process engineer whether this one may be used up."),
        remedy_url=lot.material.get_absolute_url(),
    )


def _expiry(lot: Lot, day: dt.date) -> Iterator[Blocker]:
    if lot.expires_on is not None and lot.expires_on < day:
        yield Blocker(
            "expired",
            _("Lot %(lot)s was usable until %(date)s.")
            % {"lot": lot, "date": date_format(lot.expires_on, "SHORT_DATE_FORMAT")},
            record=lot,
            remedy=_("Take a lot that has not expired, and have this one put aside."),
        )
    elif lot.open_until is not None and lot.open_until < day:
        yield Blocker(
            "opened_too_long",
            _("Lot %(lot)s was opened; so it was usable until %(date)s.")
            % {"lot": lot, "date": date_format(lot.open_until, "SHORT_DATE_FORMAT")},
            record=lot,
            remedy=_("Take a lot that is still good, and have this one put aside."),
        )


def _retest(lot: Lot, day: dt.date) -> Iterator[Blocker]:
    if lot.retest_on is not None and lot.retest_on < day:
        yield Blocker(
            "retest",
            _("Lot %(lot)s was to be retested by %(date)s.")
            % {"lot": lot, "date": date_format(lot.retest_on, "SHORT_DATE_FORMAT")},
            record=lot,
            remedy=_("Take another lot, or ask quality to retest this one."),
            remedy_url=lot.get_absolute_url(),
        )


def hold_blockers(state: LotState, lot: Lot, *, inherited: bool = True) -> Iterator[Blocker]:
    """The holds on the lot or the unit, and, for use rather than mere handling, on what went into it."""
    if not (state.all_held or state.unit_holds or state.inherited):
        return
    holds = Hold.objects.select_related("lot", "unit")
    own = holds.filter(lot=lot, quantity__isnull=True, status="open") if state.all_held else ()
    yield from _told("hold", own)
    further = holds.in_bulk([*state.unit_holds, *state.inherited])
    yield from _told("hold", [further[pk] for pk in state.unit_holds])
    if inherited:
        yield from _told("hold_inherited", [further[pk] for pk in state.inherited])


def _told(code: str, holds: Iterable[Hold]) -> Iterator[Blocker]:
    for hold in holds:
        held = hold.unit or hold.lot
        text = (
            _("%(held)s is on hold: %(reason)s")
            if code == "hold"
            else _("%(held)s, which went into it, is on hold: %(reason)s")
        )
        yield Blocker(
            code,
            text % {"held": held, "reason": hold.reason},
            record=hold,
            remedy=_("Take another lot. Only quality can release the hold."),
            remedy_url=hold.get_absolute_url(),
        )


def apart_blockers(state: LotState, lot: Lot, quantity: Decimal, place: StorageLocation) -> Iterator[Blocker]:
    """Whether so much may leave a place: what lies in quarantine is what the holds on a part of the lot mean."""
    free = state.may_leave(place.pk)
    if state.all_held or not state.held or quantity <= free or quantity > state.places.get(place.pk, Decimal(0)):
        return
    yield Blocker(
        "held_here",
        _("%(held)s %(uom)s of lot %(lot)s are on hold, and what lies in %(place)s is what is held; %(free)s are free.")
        % {"held": plain(state.held), "uom": lot.material.uom, "lot": lot, "place": place, "free": plain(free)},
        record=place,
        remedy=_("Take it from another place, or ask quality to decide about the hold."),
        remedy_url=lot.get_absolute_url(),
    )


def expiry_blockers(lot: Lot, at: dt.datetime | None = None) -> Iterator[Blocker]:
    """Whether the day until which a lot is usable, opened or not, is past."""
    yield from _expiry(lot, day_at(lot.site, at or now()))


def quantity_blockers(state: LotState, lot: Lot, quantity: Decimal) -> Iterator[Blocker]:
    """Whether that much of the lot is on hand and free."""
    if state.all_held or quantity <= state.available:
        return
    given = {
        "lot": lot,
        "available": plain(state.available),
        "wanted": plain(quantity),
        "held": plain(state.held),
        "uom": lot.material.uom,
    }
    if state.held > 0:
        text = _("Lot %(lot)s has %(available)s %(uom)s free, %(held)s are on hold; %(wanted)s are needed.") % given
    else:
        text = _("Lot %(lot)s has %(available)s %(uom)s left; %(wanted)s are needed.") % given
    yield Blocker("quantity", text, record=lot, remedy=_("Use what is left, and take the rest from another lot."))
