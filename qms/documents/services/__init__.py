"""Every write of documents. Moves themselves are made with core.lifecycle.services.perform."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, makes, publish
from core.lifecycle.services import attempt, begin, perform
from core.organization.models import Site
from core.organization.services import require
from core.worklist.models import Kind
from core.worklist.services import assign, complete_for
from core.worklist.services import revisions as work
from qms.documents.events import DocumentRevisionApproved, DocumentRevisionDrafted, DocumentRevisionEffective
from qms.documents.models import Document, DocumentRevision, DocumentType
from qms.documents.queries import effective_revision, next_revision_code, revision_in_flight
from qms.documents.services.content import refresh_rendition
from qms.documents.services.copies import call_copies_back
from qms.documents.services.periodic import overtake_reviews, plan_next_review
from qms.documents.services.reviewing import ask_reviewers, take_reviews_back
from qms.documents.services.types import checked_department, next_document_number, standard_type

REVISION = "qms_documents.DocumentRevision"
MAKE_EFFECTIVE = "qms_documents.make_effective_documentrevision"


@service
def create_document(
    *,
    title: str,
    actor: Any,
    kind: str = "",
    type: DocumentType | None = None,
    department: str = "",
    site: Site | None = None,
    owner: Any = None,
    body: str = "",
    number: str = "",
    origin: str = "",
    external_id: str = "",
    reason: str = "",
) -> Document:
    """Create a document with its first draft; the number comes from its type's scheme unless one is brought along.

    Without a type it gets the standard one of its kind. Without a site it is valid at all sites, and needs the right to
    be held somewhere. Raises `Blocked`.
    """
    require(actor, "qms_documents.add_document", site)
    title = _needed(title, "title", _("A document needs a title."))
    type = _fitting(type, kind)
    department = checked_department(department)
    document = Document(
        site=site,
        number=number.strip() or next_document_number(type, site=site, department=department),
        title=title,
        kind=type.kind,
        type=type,
        department=department,
        owner=owner or actor,
        origin=origin,
        external_id=external_id,
    )
    if number and Document.objects.filter(number=document.number).exists():
        raise Blocked(Blocker("number_taken", _("There is a document %(number)s already.") % {"number": number}))
    document.save()
    _draft(document, title=document.title, body=body, change_summary="", based_on=None, actor=actor)
    return document


def _fitting(document_type: DocumentType | None, kind: str) -> DocumentType:
    """The type that is named, or the standard one of the kind. Raises `Blocked` where they do not go together."""
    if document_type is None:
        return standard_type(kind)
    if document_type.is_active and kind in ("", document_type.kind):
        return document_type
    said = _("%(type)s is no type in use for this kind of document.") % {"type": document_type}
    raise Blocked(Blocker("type_kind", said, record=document_type, remedy=_("Choose another type.")))


@service
def revise_document(*, document: Document, actor: Any, change_summary: str = "", reason: str = "") -> DocumentRevision:
    """Begin the next revision as a copy of the effective one, or of the latest when none is effective.

    Raises `Blocked` while another revision of the document is on its way.
    """
    require(actor, "qms_documents.add_document", document)
    document = Document.objects.select_for_update(of=("self",)).select_related("site", "owner").get(pk=document.pk)
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
    if document.type_id is None:  # from before there were types
        document.type = standard_type(document.kind)
        document.save()
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
        file=based_on.file if based_on is not None else None,
        form_fields=based_on.form_fields if based_on is not None else None,
    )
    begin(revision, actor=actor)
    refresh_rendition(revision, actor)
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
    refresh_rendition(draft, actor)
    return draft


@makes(REVISION, "submit")
@service
def submit_revision(
    *,
    revision: DocumentRevision,
    actor: Any,
    reason: str = "",
    signature: Any = None,
    training_impact: str = "",
    training_rationale: str = "",
) -> DocumentRevision:
    """Freeze a draft and ask for its approval, with the training that it takes and why; what is not said stays.

    The author's signature covers both. Raises `Blocked`.
    """
    locked = DocumentRevision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
    said = {"training_impact": training_impact, "training_rationale": training_rationale.strip()}
    if locked.status == "draft" and any(text and getattr(locked, name) != text for name, text in said.items()):
        for name, text in said.items():
            setattr(locked, name, text or getattr(locked, name))
        locked.save()
        revision.row_version = locked.row_version
    return perform(revision, "submit", actor=actor, reason=reason, signature=signature)


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
def _ask_for_reviews_or_approval(record: DocumentRevision, deed: Deed) -> None:
    ask_reviewers(record, deed)
    refresh_rendition(record, deed.actor, pdf=True)


@effect(REVISION, "approve")
def _note_the_approval(record: DocumentRevision, deed: Deed) -> None:
    record.approved_at = deed.at
    record.save()
    title = _("Make %(revision)s effective, now or on a date") % {"revision": record}
    work.ask_to_make_effective(record, deed, title=title)
    publish(DocumentRevisionApproved(record.pk, record.document_id))


@effect(REVISION, "reject")
def _return_to_the_author(record: DocumentRevision, deed: Deed) -> None:
    take_reviews_back(record, deed)
    work.ask_for_rework(record, deed)


@effect(REVISION, "withdraw", "discard")
def _take_the_work_back(record: DocumentRevision, deed: Deed) -> None:
    take_reviews_back(record, deed)
    work.take_the_work_back(record, deed)


@effect(REVISION, "make_effective", before_save=True)
def _one_at_a_time(record: DocumentRevision, deed: Deed) -> None:
    """Revisions of one document become effective one after the other: nobody waits for somebody who waits for them."""
    Document.objects.select_for_update(of=("self",)).get(pk=record.document_id)


@effect(REVISION, "make_effective")
def _supersede_the_one_before(record: DocumentRevision, deed: Deed) -> None:
    """One transaction: the old revision ends in the moment in which the new one begins."""
    document = (
        Document.objects.select_for_update(of=("self",)).select_related("type", "site").get(pk=record.document_id)
    )
    for old in document.revisions.filter(status="effective").exclude(pk=record.pk):
        perform(old, "supersede", actor=deed.actor, reason=_("Replaced by %(revision)s") % {"revision": record})
    record.effective_from = deed.at
    record.save()
    record.document = document
    plan_next_review(record, deed)
    document.title = record.title
    document.save()
    complete_for(subject=record, kind=Kind.ACTION, actor=deed.actor)
    publish(DocumentRevisionEffective(record.pk, document.pk))


@effect(REVISION, "restore")
def _take_its_place_again(record: DocumentRevision, deed: Deed) -> None:
    """A temporary change has ended: the revision before it counts as if it had never ended, but for that time."""
    document = Document.objects.select_for_update().get(pk=record.document_id)
    for other in document.revisions.filter(status="effective").exclude(pk=record.pk):
        perform(other, "supersede", actor=deed.actor, reason=deed.reason)
    record.effective_until = None
    record.save()
    publish(DocumentRevisionEffective(record.pk, document.pk))


@effect(REVISION, "supersede", "make_obsolete", "retire")
def _note_the_end(record: DocumentRevision, deed: Deed) -> None:
    record.effective_until = deed.at
    record.save()
    call_copies_back(record, deed)
    if record.status == "obsolete":
        overtake_reviews(record, deed)
