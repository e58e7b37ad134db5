"""Every function says what the change means for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect, makes
from core.lifecycle.services import attempt, begin, perform
from core.organization.services import require
from core.signing.services import Proof
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.changes.lifecycle import ASSESS, MANAGE
from qms.changes.models import ChangeOrder, ImpactAssessment
from qms.changes.queries import scope_digest
from qms.changes.services.drafting import CHANGE

ASSESSMENT = "qms_changes.ImpactAssessment"
ASSESS_WITHIN = dt.timedelta(days=5)


def _ask(assessment: ImpactAssessment, actor: Any, due_at: dt.datetime) -> None:
    to: dict[str, Any] = {"to_permission": ASSESS}
    if assessment.owner is not None:
        to = {"to_user": assessment.owner}
    assign(
        subject=assessment,
        kind=Work.REVIEW,
        title=_("Assess %(assessment)s: %(change)s")
        % {"assessment": assessment.get_function_display(), "change": assessment.change},
        site=assessment.change.site,
        due_at=due_at,
        actor=actor,
        **to,
    )


def ask_all(change: ChangeOrder, actor: Any, due_at: dt.datetime) -> None:
    """One assessment for each function that the type names and that was not asked before."""
    known = set(change.assessments.values_list("function", flat=True))
    for required in change.change_type.functions.exclude(function__in=known).order_by("pk"):
        assessment = ImpactAssessment(change=change, function=required.function)
        begin(assessment, actor=actor)
        _ask(assessment, actor, due_at)


@effect(CHANGE, "start_assessment")
def ask_every_function(record: ChangeOrder, deed: Deed) -> None:
    """The functions are asked, and the owner's first question is done."""
    complete_for(subject=record, kind=Work.TRIAGE, actor=deed.actor)
    ask_all(record, deed.actor, deed.at + ASSESS_WITHIN)


@makes(CHANGE, "start_assessment")
@service
def start_assessment(*, change: ChangeOrder, actor: Any, reason: str = "") -> ChangeOrder:
    """Ask every function that the type of change names."""
    return perform(change, "start_assessment", actor=actor, reason=reason)


def retrospective_assessments(change: ChangeOrder, deed: Deed) -> None:
    """After an emergency release every function is asked, due before the approval is."""
    ask_all(change, deed.actor, change.retrospective_due_at or deed.at)


@service
def name_assessor(*, assessment: ImpactAssessment, owner: Any, actor: Any, reason: str = "") -> ImpactAssessment:
    """Ask a person by name, or with None again whoever may assess changes."""
    found = _locked(assessment)
    require(actor, MANAGE, found.change)
    attempt(found, "own", actor=actor)
    cancel_for(subject=found, kind=Work.REVIEW, actor=actor)
    found.owner = owner
    found.save()
    if found.status == "pending":
        _ask(found, actor, dt.datetime.now(dt.UTC) + ASSESS_WITHIN)
    return found


def _locked(assessment: ImpactAssessment) -> ImpactAssessment:
    rows = ImpactAssessment.objects.select_for_update(of=("self",))
    return rows.select_related("change__site", "owner").get(pk=assessment.pk)


@makes(ASSESSMENT, "review")
@service
def assess(
    *, assessment: ImpactAssessment, answer: str, rationale: str, actor: Any, signature: Proof | None, reason: str = ""
) -> ImpactAssessment:
    """Say whether the function is affected and what that means, signed “Reviewed”. Raises `Blocked`."""
    ChangeOrder.objects.select_for_update().get(pk=assessment.change_id)
    found = _locked(assessment)
    if found.status == "pending":
        found.answer, found.rationale = answer, rationale.strip()
        found.scope_digest = scope_digest(found.change)
        found.save()
    return perform(found, "review", actor=actor, reason=reason, signature=signature)


@makes(ASSESSMENT, "ask_again")
@service
def ask_again(*, assessment: ImpactAssessment, actor: Any, reason: str) -> ImpactAssessment:
    """Ask a function once more, because the change is another one since."""
    return perform(assessment, "ask_again", actor=actor, reason=reason)


@effect(ASSESSMENT, "review")
def the_question_is_answered(record: ImpactAssessment, deed: Deed) -> None:
    """Nobody is asked any more; when all have answered, the owner goes on."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    change = record.change
    if change.assessments.exclude(status__in=("reviewed", "dropped")).exists() or change.status != "assessment":
        return
    assign(
        subject=change,
        kind=Work.ACTION,
        title=_("Every function has assessed %(change)s: ask for the approval of its plan") % {"change": change},
        to_user=change.owner,
        due_at=deed.at + ASSESS_WITHIN,
        actor=deed.actor,
    )


@effect(ASSESSMENT, "ask_again")
def the_function_is_asked_again(record: ImpactAssessment, deed: Deed) -> None:
    """The question stands in the inbox once more."""
    _ask(record, deed.actor, deed.at + ASSESS_WITHIN)
