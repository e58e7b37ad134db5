"""What is done: by its owner, in its time, and only when what it is bound to has come about."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.worklist.queries.standing_in import acts_for
from qms.capa.guards.records import CAPA, stands_still
from qms.capa.models import Capa, CapaAction
from qms.capa.queries import NOT_DONE, actions_of, bound_kinds, reached

ACTION = "qms_capa.CapaAction"


@guard(ACTION, "start", "finish", "accept", "give_back", title=gettext_lazy("The plan is approved"))
def the_plan_is_approved(record: CapaAction, deed: Deed) -> Iterator[Blocker]:
    """Nothing is implemented before the plan is approved, nor after it was verified."""
    capa = record.capa
    if capa.status != "implementation" or capa.cycle != record.cycle:
        yield stands_still(capa, _("Actions are carried out while the CAPA is being implemented."))


@guard(ACTION, "cancel", title=gettext_lazy("Still to be changed"))
def can_still_be_cancelled(record: CapaAction, deed: Deed) -> Iterator[Blocker]:
    """What was done stays; a plan that waits for its approval stands still."""
    capa = record.capa
    if capa.status not in ("investigation", "implementation") or capa.cycle != record.cycle:
        yield stands_still(capa, _("Have the plan rejected, or plan again with a reason."))


@guard(ACTION, "start", "finish", title=gettext_lazy("Its owner does it"))
def its_owner_does_it(record: CapaAction, deed: Deed) -> Iterator[Blocker]:
    """Who signs that it was done is who was to do it."""
    if record.owner_id != deed.actor.pk and not acts_for(deed.actor, record.owner, record):
        yield Blocker(
            "not_its_owner",
            _("%(owner)s is to do this.") % {"owner": record.owner},
            record=record,
            remedy=_("Let them do it, or plan again and give it to somebody else."),
        )


def _not_reached(action: CapaAction) -> Iterator[Blocker]:
    state = reached(action)
    if state is None or state.is_reached:
        return
    kind = bound_kinds().get(action.kind)
    bound = action.bound
    yield Blocker(
        "not_reached",
        _("“%(action)s” waits for %(object)s: %(state)s.")
        % {"action": action, "object": action.bound_label, "state": state.words},
        record=action,
        remedy=_("It can be finished when: %(waits_for)s.") % {"waits_for": kind.waits_for if kind else "–"},
        remedy_url=bound.get_absolute_url() if hasattr(bound, "get_absolute_url") else "",
    )


@guard(ACTION, "finish", "accept", title=gettext_lazy("What it is bound to has come about"))
def what_it_is_bound_to_has_come_about(record: CapaAction, deed: Deed) -> Iterator[Blocker]:
    """A bound action completes only when its object does (CAPA-05)."""
    yield from _not_reached(record)


@guard(CAPA, "finish", title=gettext_lazy("Every action is accepted"))
def every_action_is_accepted(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Everything of the plan was done and looked at by another person."""
    for action in deed.once("actions", lambda: actions_of(record)):
        if action.status in NOT_DONE:
            yield Blocker(
                "action_open",
                _("“%(action)s” is “%(state)s”.") % {"action": action, "state": action.get_status_display()},
                record=action,
                remedy=_("Have it done and accepted."),
                remedy_url=action.get_absolute_url(),
            )


@guard(CAPA, "finish", "verify", title=gettext_lazy("Nothing has come undone"))
def nothing_has_come_undone(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """What actions are bound to still stands as it did when they were accepted."""
    for action in deed.once("actions", lambda: actions_of(record)):
        if action.status == "accepted":
            yield from _not_reached(action)
