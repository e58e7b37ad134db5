"""Assessments, approvals and tasks of a change."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.signing.models import Signature
from core.signing.queries import signatures_of
from core.worklist.models import Kind
from core.worklist.queries.standing_in import acts_for
from qms.changes.models import ChangeApproval, ChangeOrder, ChangeTask, ImpactAssessment
from qms.changes.queries import approvals_of, plan_digest

ASSESSMENT = "qms_changes.ImpactAssessment"
APPROVAL = "qms_changes.ChangeApproval"
TASK = "qms_changes.ChangeTask"


def _is_assessed(change: ChangeOrder) -> bool:
    return change.status == "assessment" or (change.is_emergency and change.status == "released")


@guard(ASSESSMENT, "review", "ask_again", "own", title=gettext_lazy("The change is being assessed"))
def the_change_is_being_assessed(record: ImpactAssessment, deed: Deed) -> Iterator[Blocker]:
    """Assessments are given while the change is assessed, and stand afterwards."""
    if not _is_assessed(record.change):
        yield Blocker(
            "not_in_assessment",
            _("%(change)s is “%(state)s”, not in assessment.")
            % {"change": record.change, "state": record.change.get_status_display()},
            record=record.change,
            remedy=_("Have the plan rejected first, if it must be assessed again."),
        )


@guard(ASSESSMENT, "review", title=gettext_lazy("Answered with a rationale"))
def answered_with_a_rationale(record: ImpactAssessment, deed: Deed) -> Iterator[Blocker]:
    """“Not affected” needs its rationale as much as “affected” does (CHG-03)."""
    if not record.answer or not record.rationale.strip():
        yield Blocker(
            "no_answer",
            _("%(function)s is not answered, or does not say why.") % {"function": record.get_function_display()},
            record=record,
            remedy=_("Say whether it is affected, and what that means or why not."),
        )


@guard(ASSESSMENT, "review", title=gettext_lazy("Given by whoever is asked"))
def given_by_whoever_is_asked(record: ImpactAssessment, deed: Deed) -> Iterator[Blocker]:
    """Where a person is named for the function, that person answers."""
    if record.owner_id in (None, deed.actor.pk):
        return
    if not acts_for(deed.actor, record.owner, record, Kind.REVIEW):
        yield Blocker(
            "another_is_asked",
            _("%(owner)s is asked for %(function)s.")
            % {"owner": record.owner, "function": record.get_function_display()},
            record=record,
            remedy=_("Let them answer, or have another person named."),
        )


@guard(APPROVAL, "approve", title=gettext_lazy("The plan waits for its approval"))
def the_plan_waits(record: ChangeApproval, deed: Deed) -> Iterator[Blocker]:
    """A plan is approved as it was handed over."""
    change = record.change
    if change.status != "plan_approval" or record not in approvals_of(change):
        yield Blocker(
            "no_plan",
            _("%(change)s has no plan that waits for this approval.") % {"change": change},
            record=change,
            remedy=_("Reload the page: the plan was rejected or approved meanwhile."),
        )
    elif record.plan_digest != plan_digest(change):
        yield Blocker(
            "plan_changed",
            _("The plan is not what was handed over for approval."),
            record=change,
            remedy=_("Reject the plan and find out from the timeline what changed."),
        )


@guard(APPROVAL, "approve", title=gettext_lazy("Another person's change"))
def another_persons_change(record: ChangeApproval, deed: Deed) -> Iterator[Blocker]:
    """Nobody approves what they asked for or own, nor twice for two functions (21 CFR 820.40(a))."""
    change = record.change
    if deed.actor.pk in (change.owner_id, change.requested_by_id):
        yield Blocker(
            "own_change",
            _("%(who)s owns or asked for this change.") % {"who": deed.actor},
            record=change,
            remedy=_("Ask a colleague with the same right."),
        )
    others = approvals_of(change).exclude(pk=record.pk).filter(status="approved")
    if any(_signer(one) == deed.actor.pk for one in others):
        yield Blocker(
            "approved_already",
            _("%(who)s has approved this plan for another function.") % {"who": deed.actor},
            record=change,
            remedy=_("Ask a colleague with the same right."),
        )


def _signer(approval: ChangeApproval) -> int | None:
    given: list[Signature] = signatures_of(approval)
    return given[-1].signer_id if given else None


@guard(TASK, "start", "finish", title=gettext_lazy("Its owner does it"))
def its_owner_does_it(record: ChangeTask, deed: Deed) -> Iterator[Blocker]:
    """Who signs that it was done is who was to do it."""
    if record.owner_id != deed.actor.pk and not acts_for(deed.actor, record.owner, record):
        yield Blocker(
            "not_its_owner",
            _("%(owner)s is to do this.") % {"owner": record.owner},
            record=record,
            remedy=_("Let them do it, or have the task given to somebody else."),
        )


@guard(TASK, "start", title=gettext_lazy("What comes before is accepted"))
def what_comes_before_is_accepted(record: ChangeTask, deed: Deed) -> Iterator[Blocker]:
    """Tasks are done in their order (CHG-05)."""
    for dependency in record.needs.select_related("needed").exclude(needed__status__in=("accepted", "cancelled")):
        yield Blocker(
            "comes_before",
            _("“%(needed)s” comes before it and is “%(state)s”.")
            % {"needed": dependency.needed, "state": dependency.needed.get_status_display()},
            record=dependency.needed,
            remedy=_("Finish it and have it accepted first."),
            remedy_url=dependency.needed.get_absolute_url(),
        )


@guard(TASK, "start", title=gettext_lazy("The plan is approved"))
def the_plan_is_approved(record: ChangeTask, deed: Deed) -> Iterator[Blocker]:
    """Nothing is implemented before the plan is approved; what an emergency left to do follows its release."""
    change = record.change
    if change.status not in ("implementation", "released", "monitoring", "returned"):
        yield Blocker(
            "plan_not_approved",
            _("%(change)s is “%(state)s”; its tasks begin when the plan is approved.")
            % {"change": change, "state": change.get_status_display()},
            record=change,
            remedy=_("Wait for the approval of the plan."),
        )
