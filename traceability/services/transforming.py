"""Lots become other lots: split, merged, and taken back. Stock, genealogy and holds in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import begin, begin_many
from core.organization.services import next_number, require
from traceability.models import GenealogyLink, Hold, Lot, StockMovement, StorageLocation, Transformation
from traceability.queries import (
    apart_blockers,
    links_of_transformation,
    merge_blockers,
    movements_of_transformation,
    part_blockers,
    share_blockers,
    states,
    undo_blockers,
)
from traceability.services.asking import follow_stock
from traceability.services.catching import catch, catch_children
from traceability.services.genealogy import LinkInput, refuse_loops
from traceability.services.movements import (
    Kind,
    lock,
    place_blockers,
    place_with,
    refuse,
    require_quantity,
    source_ref,
)

SPLIT = "traceability.split_lot"
LIFE = ("expires_on", "retest_on", "opened_at", "open_until")
"""What limits the use of a lot in time; a merged lot has the earliest of each."""


def transformed_before(client_id: uuid.UUID | None, kind: str) -> Transformation | None:
    """What an earlier, identical request did. Raises `Blocked` when its id was used for something else."""
    found = None if client_id is None else Transformation.objects.filter(client_id=client_id).first()
    if found is not None and found.kind != kind:
        raise refuse("client_id", _("This request was already used for another booking."), _("Reload the page."))
    return found


def _made_by(transformation: Transformation) -> Lot:
    return next(m.lot for m in movements_of_transformation(transformation) if m.from_location_id is None)


@service
def split_lot(
    *,
    lot: Lot,
    quantity: Decimal,
    actor: Any,
    location: StorageLocation | None = None,
    held: bool | None = None,
    number: str = "",
    reason: str = "",
    source: models.Model | None = None,
    client_id: uuid.UUID | None = None,
) -> Lot:
    """Make a sublot of a quantity (in the material's unit) that lies in one place; it stays there, in the same state.

    The sublot has the material, revision, expiry and supplier's number of the lot, and `number` or the lot's with a
    further figure. Where a part of the lot is on hold, `held` says whether it is that part. What is split off under
    holds is held as a whole, by a hold of its own for each; the holds on the lot stay as they are.

    Raises `Blocked` for serialized stock, a lot in production or decided against, for more than there is in that place
    or loose of it, for all of the lot, for more than is held or free, and for a number that is taken.
    """
    require(actor, SPLIT, lot)
    lot = lock([lot])[lot.pk]
    before = transformed_before(client_id, "split")
    if before is not None:
        return _made_by(before)
    require_quantity(quantity, lot, None)
    state = states([(lot.pk, None)])[0]
    blockers = [*share_blockers(lot), *part_blockers(state, lot, quantity, held)]
    if not blockers and location is not None:
        blockers += place_blockers(state, lot, quantity, location)
        if not held:
            blockers += apart_blockers(state, lot, quantity, location)
    if blockers:
        raise Blocked(blockers)
    place = location.pk if location is not None else place_with(state, lot, quantity, may_be_held=bool(held))
    under = _open_holds([lot]) if state.all_held or held else []
    child = _born(lot, number=_sublot_number(lot, number), actor=actor, reason=reason)
    deed = Transformation.objects.create(
        site=lot.site, kind="split", reason=reason, client_id=client_id, **source_ref(source)
    )
    _become(deed, [(lot, place, quantity)], child, under, actor)
    return child


@service
def merge_lots(
    *,
    lots: Sequence[Lot],
    actor: Any,
    number: str = "",
    reason: str = "",
    source: models.Model | None = None,
    client_id: uuid.UUID | None = None,
) -> Lot:
    """Make one new lot of all that is on hand of two lots or more, wherever it lies.

    It is usable as long as the one that expires first. It keeps the supplier's lot number where all have the same, and
    is held as a whole by a hold of its own for each open hold on any of them, for what is mixed cannot be told apart.

    Raises `Blocked` for other than equal materials, revisions, states and sites, for serialized stock, for a lot with
    nothing on hand or with a part in containers, and for a number that is taken.
    """
    for one in lots:
        require(actor, SPLIT, one)
    locked = lock(lots)
    parents = [locked[pk] for pk in sorted(locked)]
    before = transformed_before(client_id, "merge")
    if before is not None:
        return _made_by(before)
    found = states([(lot.pk, None) for lot in parents])
    blockers = list(merge_blockers(parents))
    taken: list[tuple[Lot, int, Decimal]] = []
    for lot, state in zip(parents, found, strict=True):
        taken += [(lot, place, quantity) for place, quantity in state.places.items()]
        if not state.on_hand:
            blockers.append(_nothing_left(lot))
        elif state.packed:
            blockers.append(_in_containers(lot))
    if blockers:
        raise Blocked(blockers)
    first = parents[0]
    if number:
        _refuse_taken(first, number)
    supplier_lots = {lot.supplier_lot for lot in parents}
    child = _born(
        first,
        number=number or next_number(first.site, "LOT"),
        **{name: _first(parents, name) for name in LIFE},
        supplier_lot=supplier_lots.pop() if len(supplier_lots) == 1 else "",
        actor=actor,
        reason=reason,
    )
    deed = Transformation.objects.create(
        site=first.site, kind="merge", reason=reason, client_id=client_id, **source_ref(source)
    )
    held = [lot for lot, state in zip(parents, found, strict=True) if state.held]
    _become(deed, taken, child, _open_holds(held), actor)
    follow_stock(parents, actor)
    return child


@service
def undo_transformation(*, transformation: Transformation, reason: str, actor: Any) -> Transformation:
    """Take a split or merge back: all goes back to the lots it came from, into the same places.

    The lot that was made stays, empty, with its number. Raises `Blocked` without a reason, when it was taken back
    before, or when what was made was used, moved, packed, held or decided about since.
    """
    require(actor, SPLIT, transformation.site)
    movements = movements_of_transformation(transformation)
    locked = lock(movement.lot for movement in movements)
    if not reason.strip():
        raise refuse("reason", _("Taking it back needs a reason."), _("Write why."), transformation)
    for movement in movements:
        movement.lot = locked[movement.lot_id]
    blockers = list(undo_blockers(transformation, movements))
    if blockers:
        raise Blocked(blockers)
    back = Transformation.objects.create(
        site=transformation.site, kind=transformation.kind, reason=reason, reverses=transformation
    )
    # What comes back comes first: PostgreSQL lets nothing held go whose like is not held elsewhere already.
    turned = sorted(movements, key=lambda movement: movement.to_location_id is not None)
    StockMovement.objects.bulk_create(
        [
            StockMovement(
                kind=movement.kind,
                lot=movement.lot,
                quantity=movement.quantity,
                uom_id=movement.uom_id,
                from_location_id=movement.to_location_id,
                to_location_id=movement.from_location_id,
                note=reason,
                reverses=movement,
                **source_ref(back),
            )
            for movement in turned
        ]
    )
    GenealogyLink.objects.bulk_create(
        [
            GenealogyLink(
                site_id=link.site_id,
                parent_lot_id=link.parent_lot_id,
                child_lot_id=link.child_lot_id,
                quantity=link.quantity,
                uom_id=link.uom_id,
                reverses=link,
                **source_ref(back),
            )
            for link in links_of_transformation(transformation)
        ]
    )
    follow_stock(locked.values(), actor)
    return back


def _first(lots: Iterable[Lot], name: str) -> Any:
    """The earliest of a day or moment that some of these lots have; None where none has it."""
    return min((value for lot in lots if (value := getattr(lot, name)) is not None), default=None)


def _born(like: Lot, *, number: str, actor: Any, reason: str, **other: Any) -> Lot:
    """A new lot with what is said of a lot it comes from, in that one's state."""
    said = {"supplier_lot": like.supplier_lot, **{name: getattr(like, name) for name in LIFE}, **other}
    child = Lot(
        site=like.site, material=like.material, revision=like.revision, number=number, status=like.status, **said
    )
    return begin(child, actor=actor, reason=reason)


def _become(
    deed: Transformation, taken: Sequence[tuple[Lot, int, Decimal]], child: Lot, holds: Sequence[Hold], actor: Any
) -> None:
    """Book quantities of lots, each in its place, into the lot they become, which is held as they were."""
    inherit_holds(holds=holds, child=child, actor=actor)
    named = source_ref(deed)
    uom = child.material.uom
    # In first: what leaves a held lot must have come into one that is held already (enforcement_packing.py).
    came = [
        StockMovement(kind=Kind(deed.kind), lot=child, quantity=q, uom=uom, to_location_id=place, **named)
        for _lot, place, q in taken
    ]
    left = [
        StockMovement(kind=Kind(deed.kind), lot=lot, quantity=q, uom=uom, from_location_id=place, **named)
        for lot, place, q in taken
    ]
    StockMovement.objects.bulk_create(came + left)
    shares: dict[Lot, Decimal] = {}
    for lot, _place, q in taken:
        shares[lot] = shares.get(lot, Decimal(0)) + q
    GenealogyLink.objects.bulk_create(
        [
            GenealogyLink(site=child.site, parent_lot=lot, child_lot=child, quantity=q, uom=uom, **named)
            for lot, q in shares.items()
        ]
    )
    refuse_loops([LinkInput(lot, child, q, uom) for lot, q in shares.items()])
    catch(lots=[child])
    catch_children([(lot, child) for lot in shares])


def inherit_holds(*, holds: Iterable[Hold], child: Lot, actor: Any) -> list[Hold]:
    """A hold on all of a new lot for each of these holds, for the same reason and from the same source."""
    made = [
        Hold(
            site_id=child.site_id,
            lot=child,
            reason=_("Inherited from %(lot)s: %(why)s") % {"lot": hold.lot, "why": hold.reason},
            placed_by=actor,
            placed_at=now(),
            source_type_id=hold.source_type_id,
            source_id=hold.source_id,
            source_label=hold.source_label,
            inherited_from=hold,
        )
        for hold in holds
    ]
    return begin_many(made, actor=actor, reason=_("Inherited with the goods"))


def _open_holds(lots: Sequence[Lot]) -> list[Hold]:
    """The open holds on lots themselves or on a part of them, in the order in which they were placed."""
    return list(Hold.objects.filter(lot__in=lots, status="open").select_related("lot").order_by("pk"))


def _refuse_taken(lot: Lot, number: str) -> None:
    if Lot.objects.filter(material=lot.material, number=number).exists():
        raise refuse(
            "taken",
            _("%(material)s has a lot %(number)s already.") % {"material": lot.material, "number": number},
            _("Choose another number, or leave it empty."),
            lot.material,
        )


def _sublot_number(lot: Lot, wanted: str) -> str:
    """The number that is wanted, or the lot's own with the next figure that is free, such as L-7.2."""
    if wanted:
        _refuse_taken(lot, wanted)
        return wanted
    taken = set(
        Lot.objects.filter(material=lot.material, number__startswith=f"{lot.number}.").values_list("number", flat=True)
    )
    figure = len(taken) + 1
    while f"{lot.number}.{figure}" in taken:
        figure += 1
    return f"{lot.number}.{figure}"


def _nothing_left(lot: Lot) -> Blocker:
    return Blocker(
        "quantity",
        _("Nothing of lot %(lot)s is on hand.") % {"lot": lot},
        record=lot,
        remedy=_("Leave it out."),
        remedy_url=lot.get_absolute_url(),
    )


def _in_containers(lot: Lot) -> Blocker:
    return Blocker(
        "in_container",
        _("A part of lot %(lot)s is in containers.") % {"lot": lot},
        record=lot,
        remedy=_("Take it out of them first."),
        remedy_url=lot.get_absolute_url(),
    )
