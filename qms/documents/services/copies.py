"""Controlled copies: issued with a number, stamped, called back when their revision is replaced, accounted for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.files import blobs
from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import attempt, begin
from core.organization.services import require, system_user
from core.trail.services import note
from core.worklist.models import Kind
from core.worklist.services import assign, complete_for
from qms.documents.models import ControlledCopy, DocumentRevision
from qms.documents.services.content import make_rendition
from qms.documents.services.stamping import stamped

ISSUE = "qms_documents.issue_controlledcopy"
RECONCILE = "qms_documents.reconcile_controlledcopy"
STAMP_JOB = "qms_documents.stamp_copy"
MOST_AT_ONCE = 50


@service
def issue_copies(
    *, revision: DocumentRevision, holder: str, count: int, actor: Any, valid_until: dt.datetime | None = None,
    reason: str = "",
) -> list[ControlledCopy]:  # fmt: skip
    """Print numbered copies of an effective revision for a place or a person; a worker stamps each file.

    Without `valid_until` the type says how long they are valid. Raises `Blocked` for a revision that nobody works to.
    """
    rows = DocumentRevision.objects.select_for_update(of=("self",))
    locked = rows.select_related("document__type", "document__site").get(pk=revision.pk)
    require(actor, ISSUE, locked)
    attempt(locked, "issue_copy", actor=actor)
    moment = now()
    if not holder.strip() or not 1 <= count <= MOST_AT_ONCE or (valid_until is not None and valid_until <= moment):
        said = _("Copies need a holder, a number from 1 to %(most)d, and a time in the future.")
        remedy = _("Correct what you entered.")
        raise Blocked(Blocker("copies", said % {"most": MOST_AT_ONCE}, record=locked, remedy=remedy))
    hours = locked.document.type.copy_hours if locked.document.type is not None else None
    if valid_until is None and hours:
        valid_until = moment + dt.timedelta(hours=hours)
    last = locked.controlled_copies.order_by("-number").values_list("number", flat=True).first() or 0
    made = []
    for number in range(last + 1, last + count + 1):
        copy = ControlledCopy(
            revision=locked, number=number, holder=holder.strip(), issued_by=actor, issued_at=moment,
            valid_until=valid_until,
        )  # fmt: skip
        made.append(begin(copy, actor=actor, reason=reason))
        _enqueue(copy, actor)
    return made


def _enqueue(copy: ControlledCopy, actor: Any) -> BackgroundJob:
    return enqueue(
        STAMP_JOB,
        actor=actor,
        subject=copy,
        title=_("Stamp copy %(copy)s") % {"copy": copy},
        unique_key=f"{STAMP_JOB} {copy.pk}",
        copy_id=copy.pk,
    )


@service
def stamp_again(*, copy: ControlledCopy, actor: Any, reason: str = "") -> BackgroundJob:
    """Have the file of a copy made where that failed before. Raises `Blocked` once it is made."""
    require(actor, ISSUE, copy)
    locked = ControlledCopy.objects.select_related("revision__document").get(pk=copy.pk)
    if locked.sha256:
        said = _("%(copy)s has its file.") % {"copy": locked}
        raise Blocked(Blocker("stamped", said, record=locked, remedy=_("Download it.")))
    return _enqueue(locked, actor)


def stamp_copy(copy: ControlledCopy, actor: Any) -> ControlledCopy:
    """Make the stamped file of a copy, once."""
    if copy.sha256:
        return copy
    rendition = make_rendition(copy.revision)
    if not rendition.pdf_sha256:
        raise RuntimeError(rendition.problem or f"{copy.revision} has no PDF")
    pdf = stamped(blobs.load(rendition.pdf_sha256), copy)
    return keep_stamped(copy=copy, sha256=blobs.store([pdf]).sha256, actor=actor)


@service
def keep_stamped(*, copy: ControlledCopy, sha256: str, actor: Any) -> ControlledCopy:
    """Record which file a copy is; a second one made at the same time is not taken."""
    locked = ControlledCopy.objects.select_for_update(of=("self",)).select_related("revision__document").get(pk=copy.pk)
    if not locked.sha256:
        locked.sha256 = sha256
        locked.save()
    return locked


@service
def note_copy_download(*, copy: ControlledCopy, actor: Any) -> None:
    """Note in the copy's trail that its file was handed out."""
    note(kind="exported", actor=actor, subject=copy, text=_("Downloaded: %(copy)s") % {"copy": copy},
         data={"sha256": copy.sha256})  # fmt: skip


def call_copies_back(revision: DocumentRevision, deed: Deed) -> None:
    """The revision is replaced or obsolete: whoever accounts for copies is asked to collect those that are out."""
    out = revision.controlled_copies.filter(status__in=("issued", "missing")).count()
    if not out:
        return
    assign(
        subject=revision,
        kind=Kind.ACKNOWLEDGEMENT,
        title=_("Collect the controlled copies of %(revision)s (%(count)d)") % {"revision": revision, "count": out},
        to_permission=RECONCILE,
        due_at=deed.at + dt.timedelta(days=3),
        actor=deed.actor,
    )


@effect("qms_documents.ControlledCopy", "take_back", "destroy", "report_missing")
def _all_are_accounted_for(record: ControlledCopy, deed: Deed) -> None:
    """The last copy that was out came back: the work of collecting them is done."""
    revision = DocumentRevision.objects.get(pk=record.revision_id)
    if not revision.controlled_copies.filter(status__in=("issued", "missing")).exists():
        complete_for(subject=revision, kind=Kind.ACKNOWLEDGEMENT, actor=deed.actor or system_user("documents"))
