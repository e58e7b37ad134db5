"""What was found at each place: answered one by one; the last answer stops the clock."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt
from core.organization.services import require
from qms.nonconformance.models import ContainmentCheck, NonConformance
from qms.nonconformance.queries import FITTING, is_on_hold
from qms.nonconformance.services.dispositions import finish_the_review
from qms.nonconformance.services.items import locked
from qms.nonconformance.services.places import TRIAGE, list_places, settle_containment

Result, Where = ContainmentCheck.Result, ContainmentCheck.Where


def _refuse(code: str, message: str, remedy: str, record: Any) -> Blocked:
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


@service
def look_for_places(*, nonconformance: NonConformance, actor: Any) -> list[ContainmentCheck]:
    """Look again where affected goods are; places that are lines already stay as they were answered."""
    found = locked(nonconformance)
    require(actor, TRIAGE, found)
    attempt(found, "edit", actor=actor)
    if found.status == "draft":
        raise _refuse(
            "not_open",
            _("%(nonconformance)s is a draft.") % {"nonconformance": found},
            _("Triage it: its places are listed when it is opened."),
            found,
        )
    return list_places(found, actor=actor)


@service
def answer_containment(
    *, check: ContainmentCheck, result: str, evidence: str, actor: Any, reason: str = ""
) -> ContainmentCheck:
    """Say what was found at a place, with the evidence. The last answer stops the clock.

    "Found, set apart and on hold" needs the open hold. Raises `Blocked` for a result that does not fit the place,
    without evidence, or without a reason where an answer changes.
    """
    found = locked(check.nonconformance)
    require(actor, TRIAGE, found)
    attempt(found, "edit", actor=actor)
    rows = ContainmentCheck.objects.select_for_update(of=("self",))
    kept = rows.select_related("nonconformance", "lot__material", "unit", "place", "shipment").get(pk=check.pk)
    answer, fitting = Result(result), FITTING[Where(kept.where)]
    if answer not in fitting:
        raise _refuse(
            "result",
            _("“%(result)s” is no answer for what is “%(where)s”.")
            % {"result": answer.label, "where": kept.get_where_display()},
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(str(one.label) for one in fitting)},
            found,
        )
    if not evidence.strip():
        raise _refuse("evidence", _("The answer needs its evidence."), _("Write who looked, and what was seen."), found)
    if kept.result and not reason.strip():
        raise _refuse("reason_missing", _("A reason is needed."), _("Write why the answer changes."), found)
    if answer is Result.CONTAINED and not is_on_hold(kept):
        raise _refuse(
            "not_held",
            _("%(thing)s is not on hold.") % {"thing": kept.thing},
            _("Name it as affected, which holds it, or place a hold on it."),
            kept.thing,
        )
    kept.result, kept.evidence = answer, evidence.strip()
    kept.answered_by, kept.answered_at = actor, now()
    kept.save()
    settle_containment(found, actor=actor)
    if found.status == "under_review":
        finish_the_review(found, actor)
    return kept
