"""The plan is handed over, signed by every function that approves, or rejected."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect, makes
from core.lifecycle.services import begin, perform
from core.organization.services import system_user
from core.signing.services import Proof
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.changes.lifecycle import APPROVE
from qms.changes.models import ChangeApproval, ChangeOrder
from qms.changes.queries import approval_round, approvals_of, plan_digest
from qms.changes.services.drafting import CHANGE, locked

APPROVAL = "qms_changes.ChangeApproval"
APPROVE_WITHIN = dt.timedelta(days=5)


@makes(CHANGE, "request_approval")
@service
def request_approval(*, change: ChangeOrder, actor: Any, reason: str = "") -> ChangeOrder:
    """Hand the plan over for approval; it stands still from now on."""
    return perform(change, "request_approval", actor=actor, reason=reason)


@effect(CHANGE, "request_approval")
def ask_every_approver(record: ChangeOrder, deed: Deed) -> None:
    """One approval for each function that approves, in a new round, for exactly this plan."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    number, plan = approval_round(record) + 1, plan_digest(record)
    for required in record.change_type.functions.filter(approves=True).order_by("pk"):
        approval = ChangeApproval(change=record, function=required.function, round=number, plan_digest=plan)
        begin(approval, actor=deed.actor)
        assign(
            subject=approval,
            kind=Work.APPROVAL,
            title=_("%(function)s: approve the plan of %(change)s")
            % {"function": approval.get_function_display(), "change": record},
            to_permission=APPROVE,
            not_to=record.owner,
            site=record.site,
            due_at=deed.at + APPROVE_WITHIN,
            actor=deed.actor,
        )


@makes(APPROVAL, "approve")
@service
def approve_plan(*, approval: ChangeApproval, actor: Any, signature: Proof | None, reason: str = "") -> ChangeApproval:
    """Sign the plan for one function; with the last signature the change goes over to its implementation."""
    change = locked(ChangeOrder(pk=approval.change_id))
    perform(approval, "approve", actor=actor, reason=reason, signature=signature)
    if not approvals_of(change).exclude(status="approved").exists():
        perform(change, "approve", actor=system_user("changes"))
    return approval


@effect(APPROVAL, "approve")
def the_approval_is_given(record: ChangeApproval, deed: Deed) -> None:
    """Nobody else is asked for this function."""
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)


@makes(CHANGE, "reject_plan")
@service
def reject_plan(*, change: ChangeOrder, actor: Any, reason: str) -> ChangeOrder:
    """Send the plan back to be written again; approvals that were given for it count no more."""
    return perform(change, "reject_plan", actor=actor, reason=reason)


@effect(CHANGE, "reject_plan")
def drop_the_approvals(record: ChangeOrder, deed: Deed) -> None:
    """The round is over; the owner reads why."""
    for approval in approvals_of(record).exclude(status="dropped"):
        cancel_for(subject=approval, kind=Work.APPROVAL, actor=deed.actor)
        perform(approval, "drop", actor=system_user("changes"), reason=deed.reason)
    assign(
        subject=record,
        kind=Work.ACTION,
        title=_("The plan of %(change)s was rejected: %(reason)s") % {"change": record, "reason": deed.reason},
        to_user=record.owner,
        due_at=deed.at + APPROVE_WITHIN,
        actor=deed.actor,
    )


@effect(CHANGE, "approve")
def begin_the_implementation(record: ChangeOrder, deed: Deed) -> None:
    """The owner, and whoever has a task that waits for nothing, are asked."""
    assign(
        subject=record,
        kind=Work.ACTION,
        title=_("Implement %(change)s") % {"change": record},
        to_user=record.owner,
        due_at=record.due_at,
        actor=deed.actor,
    )
    for task in record.tasks.filter(status="open", needs__isnull=True).select_related("owner"):
        ask_its_owner(task, deed.actor)


def ask_its_owner(task: Any, actor: Any) -> None:
    """Put a task that can begin into its owner's inbox."""
    assign(
        subject=task,
        kind=Work.ACTION,
        title=_("%(change)s: %(task)s") % {"change": task.change.number, "task": task},
        to_user=task.owner,
        site=task.change.site,
        due_at=task.due_at,
        actor=actor,
    )
