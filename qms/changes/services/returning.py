"""Temporary changes end by themselves; emergencies without approval in time are told of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, perform
from core.organization.services import require
from core.signing.services import Proof, sign
from core.worklist.models import Kind as Work
from core.worklist.services import assign
from qms.changes.lifecycle import CLOSE, RELEASE
from qms.changes.models import ChangeExtension, ChangeItem, ChangeOrder, ChangeRelease
from qms.changes.queries import floor_of, items_of
from qms.changes.services.drafting import CHANGE, locked, refused


@service
def return_to_previous(*, change: ChangeOrder, actor: Any) -> ChangeOrder:
    """Let the revisions before a temporary change count again, all or none. Raises `Blocked`."""
    return perform(change, "return_to_previous", actor=actor, reason=_("The temporary change has expired"))


@effect(CHANGE, "return_to_previous")
def restore_every_item(record: ChangeOrder, deed: Deed) -> None:
    """What the change revised is effective again, what it brought is obsolete.

    An item whose temporary revision was superseded meanwhile stays as it is: something newer counts already.
    """
    items = items_of(record)
    content = []
    revised = [one for one in items if one.action == ChangeItem.Action.REVISE]
    for item in sorted(revised, key=lambda one: floor_of(one.from_revision)):
        temporary, before = item.to_revision, item.from_revision
        counts = temporary.status == "effective"
        if counts:
            perform(before, "restore", actor=deed.actor, reason=deed.reason, change=record)
        content.append({"from": item.to_label, "to": item.from_label if counts else "", "action": "restore"})
    brought = [one for one in items if one.action == ChangeItem.Action.NEW]
    for item in sorted(brought, key=lambda one: -floor_of(one.to_revision)):
        temporary = item.to_revision
        counts = temporary.status == "effective"
        if counts:
            perform(temporary, "retire", actor=deed.actor, reason=deed.reason, change=record)
        content.append({"from": item.to_label, "to": "", "action": "retire" if counts else "none"})
    ChangeRelease.objects.create(change=record, kind=ChangeRelease.Kind.RETURN, content=content)


@service
def note_refused_return(*, change: ChangeOrder, why: str, actor: Any, reason: str = "") -> ChangeOrder:
    """The return was refused: its revisions may not be used any more, and somebody is asked at once."""
    found = locked(change)
    found.return_refused_at = now()
    found.save()
    assign(
        subject=found,
        kind=Work.ACTION,
        title=_("%(change)s has expired and could not return: %(why)s") % {"change": found, "why": why},
        to_permission=RELEASE,
        due_at=now(),
        actor=actor,
    )
    return found


@service
def extend_change(
    *, change: ChangeOrder, expires_at: dt.datetime, actor: Any, signature: Proof | None, reason: str
) -> ChangeExtension:
    """Let a temporary change last longer, signed “Approved” before it expires, with a reason. Raises `Blocked`."""
    found = locked(change)
    require(actor, RELEASE, found)
    attempt(found, "extend", actor=actor)
    if not reason.strip():
        raise refused("reason", _("An extension needs a reason."), _("Write why."), found)
    if found.expires_at is None or expires_at <= found.expires_at:
        raise refused("not_later", _("That is not later than now planned."), _("Choose a later moment."), found)
    if actor.pk == found.owner_id:
        raise refused(
            "second_person",
            _("%(who)s owns this change.") % {"who": actor},
            _("Ask a colleague with the same right."),
            found,
        )
    extension = ChangeExtension.objects.create(
        change=found, expired_at=found.expires_at, expires_at=expires_at, reason=reason.strip()
    )
    sign(record=extension, meaning="approved", signature=signature, actor=actor, reason=reason)
    found.expires_at = expires_at
    found.save()
    return extension


@service
def escalate_late_approval(*, change: ChangeOrder, actor: Any) -> ChangeOrder:
    """An emergency change is not approved in time: whoever closes changes is told, once."""
    found = locked(change)
    found.escalated_at = now()
    found.save()
    assign(
        subject=found,
        kind=Work.ACTION,
        title=_("%(change)s was released as emergency and is not approved in time; its revisions may not be used")
        % {"change": found},
        to_permission=CLOSE,
        due_at=now(),
        actor=actor,
    )
    return found
