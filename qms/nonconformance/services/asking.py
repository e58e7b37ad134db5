"""Who is asked for the work on a nonconformance."""

from __future__ import annotations

from typing import Any

from core.organization.models import User
from core.worklist.models import Kind as Work
from core.worklist.services import leave_out
from qms.nonconformance.guards.records import SECOND_PERSON_KINDS
from qms.nonconformance.models import Disposition, NonConformance
from qms.nonconformance.queries import may_own

APPROVE = "qms_nonconformance.approve_disposition"


def the_owner(record: NonConformance, *, or_right: str) -> dict[str, Any]:
    """The owner, or whoever may do it when the owner has lost the right since: the work would be lost with them."""
    return {"to_user": record.owner} if may_own(record.owner, record) else {"to_permission": or_right}


def the_approvers(record: NonConformance) -> dict[str, Any]:
    """Whoever may approve dispositions, but for the one who may sign none of what waits."""
    return {"to_permission": APPROVE, "not_to": _may_sign_nothing(record)}


def settle_who_approves(record: NonConformance, *, actor: Any) -> None:
    """Ask anew who signs the dispositions, after a proposal came or went."""
    leave_out(subject=record, kind=Work.APPROVAL, person=_may_sign_nothing(record), actor=actor)


def _may_sign_nothing(record: NonConformance) -> User | None:
    """Who proposed all that waits for a signature, where each of it needs a second person; None when nobody did."""
    waiting = Disposition.objects.filter(affected_item__nonconformance=record.pk, status="proposed")
    lines = list(waiting.select_related("proposed_by"))
    proposers = {line.proposed_by for line in lines}
    alone = len(proposers) == 1 and all(line.kind in SECOND_PERSON_KINDS for line in lines)
    return proposers.pop() if alone else None
