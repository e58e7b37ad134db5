"""What the writes of CAPAs share: the lock, refusals, who is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from core.kernel.clock import now
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt
from core.organization.services import require
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for
from qms.capa.lifecycle import MANAGE
from qms.capa.models import Capa
from qms.capa.queries import may_own

CAPA, ACTION = "qms_capa.Capa", "qms_capa.CapaAction"
TRIAGE_MEANING, DECLINE_MEANING, PLAN_MEANING = "approved", "rejected", "authored"
APPROVAL_MEANING, VERIFICATION_MEANING, CLOSING_MEANING = "approved", "verified", "closed"
JUDGEMENT_MEANING, REOPENING_MEANING = "approved", "approved"
ANSWER_WITHIN = dt.timedelta(days=5)


def refuse(code: str, message: str, remedy: str, record: models.Model | None = None) -> Blocked:
    """A refusal with one reason."""
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


def locked(capa: Capa) -> Capa:
    """The CAPA, read anew and locked until the deed ends."""
    return Capa.objects.select_for_update(of=("self",)).select_related("site", "owner", "raised_by").get(pk=capa.pk)


def writable(capa: Capa, action: str, *, actor: Any, right: str = MANAGE) -> Capa:
    """The CAPA under its lock, if the actor may do this with it now."""
    found = locked(capa)
    require(actor, right, found)
    attempt(found, action, actor=actor)
    return found


def ask_the_owner(record: Capa, title: str, actor: Any) -> None:
    """The owner has the next step, or whoever may do it when the owner has lost the right since."""
    cancel_for(subject=record, kind=Work.ACTION, actor=actor)
    to: dict[str, Any] = {"to_user": record.owner} if may_own(record.owner, record) else {"to_permission": MANAGE}
    assign(subject=record, kind=Work.ACTION, title=title % {"capa": record}, due_at=record.due_at, actor=actor, **to)


def ask_for(record: Capa, kind: str, title: str, right: str, actor: Any, *, not_to: Any = None) -> None:
    """Whoever holds a right has the next step, within some days."""
    assign(
        subject=record,
        kind=kind,
        title=title % {"capa": record},
        to_permission=right,
        not_to=not_to,
        due_at=now() + ANSWER_WITHIN,
        actor=actor,
    )
