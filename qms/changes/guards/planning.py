"""From the assessment to the approved plan."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.signing.queries import is_intact, signatures_of
from qms.changes.guards.orders import CHANGE
from qms.changes.models import ChangeItem, ChangeOrder
from qms.changes.queries import (
    affected_by,
    approvals_of,
    assessments_of,
    items_of,
    plan_digest,
    scope_digest,
)

ASSESSED = ("request_approval", "approve_retrospectively")


@guard(CHANGE, "start_assessment", title=gettext_lazy("A routine change"))
def is_a_routine_change(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """An emergency is released first and assessed afterwards."""
    if record.is_emergency:
        yield Blocker(
            "is_emergency",
            _("%(change)s is an emergency: it is released first.") % {"change": record},
            record=record,
            remedy=_("Release it as emergency, or make it a routine change."),
        )


@guard(CHANGE, "start_assessment", title=gettext_lazy("Somebody is asked"))
def somebody_is_asked(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """The type of change names the functions that assess it, and at least one that approves its plan."""
    if not record.change_type.functions.filter(approves=True).exists():
        yield Blocker(
            "no_functions",
            _("The type %(type)s names no function that approves a plan.") % {"type": record.change_type},
            record=record.change_type,
            remedy=_("Have the type of change completed, or choose another one."),
            remedy_url=record.change_type.get_absolute_url(),
        )


def _items(change: ChangeOrder, deed: Deed) -> list[ChangeItem]:
    """The items with their revisions, read once for all guards of a deed."""
    return deed.once(("items", change.pk), lambda: items_of(change))


@guard(CHANGE, *ASSESSED, title=gettext_lazy("Every function has reviewed it"))
def every_function_has_reviewed(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Each function has signed what the change means for it, and has seen the change as it is now (CHG-03)."""
    present = scope_digest(record, _items(record, deed))
    for assessment in assessments_of(record):
        url = f"{record.get_absolute_url()}?tab=assessments"
        if assessment.status != "reviewed":
            yield Blocker(
                "not_assessed",
                _("%(function)s has not assessed the change.") % {"function": assessment.get_function_display()},
                record=assessment,
                remedy=_("Wait for the assessment, or ask another person of the function."),
                remedy_url=url,
            )
        elif assessment.scope_digest != present:
            yield Blocker(
                "assessed_another",
                _("The change is another one since %(function)s assessed it.")
                % {"function": assessment.get_function_display()},
                record=assessment,
                remedy=_("Ask the function again."),
                remedy_url=url,
            )


@guard(CHANGE, *ASSESSED, title=gettext_lazy("Suggestions are answered"))
def suggestions_are_answered(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """What the records say may be affected is accepted or declined with a reason, also what came since (CHG-02)."""
    suggestions = list(record.suggestions.select_related("subject_type").order_by("pk"))
    known = {(one.subject_type.model, one.subject_id) for one in suggestions}
    unanswered = [one for one in suggestions if not one.answer]
    url = f"{record.get_absolute_url()}?tab=items"
    for suggestion in unanswered:
        yield Blocker(
            "suggestion_open",
            _("Is %(subject)s affected? Nobody has answered.") % {"subject": suggestion},
            record=suggestion,
            remedy=_("Accept it, or decline it with a reason."),
            remedy_url=url,
        )
    # Every app is asked what has come since: dear, and of no use to who has to answer the ones above first.
    if not unanswered and any(
        (one.record._meta.model_name, one.record.pk) not in known for one in affected_by(record, _items(record, deed))
    ):
        yield Blocker(
            "suggestions_stale",
            _("More may be affected than was looked up."),
            record=record,
            remedy=_("Look up again what is affected."),
            remedy_url=url,
        )


@guard(CHANGE, *ASSESSED, title=gettext_lazy("The risk is judged"))
def the_risk_is_judged(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Severity and probability before and after the change; a higher risk afterwards is explained (CHG-04)."""
    before, after = record.risk_before, record.risk_after
    if before is None or after is None:
        yield Blocker(
            "risk_missing",
            _("The risk before and after the change is not judged."),
            record=record,
            remedy=_("Enter severity and probability, before and after."),
        )
    elif after > before and not record.risk_note.strip():
        yield Blocker(
            "risk_higher",
            _("The risk after the change is higher than before (%(after)s > %(before)s).")
            % {"after": after, "before": before},
            record=record,
            remedy=_("Write why it is acceptable."),
        )


@guard(CHANGE, "approve", title=gettext_lazy("Every approver has signed"))
def every_approver_has_signed(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Every function that approves has signed exactly this plan (21 CFR 820.40(b), ISO 13485 7.3.9)."""
    plan = plan_digest(record)
    for approval in approvals_of(record):
        signed = [one for one in signatures_of(approval) if one.meaning == "approved"]
        if approval.status != "approved" or not signed or not is_intact(signed[-1]) or approval.plan_digest != plan:
            yield Blocker(
                "not_approved",
                _("%(function)s has not approved this plan.") % {"function": approval.get_function_display()},
                record=approval,
                remedy=_("Wait for the signature, or have the plan rejected and approved again."),
                remedy_url=f"{record.get_absolute_url()}?tab=assessments",
            )
