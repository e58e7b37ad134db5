"""Every "may not, because" about revisions, lots, units and holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.signing.queries import is_intact, signatures_of
from traceability.models import Hold, Lot, SerializedUnit
from traceability.queries import holds_on_units, holds_within, open_holds, plain, state_of

UNITS_NAMED = 3
"""How many of the units that stand against the end of a lot are named."""


def _hold_blocker(record: Lot | SerializedUnit, hold: Hold) -> Blocker:
    held = hold.unit or hold.lot
    text = _("%(held)s is on hold: %(reason)s") if held == record else _("%(held)s in it is on hold: %(reason)s")
    return Blocker(
        "hold",
        text % {"held": held, "reason": hold.reason},
        record=hold,
        remedy=_("Decide about the hold first."),
        remedy_url=hold.get_absolute_url(),
    )


@guard("traceability.Lot", "release", title=gettext_lazy("No open hold on it or on anything that went into it"))
@guard("traceability.SerializedUnit", "release", title=gettext_lazy("No open hold on it or on anything in it"))
def nothing_in_it_is_held(record: Lot | SerializedUnit, deed: Deed) -> Iterator[Blocker]:
    """A release speaks for everything that went in, at any depth."""
    for hold in holds_within(record, deed):
        if hold.status == "open":
            yield _hold_blocker(record, hold)


@guard("traceability.Lot", "void", title=gettext_lazy("Nothing was made into it"))
def nothing_was_made_into_it(record: Lot, deed: Deed) -> Iterator[Blocker]:
    """What was made exists until somebody decided about it: only an empty lot is voided."""
    left = state_of(record).on_hand
    if left:
        yield Blocker(
            "lot_not_empty",
            _("%(quantity)s %(uom)s are in lot %(lot)s.")
            % {"quantity": plain(left), "uom": record.material.uom.symbol, "lot": record},
            record=record,
            remedy=_("Take back what was reported into it, or scrap it."),
            remedy_url=record.get_absolute_url(),
        )
    for unit in record.units.exclude(status="scrapped").order_by("pk")[:UNITS_NAMED]:
        yield Blocker(
            "unit_exists",
            _("Unit %(unit)s of lot %(lot)s is “%(state)s”.")
            % {"unit": unit, "lot": record, "state": unit.get_status_display()},
            record=unit,
            remedy=_("Scrap the unit first."),
            remedy_url=unit.get_absolute_url(),
        )


@guard("traceability.Lot", "void", title=gettext_lazy("No open hold on the lot"))
def lot_is_not_held(record: Lot, deed: Deed) -> Iterator[Blocker]:
    """A hold asks for a decision; a lot that is gone would leave it open for good."""
    for hold in open_holds(lot=record).order_by("pk"):
        yield _hold_blocker(record, hold)


@guard("traceability.SerializedUnit", "consume", "scrap", title=gettext_lazy("No open hold on the unit"))
def unit_is_not_held(record: SerializedUnit, deed: Deed) -> Iterator[Blocker]:
    """A held unit is neither built in nor scrapped before somebody decided about the hold."""
    for hold in _holds_on(record, deed):
        yield _hold_blocker(record, hold)


def _holds_on(unit: SerializedUnit, deed: Deed) -> list[Hold]:
    """The open holds that cover a unit; one query for all units that a deed moves together."""
    together: Any = deed.params.get("together")
    if together is None:
        return list(open_holds(unit=unit).order_by("pk"))
    kept: dict[int, list[Hold]] | None = deed.__dict__.get("_unit_holds")
    if kept is None:
        kept = deed.__dict__["_unit_holds"] = holds_on_units(together)
    return kept[unit.pk]


@guard("traceability.Hold", "lift", title=gettext_lazy("A signed decision stands for the signature"))
def decision_is_signed(record: Hold, deed: Deed) -> Iterator[Blocker]:
    """Without a signature of its own a hold is lifted only by a record that is signed and unchanged since."""
    decision: Any = deed.params.get("decision")
    signatures = signatures_of(decision) if isinstance(decision, models.Model) else []
    if any(
        signature.meaning in ("dispositioned", "hold_released") and is_intact(signature) for signature in signatures
    ):
        return
    yield Blocker(
        "decision",
        _("There is no signed decision about this hold."),
        record=record,
        remedy=_("Release the hold with a signature, or sign the disposition first."),
    )
