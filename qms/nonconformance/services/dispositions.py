"""What is decided about each quantity, and what the decision does to its hold and its stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import ask, effect, makes, publish
from core.lifecycle.queries import check
from core.lifecycle.services import attempt, begin, perform
from core.organization.services import require
from core.signing.services import Proof
from qms.nonconformance.events import DispositionApproved
from qms.nonconformance.models import AffectedItem, Disposition, NonConformance
from qms.nonconformance.queries import needs_witness
from qms.nonconformance.questions import ReworkRoute, ReworkRoutes
from qms.nonconformance.services.asking import settle_who_approves
from qms.nonconformance.services.concessions import write_concession
from qms.nonconformance.services.items import hold_the_rest, locked
from traceability.models import Lot, SerializedUnit, StorageLocation
from traceability.queries import on_hand, require_whole, state_of
from traceability.services import lock, move_stock, release_hold, scrap_stock

Kind = Disposition.Kind
MODEL = "qms_nonconformance.Disposition"
FREED_WHEN_APPROVED = frozenset({Kind.USE_AS_IS, Kind.REWORK, Kind.SCRAP})
"""Their hold lifts with the signature; repair and return to the supplier stay held until they are done.

So does what is reworked by a routing: until its re-inspection passed it is not free (ISO 13485 8.3.4).
"""
BY_ROUTE = frozenset({Kind.REWORK, Kind.REPAIR})


def nothing_to_sign(nonconformance: NonConformance) -> Blocker:
    """Why nobody can sign dispositions of a record that has no proposed one."""
    return Blocker(
        "nothing_proposed",
        _("No disposition waits for a signature."),
        record=nonconformance,
        remedy=_("Propose a disposition on the page of the record; then it can be signed here."),
    )


@service
def propose_disposition(
    *, item: AffectedItem, kind: str, quantity: Decimal, justification: str, route: int | None = None, actor: Any
) -> Disposition:
    """Propose what to do with a part of an affected quantity. Raises `Blocked` beyond what is left of it.

    Rework and repair name their routing (`route`, a key of `ReworkRoutes`) where the material has one: the signature
    then puts an order on the floor, and the line is done when its re-inspection passed.
    """
    nonconformance = locked(item.nonconformance)
    require(actor, "qms_nonconformance.propose_disposition", nonconformance)
    if quantity <= 0:
        raise Blocked(
            Blocker(
                "quantity",
                _("The quantity must be more than zero."),
                record=nonconformance,
                remedy=_("Enter how much of it this decision is about."),
            )
        )
    require_whole(quantity, item.uom, nonconformance)
    if not justification.strip():
        raise Blocked(
            Blocker(
                "justification",
                _("A disposition needs its justification."),
                record=nonconformance,
                remedy=_("Write why this is safe and sufficient."),
            )
        )
    named = _route_of(item, Kind(kind), route)
    attempt(nonconformance, "propose", actor=actor, item=item, quantity=quantity)
    disposition = Disposition(
        affected_item=item,
        kind=Kind(kind),
        quantity=quantity,
        justification=justification.strip(),
        route_id=None if named is None else named.key,
        route_label="" if named is None else named.label[:240],
        proposed_by=actor,
        proposed_at=now(),
    )
    begin(disposition, actor=actor)
    settle_who_approves(nonconformance, actor=actor)
    return disposition


def _route_of(item: AffectedItem, kind: str, route: int | None) -> ReworkRoute | None:
    """The routing by which the line is carried out; None where nothing is reworked or no routing is known."""
    if kind not in BY_ROUTE:
        if route is None:
            return None
        raise Blocked(
            Blocker("route", _("Only rework and repair follow a routing."), remedy=_("Leave the routing empty."))
        )
    known = ask(ReworkRoutes((item.material.pk,), item.nonconformance.site_id))
    if route is None and not known:
        return None
    found = next((one for one in known if one.key == route), None)
    if found is None:
        raise Blocked(
            Blocker(
                "route",
                _("%(material)s is reworked by a routing; none of them is named.") % {"material": item.material},
                record=item.material,
                remedy=_("Choose one of: %(choices)s.") % {"choices": ", ".join(one.label for one in known)}
                if known
                else _("Have a routing for its rework made effective, or leave it empty."),
            )
        )
    return found


@makes(MODEL, "complete")
@service
def complete_disposition(
    *, disposition: Disposition, actor: Any, reason: str, witness: Proof | None = None
) -> Disposition:
    """Confirm that an approved line was carried out, saying how it was done and checked.

    Scrap that needs a witness goes by `witness_scrap`.
    """
    locked(disposition.nonconformance)
    return perform(disposition, "complete", actor=actor, reason=reason, witness=witness)


@makes(MODEL, "withdraw")
@service
def withdraw_disposition(*, disposition: Disposition, actor: Any, reason: str) -> Disposition:
    """Take a proposal back before it is signed."""
    locked(disposition.nonconformance)
    return perform(disposition, "withdraw", actor=actor, reason=reason)


@effect(MODEL, "approve")
def carry_out_what_is_decided(record: Disposition, deed: Deed) -> None:
    """Lift exactly this line's part of the hold, scrap in the same transaction; the last line ends the review."""
    nonconformance = locked(record.nonconformance)
    waits = needs_witness(record)
    if record.kind in FREED_WHEN_APPROVED and not waits and record.route_id is None:
        _set_free(record, deed)
    if record.kind == Kind.USE_AS_IS:
        write_concession(record, deed)
    if record.kind == Kind.USE_AS_IS or (record.kind == Kind.SCRAP and not waits and _is_in_stock(record)):
        perform(record, "complete", actor=deed.actor, reason=_("Done with the signature."))
    publish(DispositionApproved(record.pk, nonconformance.pk, record.kind))
    finish_the_review(nonconformance, deed.actor)


