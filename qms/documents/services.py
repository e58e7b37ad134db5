"""Every write of documents. Moves themselves are made with core.lifecycle.services.perform."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, publish
from core.lifecycle.services import attempt, begin, perform
from core.organization.models import Site
from core.organization.services import next_number, require
from core.worklist.models import Kind
from core.worklist.services import assign, complete_for
from core.worklist.services import revisions as work
from qms.documents.events import DocumentRevisionDrafted, DocumentRevisionEffective
from qms.documents.models import Document, DocumentRevision
from qms.documents.queries import effective_revision, next_revision_code, revision_in_flight

REVISION = "qms_documents.DocumentRevision"
SERIES = {
    Document.Kind.WORK_INSTRUCTION: "WI",
    Document.Kind.PROCEDURE: "PRO",
    Document.Kind.FORM: "FRM",
    Document.Kind.SPECIFICATION: "SPC",
}
MAKE_EFFECTIVE = "qms_documents.make_effective_documentrevision"


@service
def create_document(
    *,
    kind: str,
    title: str,
    actor: Any,
    site: Site | None = None,
    owner: Any = None,
    body: str = "",
    number: str = "",
    origin: str = "",
    external_id: str = "",
    reason: str = "",
) -> Document:
    """Create a document with its first draft; the number comes from the kind's series unless one is brought along.

    Without a site it is valid at all sites, and needs the right to be held somewhere. Raises `Blocked`.
    """
    require(actor, "qms_documents.add_document", site)
    document = Document(
        site=site,
        number=number.strip() or next_number(None, SERIES[Document.Kind(kind)]),
        title=_needed(title, "title", _("A document needs a title.")),
        kind=kind,
        owner=owner or actor,
        origin=origin,
        external_id=external_id,
    )
    if number and Document.objects.filter(number=document.number).exists():
        raise Blocked(Blocker("number_taken", _("There is a document %(number)s already.") % {"number": number}))
    document.save()
    _draft(document, title=document.title, body=body, change_summary="", based_on=None, actor=actor)
    return document


@service
def revise_document(*, document: Document, actor: Any, change_summary: str = "", reason: str = "") -> DocumentRevision:
    """Begin the next revision as a copy of the effective one, or of the latest when none is effective.

    Raises `Blocked` while another revision of the document is on its way.
    """
    require(actor, "qms_documents.add_document", document)
    Document.objects.select_for_update().get(pk=document.pk)
    flying = revision_in_flight(document)
    if flying is not None:
        raise Blocked(
            Blocker(
                "revision_in_flight",
                _("%(revision)s is on its way already: it is “%(status)s”.")
                % {"revision": flying, "status": flying.get_status_display()},
                record=flying,
                remedy=_("Continue with it, or discard it first."),
                remedy_url=flying.get_absolute_url(),
            )
        )
    base = effective_revision(document) or document.revisions.order_by("-id")[0]
    return _draft(document, title=base.title, body=base.body, change_summary=change_summary, based_on=base, actor=actor)


def _draft(
    document: Document, *, title: str, body: str, change_summary: str, based_on: DocumentRevision | None, actor: Any
) -> DocumentRevision:
    revision = DocumentRevision(
        document=document,
        revision=next_revision_code(document),
        title=title,
        author=actor,
        body=body,
        change_summary=change_summary,
    )
    begin(revision, actor=actor)
    publish(DocumentRevisionDrafted(revision.pk, based_on.pk if based_on is not None else None))
    return revision


@service
def edit_revision(
    *,
    revision: DocumentRevision,
    actor: Any,
    title: str | None = None,
    body: str | None = None,
    change_summary: str | None = None,
    version: int | None = None,
    reason: str = "",
) -> DocumentRevision:
    """Change the text of a draft; what is None stays.

    `version` is the row version the writer read; when somebody else wrote meanwhile, `Blocked` instead of overwriting.
    """
    draft = open_draft(revision, permission="qms_documents.change_documentrevision", actor=actor)
    if version is not None and version != draft.row_version:
        raise Blocked(
            Blocker(
                "changed_meanwhile",
                _("Somebody else changed %(revision)s while you were writing.") % {"revision": draft},
                record=draft,
                remedy=_("Copy your text, reload the page and write it again."),
            )
        )
    if title is not None:
        draft.title = _needed(title, "title", _("A document needs a title."))
    draft.body = draft.body if body is None else body
    draft.change_summary = draft.change_summary if change_summary is None else change_summary
    draft.save()
    return draft


def open_draft(revision: DocumentRevision, *, permission: str, actor: Any) -> DocumentRevision:
    """Lock a revision for a change of its content, here or in an upper app; `Blocked` unless it is a draft."""
    locked = DocumentRevision.objects.select_for_update(of=("self",)).select_related("document").get(pk=revision.pk)
    require(actor, permission, locked)
    attempt(locked, "edit", actor=actor)
    return locked


@service
def schedule_revision(
    *, revision: DocumentRevision, effective_from: dt.datetime, actor: Any, reason: str = ""
) -> DocumentRevision:
    """Set the moment from which an approved revision will be effective; beat then makes it so."""
    locked = DocumentRevision.objects.select_for_update(of=("self",)).select_related("document").get(pk=revision.pk)
    require(actor, MAKE_EFFECTIVE, locked)
    if locked.status != "approved":
        raise Blocked(
            Blocker(
                "state",
                _("%(revision)s is “%(status)s”; only an approved revision gets a date.")
                % {"revision": locked, "status": locked.get_status_display()},
                record=locked,
            )
        )
    if effective_from <= now():
        raise Blocked(
            Blocker(
                "date_in_the_past",
                _("That moment has passed."),
                record=locked,
                remedy=_("Choose a later one, or make the revision effective now."),
            )
        )
    locked.effective_from = effective_from
    locked.save()
    complete_for(subject=locked, kind=Kind.ACTION, actor=actor)
    return locked


@service
def withdraw_failed_date(*, revision: DocumentRevision, why: str, actor: Any, reason: str = "") -> None:
    """Take back the date on which a revision could not become effective, and ask for another one."""
    locked = DocumentRevision.objects.select_for_update(of=("self",)).select_related("document").get(pk=revision.pk)
    locked.effective_from = None
    locked.save()
    complete_for(subject=locked, kind=Kind.ACTION, actor=actor)
    assign(
        subject=locked,
        kind=Kind.ACTION,
        title=_("%(revision)s could not become effective on its date: %(why)s") % {"revision": locked, "why": why},
        to_permission=MAKE_EFFECTIVE,
        due_at=now(),
        actor=actor,
    )


def _needed(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise Blocked(Blocker(f"no_{field}", message))
    return text.strip()


@effect(REVISION, "submit")
def _ask_for_approval(record: DocumentRevision, deed: Deed) -> None:
    work.ask_for_approval(record, deed)


@effect(REVISION, "approve")
def _note_the_approval(record: DocumentRevision, deed: Deed) -> None:
    record.approved_at = deed.at
    record.save()
    title = _("Make %(revision)s effective, now or on a date") % {"revision": record}
    work.ask_to_make_effective(record, deed, title=title)


@effect(REVISION, "reject")
def _return_to_the_author(record: DocumentRevision, deed: Deed) -> None:
    work.ask_for_rework(record, deed)


@effect(REVISION, "withdraw", "discard")
def _take_the_work_back(record: DocumentRevision, deed: Deed) -> None:
    work.take_the_work_back(record, deed)


@effect(REVISION, "make_effective")
def _supersede_the_one_before(record: DocumentRevision, deed: Deed) -> None:
    """One transaction: the old revision ends in the moment in which the new one begins."""
    document = Document.objects.select_for_update().get(pk=record.document_id)
    for old in document.revisions.filter(status="effective").exclude(pk=record.pk):
        perform(old, "supersede", actor=deed.actor, reason=_("Replaced by %(revision)s") % {"revision": record})
    record.effective_from = deed.at
    record.save()
    if document.title != record.title:
        document.title = record.title
        document.save()
    complete_for(subject=record, kind=Kind.ACTION, actor=deed.actor)
    publish(DocumentRevisionEffective(record.pk, document.pk))


@effect(REVISION, "supersede", "make_obsolete")
def _note_the_end(record: DocumentRevision, deed: Deed) -> None:
    record.effective_until = deed.at
    record.save()
