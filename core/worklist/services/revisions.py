"""The work around a controlled revision (core.kernel.revisions): who is asked to approve it, to rework it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed
from core.worklist.models import Kind
from core.worklist.services import assign, cancel_for, complete_for

APPROVAL_DAYS = 7
"""How long a step of an approval may wait before it is overdue and escalates."""


def ask_for_approval(revision: Any, deed: Deed) -> None:
    """Submitted: the author's work on it is done; whoever may approve it is asked, but for the author.

    Whoever else wrote in it is asked like others, and told by the guard that a second person is needed.
    """
    complete_for(subject=revision, kind=Kind.ACTION, actor=deed.actor)
    title = _("Approve %(revision)s") % {"revision": revision}
    right = revision.lifecycle.move("approve").permission
    _ask(revision, deed, Kind.APPROVAL, title, to_permission=right, not_to=revision.author)


def ask_to_make_effective(revision: Any, deed: Deed, *, title: str) -> None:
    """Approved: somebody still has to say from when it counts; the author may, it was approved by another person."""
    complete_for(subject=revision, kind=Kind.APPROVAL, actor=deed.actor)
    _ask(revision, deed, Kind.ACTION, title, to_permission=revision.lifecycle.move("make_effective").permission)


def ask_for_rework(revision: Any, deed: Deed) -> None:
    """Rejected: its author reads why and reworks it."""
    complete_for(subject=revision, kind=Kind.APPROVAL, actor=deed.actor)
    title = _("Rework %(revision)s: %(reason)s") % {"revision": revision, "reason": deed.reason}
    _ask(revision, deed, Kind.ACTION, title, to_user=revision.author)


def take_the_work_back(revision: Any, deed: Deed) -> None:
    """Withdrawn or discarded: nobody needs to approve or rework it any more."""
    for kind in (Kind.APPROVAL, Kind.ACTION):
        cancel_for(subject=revision, kind=kind, actor=deed.actor)


def _ask(revision: Any, deed: Deed, kind: str, title: str, **whom: Any) -> None:
    due = deed.at + dt.timedelta(days=APPROVAL_DAYS)
    assign(subject=revision, kind=kind, title=title, due_at=due, actor=deed.actor, **whom)