@effect(MODEL, "withdraw")
def ask_whoever_may_sign_the_rest(record: Disposition, deed: Deed) -> None:
    """What still waits may be of other people than before."""
    settle_who_approves(record.nonconformance, actor=deed.actor)


@effect(MODEL, "complete")
def free_what_was_held_until_done(record: Disposition, deed: Deed) -> None:
    """What was repaired is free now, what was returned has left the stock."""
    locked(record.nonconformance)
    if record.hold_id is None:
        _set_free(record, deed)


def _is_in_stock(record: Disposition) -> bool:
    """Whether the scrap was booked; what production has not yet delivered is counted as scrap at its operation."""
    return record.movement_id is not None or _lot_of(record) is None


def _lot_of(record: Disposition) -> Lot | None:
    item = record.affected_item
    return item.lot if item.lot is not None else item.thing.lot if isinstance(item.thing, SerializedUnit) else None


def _set_free(record: Disposition, deed: Deed) -> None:
    """Lift the item's hold, book what leaves the stock, and hold the rest again: nobody can step in between."""
    item = AffectedItem.objects.select_related("lot", "unit__lot", "hold", "nonconformance").get(
        pk=record.affected_item_id
    )
    lot = _lot_of(record)
    if lot is not None:
        lock([lot])
    # The line counts as freed from here on, so that only the rest is held anew.
    record.hold = item.hold
    record.save()
    if item.hold is not None:
        release_hold(
            hold=item.hold,
            decision=record,
            reason=_("%(disposition)s of %(nonconformance)s")
            % {"disposition": record, "nonconformance": item.nonconformance.number},
            actor=deed.actor,
        )
    hold_the_rest(item, item.nonconformance, actor=deed.actor)
    movement = _book(record, item, lot, deed)
    if movement is not None:
        record.movement = movement
        record.save()


def _book(record: Disposition, item: AffectedItem, lot: Lot | None, deed: Deed) -> Any:
    """The movement of what leaves the stock by this disposition, if any."""
    if lot is None or record.kind not in (Kind.SCRAP, Kind.RETURN_TO_SUPPLIER):
        return None
    if lot.status == "in_production" and on_hand(lot) < record.quantity:
        return None
    if record.kind == Kind.SCRAP:
        return scrap_stock(
            lot=lot,
            unit=item.unit,
            quantity=record.quantity,
            reason=record.justification,
            source=record,
            actor=deed.actor,
        )
    return move_stock(
        lot=lot,
        unit=item.unit,
        quantity=record.quantity,
        from_location=_place_of(lot, record.quantity),
        to_location=_way_out(lot),
        reason=record.justification,
        source=record,
        actor=deed.actor,
    )


def _place_of(lot: Lot, quantity: Decimal) -> StorageLocation:
    places = state_of(lot).places
    for place, there in sorted(places.items(), key=lambda entry: (-entry[1], entry[0])):
        if there >= quantity:
            return StorageLocation.objects.get(pk=place)
    raise Blocked(
        Blocker(
            "place",
            _("No single place has so much of lot %(lot)s.") % {"lot": lot},
            record=lot,
            remedy=_("Move it together first."),
        )
    )


def _way_out(lot: Lot) -> StorageLocation:
    found = StorageLocation.objects.filter(site=lot.site_id, kind="shipped", is_active=True).order_by("code").first()
    if found is None:
        raise Blocked(
            Blocker(
                "place",
                _("%(site)s has no storage location for what was shipped.") % {"site": lot.site},
                record=lot,
                remedy=_("Ask a planner to create one."),
            )
        )
    return found


def finish_the_review(nonconformance: NonConformance, actor: Any) -> None:
    """With the last signed line nothing is left to decide; before, what is left may be of other people."""
    if all(result.passed for result in check(nonconformance, "disposition", actor)):
        perform(nonconformance, "disposition", actor=actor)
    else:
        settle_who_approves(nonconformance, actor=actor)
