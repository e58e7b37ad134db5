"""Implemented, verified, shown to be effective or not, closed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, perform
from core.organization.services import require, system_user
from core.signing.services import Proof, sign
from core.worklist.models import Kind as Work
from core.worklist.services import cancel_for, complete_for
from qms.capa.lifecycle import CLOSE, REOPEN, VERIFY, VIEW
from qms.capa.models import Capa, CapaClosing, CapaVerification, EffectivenessCheck, EffectivenessResult
from qms.capa.models.records import AdverseEffect
from qms.capa.queries import baseline, content_digest, counted, event_kinds, exposure_kinds, judged
from qms.capa.services.common import (
    CAPA,
    CLOSING_MEANING,
    JUDGEMENT_MEANING,
    VERIFICATION_MEANING,
    ask_for,
    ask_the_owner,
    locked,
    refuse,
    writable,
)
from qms.capa.services.printing import enqueue_record

Result = EffectivenessResult.Result


@effect(CAPA, "finish")
def ask_for_the_verification(record: Capa, deed: Deed) -> None:
    """Somebody who did none of it verifies."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    ask_for(record, Work.REVIEW, _("Verify %(capa)s"), VERIFY, deed.actor, not_to=record.owner)


@service
def verify_capa(
    *,
    capa: Capa,
    finding: str,
    adverse_effect: str,
    adverse_note: str,
    actor: Any,
    signature: Proof | None,
    reason: str = "",
) -> Capa:
    """Sign what was verified and whether the actions harm anything. An adverse effect leads back to implementation."""
    found = writable(capa, "check", actor=actor, right=VERIFY)
    if not finding.strip() or not adverse_note.strip():
        raise refuse(
            "finding",
            _("It is not written what was verified, or how adverse effects were looked for."),
            _("Write both."),
            found,
        )
    verified = CapaVerification.objects.create(
        capa=found,
        cycle=found.cycle,
        finding=finding.strip(),
        adverse_effect=AdverseEffect(adverse_effect),
        adverse_note=adverse_note.strip(),
    )
    sign(record=verified, meaning=VERIFICATION_MEANING, signature=signature, actor=actor, reason=reason)
    if verified.adverse_effect == AdverseEffect.FOUND:
        return perform(found, "find_adverse", actor=actor, reason=verified.adverse_note)
    return perform(found, "verify", actor=actor, reason=reason)


@effect(CAPA, "take_up_again", "find_adverse")
def ask_the_owner_again(record: Capa, deed: Deed) -> None:
    """Something is still to be done."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    ask_the_owner(record, _("%(capa)s is not verified"), deed.actor)


@effect(CAPA, "verify")
def begin_the_watch(record: Capa, deed: Deed) -> None:
    """The days that are watched begin with the verification."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    check = record.checks.select_for_update().get(cycle=record.cycle)
    check.watched_from, check.watched_until = deed.at, deed.at + dt.timedelta(days=check.window_days)
    check.save()


@service
def evaluate(*, capa: Capa, actor: Any, reason: str = "") -> EffectivenessResult:
    """Compute whether it helped, once the days that are watched are over. Raises `Blocked` before.

    Ineffective begins a new cycle; the first inconclusive result extends the watch by as many days again.
    """
    found = locked(capa)
    require(actor, VIEW, found)
    attempt(found, "evaluate", actor=actor)
    check = found.checks.select_for_update(of=("self",)).select_related("material").get(cycle=found.cycle)
    check.capa = found
    if check.events not in event_kinds() or check.exposure not in exposure_kinds():
        raise refuse(
            "metric_gone",
            _("What the check counts is not counted any more."),
            _("Install what counts it again."),
            found,
        )
    if check.watched_from is None or check.watched_until is None:
        raise refuse("no_watch", _("Nothing is watched yet."), _("Have it verified first."), found)
    before, after = baseline(check), counted(check, check.watched_from, check.watched_until)
    result, p_value = judged(check, before, after)
    row = EffectivenessResult.objects.create(
        capa=found,
        check_of=check,
        cycle=found.cycle,
        result=result,
        watched_from=check.watched_from,
        watched_until=check.watched_until,
        events_before=before.events,
        exposure_before=before.exposure,
        events_after=after.events,
        exposure_after=after.exposure,
        p_value=None if p_value is None else Decimal(f"{p_value:.9f}"),
    )
    _go_on(found, check, row, actor)
    return row


