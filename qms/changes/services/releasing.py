"""The atomic release: every item effective or obsolete in one transaction, or nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, publish
from core.lifecycle.services import attempt, perform
from core.organization.services import require, system_user
from core.signing.queries import digest_of
from core.signing.services import Proof, sign
from core.worklist.models import Kind as Work
from core.worklist.services import assign, complete_for
from qms.changes.events import ChangeReleased
from qms.changes.lifecycle import CLOSE, RELEASE
from qms.changes.models import ChangeItem, ChangeOrder, ChangeRelease
from qms.changes.queries import floor_of, items_of, working_days_after
from qms.changes.services.assessing import retrospective_assessments
from qms.changes.services.drafting import CHANGE, locked, refused

RELEASES = ("release", "release_on_date", "release_emergency")


@effect(CHANGE, *RELEASES)
def release_every_item(record: ChangeOrder, deed: Deed) -> None:
    """Lower apps first: what a routing's guards look at is effective when it becomes effective itself.

    What ends, ends afterwards and from the top: nothing that still counts relies on it then.
    """
    items = items_of(record)
    brought = [(one, one.to_revision) for one in items if one.action != ChangeItem.Action.OBSOLETE]
    ended = [(one, one.from_revision) for one in items if one.action == ChangeItem.Action.OBSOLETE]
    for item, revision in sorted(brought, key=lambda pair: floor_of(pair[1])):
        _move(item, revision, "make_effective", record, deed)
    for item, revision in sorted(ended, key=lambda pair: -floor_of(pair[1])):
        _move(item, revision, "retire", record, deed)
    content = [
        {
            "action": one.action,
            "from": one.from_label,
            "to": one.to_label,
            "digest": digest_of(revision) if type(revision).closure is not None else "",
        }
        for one, revision in (*brought, *ended)
    ]
    ChangeRelease.objects.create(change=record, kind=ChangeRelease.Kind.RELEASE, content=content)
    record.released_at = deed.at
    if record.is_emergency:
        days = record.change_type.retrospective_days
        record.retrospective_due_at = working_days_after(deed.at, days, record.site)
    record.save()
    publish(ChangeReleased(record.pk))
    _ask_for_what_follows(record, deed)


def _move(item: ChangeItem, revision: Any, move: str, change: ChangeOrder, deed: Deed) -> None:
    """Make the move; a refusal names the item."""
    reason = _("Released with %(change)s") % {"change": change}
    try:
        perform(revision, move, actor=deed.actor, reason=reason, change=change)
    except Blocked as refusal:
        raise Blocked(
            [
                Blocker(
                    one.code,
                    _("%(item)s: %(why)s") % {"item": item, "why": one.message},
                    record=one.record or item,
                    remedy=one.remedy,
                    remedy_url=one.remedy_url,
                )
                for one in refusal.blockers
            ],
            refusal.attempt,
        ) from refusal


def _ask_for_what_follows(record: ChangeOrder, deed: Deed) -> None:
    for kind in (Work.TRIAGE, Work.ACTION, Work.APPROVAL):
        complete_for(subject=record, kind=kind, actor=deed.actor)
    if not record.is_emergency:
        perform(record, "monitor", actor=system_user("changes"))
        return
    retrospective_assessments(record, deed)
    assign(
        subject=record,
        kind=Work.APPROVAL,
        title=_("Approve %(change)s retrospectively") % {"change": record},
        to_permission=RELEASE,
        not_to=record.owner,
        due_at=record.retrospective_due_at,
        actor=deed.actor,
    )


@effect(CHANGE, "monitor", "approve_retrospectively", "return_to_previous")
def ask_to_close(record: ChangeOrder, deed: Deed) -> None:
    """Somebody closes it when nothing uses the old revisions any more."""
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    assign(
        subject=record,
        kind=Work.REVIEW,
        title=_("Review and close %(change)s when nothing uses the old revisions") % {"change": record},
        to_permission=CLOSE,
        not_to=record.owner,
        actor=deed.actor,
    )


@effect(CHANGE, "close")
def finish_the_work(record: ChangeOrder, deed: Deed) -> None:
    """Nobody waits for it any more."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)


@effect(CHANGE, "make_ready")
def ask_for_the_release(record: ChangeOrder, deed: Deed) -> None:
    """Whoever releases changes is asked, but for the owner."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    _ask_for_release(record, deed.actor, _("Release %(change)s, now or on a date") % {"change": record})


def _ask_for_release(record: ChangeOrder, actor: Any, title: str) -> None:
    assign(
        subject=record,
        kind=Work.APPROVAL,
        title=title,
        to_permission=RELEASE,
        not_to=record.owner,
        due_at=record.due_at or now() + dt.timedelta(days=5),
        actor=actor,
    )


@effect(CHANGE, "take_up_again")
def take_the_date_back(record: ChangeOrder, deed: Deed) -> None:
    """What is worked on again has no planned moment."""
    complete_for(subject=record, kind=Work.APPROVAL, actor=deed.actor)
    record.release_at = None
    record.save()


@service
def plan_release(
    *, change: ChangeOrder, release_at: dt.datetime, actor: Any, signature: Proof | None, reason: str = ""
) -> ChangeOrder:
    """Sign the release of a ready change for a moment; beat then releases it, or asks again when it is refused.

    Everything that is asked of a release now is asked here too, so that nobody signs what cannot be.
    """
    found = locked(change)
    require(actor, RELEASE, found)
    if found.status != "ready":
        raise refused(
            "state",
            _("%(change)s is “%(state)s”, not ready.") % {"change": found, "state": found.get_status_display()},
            _("Finish its implementation first."),
            found,
        )
    if release_at <= now():
        raise refused("past", _("That moment has passed."), _("Choose a later one, or release it now."), found)
    if actor.pk in (found.owner_id, found.requested_by_id):
        raise refused(
            "second_person",
            _("%(who)s owns or asked for this change.") % {"who": actor},
            _("Ask a colleague with the same right."),
            found,
        )
    attempt(found, "release", actor=actor)
    sign(record=found, meaning="released", signature=signature, actor=actor, reason=reason)
    found.release_at = release_at
    found.save()
    complete_for(subject=found, kind=Work.APPROVAL, actor=actor)
    return found


@service
def release_due(*, change: ChangeOrder, actor: Any) -> ChangeOrder:
    """Release a change whose signed moment has come. Raises `Blocked`; then nothing has changed."""
    return perform(change, "release_on_date", actor=actor, reason=_("Released on its date"))


@service
def withdraw_planned_release(*, change: ChangeOrder, why: str, actor: Any, reason: str = "") -> ChangeOrder:
    """The release was refused at its moment: the change stays ready, and whoever releases is asked again."""
    found = locked(change)
    found.release_at = None
    found.save()
    title = _("%(change)s could not be released on its date: %(why)s") % {"change": found, "why": why}
    complete_for(subject=found, kind=Work.APPROVAL, actor=actor)
    _ask_for_release(found, actor, title)
    return found
