"""Every “may not, because” of nonconformances, and what they forbid below: the release of lots and units."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.nonconformance.models import AffectedItem, Disposition, NonConformance, shown
from qms.nonconformance.queries import (
    OPEN_STATES,
    item_states,
    may_own,
    nonconformances_within,
    similar_to,
)
from traceability.models import Hold, Lot, SerializedUnit

SECOND_PERSON_KINDS = frozenset({Disposition.Kind.USE_AS_IS, Disposition.Kind.REPAIR})
"""Dispositions that leave product as it should not be; nobody decides that alone (ISO 9001 8.7.1, 21 CFR 820.90)."""
EDITABLE = ("draft", "open", "under_review")


@guard("traceability.Lot", "release", "void", title=gettext_lazy("No open nonconformance"))
def lot_has_no_open_nonconformance(record: Lot, deed: Deed) -> Iterator[Blocker]:
    """A lot is neither released nor voided while a nonconformance on it, or on anything that went into it, is open."""
    yield from _open_blockers(record, deed)


@guard("traceability.SerializedUnit", "release", title=gettext_lazy("No open nonconformance"))
def unit_has_no_open_nonconformance(record: SerializedUnit, deed: Deed) -> Iterator[Blocker]:
    """The same for one unit."""
    yield from _open_blockers(record, deed)


def _open_blockers(record: Lot | SerializedUnit, deed: Deed) -> Iterator[Blocker]:
    for found in nonconformances_within(record, deed):
        if found.status not in OPEN_STATES:
            continue
        yield Blocker(
            "nonconformance_open",
            _("%(nonconformance)s is “%(status)s” and affects %(record)s or what went into it.")
            % {"nonconformance": found, "status": found.get_status_display(), "record": record},
            record=found,
            remedy=_("Disposition and close it, or cancel it."),
            remedy_url=found.get_absolute_url(),
        )


@guard("traceability.Hold", "release", title=gettext_lazy("Decided in its nonconformance"))
def hold_is_decided_in_its_nonconformance(record: Hold, deed: Deed) -> Iterator[Blocker]:
    """A hold of an open nonconformance lifts by a disposition, a recount or the cancellation, not on its own."""
    if isinstance(deed.params.get("counted"), AffectedItem):
        return
    items = AffectedItem.objects.filter(hold=record, nonconformance__status__in=OPEN_STATES)
    for item in items.select_related("nonconformance"):
        yield Blocker(
            "nonconformance_open",
            _("This hold belongs to %(nonconformance)s, which decides about it.")
            % {"nonconformance": item.nonconformance},
            record=item.nonconformance,
            remedy=_("Disposition the quantity there."),
            remedy_url=item.nonconformance.get_absolute_url(),
        )


@guard("qms_nonconformance.NonConformance", "open", title=gettext_lazy("Defect code"))
def defect_code_is_given(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """Without a code nothing can be counted or compared."""
    if record.defect_code_id is None:
        yield Blocker("defect_code", _("The defect code is missing."), remedy=_("Choose it in the triage."))


@guard("qms_nonconformance.NonConformance", "open", title=gettext_lazy("Owner"))
def owner_is_named(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """Somebody has to answer for it from the first day."""
    if record.owner_id is None:
        yield Blocker("owner", _("Nobody owns it yet."), remedy=_("Name the owner in the triage."))


@guard("qms_nonconformance.NonConformance", "open", "own", title=gettext_lazy("Owner may work on it"))
def owner_may_work_on_it(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """Work goes only to somebody who can open the record and do the owner's deeds: it would be lost otherwise."""
    owner = record.owner
    if owner is not None and not may_own(owner, record):
        yield Blocker(
            "owner_right",
            _("%(owner)s has no right to see and review nonconformances at %(site)s.")
            % {"owner": owner, "site": record.site},
            remedy=_("Choose somebody who triages nonconformances there, or have the role given first."),
        )


