"""The review board at work: votes that add up to a decision, rejections, witnessed scrap, and deciding anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, makes
from core.lifecycle.models import Transition
from core.lifecycle.services import attempt, perform
from core.organization.models import Site
from core.organization.services import require
from core.organization.services.configuration import configuring
from core.signing.models import Signature
from core.signing.services import Proof, require_proof, sign
from qms.nonconformance.models import (
    AffectedItem,
    BoardAuthority,
    BoardRule,
    DefectCode,
    Disposition,
    DispositionVote,
)
from qms.nonconformance.queries import board_of
from qms.nonconformance.services.asking import APPROVE, settle_who_approves
from qms.nonconformance.services.dispositions import complete_disposition
from qms.nonconformance.services.items import hold_the_rest, locked
from qms.nonconformance.services.triage import return_to_review
from traceability.services import lock, release_hold

MODEL = "qms_nonconformance.Disposition"


@makes(MODEL, "approve")
@service
def approve_disposition(
    *, disposition: Disposition, actor: Any, signature: Proof | None, reason: str = ""
) -> Disposition:
    """Sign one line: its quantity is set free, scrapped, or stays held until it is repaired or returned.

    Where a rule names several functions it is the vote of one of them, and the last one decides.
    """
    return approve_dispositions(dispositions=[disposition], actor=actor, signature=signature, reason=reason)[0]


@service
def approve_dispositions(
    *, dispositions: Sequence[Disposition], actor: Any, signature: Proof | None, reason: str = ""
) -> list[Disposition]:
    """Sign several lines of one record with one identification; each gets its own signature. All or none."""
    records = {disposition.affected_item.nonconformance_id for disposition in dispositions}
    if len(records) != 1:
        raise ValueError("the lines of exactly one nonconformance are signed together")
    record = locked(dispositions[0].nonconformance)
    if any(line.kind == Disposition.Kind.USE_AS_IS for line in dispositions) and record.defect_code_id is not None:
        # Two boards at once are counted one after the other: the counter of the concession is never given twice.
        DefectCode.objects.select_for_update(of=("self",)).get(pk=record.defect_code_id)
    for disposition in dispositions:
        _sign_for_a_function(disposition, actor=actor, signature=signature, reason=reason)
    return list(dispositions)


def _sign_for_a_function(line: Disposition, *, actor: Any, signature: Proof | None, reason: str) -> None:
    board = board_of(line, actor)
    if not board.required:
        perform(line, "approve", actor=actor, reason=reason, signature=signature)
        return
    seat = board.seat
    signed: Signature | None
    if seat is not None and board.others:
        line.refresh_from_db(fields=["status", "row_version"])
        require(actor, APPROVE, line)
        attempt(line, "vote", actor=actor, reason=reason, signature=signature)
        signed = sign(record=line, meaning="dispositioned", signature=signature, actor=actor, reason=reason)
    else:
        perform(line, "approve", actor=actor, reason=reason, signature=signature)
        signed = _signature_of_move(line)
    _count(line, seat, signed, is_for=True, note=reason)


def _signature_of_move(line: Disposition) -> Signature | None:
    """The signature of the latest signed move of a line."""
    moves = Transition.objects.filter(
        subject_type=ContentType.objects.get_for_model(line), subject_id=line.pk, signature__isnull=False
    )
    latest = moves.select_related("signature").order_by("-pk").first()
    return None if latest is None else latest.signature


def _count(
    line: Disposition, seat: BoardAuthority | None, signed: Signature | None, *, is_for: bool, note: str
) -> None:
    if seat is not None and signed is not None:
        DispositionVote.objects.create(
            disposition=line, function=seat.function, is_for=is_for, note=note, authority=seat, signature=signed
        )


@makes(MODEL, "reject")
@service
def reject_disposition(*, disposition: Disposition, actor: Any, signature: Proof | None, reason: str) -> Disposition:
    """Vote against a proposed line: one vote against it is enough, and its quantity waits for another proposal."""
    locked(disposition.nonconformance)
    seat = board_of(disposition, actor).seat
    rejected = perform(disposition, "reject", actor=actor, reason=reason, signature=signature)
    _count(disposition, seat, _signature_of_move(disposition), is_for=False, note=reason)
    return rejected


@effect(MODEL, "reject")
def ask_for_the_rest(record: Disposition, deed: Deed) -> None:
    """What still waits may be of other people than before."""
    settle_who_approves(record.nonconformance, actor=deed.actor)


@service
def witness_scrap(
    *, disposition: Disposition, reason: str, actor: Any, signature: Proof | None, witness: Proof | None
) -> Disposition:
    """Scrap what was decided, seen by a second person: two signatures, the booking and the hold in one transaction."""
    found = locked(disposition.nonconformance)
    if witness is not None:
        blocker = require_proof(witness, "witnessed", witness.user)
        if blocker is not None:
            raise Blocked(blocker)
        require(witness.user, "qms_nonconformance.view_nonconformance", found)
    complete_disposition(disposition=disposition, actor=actor, reason=reason, witness=witness)
    sign(record=disposition, meaning="performed", signature=signature, actor=actor, reason=reason)
    if witness is not None:
        sign(record=disposition, meaning="witnessed", signature=witness, actor=witness.user, reason=reason)
    return disposition


@makes(MODEL, "redispose")
@service
def redispose(*, disposition: Disposition, actor: Any, signature: Proof | None, reason: str) -> Disposition:
    """Take back a signed decision that is not carried out yet: its quantity is held again and is decided anew.

    The review is opened again where it was finished.
    """
    found = locked(disposition.nonconformance)
    if found.status == "dispositioned":
        return_to_review(nonconformance=found, actor=actor, reason=reason)
    return perform(disposition, "redispose", actor=actor, reason=reason, signature=signature)


@effect(MODEL, "redispose")
def hold_it_again(record: Disposition, deed: Deed) -> None:
    """What the line had set free is held again together with the rest of the item."""
    if record.hold_id is None:
        return
    item = AffectedItem.objects.select_related("lot", "unit__lot", "hold", "nonconformance").get(
        pk=record.affected_item_id
    )
    if item.lot is not None:
        lock([item.lot])
    if item.hold is not None and item.hold.status == "open":
        release_hold(hold=item.hold, decision=record, reason=deed.reason, actor=deed.actor)
    hold_the_rest(item, item.nonconformance, actor=deed.actor)


# --- who sits on the board


@service
def create_board_rule(
    *, kind: str, function: str, severity: str = "", needs_witness: bool = False, actor: Any
) -> BoardRule:
    """Say that a function signs a kind of disposition. Raises `Blocked` where that is said already."""
    require(actor, "qms_nonconformance.change_boardrule")
    known = BoardRule.objects.filter(kind=kind, severity=severity, function=function).first()
    if known is not None:
        raise Blocked(
            Blocker(
                "known",
                _("“%(rule)s” is there already.") % {"rule": known},
                record=known,
                remedy=_("Change that one."),
                remedy_url=known.get_absolute_url(),
            )
        )
    rule = BoardRule(kind=kind, severity=severity, function=function, needs_witness=needs_witness)
    _refuse_witness(rule)
    with configuring(rule):
        rule.save()
    return rule


def _refuse_witness(rule: BoardRule) -> None:
    if rule.needs_witness and rule.kind != Disposition.Kind.SCRAP:
        raise Blocked(
            Blocker(
                "witness", _("Only scrap is witnessed."), record=rule, remedy=_("Choose scrap, or ask for no witness.")
            )
        )


@service
def change_board_rule(*, rule: BoardRule, needs_witness: bool, is_active: bool, reason: str, actor: Any) -> BoardRule:
    """Switch a rule on or off; lines that were decided stay decided."""
    require(actor, "qms_nonconformance.change_boardrule")
    found = BoardRule.objects.select_for_update().get(pk=rule.pk)
    with configuring(found):
        found.needs_witness, found.is_active = needs_witness, is_active
        _refuse_witness(found)
        found.save()
    return found


def _refuse_days(valid_from: dt.date, valid_until: dt.date) -> None:
    if valid_until < valid_from:
        raise Blocked(Blocker("days", _("The last day is before the first."), remedy=_("Correct one of the two days.")))


@service
def appoint_to_board(
    *,
    site: Site,
    person: Any,
    function: str,
    valid_from: dt.date,
    valid_until: dt.date,
    basis: str,
    highest_severity: str = "critical",
    highest_quantity: Decimal | None = None,
    actor: Any,
) -> BoardAuthority:
    """Appoint a person to sign for a function at a site, for a time and within limits. Raises `Blocked`."""
    require(actor, "qms_nonconformance.change_boardauthority", site)
    if person.pk == actor.pk:
        raise Blocked(
            Blocker("yourself", _("Nobody appoints themselves."), remedy=_("Ask another person with this right."))
        )
    _refuse_days(valid_from, valid_until)
    authority = BoardAuthority(
        site=site,
        person=person,
        function=function,
        valid_from=valid_from,
        valid_until=valid_until,
        basis=basis.strip(),
        highest_severity=highest_severity,
        highest_quantity=highest_quantity,
    )
    authority.save()
    return authority


@service
def change_board_authority(
    *,
    authority: BoardAuthority,
    valid_until: dt.date,
    highest_severity: str,
    highest_quantity: Decimal | None,
    basis: str,
    reason: str,
    actor: Any,
) -> BoardAuthority:
    """Change how long and how far an authority reaches; what was signed by it stays signed."""
    found = BoardAuthority.objects.select_for_update(of=("self",)).select_related("site", "person").get(pk=authority.pk)
    require(actor, "qms_nonconformance.change_boardauthority", found)
    if found.person_id == actor.pk:
        raise Blocked(
            Blocker("yourself", _("Nobody appoints themselves."), remedy=_("Ask another person with this right."))
        )
    _refuse_days(found.valid_from, valid_until)
    found.valid_until, found.basis = valid_until, basis.strip()
    found.highest_severity, found.highest_quantity = highest_severity, highest_quantity
    found.save()
    return found
