"""Periodic reviews: asked for in time, decided by a signature, never forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, makes
from core.lifecycle.services import begin, perform
from core.organization.services import require
from core.signing.services import Proof
from core.worklist.models import Kind
from core.worklist.services import assign, cancel_for, complete_for
from qms.documents.models import Document, DocumentRevision, PeriodicReview
from qms.documents.queries.periodic import documents_to_review, months_later

REVIEW = "qms_documents.PeriodicReview"
DECIDE = "qms_documents.decide_periodicreview"
OPENED_PER_RUN = 500


@service
def open_due_reviews(*, actor: Any) -> int:
    """Open a review for every effective document whose next one is due within its lead, and ask the owner.

    Returns how many. What another run holds is skipped and found by the next one.
    """
    opened = 0
    for document in documents_to_review()[:OPENED_PER_RUN]:
        if _opened(document, actor):
            opened += 1
    return opened


@service
def open_review(*, document: Document, actor: Any, reason: str = "") -> PeriodicReview:
    """Review an effective document now, before its interval is over. Raises `Blocked` while a review is open."""
    require(actor, DECIDE, document)
    locked = Document.objects.select_for_update(of=("self",)).select_related("owner").get(pk=document.pk)
    found = locked.periodic_reviews.filter(status="open").first()
    if found is not None:
        said = _("A review of %(document)s is open.") % {"document": locked}
        raise Blocked(
            Blocker("review_open", said, record=found, remedy=_("Decide it."), remedy_url=found.get_absolute_url())
        )
    made = _opened(locked, actor, due_on=now().date())
    if made is None:
        said = _("No revision of %(document)s is effective.") % {"document": locked}
        raise Blocked(Blocker("not_effective", said, record=locked, remedy=_("Make one effective first.")))
    return made


def _opened(document: Document, actor: Any, due_on: dt.date | None = None) -> PeriodicReview | None:
    revision = document.revisions.filter(status="effective").first()
    due = due_on or document.next_review_on
    if revision is None or due is None:
        return None
    review = begin(PeriodicReview(document=document, revision=revision, due_on=due), actor=actor)
    assign(
        subject=review,
        kind=Kind.REVIEW,
        title=_("Review whether %(document)s still fits") % {"document": document},
        to_user=document.owner,
        to_permission=DECIDE,
        due_at=dt.datetime.combine(due, dt.time(12), tzinfo=dt.UTC),
        actor=actor,
    )
    return review


def _concluded(
    review: PeriodicReview, move: str, conclusion: str, actor: Any, signature: Proof | None, reason: str,
    next_due_on: dt.date | None = None,
) -> PeriodicReview:  # fmt: skip
    require(actor, DECIDE, review)
    rows = PeriodicReview.objects.select_for_update(of=("self",)).select_related("document__type", "revision")
    locked = rows.get(pk=review.pk)
    if locked.status == "open":
        locked.conclusion, locked.next_due_on = conclusion.strip(), next_due_on
        locked.save()
    return perform(locked, move, actor=actor, reason=reason, signature=signature)


@makes(REVIEW, "reaffirm")
@service
def reaffirm_document(
    *, review: PeriodicReview, conclusion: str, next_due_on: dt.date, actor: Any, signature: Proof | None,
    reason: str = "",
) -> PeriodicReview:  # fmt: skip
    """Sign that the document still fits, and say when it is reviewed next."""
    if next_due_on <= now().date():
        said = _("%(day)s has passed.") % {"day": next_due_on.isoformat()}
        raise Blocked(Blocker("date_in_the_past", said, record=review, remedy=_("Choose a day in the future.")))
    return _concluded(review, "reaffirm", conclusion, actor, signature, reason, next_due_on)


@makes(REVIEW, "ask_revision")
@service
def ask_for_revision(
    *, review: PeriodicReview, conclusion: str, actor: Any, signature: Proof | None, reason: str
) -> PeriodicReview:
    """Sign that the document no longer fits; its owner is asked for a new revision."""
    return _concluded(review, "ask_revision", conclusion, actor, signature, reason)


@makes(REVIEW, "ask_obsolescence")
@service
def ask_for_obsolescence(
    *, review: PeriodicReview, conclusion: str, actor: Any, signature: Proof | None, reason: str
) -> PeriodicReview:
    """Sign that nobody needs the document; whoever may make it obsolete is asked to."""
    return _concluded(review, "ask_obsolescence", conclusion, actor, signature, reason)


@effect(REVIEW, "reaffirm", "ask_revision", "ask_obsolescence", "overtake")
def _review_is_done(record: PeriodicReview, deed: Deed) -> None:
    """What follows from the outcome, and when the document is asked about next."""
    closing = cancel_for if record.status == "overtaken" else complete_for
    closing(subject=record, kind=Kind.REVIEW, actor=deed.actor)
    if record.status == "overtaken":
        return
    document = (
        Document.objects.select_for_update(of=("self",)).select_related("owner", "site").get(pk=record.document_id)
    )
    document.next_review_on = record.next_due_on
    document.save()
    words = {"document": document, "reason": deed.reason}
    if record.status == "revise":
        title = _("Revise %(document)s: %(reason)s") % words
        assign(subject=document, kind=Kind.ACTION, title=title, to_user=document.owner, actor=deed.actor)
    elif record.status == "retire":
        title = _("Make %(document)s obsolete: %(reason)s") % words
        right = "qms_documents.make_obsolete_documentrevision"
        assign(subject=record.revision, kind=Kind.ACTION, title=title, to_permission=right, actor=deed.actor)


def overtake_reviews(revision: DocumentRevision, deed: Deed) -> None:
    """The revision was replaced or became obsolete: an open review of the document is overtaken."""
    for review in PeriodicReview.objects.filter(document=revision.document_id, status="open"):
        perform(review, "overtake", actor=deed.actor, reason=deed.reason or str(revision))


def plan_next_review(revision: DocumentRevision, deed: Deed) -> None:
    """A revision became effective: say when its document, which the caller saves, is reviewed next."""
    overtake_reviews(revision, deed)
    document = revision.document
    months = document.type.review_months if document.type is not None else None
    document.next_review_on = months_later(deed.at.date(), months) if months else None