@guard("qms_nonconformance.NonConformance", "open", title=gettext_lazy("Affected items"))
def something_is_affected(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """A nonconformance is about product; a deviation may be about the process alone."""
    if record.kind == NonConformance.Kind.NONCONFORMANCE and not record.items.exists():
        yield Blocker(
            "no_items",
            _("No lot or unit is named as affected."),
            remedy=_("Add what is affected, or record it as a deviation."),
        )


@guard("qms_nonconformance.NonConformance", "send_to_review", title=gettext_lazy("Recurrence"))
def recurrence_is_answered(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """The owner has looked at the similar records and says whether it happened before."""
    if record.recurrence:
        return
    number = len(similar_to(record, limit=100))
    yield Blocker(
        "recurrence",
        _("Recurrence is not answered: %(number)s similar records in 12 months.") % {"number": number},
        remedy=_("Answer now"),
        remedy_url="#recurrence",
    )


@guard("qms_nonconformance.NonConformance", "send_to_review", title=gettext_lazy("Contained"))
def affected_quantities_are_contained(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """Every affected quantity is counted, and an open hold stands for it."""
    for state in item_states(record):
        if state.item.quantity is None:
            yield Blocker(
                "quantity",
                _("The affected quantity of %(item)s is not counted.") % {"item": state.item},
                remedy=_("Enter how much is affected."),
            )
        if state.item.hold is None or (state.item.hold.status != "open" and not state.is_decided):
            yield Blocker(
                "not_held",
                _("%(item)s is not on hold.") % {"item": state.item},
                remedy=_("Place a hold on it by counting it again."),
            )


@guard("qms_nonconformance.NonConformance", "disposition", title=gettext_lazy("Everything is dispositioned"))
def every_quantity_is_dispositioned(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """The sum of the signed lines is the affected quantity, item by item."""
    for state in item_states(record):
        if not state.is_decided:
            yield Blocker(
                "sum",
                _("%(item)s: %(decided)s of %(quantity)s have a signed disposition.")
                % {"item": state.item, "decided": shown(state.decided), "quantity": _counted(state.item)},
                remedy=_("Propose and sign a disposition for the rest."),
            )


def _counted(item: AffectedItem) -> str:
    return "?" if item.quantity is None else shown(item.quantity)


@guard("qms_nonconformance.NonConformance", "close", title=gettext_lazy("Dispositions carried out"))
def every_disposition_is_done(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """What was decided has been done, and confirmed by somebody."""
    for state in item_states(record):
        for disposition in state.valid:
            if disposition.status != "done":
                yield Blocker(
                    "not_done",
                    _("The disposition “%(disposition)s” of %(item)s is “%(status)s”, not done.")
                    % {
                        "disposition": disposition,
                        "item": state.item,
                        "status": disposition.get_status_display(),
                    },
                    record=disposition,
                    remedy=_("Confirm how it was carried out and checked."),
                    remedy_url=reverse("qms_nonconformance:disposition_move", args=[disposition.pk, "complete"]),
                )


@guard("qms_nonconformance.NonConformance", "close", title=gettext_lazy("No hold of its own is open"))
def no_hold_is_left(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """A closed record leaves no hold behind that nobody would look after."""
    for state in item_states(record):
        if state.item.hold is not None and state.item.hold.status == "open":
            yield Blocker(
                "hold_open",
                _("%(item)s is still on hold for this record.") % {"item": state.item},
                remedy=_("Complete its dispositions."),
            )


@guard("qms_nonconformance.NonConformance", "close", title=gettext_lazy("Cause"))
def cause_is_stated(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """A record is closed with the cause as far as it is known (ISO 9001 10.2.1)."""
    if not record.cause.strip():
        yield Blocker("cause", _("The cause is not stated."), remedy=_("Enter it."), remedy_url="#cause")


@guard("qms_nonconformance.NonConformance", "cancel", title=gettext_lazy("Nothing was decided yet"))
def nothing_was_decided(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """A signed decision about product is not made undone by cancelling the record around it."""
    for state in item_states(record):
        if state.decided:
            yield Blocker(
                "decided",
                _("A disposition of %(item)s is already signed.") % {"item": state.item},
                remedy=_("Finish the review and close it."),
            )


@guard("qms_nonconformance.Disposition", "approve", title=gettext_lazy("Under review"))
def review_has_begun(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """Dispositions are signed in the review, when quantities are known and contained."""
    found = record.nonconformance
    if found.status != "under_review":
        yield Blocker(
            "not_under_review",
            _("%(nonconformance)s is “%(status)s”; dispositions are signed while it is under review.")
            % {"nonconformance": found, "status": found.get_status_display()},
            record=found,
            remedy=_("Send it to the review board."),
        )


@guard("qms_nonconformance.Disposition", "approve", title=gettext_lazy("Second person"))
def a_second_person_decides(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """Use as is and repair need another person than the one who proposed them."""
    if record.kind in SECOND_PERSON_KINDS and record.proposed_by_id == deed.actor.pk:
        yield Blocker(
            "second_person",
            _("%(who)s proposed “%(kind)s”; another person has to approve it.")
            % {"who": deed.actor, "kind": record.get_kind_display()},
            record=record,
            remedy=_("Ask a colleague with the right to approve dispositions."),
        )


@guard("qms_nonconformance.Disposition", "approve", title=gettext_lazy("On hold"))
def quantity_is_on_hold(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """Only what is still held can be set free or scrapped."""
    hold = record.affected_item.hold
    if hold is None or hold.status != "open":
        yield Blocker(
            "not_held",
            _("%(item)s is not on hold for this record any more.") % {"item": record.affected_item},
            record=record,
            remedy=_("Find out who released the hold, and count the item again."),
        )


@guard("qms_nonconformance.NonConformance", "edit", "propose", title=gettext_lazy("Still open to change"))
def is_open_to_change(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """Once everything is decided, the facts under the signatures stay as they are."""
    if record.status not in EDITABLE:
        yield Blocker(
            "not_editable",
            _("%(nonconformance)s is “%(status)s” and cannot be changed any more.")
            % {"nonconformance": record, "status": record.get_status_display()},
            remedy=_("Return it to review, or raise a new one."),
        )


@guard("qms_nonconformance.NonConformance", "propose", title=gettext_lazy("Fits the quantity"))
def proposal_fits_the_quantity(record: NonConformance, deed: Deed) -> Iterator[Blocker]:
    """Nobody disposes of more than is affected. Reads the item and the quantity from the deed."""
    wanted: AffectedItem = deed.params["item"]
    for state in item_states(record):
        if state.item.pk != wanted.pk:
            continue
        if state.open_quantity is None:
            yield Blocker(
                "quantity",
                _("The affected quantity of %(item)s is not counted.") % {"item": wanted},
                remedy=_("Enter how much is affected."),
            )
        elif deed.params["quantity"] > state.open_quantity:
            yield Blocker(
                "too_much",
                _("Only %(rest)s of %(item)s are left without a disposition.")
                % {"rest": shown(state.open_quantity), "item": wanted},
                remedy=_("Propose at most that much, or withdraw another line."),
            )


@guard("traceability.Hold", "remove", title=gettext_lazy("No nonconformance decides about it"))
def no_nonconformance_decides_about_it(record: Hold, deed: Deed) -> Iterator[Blocker]:
    """What a nonconformance holds is scrapped or returned by its disposition, which counts what was decided."""
    items = AffectedItem.objects.filter(hold=record).select_related("nonconformance")
    for item in items:
        yield Blocker(
            "disposition",
            _("%(number)s decides about %(hold)s.") % {"number": item.nonconformance.number, "hold": record},
            record=item.nonconformance,
            remedy=_("Propose the disposition there: scrap, or return to the supplier."),
            remedy_url=item.nonconformance.get_absolute_url(),
        )
