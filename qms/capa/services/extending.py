"""A CAPA takes longer: asked for with a reason, approved or rejected by another person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect
from core.lifecycle.services import begin
from core.worklist.models import Kind as Work
from core.worklist.services import assign, complete_for, move_due
from qms.capa.lifecycle import EXTEND, MANAGE, REOPEN
from qms.capa.models import Capa, Extension
from qms.capa.services.common import ANSWER_WITHIN, ask_for, refuse, writable

EXTENSION = "qms_capa.Extension"
MANY = 2
"""From so many approved extensions on whoever answers for quality is told."""


@service
def request_extension(*, capa: Capa, due_at: dt.datetime, reason: str, actor: Any) -> Extension:
    """Ask that it may take until a later date, with a reason. Raises `Blocked`."""
    found = writable(capa, "extend", actor=actor, right=MANAGE)
    if not reason.strip():
        raise refuse("reason", _("An extension needs a reason."), _("Write why it takes longer."), found)
    if found.due_at is None or due_at <= found.due_at:
        raise refuse("not_later", _("That is not later than it is due now."), _("Choose a later date."), found)
    extension = begin(
        Extension(capa=found, was_due_at=found.due_at, due_at=due_at, reason=reason.strip(), requested_by=actor),
        actor=actor,
        reason=reason,
    )
    assign(
        subject=extension,
        kind=Work.APPROVAL,
        title=_("Approve or reject: %(capa)s takes until %(day)s") % {"capa": found, "day": f"{due_at:%Y-%m-%d}"},
        to_permission=EXTEND,
        not_to=actor,
        site=found.site,
        due_at=min(found.due_at, extension.due_at) + ANSWER_WITHIN,
        actor=actor,
    )
    return extension


@effect(EXTENSION, "approve")
def move_the_date(record: Extension, deed: Deed) -> None:
    """The CAPA is due later; its first date stays. From the second on the head of quality is told (CAPA-09)."""
    capa = Capa.objects.select_for_update(of=("self",)).select_related("site", "owner").get(pk=record.capa_id)
    capa.due_at = record.due_at
    capa.save()
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
    move_due(
        subject=capa,
        kind=Work.ACTION,
        due_at=record.due_at,
        title=_("Carry on with %(capa)s") % {"capa": capa},
        actor=deed.actor,
    )
    if capa.extensions.filter(status="approved").count() >= MANY:
        ask_for(capa, Work.ESCALATION, _("%(capa)s was extended again"), REOPEN, deed.actor)


@effect(EXTENSION, "reject")
def the_date_stays(record: Extension, deed: Deed) -> None:
    """It was answered."""
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
