"""The tasks of a change and their order."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.wiring import effect
from core.lifecycle.services import begin
from core.organization.queries import may
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.changes.lifecycle import PERFORM, VERIFY
from qms.changes.models import ChangeOrder, ChangeTask, TaskDependency
from qms.changes.queries import depends_on
from qms.changes.services.approving import ask_its_owner
from qms.changes.services.drafting import refused, writable

TASK = "qms_changes.ChangeTask"
ACCEPT_WITHIN = dt.timedelta(days=3)
RUNNING = ("implementation", "released", "monitoring", "returned")


def _require_owner(owner: Any, change: ChangeOrder) -> None:
    if not may(owner, PERFORM, change):
        raise refused(
            "owner_right",
            _("%(owner)s has no right to carry out tasks of changes at %(site)s.")
            % {"owner": owner, "site": change.site},
            _("Choose somebody who has, or have the role given first."),
            change,
        )


@service
def add_task(
    *,
    change: ChangeOrder,
    title: str,
    owner: Any,
    actor: Any,
    description: str = "",
    due_at: dt.datetime | None = None,
    after: ChangeTask | None = None,
    reason: str = "",
) -> ChangeTask:
    """Add something to be done, by whom, until when, perhaps after another task. Raises `Blocked`."""
    found = writable(change, "plan", actor=actor)
    _require_owner(owner, found)
    if not title.strip():
        raise refused("no_title", _("A task needs a title."), _("Say in a few words what is to be done."), found)
    task = begin(
        ChangeTask(
            change=found, title=title.strip()[:200], description=description.strip(), owner=owner, due_at=due_at
        ),
        actor=actor,
    )
    if after is not None:
        add_dependency(task=task, needed=after, actor=actor)
    elif found.status in RUNNING:
        ask_its_owner(task, actor)
    return task


@service
def change_task(
    *,
    task: ChangeTask,
    title: str,
    owner: Any,
    actor: Any,
    description: str = "",
    due_at: dt.datetime | None = None,
    reason: str = "",
) -> ChangeTask:
    """Change a task that nobody has begun."""
    change = writable(task.change, "plan", actor=actor)
    found = ChangeTask.objects.select_for_update(of=("self",)).select_related("change__site").get(pk=task.pk)
    if found.status != "open":
        raise refused("begun", _("“%(task)s” has begun.") % {"task": found}, _("Add another task."), found)
    _require_owner(owner, change)
    passed_on = found.owner_id != owner.pk
    found.title, found.description, found.owner, found.due_at = title.strip()[:200], description.strip(), owner, due_at
    found.save()
    if passed_on and cancel_for(subject=found, kind=Work.ACTION, actor=actor):
        ask_its_owner(found, actor)
    return found


@service
def add_dependency(*, task: ChangeTask, needed: ChangeTask, actor: Any, reason: str = "") -> ChangeTask:
    """Say that a task begins only after another one. Raises `Blocked` where they would wait for each other."""
    writable(task.change, "plan", actor=actor)
    if needed.change_id != task.change_id:
        raise refused(
            "other_change",
            _("“%(task)s” belongs to another change.") % {"task": needed},
            _("Choose a task of this change."),
            needed,
        )
    if depends_on(needed, task):
        raise refused(
            "loop",
            _("“%(needed)s” waits for “%(task)s” already.") % {"needed": needed, "task": task},
            _("Choose another order."),
            task,
        )
    if not task.needs.filter(needed=needed).exists():
        TaskDependency(task=task, needed=needed).save()
    return task


@service
def remove_dependency(*, dependency: TaskDependency, actor: Any, reason: str = "") -> ChangeTask:
    """Let a task begin without waiting for the other one."""
    writable(dependency.task.change, "plan", actor=actor)
    task = dependency.task
    dependency.delete()
    return task


@effect(TASK, "finish")
def ask_for_acceptance(record: ChangeTask, deed: Deed) -> None:
    """Another person looks at what was done."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    assign(
        subject=record,
        kind=Work.REVIEW,
        title=_("%(change)s: accept “%(task)s”") % {"change": record.change.number, "task": record},
        to_permission=VERIFY,
        not_to=record.owner,
        site=record.change.site,
        due_at=deed.at + ACCEPT_WITHIN,
        actor=deed.actor,
    )


@effect(TASK, "accept", "cancel")
def ask_for_what_follows(record: ChangeTask, deed: Deed) -> None:
    """Tasks that waited for nothing else can begin."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    cancel_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    if record.change.status not in RUNNING:
        return
    following = ChangeTask.objects.filter(needs__needed=record, status="open").select_related("owner", "change__site")
    for task in following.distinct():
        if not task.needs.exclude(needed__status__in=("accepted", "cancelled")).exists():
            ask_its_owner(task, deed.actor)


@effect(TASK, "give_back")
def ask_its_owner_again(record: ChangeTask, deed: Deed) -> None:
    """It is not done yet."""
    complete_for(subject=record, kind=Work.REVIEW, actor=deed.actor)
    ask_its_owner(record, deed.actor)
