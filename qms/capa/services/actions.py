"""What is done against causes, and what it is bound to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.records import subject_ref
from core.kernel.wiring import effect
from core.lifecycle.services import begin
from core.organization.queries import may
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.capa.lifecycle import PERFORM, VERIFY
from qms.capa.models import ActionCause, Capa, CapaAction, RootCause
from qms.capa.queries import bound_kinds
from qms.capa.services.common import ACTION, ANSWER_WITHIN, refuse, writable


def _require(capa: Capa, title: str, owner: Any, causes: Iterable[RootCause], purpose: str) -> None:
    if not title.strip():
        raise refuse("no_title", _("An action needs a title."), _("Say in a few words what is done."), capa)
    if not may(owner, PERFORM, capa):
        raise refuse(
            "owner_right",
            _("%(owner)s has no right to carry out actions of CAPAs at %(site)s.")
            % {"owner": owner, "site": capa.site},
            _("Choose somebody who has, or have the role given first."),
            capa,
        )
    named = list(causes)
    if any(one.capa_id != capa.pk or one.cycle != capa.cycle for one in named):
        raise refuse("other_cause", _("A cause is not of this CAPA and cycle."), _("Choose those of this cycle."), capa)
    if purpose != CapaAction.Purpose.CORRECTION and not named:
        raise refuse("no_cause", _("It is not said which cause it removes."), _("Choose at least one."), capa)


def _bind(action: CapaAction, kind: str, bound: models.Model | None) -> None:
    """Bind an action to an object that has not reached its state yet, or to nothing."""
    if not kind:
        action.kind, action.bound_type, action.bound_id, action.bound_label = "", None, None, ""
        return
    told = bound_kinds().get(kind)
    if told is None or not isinstance(bound, told.model):
        raise refuse(
            "no_object",
            _("It is not said to what the action is bound."),
            _("Give the number of what is to come about, or choose another kind."),
            action.capa,
        )
    is_same = action.kind == kind and action.bound_id == bound.pk
    if not is_same and told.reached(bound).is_reached:
        raise refuse(
            "reached_already",
            _("%(object)s is there already: %(state)s.") % {"object": bound, "state": told.reached(bound).words},
            _("Bind the action to what is still to come about."),
            bound,
        )
    named = subject_ref(bound, "bound")
    action.kind, action.bound_type, action.bound_id = kind, named["bound_type"], named["bound_id"]
    action.bound_label = named["bound_label"][:300]


@service
def add_action(
    *,
    capa: Capa,
    title: str,
    owner: Any,
    actor: Any,
    causes: Iterable[RootCause] = (),
    purpose: str = CapaAction.Purpose.CORRECTIVE,
    kind: str = "",
    bound: models.Model | None = None,
    description: str = "",
    due_at: dt.datetime | None = None,
    reason: str = "",
) -> CapaAction:
    """Plan an action: what, by whom, until when, against which causes, bound to what. Raises `Blocked`."""
    found = writable(capa, "plan", actor=actor)
    named = list(causes)
    _require(found, title, owner, named, purpose)
    action = CapaAction(
        capa=found,
        cycle=found.cycle,
        purpose=CapaAction.Purpose(purpose),
        title=title.strip()[:200],
        description=description.strip(),
        owner=owner,
        due_at=due_at,
    )
    _bind(action, kind, bound)
    begin(action, actor=actor)
    for cause in named:
        ActionCause(action=action, cause=cause).save()
    return action


@service
def change_action(
    *,
    action: CapaAction,
    title: str,
    owner: Any,
    actor: Any,
    causes: Iterable[RootCause] = (),
    purpose: str = CapaAction.Purpose.CORRECTIVE,
    kind: str = "",
    bound: models.Model | None = None,
    description: str = "",
    due_at: dt.datetime | None = None,
    reason: str = "",
) -> CapaAction:
    """Plan an action otherwise, as long as nobody has begun it."""
    capa = writable(action.capa, "plan", actor=actor)
    found = CapaAction.objects.select_for_update(of=("self",)).select_related("capa__site").get(pk=action.pk)
    if found.status != "open" or found.cycle != capa.cycle:
        raise refuse("begun", _("“%(action)s” has begun.") % {"action": found}, _("Add another action."), found)
    named = {one.pk: one for one in causes}
    _require(capa, title, owner, named.values(), purpose)
    _bind(found, kind, bound)
    found.title, found.description, found.owner = title.strip()[:200], description.strip(), owner
    found.due_at, found.purpose = due_at, CapaAction.Purpose(purpose)
    found.save()
    for link in found.removes.exclude(cause__in=named):
        link.delete()
    for key in sorted(set(named) - set(found.removes.values_list("cause", flat=True))):
        ActionCause(action=found, cause=named[key]).save()
    return found


def ask_its_owner(action: CapaAction, actor: Any) -> None:
    """Put an action that can begin into its owner's inbox."""
    assign(
        subject=action,
        kind=Work.ACTION,
        title=_("%(capa)s: %(action)s") % {"capa": action.capa.number, "action": action},
        to_user=action.owner,
        site=action.capa.site,
        due_at=action.due_at or action.capa.due_at,
        actor=actor,
    )


@effect(ACTION, "finish")
def ask_for_acceptance(record: CapaAction, deed: Deed) -> None:
    """Another person looks at what was done."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    assign(
        subject=record,
        kind=Work.REVIEW,
        title=_("%(capa)s: accept “%(action)s”") % {"capa": record.capa.number, "action": record},
        to_permission=VERIFY,
        not_to=record.owner,
        site=record.capa.site,
        due_at=deed.at + ANSWER_WITHIN,
        actor=deed.actor,
    )


@effect(ACTION, "accept", "cancel")
def nobody_is_asked_any_more(record: CapaAction, deed: Deed) -> None:
    """It is at its end."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    cancel_for(subject=record, kind=Work.ACTION, actor=deed.actor)


@effect(ACTION, "give_back")
def ask_its_owner_again(record: CapaAction, deed: Deed) -> None:
    """It is not done yet."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    ask_its_owner(record, deed.actor)
