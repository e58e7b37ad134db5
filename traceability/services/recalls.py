"""The life of a recall: begun as a draft or at once as a drill, started, widened, traced anew, closed by a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked
from core.kernel.wiring import effect
from core.lifecycle.services import begin, perform
from core.organization.models import Site
from core.organization.services import next_number, require
from core.signing.services import require_proof, sign
from traceability.models import Lot, Recall, RecallOrigin, RecallReport, SerializedUnit
from traceability.queries.recall_data import joined_as_sets, lines_digest
from traceability.queries.recalls import against_closing, figures_of, scope_words
from traceability.services.movements import refuse
from traceability.services.recall_papers import enqueue_report

TRACE_JOB = "traceability.trace_recall"
Goods = Lot | SerializedUnit


@service
def create_recall(
    *,
    site: Site,
    kind: str,
    title: str,
    reason: str,
    goods: Sequence[Goods],
    actor: Any,
    advice: str = "",
    contact: str = "",
) -> Recall:
    """Prepare a recall as a draft, or begin a drill at once: its time runs, and its trace is on its way.

    `goods` are the lots and units that it begins with. `contact`: sender and contact of the letters, as they print it.
    Raises `Blocked` without any goods, without a title or a reason, a recall without a contact, and for what lies at
    another site.
    """
    require(actor, "traceability.change_recall", site)
    _require_words(title=title, reason=reason)
    goods = _distinct(goods)
    _require_goods(goods, site)
    drill = kind == Recall.Kind.DRILL
    if not drill and not contact.strip():
        raise refuse(
            "contact",
            _("A recall needs a contact: customers must know whom to answer."),
            _("Write address, telephone and e-mail of who takes their replies."),
        )
    recall = Recall(
        site=site,
        number=next_number(site, "DRILL" if drill else "RCL"),
        kind=Recall.Kind(kind),
        title=title.strip(),
        reason=reason.strip(),
        advice=advice.strip(),
        contact=contact.strip(),
        scope=scope_words(goods),
        status="tracing" if drill else "draft",
        started_at=now() if drill else None,
    )
    begin(recall, actor=actor, reason=reason)
    _add_origins(recall, goods)
    if drill:
        enqueue_trace(recall, actor)
    return recall


def _require_words(*, title: str, reason: str) -> None:
    if not title.strip():
        raise refuse("title", _("A recall needs a title."), _("Say in a few words what it is about."))
    if not reason.strip():
        raise refuse("reason", _("A recall needs a reason."), _("Write what is wrong, or what is practised."))


def _distinct(goods: Sequence[Goods]) -> list[Goods]:
    return list({(type(one), one.pk): one for one in goods}.values())


def _require_goods(goods: Sequence[Goods], site: Site) -> None:
    if not goods:
        raise refuse("no_goods", _("A recall begins with a lot or a unit."), _("Scan or type at least one."))
    for one in goods:
        if one.site_id != site.pk:
            raise refuse(
                "site",
                _("%(goods)s lies at %(site)s.") % {"goods": one, "site": one.site},
                _("Begin the recall there; it follows the goods to every site."),
                one,
            )


def _add_origins(recall: Recall, goods: Sequence[Goods], reason: str = "") -> None:
    RecallOrigin.objects.bulk_create(
        [
            RecallOrigin(
                recall=recall,
                lot=one if isinstance(one, Lot) else None,
                unit=one if isinstance(one, SerializedUnit) else None,
                reason=reason,
            )
            for one in goods
        ]
    )


def enqueue_trace(recall: Recall, actor: Any) -> BackgroundJob:
    """Have a recall traced by a worker; one trace of it at a time waits or runs."""
    return enqueue(
        TRACE_JOB,
        actor=actor,
        subject=recall,
        title=_("Trace %(recall)s") % {"recall": recall},
        unique_key=f"{TRACE_JOB} {recall.pk}",
        recall_id=recall.pk,
    )


@effect("traceability.Recall", "start", before_save=True)
def clock_starts(record: Recall, deed: Deed) -> None:
    """The time of a recall runs from its start."""
    record.started_at = now()


@effect("traceability.Recall", "start")
def trace_is_on_its_way(record: Recall, deed: Deed) -> None:
    """Whoever starts it has it traced, in the same transaction."""
    enqueue_trace(record, deed.actor)


@effect("traceability.Recall", "close", "cancel", before_save=True)
def clock_stops(record: Recall, deed: Deed) -> None:
    """The time of a recall ends with it."""
    report = deed.params.get("report")
    record.closed_at = report.closed_at if isinstance(report, RecallReport) else now()


def locked_recall(recall: Recall, *states: str) -> Recall:
    """The recall under a lock, in one of these states; `Blocked` otherwise. One deed at its lines at a time."""
    rows = Recall.objects.select_for_update(of=("self",), no_key=True).select_related("site")
    locked = rows.get(pk=recall.pk)
    if locked.status not in states:
        raise refuse(
            "recall_status",
            _("%(recall)s is “%(state)s”; this is not possible now.")
            % {"recall": locked, "state": locked.get_status_display()},
            _("Reload the page."),
            locked,
        )
    return locked


@service
def widen_recall(*, recall: Recall, goods: Sequence[Goods], reason: str, actor: Any) -> Recall:
    """Add lots and units to what a recall begins with; a running one is traced anew.

    Raises `Blocked` without a reason, for what it begins with already, and once it has ended.
    """
    require(actor, "traceability.change_recall", recall)
    recall = locked_recall(recall, "draft", "tracing", "deciding")
    if not reason.strip():
        raise refuse("reason", _("This needs a reason."), _("Write why these belong to it."), recall)
    goods = _distinct(goods)
    _require_goods(goods, recall.site)
    known = {
        (Lot, origin.lot_id) if origin.lot_id else (SerializedUnit, origin.unit_id) for origin in recall.origins.all()
    }
    for one in goods:
        if (type(one), one.pk) in known:
            raise refuse(
                "known",
                _("%(recall)s begins with %(goods)s already.") % {"recall": recall, "goods": one},
                _("Leave it out."),
                one,
            )
    _add_origins(recall, goods, reason)
    if recall.status != "draft":
        enqueue_trace(recall, actor)
    return recall


@service
def retrace_recall(*, recall: Recall, actor: Any) -> BackgroundJob:
    """Trace a running recall anew: what came into its scope since is added, what moved is marked."""
    require(actor, "traceability.change_recall", recall)
    return enqueue_trace(locked_recall(recall, "tracing", "deciding"), actor)


@service
def close_recall(
    *, recall: Recall, actor: Any, reason: str = "", conclusion: str = "", signature: Any = None
) -> RecallReport:
    """Close a recall or drill by its report, signed ("closed"): its figures, its time and every line as it stands.

    Raises `Blocked` while a line is open or a trace runs, without the right or the signature. The sealed PDF of the
    report is made by a worker.
    """
    require(actor, "traceability.close_recall", recall)
    recall = locked_recall(recall, "deciding")
    blockers = [*against_closing(recall)]
    unfit = require_proof(signature, "closed", actor)
    if blockers or unfit is not None:
        raise Blocked([*blockers, *([unfit] if unfit is not None else [])])
    with joined_as_sets(recall):
        figures, digest = figures_of(recall).as_data(), lines_digest(recall)
    report = RecallReport.objects.create(
        recall=recall,
        started_at=recall.started_at or now(),
        traced_at=recall.traced_at or now(),
        closed_at=now(),
        figures=figures,
        lines_sha256=digest,
        conclusion=conclusion.strip(),
    )
    sign(record=report, meaning="closed", signature=signature, actor=actor, reason=reason)
    perform(recall, "close", actor=actor, reason=reason, report=report)
    enqueue_report(recall, actor)
    return report