def _go_on(record: Capa, check: EffectivenessCheck, row: EffectivenessResult, actor: Any) -> None:
    """What follows from a result."""
    if row.result == Result.INEFFECTIVE:
        perform(record, "begin_again", actor=system_user("capa"), reason=str(row))
    elif row.result == Result.EFFECTIVE:
        ask_for(record, Work.APPROVAL, _("Close %(capa)s: it was effective"), CLOSE, actor, not_to=record.owner)
    elif record.results.filter(cycle=record.cycle, result=Result.INCONCLUSIVE).count() == 1 and check.watched_until:
        check.watched_until += dt.timedelta(days=check.window_days)
        check.save()
    else:
        ask_for(record, Work.APPROVAL, _("Judge the effect of %(capa)s: the figures leave it open"), REOPEN, actor)


@service
def judge_effect(
    *, capa: Capa, result: str, rationale: str, actor: Any, signature: Proof | None, reason: str = ""
) -> EffectivenessResult:
    """Judge, signed and with a rationale, what the figures leave open even after the watch was extended."""
    found = writable(capa, "judge", actor=actor, right=REOPEN)
    if not rationale.strip():
        raise refuse("rationale", _("The rationale is missing."), _("Write why."), found)
    if Result(result) == Result.INCONCLUSIVE:
        raise refuse("inconclusive", _("That is what the figures say."), _("Say whether it was effective."), found)
    if actor.pk == found.owner_id:
        raise refuse(
            "own_capa",
            _("%(who)s owns this CAPA.") % {"who": actor},
            _("Ask a colleague with the same right."),
            found,
        )
    last = found.results.filter(cycle=found.cycle).order_by("pk").last()
    check = found.checks.get(cycle=found.cycle)
    if last is None:
        raise refuse("no_watch", _("Nothing is watched yet."), _("Have it verified first."), found)
    row = EffectivenessResult.objects.create(
        capa=found,
        check_of=check,
        cycle=found.cycle,
        result=Result(result),
        watched_from=last.watched_from,
        watched_until=last.watched_until,
        events_before=last.events_before,
        exposure_before=last.exposure_before,
        events_after=last.events_after,
        exposure_after=last.exposure_after,
        p_value=last.p_value,
        is_judged=True,
        rationale=rationale.strip(),
    )
    sign(record=row, meaning=JUDGEMENT_MEANING, signature=signature, actor=actor, reason=reason)
    complete_for(subject=found, kind=Work.APPROVAL, actor=actor)
    _go_on(found, check, row, actor)
    return row


@service
def close_capa(*, capa: Capa, conclusion: str, actor: Any, signature: Proof | None, reason: str = "") -> Capa:
    """Close what was effective, signed over everything that the record says; its sealed record is made by itself."""
    found = locked(capa)
    require(actor, CLOSE, found)
    if not conclusion.strip():
        raise refuse("conclusion", _("The conclusion is missing."), _("Write it."), found)
    closing = CapaClosing.objects.create(
        capa=found, cycle=found.cycle, conclusion=conclusion.strip(), content_digest=content_digest(found)
    )
    sign(record=closing, meaning=CLOSING_MEANING, signature=signature, actor=actor, reason=reason)
    return perform(found, "close", actor=actor, reason=reason or conclusion.strip())


@effect(CAPA, "close")
def finish_the_work(record: Capa, deed: Deed) -> None:
    """Nobody waits for it any more; its record is sealed."""
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
    for kind in (Work.ACTION, Work.REVIEW):
        cancel_for(subject=record, kind=kind, actor=deed.actor)
    enqueue_record(record, deed.actor)


@effect(CAPA, "begin_again")
def nobody_is_asked_to_close_it(record: Capa, deed: Deed) -> None:
    """What was asked of the cycle that did not help is over."""
    cancel_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
