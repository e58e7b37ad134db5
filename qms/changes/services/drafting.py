"""A change is asked for and written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, begin
from core.organization.models import Site
from core.organization.services import next_number, require
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.changes.lifecycle import MANAGE, RAISE
from qms.changes.models import ChangeOrder, ChangeType, ConfigurationScope
from qms.changes.queries import configuration_types
from qms.changes.services.suggestions import refresh
from traceability.models import Material

CHANGE = "qms_changes.ChangeOrder"
ANSWER_WITHIN = dt.timedelta(days=2)


def refused(code: str, message: str, remedy: str, record: Any = None) -> Blocked:
    """A refusal for one reason."""
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


def locked(change: ChangeOrder) -> ChangeOrder:
    """The change under its lock."""
    rows = ChangeOrder.objects.select_for_update(of=("self",))
    return rows.select_related("site", "change_type", "owner", "effectivity_material").get(pk=change.pk)


def writable(change: ChangeOrder, action: str, *, actor: Any, right: str = MANAGE) -> ChangeOrder:
    """The change under its lock, if the actor may do this with it now."""
    found = locked(change)
    if not (action == "edit" and found.status == "draft" and found.requested_by_id == actor.pk):
        require(actor, right, found)
    attempt(found, action, actor=actor)
    return found


@service
def raise_change(
    *,
    site: Site,
    change_type: ChangeType,
    title: str,
    actor: Any,
    description: str = "",
    justification: str = "",
    urgency: str = ChangeOrder.Urgency.ROUTINE,
    is_temporary: bool = False,
    expires_at: dt.datetime | None = None,
    due_at: dt.datetime | None = None,
    owner: Any = None,
    reason: str = "",
) -> ChangeOrder:
    """Ask for a change: a draft with a number, owned by `owner` or by whoever asks. Raises `Blocked`."""
    require(actor, RAISE, site)
    if not title.strip():
        raise refused("no_title", _("A change needs a title."), _("Say in a few words what changes."))
    if not change_type.is_active:
        raise refused(
            "type_inactive",
            _("%(type)s is not used any more.") % {"type": change_type},
            _("Choose another type of change."),
        )
    change = ChangeOrder(
        number=next_number(site, "CHG"),
        site=site,
        change_type=change_type,
        urgency=urgency,
        is_temporary=is_temporary,
        expires_at=expires_at if is_temporary else None,
        title=title.strip()[:200],
        description=description.strip(),
        justification=justification.strip(),
        owner=owner or actor,
        requested_by=actor,
        due_at=due_at,
    )
    return begin(change, actor=actor)


@service
def change_order(
    *,
    change: ChangeOrder,
    actor: Any,
    title: str,
    description: str,
    justification: str,
    change_type: ChangeType,
    owner: Any,
    urgency: str = ChangeOrder.Urgency.ROUTINE,
    is_temporary: bool = False,
    expires_at: dt.datetime | None = None,
    due_at: dt.datetime | None = None,
    effectivity: str = ChangeOrder.Effectivity.DATE,
    effectivity_mark: str = "",
    effectivity_material: Material | None = None,
    severity_before: int | None = None,
    probability_before: int | None = None,
    severity_after: int | None = None,
    probability_after: int | None = None,
    risk_note: str = "",
    reason: str = "",
) -> ChangeOrder:
    """Write a change: what, why, for how long, from when it counts, with what risk. Possible until it is approved.

    Type and class stand from the assessment on: the functions that are asked follow from them.
    """
    found = writable(change, "edit", actor=actor)
    if found.status == "assessment" and (change_type.pk, urgency) != (found.change_type_id, found.urgency):
        raise refused(
            "type_stands",
            _("The functions were asked already; type and class stay."),
            _("Cancel this change and ask for another one."),
            found,
        )
    found.title = title.strip()[:200]
    found.description, found.justification = description.strip(), justification.strip()
    found.change_type, found.urgency, found.owner, found.due_at = change_type, urgency, owner, due_at
    found.is_temporary, found.expires_at = is_temporary, expires_at if is_temporary else None
    is_date = effectivity == ChangeOrder.Effectivity.DATE
    found.effectivity = effectivity
    found.effectivity_mark = "" if is_date else effectivity_mark.strip()
    found.effectivity_material = None if is_date else effectivity_material
    found.severity_before, found.probability_before = severity_before, probability_before
    found.severity_after, found.probability_after = severity_after, probability_after
    found.risk_note = risk_note.strip()
    attempt(found, "own", actor=actor)
    found.save()
    return found


@service
def set_scopes(
    *, change: ChangeOrder, configuration: Iterable[ContentType], actor: Any, reason: str = ""
) -> ChangeOrder:
    """Say which kinds of configuration the change may alter while it is being implemented."""
    found = writable(change, "edit", actor=actor)
    known = set(configuration_types().values_list("pk", flat=True))
    wanted = {one.pk: one for one in configuration if one.pk in known}
    for scope in found.scopes.exclude(configuration_type__in=wanted):
        scope.delete()
    present = set(found.scopes.values_list("configuration_type", flat=True))
    for key in sorted(set(wanted) - present):
        ConfigurationScope(change=found, configuration_type=wanted[key]).save()
    return found


@effect(CHANGE, "submit")
def ask_the_owner(record: ChangeOrder, deed: Deed) -> None:
    """What may be affected is looked up, and the owner is asked to take it on."""
    refresh(record)
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    assign(
        subject=record,
        kind=Work.TRIAGE,
        title=_("Take on %(change)s") % {"change": record},
        to_user=record.owner,
        due_at=deed.at + ANSWER_WITHIN,
        actor=deed.actor,
    )
    if record.is_emergency:
        assign(
            subject=record,
            kind=Work.APPROVAL,
            title=_("Emergency: release %(change)s") % {"change": record},
            to_permission="qms_changes.release_changeorder",
            not_to=record.owner,
            due_at=deed.at,
            actor=deed.actor,
        )


@effect(CHANGE, "send_back")
def ask_whoever_wanted_it(record: ChangeOrder, deed: Deed) -> None:
    """Whoever asked for it writes it again."""
    for kind in (Work.TRIAGE, Work.APPROVAL):
        cancel_for(subject=record, kind=kind, actor=deed.actor)
    assign(
        subject=record,
        kind=Work.ACTION,
        title=_("Write %(change)s again: %(reason)s") % {"change": record, "reason": deed.reason},
        to_user=record.requested_by,
        due_at=deed.at + ANSWER_WITHIN,
        actor=deed.actor,
    )


@effect(CHANGE, "cancel", "void")
def take_the_work_back(record: ChangeOrder, deed: Deed) -> None:
    """Nobody is asked for anything any more."""
    for kind in (Work.TRIAGE, Work.REVIEW, Work.APPROVAL, Work.ACTION):
        cancel_for(subject=record, kind=kind, actor=deed.actor)
    for part in (*record.assessments.all(), *record.approvals.all()):
        cancel_for(subject=part, kind=Work.REVIEW, actor=deed.actor)
        cancel_for(subject=part, kind=Work.APPROVAL, actor=deed.actor)
    for task in record.tasks.all():
        cancel_for(subject=task, kind=Work.ACTION, actor=deed.actor)
        cancel_for(subject=task, kind=Work.REVIEW, actor=deed.actor)
