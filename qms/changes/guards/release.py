"""From the implementation to the end."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.signing.queries import is_intact, signatures_of
from qms.changes.guards.orders import CHANGE
from qms.changes.models import ChangeItem, ChangeOrder, WipDecision
from qms.changes.queries import items_of, order_lines, uses_of_the_old

RELEASES = ("release", "release_on_date", "release_emergency")


@guard(CHANGE, "make_ready", *RELEASES, title=gettext_lazy("The revisions are approved"))
def the_revisions_are_approved(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Each item leads to a revision that two people signed, and ends one that still counts."""
    url = f"{record.get_absolute_url()}?tab=items"
    for item in items_of(record):
        before, after = item.from_revision, item.to_revision
        if item.action != ChangeItem.Action.OBSOLETE and (after is None or after.status != "approved"):
            state = _("not named") if after is None else after.get_status_display()
            yield Blocker(
                "revision_not_approved",
                _("The revision that %(item)s leads to is “%(state)s”, not approved.") % {"item": item, "state": state},
                record=item,
                remedy=_("Name the revision, and have it approved."),
                remedy_url=url if after is None else after.get_absolute_url(),
            )
        if item.from_id is not None and (before is None or before.status != "effective"):
            yield Blocker(
                "revision_not_effective",
                _("%(item)s was to be replaced, and is not effective any more.") % {"item": item.from_label},
                record=item,
                remedy=_("Take the item out of the change, and name the revision that is effective now."),
                remedy_url=url,
            )


@guard(CHANGE, "make_ready", *RELEASES, title=gettext_lazy("Every open order has its decision"))
def every_open_order_has_its_decision(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """No order that uses an old revision is left without a word, also none that was released since (CHG-07)."""
    for line in order_lines(record):
        url = f"{record.get_absolute_url()}?tab=orders"
        decision = line.decision
        if decision is None:
            message, code = _("%(order)s is open and nothing is decided about it."), "wip_open"
        elif decision.decision not in line.demand.choices:
            message, code = _("What was decided about %(order)s is not possible any more."), "wip_stale"
        elif decision.decision == WipDecision.Decision.MIGRATE and any(
            step.is_begun and step.sequence >= (decision.from_sequence or 0) for step in line.demand.steps
        ):
            message, code = _("%(order)s has begun an operation from which it was to go over."), "wip_begun"
        else:
            continue
        yield Blocker(
            code,
            message % {"order": line.demand.order},
            record=line.demand.order,
            remedy=_("Decide whether it finishes on the old revision, goes over, is held or scrapped."),
            remedy_url=url,
        )


@guard(CHANGE, "make_ready", "release", "release_on_date", "close", title=gettext_lazy("Tasks are accepted"))
def tasks_are_accepted(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """What was to be done is done, and another person has seen it (CHG-05)."""
    for task in record.tasks.exclude(status__in=("accepted", "cancelled")):
        yield Blocker(
            "task_open",
            _("The task “%(task)s” is “%(state)s”.") % {"task": task, "state": task.get_status_display()},
            record=task,
            remedy=_("Finish it and have it accepted, or cancel it with a reason."),
            remedy_url=task.get_absolute_url(),
        )


@guard(CHANGE, "release_emergency", title=gettext_lazy("An emergency"))
def is_an_emergency(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Only an emergency is released before it is assessed (CHG-01)."""
    if not record.is_emergency:
        yield Blocker(
            "no_emergency",
            _("%(change)s is a routine change.") % {"change": record},
            record=record,
            remedy=_("Start its assessment, or send it back and make it an emergency."),
        )


@guard(CHANGE, "release_on_date", title=gettext_lazy("The release was signed for this date"))
def the_release_was_signed(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """The clock carries out what a person signed, for this very content, and not before its time."""
    signed = [one for one in signatures_of(record) if one.meaning == "released"]
    if record.release_at is None or record.release_at > now():
        yield Blocker("not_due", _("The planned moment has not come."), record=record)
    if not signed or not is_intact(signed[-1]):
        yield Blocker(
            "release_not_signed",
            _("%(change)s is not what was signed for release.") % {"change": record},
            record=record,
            remedy=_("Plan the release again."),
            remedy_url=record.get_absolute_url(),
        )


@guard(CHANGE, "monitor", title=gettext_lazy("Approved before its release"))
def was_approved_before_its_release(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """An emergency waits for its retrospective approval."""
    if record.is_emergency:
        yield Blocker(
            "approval_missing",
            _("%(change)s was released as emergency and is not approved yet.") % {"change": record},
            record=record,
            remedy=_("Have it assessed and approved."),
        )


@guard(CHANGE, "approve_retrospectively", title=gettext_lazy("Released as emergency"))
def was_released_as_emergency(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """A routine change was approved before its release."""
    if not record.is_emergency:
        yield Blocker("no_emergency", _("%(change)s is a routine change.") % {"change": record}, record=record)


@guard(CHANGE, "return_to_previous", title=gettext_lazy("A temporary change that has expired"))
def has_expired(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """Only a temporary change returns, at its time."""
    if not record.is_temporary or record.expires_at is None or record.expires_at > now():
        yield Blocker("not_expired", _("%(change)s does not end now.") % {"change": record}, record=record)


@guard(CHANGE, "extend", title=gettext_lazy("Not expired yet"))
def has_not_expired(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """A temporary change is extended before it expires; afterwards the revisions before it count again."""
    if not record.is_temporary or record.status not in ("released", "monitoring"):
        yield Blocker(
            "not_temporary", _("%(change)s is no temporary change in force.") % {"change": record}, record=record
        )
    elif record.expires_at is not None and record.expires_at <= now():
        yield Blocker(
            "expired",
            _("%(change)s has expired.") % {"change": record},
            record=record,
            remedy=_("Ask for another change."),
        )


@guard(CHANGE, "close", title=gettext_lazy("A temporary change has ended"))
def a_temporary_change_has_ended(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """It is closed after its return."""
    if record.is_temporary and record.status != "returned":
        yield Blocker(
            "still_in_force",
            _("%(change)s is in force until it expires.") % {"change": record},
            record=record,
            remedy=_("Wait for its end; the revisions before it return by themselves."),
        )


@guard(CHANGE, "close", title=gettext_lazy("Nothing uses the old revisions"))
def nothing_uses_the_old_revisions(record: ChangeOrder, deed: Deed) -> Iterator[Blocker]:
    """A change is watched until no open order is made by what it ended (N9)."""
    for demand in uses_of_the_old(record):
        yield Blocker(
            "old_in_use",
            _("%(order)s is still made by the old revision (%(state)s).")
            % {"order": demand.order, "state": demand.state},
            record=demand.order,
            remedy=_("Wait until it is finished, or have it closed or cancelled."),
            remedy_url=demand.url,
        )
