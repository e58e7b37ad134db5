"""Every "may not, because" about revisions, lots, units and holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard, guards_for
from core.organization.queries import may
from core.printing.labels import LayoutProblem
from core.signing.queries import is_intact, signatures_of
from traceability.models import (
    Container,
    Hold,
    LabelTemplate,
    Lot,
    Recall,
    RecallReport,
    SerializedUnit,
    Shipment,
    StockCount,
    StockRemoval,
)
from traceability.queries import (
    against_shipping,
    counted_by,
    difference_blockers,
    end_blockers,
    expiry_blockers,
    goods_of,
    holds_on_units,
    incomplete,
    lines_of,
    missing_in,
    not_counted_blockers,
    open_holds,
    partner_blockers,
    plain,
    split_from,
    standing_holds,
    state_of,
)
from traceability.queries.label_texts import tried
from traceability.queries.recalls import against_closing

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
    """A release speaks for everything that went in, at any depth, as far as no hold of its own says it instead."""
    for hold in standing_holds(record, deed):
        yield _hold_blocker(record, hold)


@guard("traceability.SerializedUnit", "release", title=gettext_lazy("Nothing is missing in it"))
def nothing_is_missing(record: SerializedUnit, deed: Deed) -> Iterator[Blocker]:
    """A unit out of which something was taken is released once it was put back."""
    if missing_in(record):
        yield incomplete(record)


@guard("traceability.Lot", "release", title=gettext_lazy("It is not past its day"))
def lot_is_not_expired(record: Lot, deed: Deed) -> Iterator[Blocker]:
    """What nobody may use any more is not released."""
    yield from expiry_blockers(record)


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
    """A held unit is neither built in nor scrapped before somebody decided about the hold.

    What a signed removal destroys was decided about; PostgreSQL asks for the same removal.
    """
    removal: Any = deed.params.get("removal")
    if isinstance(removal, StockRemoval) and removal.unit_id == record.pk and _is_decided(removal):
        return
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


def _is_decided(decision: Any) -> bool:
    """Whether somebody signed the decision, and it is what was signed."""
    signatures = signatures_of(decision) if isinstance(decision, models.Model) else []
    return any(
        signature.meaning in ("dispositioned", "hold_released") and is_intact(signature) for signature in signatures
    )


@guard("traceability.Hold", "lift", title=gettext_lazy("A signed decision stands for the signature"))
def decision_is_signed(record: Hold, deed: Deed) -> Iterator[Blocker]:
    """Without a signature of its own a hold is lifted only by a record that is signed and unchanged since."""
    if _is_decided(deed.params.get("decision")):
        return
    yield Blocker(
        "decision",
        _("There is no signed decision about this hold."),
        record=record,
        remedy=_("Release the hold with a signature, or sign the disposition first."),
    )


@guard("traceability.Shipment", "ship", title=gettext_lazy("To a customer in use"))
def customer_is_in_use(record: Shipment, deed: Deed) -> Iterator[Blocker]:
    """Nothing leaves for somebody who is no customer any more."""
    yield from partner_blockers(record.customer, "customer")


@guard("traceability.Shipment", "ship", title=gettext_lazy("Something to ship, and all of it may be used"))
def all_of_it_may_be_used(record: Shipment, deed: Deed) -> Iterator[Blocker]:
    """Only what is released, unexpired, free of holds and there leaves for a customer."""
    lines = goods_of(record)
    if not lines:
        yield Blocker(
            "no_lines",
            _("Nothing is on shipment %(shipment)s.") % {"shipment": record},
            record=record,
            remedy=_("Add a lot or a unit first."),
        )
    yield from against_shipping(lines)


@guard("traceability.Container", "end", title=gettext_lazy("Nothing is in it, and it is in no other"))
def container_is_empty(record: Container, deed: Deed) -> Iterator[Blocker]:
    """A container that is out of use keeps nothing, and is in no other."""
    yield from end_blockers(record)


@guard("traceability.Lot", "release", title=gettext_lazy("What it was split off or merged from may be released"))
def what_it_came_from_may_be_released(record: Lot, deed: Deed) -> Iterator[Blocker]:
    """A sublot has no production record or receipt of its own: what speaks against the lot it came from, speaks too.

    About a lot that is released that was decided already.
    """
    for parent in split_from(record):
        if parent.status == "released":
            continue
        for rule in guards_for(parent, "release"):
            if rule.function is not nothing_in_it_is_held:  # asked of the sublot itself, with all that went into it
                yield from rule.run(parent, deed).blockers


@guard("traceability.StockCount", "submit", title=gettext_lazy("Everything that should lie there was counted"))
def everything_is_counted(record: StockCount, deed: Deed) -> Iterator[Blocker]:
    """A lot that nobody counted would keep a stock that nobody saw."""
    yield from not_counted_blockers(record)


@guard("traceability.StockCount", "book", title=gettext_lazy("By somebody who did not count"))
def approver_did_not_count(record: StockCount, deed: Deed) -> Iterator[Blocker]:
    """Four eyes: nobody approves what they counted themselves."""
    if counted_by(record, deed.actor):
        yield Blocker(
            "own_count",
            _("You counted here yourself."),
            record=record,
            remedy=_("Somebody else who may approve counts has to look at it."),
        )


@guard("traceability.StockCount", "book", title=gettext_lazy("What is missing is not on hold and still in the ledger"))
def differences_may_be_booked(record: StockCount, deed: Deed) -> Iterator[Blocker]:
    """A missing quantity under a hold is for quality to decide about."""
    yield from difference_blockers(record, lines_of(record))


@guard("traceability.Recall", "start", title=gettext_lazy("A recall, and no drill"))
def drills_begin_at_once(record: Recall, deed: Deed) -> Iterator[Blocker]:
    """A drill is never started as a recall: it would place holds."""
    if record.is_drill:
        yield Blocker(
            "is_drill",
            _("%(recall)s is a drill.") % {"recall": record},
            record=record,
            remedy=_("Prepare a recall instead."),
        )


@guard("traceability.Recall", "close", title=gettext_lazy("Every line is decided, and no trace runs"))
def every_line_is_decided(record: Recall, deed: Deed) -> Iterator[Blocker]:
    """A recall ends when somebody decided about everything that it found."""
    yield from against_closing(record)


@guard("traceability.Recall", "close", title=gettext_lazy("Its report is signed"))
def report_is_signed(record: Recall, deed: Deed) -> Iterator[Blocker]:
    """It ends by the figures that somebody signed, and by nothing else."""
    report: Any = deed.params.get("report")
    signed = signatures_of(report) if isinstance(report, RecallReport) and report.recall_id == record.pk else []
    if any(one.meaning == "closed" and is_intact(one) for one in signed):
        return
    yield Blocker(
        "report",
        _("There is no signed report of %(recall)s.") % {"recall": record},
        record=record,
        remedy=_("Close it on its page, with your signature."),
    )


@guard("traceability.Recall", "cancel", title=gettext_lazy("By whoever may"))
def started_recalls_are_cancelled_by_who_starts_them(record: Recall, deed: Deed) -> Iterator[Blocker]:
    """A recall that runs is cancelled only by who may start one; drafts and drills by who may prepare them."""
    if record.is_drill or record.status == "draft" or may(deed.actor, "traceability.start_recall", record):
        return
    yield Blocker(
        "permission",
        _("You may not cancel a recall that was started."),
        record=record,
        remedy=_("Ask somebody who may start recalls."),
    )


@guard("traceability.LabelTemplate", "make_effective", title=gettext_lazy("Every text and symbol goes into its place"))
def label_fits(record: LabelTemplate, deed: Deed) -> Iterator[Blocker]:
    """Tried with values of usual length: nothing overflows, no symbol is too small, its place is free."""
    remedy, url = _("Change the element."), record.get_absolute_url()
    if not record.elements:
        said = _("Nothing stands on label %(template)s.") % {"template": record}
        yield Blocker("layout", said, record=record, remedy=_("Add a text and a symbol."), remedy_url=url)
    try:
        tried(record)
    except LayoutProblem as problem:
        for text in problem.problems:
            yield Blocker("layout", text, record=record, remedy=remedy, remedy_url=url)
