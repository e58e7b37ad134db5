"""What may be affected is looked up in the records, and answered by people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.lifecycle.services import attempt, begin
from core.organization.services import require
from qms.changes.lifecycle import MANAGE
from qms.changes.models import ChangeItem, ChangeOrder, ChangeRisk, ChangeSuggestion, ChangeTask
from qms.changes.queries import affected_by, controlled_kind
from qms.risk.models import RiskAssessment

IN_WIP_PLAN = (ChangeSuggestion.Kind.ORDER,)
"""What needs no further record where it is affected: the plan for open orders has its line."""


def refresh(change: ChangeOrder) -> None:
    """Add what is affected and not yet suggested; take back what nobody answered and is affected no more."""
    found = affected_by(change)
    known = {(one.subject_type_id, one.subject_id): one for one in change.suggestions.all()}
    present = set()
    for one in found:
        named = subject_ref(one.record)
        key = (named["subject_type"].pk, named["subject_id"])
        present.add(key)
        if key not in known:
            ChangeSuggestion(change=change, kind=one.kind, why=one.why[:300], **named).save()
    for key, suggestion in known.items():
        if key not in present and not suggestion.answer:
            suggestion.delete()


@service
def look_up(*, change: ChangeOrder, actor: Any, reason: str = "") -> ChangeOrder:
    """Look up again what the change may affect."""
    found = ChangeOrder.objects.select_for_update(of=("self",)).select_related("site").get(pk=change.pk)
    require(actor, MANAGE, found)
    attempt(found, "answer", actor=actor)
    refresh(found)
    return found


@service
def answer_suggestion(
    *, suggestion: ChangeSuggestion, is_affected: bool, actor: Any, reason: str = ""
) -> ChangeSuggestion:
    """Accept or decline a suggestion; declining takes a reason.

    What is accepted becomes an item of the change where it is a revision and the change is still written, a line of
    the plan for open orders, or a task of the owner; an accepted risk assessment is named by the change as well.
    """
    change = ChangeOrder.objects.select_for_update(of=("self",)).select_related("owner").get(pk=suggestion.change_id)
    require(actor, MANAGE, change)
    attempt(change, "answer", actor=actor)
    found = ChangeSuggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if not is_affected and not reason.strip():
        raise Blocked(
            Blocker(
                "reason",
                _("To decline “%(subject)s” needs a reason.") % {"subject": found},
                record=found,
                remedy=_("Write why it is not affected."),
            )
        )
    if found.answer:
        raise Blocked(Blocker("answered", _("“%(subject)s” was answered already.") % {"subject": found}, record=found))
    found.answer = ChangeSuggestion.Answer.ACCEPTED if is_affected else ChangeSuggestion.Answer.DECLINED
    found.reason, found.answered_by = reason.strip(), actor
    found.save()
    if is_affected:
        _follow(found, change, actor)
    return found


def _follow(suggestion: ChangeSuggestion, change: ChangeOrder, actor: Any) -> None:
    record: Any = suggestion.subject
    if suggestion.kind in IN_WIP_PLAN or record is None:
        return
    if controlled_kind(type(record)) is not None and record.status == "effective" and not change.is_emergency:
        known = change.items.filter(revision_type=suggestion.subject_type, from_id=record.pk)
        if change.status in ("draft", "submitted", "assessment") and not known.exists():
            ChangeItem(
                change=change,
                action=ChangeItem.Action.REVISE,
                revision_type=suggestion.subject_type,
                from_id=record.pk,
                from_label=str(record)[:300],
                note=suggestion.why,
            ).save()
            return
    if isinstance(record, RiskAssessment) and not change.risks.filter(assessment=record).exists():
        ChangeRisk(change=change, assessment=record, note=suggestion.why).save()
    begin(
        ChangeTask(
            change=change,
            title=_("Deal with %(subject)s") % {"subject": suggestion.subject_label[:180]},
            description=suggestion.why,
            owner=change.owner,
        ),
        actor=actor,
    )
