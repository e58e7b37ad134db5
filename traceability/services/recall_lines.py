"""Deciding about the lines of a recall: one by one or many at once, each exactly once; a correction says why."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.services import require
from core.trail.services.sets import Stage
from traceability.models import Recall, RecallDecision, RecallLine
from traceability.queries.recall_decisions import disposition_blockers
from traceability.queries.recalls import chosen_lines, open_lines, present_decision
from traceability.services.asking import follow_lines
from traceability.services.movements import refuse
from traceability.services.recalls import locked_recall

DECIDE = "traceability.decide_recall"


@service
def decide_line(*, line: RecallLine, disposition: str, actor: Any, note: str = "", reason: str = "") -> RecallDecision:
    """Decide what becomes of one line, or correct what was decided, with a reason.

    Raises `Blocked` when the recall is not worked through, the line was replaced by a later trace or needs no decision,
    the disposition does not fit its place or the ledger does not say so too, a note is missing, or it was decided
    before and no reason is given.
    """
    require(actor, DECIDE, line)
    recall = locked_recall(line.recall, "deciding")
    line = RecallLine.objects.select_related("recall", "lot", "unit").get(pk=line.pk)
    blockers = [*_against(line), *disposition_blockers(recall, disposition, note, _only(line))]
    before = present_decision(line)
    if before is not None and not reason.strip():
        blockers.append(
            Blocker(
                "decided",
                _("%(goods)s is decided already: %(decision)s, by %(who)s.")
                % {"goods": line.goods, "decision": before, "who": before.actor},
                record=line,
                remedy=_("Write why it is corrected, if it was wrong."),
            )
        )
    if blockers:
        raise Blocked(blockers)
    made = RecallDecision.objects.create(
        line=line,
        disposition=RecallDecision.Disposition(disposition),
        note=note.strip(),
        supersedes=before,
        reason=reason.strip() if before is not None else "",
    )
    if before is None:
        follow_lines(recall, actor)
    return made


def _only(line: RecallLine) -> QuerySet[RecallLine]:
    return RecallLine.objects.filter(pk=line.pk)


def _against(line: RecallLine) -> list[Blocker]:
    if hasattr(line, "superseded_by"):
        text = _("%(goods)s was found elsewhere or in another quantity by a later trace.") % {"goods": line.goods}
        return [Blocker("replaced", text, record=line, remedy=_("Decide about the newer line."))]
    if line.settled:
        text = _("%(goods)s needs no decision: %(why)s.") % {"goods": line.goods, "why": line.get_settled_display()}
        return [Blocker("settled", text, record=line, remedy=_("Choose another line."))]
    return []


@service
def decide_lines(
    *, recall: Recall, disposition: str, actor: Any, note: str = "", where: str = "", customer: Any = None
) -> int:
    """Decide the same about every open line at one kind of place, or with one customer; how many that were.

    One statement, however many lines. Raises `Blocked` when none is open there, or the disposition does not fit.
    """
    require(actor, DECIDE, recall)
    recall = locked_recall(recall, "deciding")
    decided = _decide(recall, chosen_lines(open_lines(recall), where=where, customer=customer), disposition, note)
    follow_lines(recall, actor)
    return decided


def _decide(recall: Recall, lines: QuerySet[RecallLine], disposition: str, note: str) -> int:
    if not lines.exists():
        raise refuse(
            "no_open_lines", _("No open line is left there."), _("Reload the page; somebody else decided."), recall
        )
    blockers = [*disposition_blockers(recall, disposition, note, lines)]
    if blockers:
        raise Blocked(blockers)
    keys, given = lines.order_by("pk").values("pk").query.sql_with_params()
    # The conditions are bound by position in Django's statement, by name here.
    names = {f"p{number}": value for number, value in enumerate(given)}
    wanted = keys % tuple(f"%({name})s" for name in names)
    stage = Stage(
        table="",
        errors="",
        params={**names, "_disposition": RecallDecision.Disposition(disposition).value, "_note": note.strip()},
    )
    values = {"line_id": "wanted.id", "disposition": "%(_disposition)s", "note": "%(_note)s"}
    return stage.insert_from(RecallDecision, values, source=f"({wanted}) wanted(id)")
