"""Whether a lot or unit may be used, and if not, every reason in plain words with its remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.errors import Blocker
from traceability.models import Hold, Lot, MaterialRevision, SerializedUnit
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
        *_material(lot),
        *_status(lot, unit),
        *_unit_of(state, lot, unit),
        *_revision(lot, day),
        *_expiry(lot, day),
        *hold_blockers(state, lot),
        *quantity_blockers(state, lot, quantity),
    ]


def _material(lot: Lot) -> Iterator[Blocker]:
    if not lot.material.is_active:
        yield Blocker(
            "material_inactive",
            _("Material %(material)s is no longer used.") % {"material": lot.material},
            record=lot.material,
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
    elif state.unit_stock <= 0:
        yield Blocker(
            "unit_stock",
            _("Unit %(unit)s is not in stock.") % {"unit": unit},
            record=unit,
            remedy=_("Take another unit, or have the stock of this one corrected."),
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
