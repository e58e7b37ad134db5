"""What a nonconformance affects, and the holds that stand for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt, perform
from core.organization.services import require
from core.signing.services import Proof
from qms.nonconformance.models import AffectedItem, NonConformance, shown
from qms.nonconformance.queries import NOT_COUNTED
from qms.nonconformance.services.places import list_places
from traceability.models import Lot, SerializedUnit
from traceability.queries import require_whole
from traceability.services import lock, place_hold


@dataclass(frozen=True)
class ItemInput:
    """A lot or a unit that is affected, and how much of it; without a quantity all of the lot is held."""

    lot: Lot | None = None
    unit: SerializedUnit | None = None
    quantity: Decimal | None = None


def locked(nonconformance: NonConformance) -> NonConformance:
    """The nonconformance, read anew and locked until the deed ends."""
    return NonConformance.objects.select_for_update(of=("self",)).select_related("site").get(pk=nonconformance.pk)


def hold_reason(nonconformance: NonConformance) -> str:
    """Why its holds stand, in words that are readable without it."""
    return f"{nonconformance.number}: {nonconformance.title}"


def _refuse(code: str, message: str, remedy: str, record: Any) -> Blocked:
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


def affect(nonconformance: NonConformance, inputs: Sequence[ItemInput], actor: Any) -> list[AffectedItem]:
    """Name what is affected and hold it, lots in the order of their ids; an open record also asks where it is."""
    lock([item.lot for item in inputs if item.lot is not None])
    ordered = sorted(inputs, key=lambda item: (item.lot is None, (item.lot or item.unit or nonconformance).pk))
    made = [_affect(nonconformance, item, actor) for item in ordered]
    if made and nonconformance.status != "draft":
        list_places(nonconformance, actor=actor)
    return made


def _affect(nonconformance: NonConformance, item: ItemInput, actor: Any) -> AffectedItem:
    thing = item.lot or item.unit
    if thing is None or (item.lot is not None and item.unit is not None):
        raise ValueError("an affected item names a lot or a unit, not both")
    quantity = Decimal(1) if item.unit is not None else item.quantity
    if quantity is not None and quantity <= 0:
        raise _refuse("quantity", _("The quantity must be more than zero."), _("Correct the quantity."), nonconformance)
    if thing.site_id != nonconformance.site_id:
        raise _refuse(
            "other_site",
            _("%(thing)s is at another site than %(nonconformance)s.")
            % {"thing": thing, "nonconformance": nonconformance},
            _("Raise it at the site where the material is."),
            thing,
        )
    same = AffectedItem.objects.filter(nonconformance=nonconformance, lot=item.lot, unit=item.unit)
    if same.exists():
        raise _refuse(
            "already_affected",
            _("%(thing)s is already named.") % {"thing": thing},
            _("Count it again instead."),
            nonconformance,
        )
    affected = AffectedItem(
        nonconformance=nonconformance, lot=item.lot, unit=item.unit, quantity=quantity, uom=thing.material.uom
    )
    affected.hold = place_hold(
        lot=item.lot,
        unit=item.unit,
        quantity=item.quantity if item.lot is not None else None,
        reason=hold_reason(nonconformance),
        source=nonconformance,
        actor=actor,
    )
    affected.save()
    return affected


@service
def add_affected_item(
    *,
    nonconformance: NonConformance,
    lot: Lot | None = None,
    unit: SerializedUnit | None = None,
    quantity: Decimal | None = None,
    actor: Any,
) -> AffectedItem:
    """Name a further lot or unit as affected, and hold it in the same transaction."""
    found = locked(nonconformance)
    require(actor, "qms_nonconformance.triage_nonconformance", found)
    attempt(found, "edit", actor=actor)
    return affect(found, [ItemInput(lot, unit, quantity)], actor)[0]


@service
def count_affected_item(
    *, item: AffectedItem, quantity: Decimal, reason: str, actor: Any, signature: Proof | None
) -> AffectedItem:
    """Say how much of a lot is affected; the hold is placed anew for what is not decided yet.

    That releases the present hold, so it is signed ("hold_released"). Raises `Blocked` for a unit, for a correction of
    an earlier count without a reason, or below what already has a disposition.
    """
    nonconformance = locked(item.nonconformance)
    require(actor, "qms_nonconformance.triage_nonconformance", nonconformance)
    attempt(nonconformance, "edit", actor=actor)
    found = AffectedItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if found.lot is None:
        raise _refuse("unit_is_one", _("A unit is one."), _("Nothing needs to be counted."), nonconformance)
    if not reason.strip():
        if found.quantity is not None:
            raise _refuse("reason_missing", _("A reason is needed."), _("Write how it was counted."), nonconformance)
        reason = _("counted")
    disposed = found.dispositions.exclude(status__in=NOT_COUNTED).aggregate(total=Sum("quantity"))["total"] or Decimal(
        0
    )
    if quantity <= 0:
        raise _refuse(
            "quantity",
            _("%(quantity)s cannot be affected.") % {"quantity": shown(quantity)},
            _("Enter more than zero."),
            nonconformance,
        )
    if quantity < disposed:
        raise _refuse(
            "quantity",
            _("%(disposed)s already have a disposition.") % {"disposed": shown(disposed)},
            _("Enter at least as much."),
            nonconformance,
        )
    require_whole(quantity, found.uom, nonconformance)
    lock([found.lot])
    change_quantity(found, quantity, nonconformance, reason=reason, actor=actor, signature=signature)
    return found


def change_quantity(
    item: AffectedItem,
    quantity: Decimal | None,
    nonconformance: NonConformance,
    *,
    reason: str,
    actor: Any,
    signature: Proof | None = None,
) -> None:
    """Let an item be of another quantity: its hold is released with a signature, and placed anew for it."""
    item.quantity = quantity
    if item.hold is not None and item.hold.status == "open":
        perform(item.hold, "release", actor=actor, reason=reason, signature=signature, counted=item)
    hold_the_rest(item, nonconformance, actor=actor)


def freed(item: AffectedItem) -> Decimal:
    """How much of an item its approved dispositions have set free or scrapped."""
    dispositions = item.dispositions.filter(hold__isnull=False).exclude(status="superseded")
    return dispositions.aggregate(total=Sum("quantity"))["total"] or Decimal(0)


def hold_the_rest(item: AffectedItem, nonconformance: NonConformance, *, actor: Any) -> None:
    """Hold what the item's dispositions have not set free, in place of the hold that was just lifted; save the item.

    Call with the lock of the nonconformance and of the lot, so that nobody takes stock in between.
    """
    rest = None if item.quantity is None else item.quantity - freed(item)
    if rest is None or rest > 0:
        item.hold = place_hold(
            lot=item.lot,
            unit=item.unit,
            quantity=rest if item.lot is not None else None,
            reason=hold_reason(nonconformance),
            source=nonconformance,
            actor=actor,
        )
    item.save()
