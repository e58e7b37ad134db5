"""Reviews before approval: who is asked, who signed, and what became of their comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt
from core.organization.queries import may
from core.organization.services import require
from core.signing.services import Proof, sign
from core.worklist.models import Kind
from core.worklist.services import assign, cancel_for, complete_for
from core.worklist.services import revisions as work
from qms.documents.models import DocumentRevision, DocumentType, ReviewComment, RevisionReviewer
from qms.documents.queries.reviewing import reviewers_with_state

REVIEW = "qms_documents.review_documentrevision"


def _locked(revision: DocumentRevision) -> DocumentRevision:
    rows = DocumentRevision.objects.select_for_update(of=("self",))
    return rows.select_related("document__type", "document__site", "author").get(pk=revision.pk)


@service
def name_reviewers(
    *, revision: DocumentRevision, reviewers: Sequence[Any], actor: Any, reason: str = ""
) -> DocumentRevision:
    """Say who reviews a draft, in this order where one follows the other; nobody else is asked then.

    Raises `Blocked` for the author, for somebody named twice, and for whoever may not review documents there.
    """
    draft = _locked(revision)
    require(actor, "qms_documents.change_documentrevision", draft)
    attempt(draft, "edit", actor=actor)
    wrong = [blocker for person in reviewers for blocker in _unfit(draft, person)]
    if len({person.pk for person in reviewers}) != len(reviewers):
        wrong.append(Blocker("reviewer_twice", _("Somebody is named twice."), remedy=_("Name each person once.")))
    if wrong:
        raise Blocked(wrong)
    kept = {row.reviewer_id: row for row in draft.reviewers.all()}
    for known in kept.values():
        if known.reviewer_id not in {person.pk for person in reviewers}:
            known.delete()
    for position, person in enumerate(reviewers, start=1):
        row = kept.get(person.pk) or RevisionReviewer(revision=draft, reviewer=person)
        if row.position != position:
            row.position = position
            row.save()
    return draft


def _unfit(draft: DocumentRevision, person: Any) -> list[Blocker]:
    if person.pk == draft.author_id:
        said = _("%(who)s wrote this revision; its review needs another person.") % {"who": person}
        return [Blocker("author_reviews", said, record=draft, remedy=_("Name somebody else."))]
    if not may(person, REVIEW, draft):
        said = _("%(who)s may not review documents here.") % {"who": person}
        return [Blocker("reviewer_right", said, record=draft, remedy=_("Name somebody else, or have the role given."))]
    return []


def ask_reviewers(revision: DocumentRevision, deed: Deed) -> None:
    """Submitted: those whose turn it is are asked; where nobody is left to be asked, whoever may approve it."""
    waiting = [one for one in reviewers_with_state(revision) if not one.has_signed]
    if not waiting:
        work.ask_for_approval(revision, deed)
        return
    complete_for(subject=revision, kind=Kind.ACTION, actor=deed.actor)
    mode = revision.document.type.review_mode if revision.document.type else DocumentType.ReviewMode.PARALLEL
    asked = waiting[:1] if mode == DocumentType.ReviewMode.SEQUENTIAL else waiting
    for one in asked:
        assign(
            subject=one.row,
            kind=Kind.REVIEW,
            title=_("Review %(revision)s") % {"revision": revision},
            to_user=one.row.reviewer,
            due_at=deed.at + dt.timedelta(days=work.APPROVAL_DAYS),
            actor=deed.actor,
        )


def take_reviews_back(revision: DocumentRevision, deed: Deed) -> None:
    """Rejected, withdrawn or discarded: nobody has to review it any more."""
    for row in revision.reviewers.all():
        cancel_for(subject=row, kind=Kind.REVIEW, actor=deed.actor)


@service
def sign_review(
    *, revision: DocumentRevision, actor: Any, signature: Proof | None, reason: str = ""
) -> DocumentRevision:
    """Sign “Reviewed” as one of the revision's reviewers; after the last of them its approval is asked for.

    Raises `Blocked` for whoever was not asked, before their turn, twice, and while a comment of theirs is open.
    """
    locked = _locked(revision)
    require(actor, REVIEW, locked)
    attempt(locked, "review", actor=actor)
    sign(record=locked, meaning="reviewed", signature=signature, actor=actor, reason=reason)
    complete_for(subject=locked.reviewers.get(reviewer=actor), kind=Kind.REVIEW, actor=actor)
    states = reviewers_with_state(locked)
    is_sequential = locked.document.type is not None and locked.document.type.review_mode == "sequential"
    if is_sequential or all(one.has_signed for one in states):
        ask_reviewers(locked, Deed(actor=actor, reason=reason))
    return locked


@service
def comment_on_revision(
    *, revision: DocumentRevision, text: str, actor: Any, place: str = "", reason: str = ""
) -> ReviewComment:
    """Say what has to change in a draft or a revision in review; it is approved once every comment is answered."""
    locked = _locked(revision)
    require(actor, REVIEW, locked)
    attempt(locked, "comment", actor=actor)
    if not text.strip():
        raise Blocked(Blocker("comment_empty", _("The comment is empty."), record=locked, remedy=_("Write it.")))
    made = ReviewComment(revision=locked, commenter=actor, place=place.strip(), text=text.strip())
    made.save()
    assign(
        subject=made,
        kind=Kind.ACTION,
        title=_("Answer a comment on %(revision)s: %(text)s") % {"revision": locked, "text": made},
        to_user=locked.author,
        actor=actor,
    )
    return made


@service
def answer_comment(
    *, comment: ReviewComment, answer: str, explanation: str, actor: Any, reason: str = ""
) -> ReviewComment:
    """Accept or decline a comment, and say what was done or why not. Its commenter does not answer it."""
    locked = (
        ReviewComment.objects.select_for_update(of=("self",)).select_related("revision__document").get(pk=comment.pk)
    )
    require(actor, "qms_documents.change_documentrevision", locked.revision)
    if locked.answer:
        said = _("%(who)s answered this comment already.") % {"who": locked.answered_by}
        raise Blocked(Blocker("answered", said, record=locked, remedy=_("Add a further comment.")))
    if locked.commenter_id == actor.pk:
        said = _("This comment is your own.")
        raise Blocked(Blocker("own_comment", said, record=locked, remedy=_("Let the author answer it.")))
    if not explanation.strip():
        said = _("Say what was done about it, or why nothing is.")
        raise Blocked(Blocker("no_explanation", said, record=locked, remedy=_("Write it in a sentence.")))
    locked.answer, locked.explanation = answer, explanation.strip()
    locked.answered_by, locked.answered_at = actor, now()
    locked.save()
    complete_for(subject=locked, kind=Kind.ACTION, actor=actor)
    return locked
