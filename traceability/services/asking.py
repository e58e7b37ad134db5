"""What of this storey waits for somebody: it asks for whoever holds the right, and the deed itself closes it.

A lot that was produced is asked for by its production record, and not a second time here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.lifecycle.queries import visited
from core.organization.queries import may
from core.printing.models import PrintJob
from core.worklist.models import Kind
from core.worklist.queries import work_on
from core.worklist.services import assign, cancel_for, complete_for
from traceability.models import Containment, Lot, Recall, StockCount
from traceability.queries import only_counter, states
from traceability.queries.recalls import open_lines

RELEASE_LOT = "traceability.release_lot"
COUNT, APPROVE_COUNT = "traceability.count_stockcount", "traceability.approve_stockcount"
START_RECALL, DECIDE_RECALL = "traceability.start_recall", "traceability.decide_recall"
CLOSE_RECALL, END_CONTAINMENT = "traceability.close_recall", "traceability.end_containment"
HANDLE_PRINT = "core_printing.handle_printjob"
LONG, SHORT, SOON = dt.timedelta(days=5), dt.timedelta(days=2), dt.timedelta(days=1)
AT_ONCE = dt.timedelta(hours=1)


def _ask(
    record: models.Model, kind: str, title: str, right: str, within: dt.timedelta, actor: Any, **more: Any
) -> None:
    assign(
        subject=record,
        kind=kind,
        title=title,
        to_permission=right,
        site=record.site,  # type: ignore[attr-defined]
        due_at=now() + within,
        actor=actor,
        **more,
    )


def follow_lot(lot: Lot, move: str, actor: Any) -> None:
    """A lot in quarantine waits for its release or rejection."""
    arrived = move == "begin" and lot.status == "quarantine"
    if arrived or (move == "withdraw" and "in_production" not in visited(lot)):
        _ask_for_release(lot, actor)
    elif move in ("release", "reject"):
        complete_for(subject=lot, kind=Kind.APPROVAL, actor=actor)


def _ask_for_release(lot: Lot, actor: Any) -> None:
    title = _("Release or reject lot %(lot)s of %(material)s") % {"lot": lot, "material": lot.material}
    _ask(lot, Kind.APPROVAL, title, RELEASE_LOT, LONG, actor)


def follow_stock(lots: Iterable[Lot], actor: Any) -> None:
    """After a booking: of a lot in quarantine with nothing left nobody decides, until something comes back into it."""
    waiting = [lot for lot in lots if lot.status == "quarantine"]
    for lot, state in zip(waiting, states([(lot.pk, None) for lot in waiting]), strict=True):
        if not state.on_hand:
            cancel_for(subject=lot, kind=Kind.APPROVAL, actor=actor)
        elif not work_on(lot).filter(kind=Kind.APPROVAL).exists() and "in_production" not in visited(lot):
            _ask_for_release(lot, actor)


def follow_count(count: StockCount, move: str, actor: Any) -> None:
    """A place waits to be counted, then its differences for somebody who did not count.

    One lot is counted and handed in with one deed: nobody is asked to count it.
    """
    words = {"count": count.number, "place": count.location}
    if move in ("begin", "count_again") and count.status == "counting":
        complete_for(subject=count, kind=Kind.APPROVAL, actor=actor)
        if count.lot_id is None or move == "count_again":
            _ask(count, Kind.ACTION, _("%(count)s: count %(place)s") % words, COUNT, SHORT, actor)
    elif move == "submit":
        complete_for(subject=count, kind=Kind.ACTION, actor=actor)
        title = _("%(count)s: approve what was counted in %(place)s") % words
        _ask(count, Kind.APPROVAL, title, APPROVE_COUNT, SHORT, actor, not_to=only_counter(count))
    elif move == "book":
        complete_for(subject=count, kind=Kind.APPROVAL, actor=actor)
    elif move == "cancel":
        for kind in (Kind.ACTION, Kind.APPROVAL):
            cancel_for(subject=count, kind=kind, actor=actor)


def follow_containment(containment: Containment, move: str, actor: Any) -> None:
    """An open containment waits until somebody decided about what it holds, and ends it."""
    if move == "begin":
        title = _("Decide about what containment %(one)s holds, and end it") % {"one": containment.number}
        _ask(containment, Kind.ACTION, title, END_CONTAINMENT, LONG, actor)
    elif move == "end":
        complete_for(subject=containment, kind=Kind.ACTION, actor=actor)


def follow_recall(recall: Recall, move: str, actor: Any) -> None:
    """A draft waits for its start; a traced recall for decisions about its lines."""
    if move == "begin" and recall.status == "draft":
        title = _("Start or cancel recall %(recall)s: %(title)s") % {"recall": recall.number, "title": recall.title}
        _ask(recall, Kind.APPROVAL, title, START_RECALL, SOON, actor)
    elif move in ("start", "close"):
        complete_for(subject=recall, kind=Kind.APPROVAL, actor=actor)
    elif move == "traced":
        follow_lines(recall, actor)
    elif move == "cancel":
        for kind in (Kind.ACTION, Kind.APPROVAL):
            cancel_for(subject=recall, kind=kind, actor=actor)


def follow_lines(recall: Recall, actor: Any) -> None:
    """While a line is open its decision is asked for, afterwards the report; asked after every trace and decision."""
    asked = {work.kind for work in work_on(recall)}
    words = {"recall": recall.number, "title": recall.title}
    if open_lines(recall).exists():
        wanted, right, title = Kind.ACTION, DECIDE_RECALL, _("Decide about the lines of %(recall)s: %(title)s")
    else:
        wanted, right, title = Kind.APPROVAL, CLOSE_RECALL, _("Close %(recall)s by its report: %(title)s")
    if wanted in asked:
        return
    if wanted == Kind.ACTION:
        cancel_for(subject=recall, kind=Kind.APPROVAL, actor=actor)
    else:
        complete_for(subject=recall, kind=Kind.ACTION, actor=actor)
    _ask(recall, wanted, title % words, right, SOON, actor)


def follow_print(job: PrintJob, move: str, actor: Any) -> None:
    """A print that failed waits for whoever asked for it, and for everybody who handles prints there."""
    if move in ("fail", "report_failure"):
        title = _("It was not printed: %(title)s") % {"title": job}
        asker = job.asked_by
        by_name = asker if asker.is_active and not asker.is_system and may(asker, HANDLE_PRINT, job) else None
        _ask(job, Kind.ACTION, title, HANDLE_PRINT, AT_ONCE, actor, to_user=by_name)
    elif move in ("retry", "confirm"):
        complete_for(subject=job, kind=Kind.ACTION, actor=actor)
    elif move == "cancel":
        cancel_for(subject=job, kind=Kind.ACTION, actor=actor)


FOLLOWED: Mapping[type[models.Model], Callable[[Any, str, Any], None]] = {
    Lot: follow_lot,
    StockCount: follow_count,
    Containment: follow_containment,
    Recall: follow_recall,
    PrintJob: follow_print,
}
"""What asks for work with its moves."""
