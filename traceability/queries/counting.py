"""What was counted in a place, what is still to be counted, and whether the differences may be booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.organization.models import User
from traceability.models import Lot, SerializedUnit, StockCount, StockCountLine
from traceability.queries.containers import packed_blockers
from traceability.queries.stock import LotState, contents, place_of_unit, states, units_in
from traceability.queries.usability import hold_blockers, plain

LOTS_NAMED = 5
"""How many of the lots that were not counted are named."""


def lines_of(count: StockCount) -> list[StockCountLine]:
    """The lines of a count with what their rules and pages need, by material and lot."""
    lines = count.lines.select_related("lot__material__uom", "lot__site", "unit", "counted_by", "movement")
    return list(lines.order_by("lot__material__number", "lot__number", "unit__serial"))


def not_counted(count: StockCount) -> QuerySet[Lot]:
    """The lots that lie in the place by the ledger, and nobody counted; of one lot only that."""
    here = contents(count.location).exclude(material__tracking="serial")
    if count.lot_id is not None:
        here = here.filter(pk=count.lot_id)
    return here.exclude(pk__in=count.lines.values("lot"))


def units_not_counted(count: StockCount) -> QuerySet[SerializedUnit]:
    """The units that lie in the place by the ledger, and nobody scanned or said to be missing."""
    if count.lot_id is not None:
        return SerializedUnit.objects.none()
    return units_in(count.location).exclude(pk__in=count.lines.filter(unit__isnull=False).values("unit"))


def counted_by(count: StockCount, user: Any) -> bool:
    """Whether somebody counted here, even if another person counted the same lot once more."""
    return bool(StockCountLine.history.filter(count=count, counted_by=user).exists())


def only_counter(count: StockCount) -> Any:
    """Who counted here, where that is one person: whoever approves it is another one."""
    people = User.objects.filter(pk__in=StockCountLine.history.filter(count=count).values("counted_by"))[:2]
    found = list(people)
    return found[0] if len(found) == 1 else None


def not_counted_blockers(count: StockCount) -> Iterator[Blocker]:
    """Every lot that should lie there has to be counted, also when there is nothing of it."""
    for lot in not_counted(count)[:LOTS_NAMED]:
        yield Blocker(
            "not_counted",
            _("Lot %(lot)s of %(material)s was not counted.") % {"lot": lot, "material": lot.material.number},
            record=lot,
            remedy=_("Count it; enter 0 if nothing of it is there."),
        )
    for unit in units_not_counted(count)[:LOTS_NAMED]:
        yield Blocker(
            "not_counted",
            _("Unit %(unit)s of %(material)s was not scanned.") % {"unit": unit, "material": unit.material.number},
            record=unit,
            remedy=_("Scan it; enter 0 if it is not there."),
        )


def difference_blockers(count: StockCount, lines: Sequence[StockCountLine]) -> Iterator[Blocker]:
    """Why a difference may not be booked now: what is missing is held, or was taken meanwhile."""
    differing = [line for line in lines if line.difference]
    found = states([(line.lot_id, line.unit_id) for line in differing])
    for line, state in zip(differing, found, strict=True):
        if line.unit is not None:
            yield from _unit_blockers(count, line, line.unit, state)
        elif line.difference < 0:
            yield from _missing_blockers(count, line, state)


def _unit_blockers(count: StockCount, line: StockCountLine, unit: SerializedUnit, state: LotState) -> Iterator[Blocker]:
    """A missing unit must still be here by the ledger, and a found one somewhere; neither may be on hold."""
    yield from hold_blockers(state, line.lot, inherited=False)
    place = place_of_unit(unit)
    if line.difference < 0 and (place is None or place.pk != count.location_id):
        yield Blocker(
            "place",
            _("Unit %(unit)s was taken after it was counted.") % {"unit": unit},
            record=unit,
            remedy=_("Have it counted again."),
            remedy_url=unit.get_absolute_url(),
        )
    elif line.difference > 0 and place is None:
        yield Blocker(
            "unit_gone",
            _("Unit %(unit)s was found, but by the records it is no longer here: “%(state)s”.")
            % {"unit": unit, "state": unit.get_status_display()},
            record=unit,
            remedy=_("Put it aside and ask quality: it was shipped, built in, scrapped, or never booked in."),
            remedy_url=unit.get_absolute_url(),
        )
    elif state.container is not None:
        yield Blocker(
            "packed",
            _("Unit %(unit)s is in a container by the records.") % {"unit": unit},
            record=unit,
            remedy=_("Take it out of the container first."),
            remedy_url=unit.get_absolute_url(),
        )


def _missing_blockers(count: StockCount, line: StockCountLine, state: LotState) -> Iterator[Blocker]:
    yield from hold_blockers(state, line.lot, inherited=False)
    here, missing = state.places.get(count.location_id, Decimal(0)), -line.difference
    uom = line.lot.material.uom
    if here < missing:
        yield Blocker(
            "place",
            _("%(missing)s %(uom)s of lot %(lot)s are missing by the count, but only %(here)s are left in the ledger.")
            % {"missing": plain(missing), "uom": uom, "lot": line.lot, "here": plain(here)},
            record=line.lot,
            remedy=_("It was taken after it was counted. Have it counted again."),
        )
    elif not state.all_held and state.available < missing:
        yield Blocker(
            "held",
            _("%(held)s %(uom)s of lot %(lot)s are on hold; %(missing)s are missing by the count.")
            % {"held": plain(state.held), "uom": uom, "lot": line.lot, "missing": plain(missing)},
            record=line.lot,
            remedy=_("Quality decides about the hold first."),
        )
    else:
        yield from packed_blockers(state, line.lot, missing, count.location_id)
