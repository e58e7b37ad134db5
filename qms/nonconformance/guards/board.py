"""What stands against a vote, a signature, a witness or a second decision on a line."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.signing.services import Proof
from qms.changes.models.configuration import Function
from qms.nonconformance.models import BoardAuthority, CapaDecision, Disposition, NonConformance, shown
from qms.nonconformance.queries import (
    Board,
    against_use_as_is,
    board_of,
    fits,
    item_states,
    needs_witness,
)
from traceability.models import SerializedUnit
from traceability.queries import available, day_at

LINE = "qms_nonconformance.Disposition"


def _board(record: Disposition, deed: Deed) -> Board:
    return deed.once(("board", record.pk), lambda: board_of(record, deed.actor))


def _names(functions: list[str]) -> str:
    return ", ".join(str(Function(function).label) for function in functions)


@guard(LINE, "vote", title=gettext_lazy("Waits for signatures"))
def line_waits_for_signatures(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """A line that is decided, withdrawn or rejected takes no further vote."""
    if record.status != "proposed":
        yield Blocker(
            "state",
            _("“%(line)s” is “%(status)s” and takes no vote any more.")
            % {"line": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Propose another disposition for what is left."),
        )


@guard(LINE, "approve", "vote", "reject", title=gettext_lazy("Authority on the board"))
def signer_has_authority(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """Where a rule names functions, whoever signs was appointed to one that has not signed, and within the limits."""
    board = _board(record, deed)
    if not board.required:
        return
    if board.has_voted:
        yield Blocker(
            "voted",
            _("%(who)s has signed “%(line)s” already.") % {"who": deed.actor, "line": record},
            record=record,
            remedy=_("Another person signs for the next function: %(functions)s.")
            % {"functions": _names(board.missing) or "–"},
        )
    elif board.seat is None:
        yield from _why_no_seat(board, record, deed)


def _why_no_seat(board: Board, record: Disposition, deed: Deed) -> Iterator[Blocker]:
    missing = board.missing
    held = [one for one in board.held if one.function in missing]
    remedy = _("Ask somebody who is appointed for: %(functions)s.") % {"functions": _names(missing) or "–"}
    url = reverse("qms_nonconformance:boardauthority_list")
    if not held:
        message = _("%(who)s is not appointed to sign “%(line)s”.") % {"who": deed.actor, "line": record}
        yield Blocker("authority", message, record=record, remedy=remedy, remedy_url=url)
    for one in held:
        yield Blocker("authority_limit", _limit(one, record), record=record, remedy=remedy, remedy_url=url)


def _limit(authority: BoardAuthority, line: Disposition) -> str:
    day = day_at(line.nonconformance.site)
    words = {
        "authority": authority,
        "first": authority.valid_from,
        "last": authority.valid_until,
        "severity": authority.get_highest_severity_display(),
        "quantity": "–" if authority.highest_quantity is None else shown(authority.highest_quantity),
    }
    if not authority.valid_from <= day <= authority.valid_until:
        return _("%(authority)s: valid from %(first)s until %(last)s only.") % words
    if fits(authority, line, day):
        return _("%(authority)s: this function has signed already.") % words
    return _("%(authority)s: up to %(severity)s and a quantity of %(quantity)s only.") % words


@guard(LINE, "approve", title=gettext_lazy("Quorum"))
def quorum_is_complete(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """The last signature decides; before it every other function of the rule has signed."""
    left = _board(record, deed).others
    if left:
        yield Blocker(
            "quorum",
            _("“%(line)s” also needs: %(functions)s.") % {"line": record, "functions": _names(left)},
            record=record,
            remedy=_("Each of them signs; the last signature carries it out."),
        )


@guard(LINE, "approve", "vote", title=gettext_lazy("Not a habit"))
def use_as_is_is_no_habit(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """Repeated use-as-is of one material with one defect asks for a CAPA decision, then stops."""
    yield from against_use_as_is(record, deed.at)


@guard(LINE, "complete", title=gettext_lazy("Witnessed"))
def scrap_is_witnessed(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """Where the rule says so, scrap is booked with the signature of a second person who saw it made unusable."""
    witness = deed.params.get("witness")
    if witness is not None and record.kind != Disposition.Kind.SCRAP:
        yield Blocker(
            "not_scrap",
            _("“%(line)s” is not scrapped.") % {"line": record},
            record=record,
            remedy=_("Confirm as done how it was carried out."),
        )
    if record.hold_id is not None or not needs_witness(record):
        return
    if not isinstance(witness, Proof):
        yield Blocker(
            "witness",
            _("“%(line)s” needs a witness of its destruction.") % {"line": record},
            record=record,
            remedy=_("Scrap it with a second person, who signs."),
            remedy_url=reverse("qms_nonconformance:disposition_witness", args=[record.pk]),
        )
    elif witness.user.pk == deed.actor.pk:
        yield Blocker(
            "witness_same",
            _("%(who)s cannot be the witness of their own deed.") % {"who": deed.actor},
            record=record,
            remedy=_("Ask a second person to sign."),
        )


@guard(LINE, "redispose", title=gettext_lazy("Still there"))
def what_was_set_free_is_still_there(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """What was set free for rework and is used or shipped since cannot be held again by deciding anew."""
    item = record.affected_item
    thing = item.thing
    if record.hold_id is None or isinstance(thing, SerializedUnit) or thing.status == "in_production":
        return
    free = available(thing)
    if free < record.quantity:
        yield Blocker(
            "gone",
            _("Only %(free)s of %(item)s are free here; %(quantity)s were set free by this line.")
            % {"free": shown(free), "item": item, "quantity": shown(record.quantity)},
            record=record,
            remedy=_("Raise a nonconformance on what it went into, or a recall."),
        )


@guard("qms_nonconformance.NonConformance", "close", title=gettext_lazy("A CAPA, or why none"))
def a_capa_or_why_none(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """What is major or critical, and what was to have a CAPA, is closed with that CAPA or with why there is none.

    The CAPA itself may still be open. One that quality declined says why; one that was cancelled says nothing.
    """
    url = reverse("qms_nonconformance:nonconformance_capa", args=[record.pk])
    if not record.capa_decision:
        if record.severity in ("major", "critical"):
            yield Blocker(
                "capa_undecided",
                _("Nobody has decided whether a CAPA is needed."),
                record=record,
                remedy=_("Decide, and write why."),
                remedy_url=url,
            )
    elif record.capa_decision == CapaDecision.RAISE and (record.capa is None or record.capa.status == "cancelled"):
        yield Blocker(
            "capa_missing",
            _("A CAPA is needed, and none is named that deals with it."),
            record=record,
            remedy=_("Name it, or decide anew with a reason."),
            remedy_url=url,
        )


@guard("qms_nonconformance.NonConformance", "disposition", title=gettext_lazy("CAPA decision"))
def capa_was_decided_about(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """A critical nonconformance is not decided before somebody said whether a CAPA is needed."""
    if record.severity == "critical" and not record.capa_decision and item_states(record):
        yield Blocker(
            "capa_triage",
            _("It is critical, and nobody has decided whether a CAPA is needed."),
            record=record,
            remedy=_("Decide, and write why."),
            remedy_url=reverse("qms_nonconformance:nonconformance_capa", args=[record.pk]),
        )
