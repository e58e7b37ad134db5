"""Every “may not, because” about documents."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.revisions import written_by
from core.kernel.wiring import guard
from core.retention.models import Disposal
from core.signing.lifecycle import MEANINGS
from core.signing.models import Signature
from core.signing.queries import is_intact
from qms.documents.models import DocumentRevision, FilledForm, PeriodicReview
from qms.documents.queries import content_parts, latest_signature, where_used, writer_ids
from qms.documents.queries.keeping import holds_against
from qms.documents.queries.reviewing import comments_on, reviewers_with_state

REVISION = "qms_documents.DocumentRevision"


@guard(REVISION, "edit", title=gettext_lazy("Still a draft"))
def still_a_draft(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Content is frozen once its author has signed it (ISO 13485 4.2.4)."""
    if record.status != "draft":
        yield Blocker(
            "not_a_draft",
            _("%(revision)s is no draft any more; what was signed is not changed.") % {"revision": record},
            record=record,
            remedy=_("Begin a new revision, or have this one rejected or withdrawn with a reason."),
            remedy_url=record.document.get_absolute_url(),
        )


@guard(REVISION, "submit", title=gettext_lazy("There is content"))
def there_is_content(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    is_bare = not record.body.strip() and record.file_id is None and not record.form_fields
    if is_bare and all(part.is_empty for part in content_parts(record)):
        yield Blocker(
            "no_content",
            _("%(revision)s is empty.") % {"revision": record},
            record=record,
            remedy=_("Write its text, choose a file, or build its work instruction."),
        )


@guard(REVISION, "submit", title=gettext_lazy("Enough reviewers are named"))
def enough_reviewers_are_named(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    needed = record.document.type.reviewers_needed if record.document.type is not None else 0
    named = record.reviewers.count() if needed else 0
    if named < needed:
        yield Blocker(
            "reviewers_missing",
            _("%(type)s needs %(needed)d reviewers; %(named)d are named.")
            % {"type": record.document.type, "needed": needed, "named": named},
            record=record,
            remedy=_("Name who reviews it."),
        )


@guard(REVISION, "submit", title=gettext_lazy("The change is explained"))
def the_change_is_explained(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Readers of a later revision need to know what is new (ISO 9001 7.5.3.2 c, 21 CFR 820.40(b))."""
    is_first = not DocumentRevision.objects.filter(document=record.document_id, pk__lt=record.pk).exists()
    if not is_first and not record.change_summary.strip():
        yield Blocker(
            "no_change_summary",
            _("%(revision)s does not say what changed and why.") % {"revision": record},
            record=record,
            remedy=_("Write what changed against the revision before."),
        )


@guard(REVISION, "submit", title=gettext_lazy("The training it takes is decided"))
def the_training_is_decided(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Whether people need training on it is decided with each revision, and why (ISO 13485 6.2; 21 CFR 820.25(b))."""
    if not record.training_impact or not record.training_rationale.strip():
        yield Blocker(
            "training_undecided",
            _("It is not decided what training %(revision)s takes, and why.") % {"revision": record},
            record=record,
            remedy=_("Choose none, reading, a quiz or training on the job, and write why."),
        )


@guard(REVISION, "approve", title=gettext_lazy("Another person wrote it"))
def another_person_wrote_it(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Whoever wrote in the draft does not approve it, even if somebody else submitted it."""
    yield from written_by(deed.actor, writer_ids(record), record)


@guard(REVISION, "approve", title=gettext_lazy("Signed by its author, unchanged since"))
def signed_by_its_author(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    yield from _unfit_signature(record, "authored")


@guard(REVISION, "approve", title=gettext_lazy("Every reviewer signed"))
def every_reviewer_signed(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    for state in reviewers_with_state(record):
        if state.signature is None:
            yield Blocker(
                "review_missing",
                _("%(who)s has not signed the review yet.") % {"who": state.row.reviewer},
                record=record,
                remedy=_("Wait for the review, or reject the revision and name other reviewers."),
            )
        elif not is_intact(state.signature):
            yield _broken(record, state.signature)


@guard(REVISION, "approve", title=gettext_lazy("Every comment is answered"))
def every_comment_is_answered(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    for comment in comments_on(record):
        if not comment.answer:
            yield Blocker(
                "comment_open",
                _("A comment of %(who)s is not answered: %(text)s") % {"who": comment.commenter, "text": comment},
                record=record,
                remedy=_("Have its author accept or decline it."),
                remedy_url=comment.get_absolute_url(),
            )


@guard(REVISION, "review", title=gettext_lazy("Their review, and their turn"))
def their_review_and_their_turn(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    states = reviewers_with_state(record)
    own = next((state for state in states if state.row.reviewer_id == deed.actor.pk), None)
    if record.status != "in_review" or own is None:
        yield Blocker(
            "no_reviewer",
            _("%(who)s is not asked to review %(revision)s.") % {"who": deed.actor, "revision": record},
            record=record,
            remedy=_("Comment on it, or let its author name you before the next submission."),
        )
        return
    if own.has_signed:
        yield Blocker(
            "reviewed",
            _("%(who)s has signed this review.") % {"who": deed.actor},
            record=record,
            remedy=_("Nothing is to be done."),
        )
    is_sequential = record.document.type is not None and record.document.type.review_mode == "sequential"
    before = next((one for one in states if one.row.position < own.row.position and not one.has_signed), None)
    if is_sequential and before is not None:
        yield Blocker(
            "not_their_turn",
            _("%(who)s reviews it first.") % {"who": before.row.reviewer},
            record=record,
            remedy=_("You are asked when it is your turn."),
        )
    if any(one.commenter_id == deed.actor.pk and not one.answer for one in comments_on(record)):
        yield Blocker(
            "comment_open",
            _("A comment of yours is not answered yet."),
            record=record,
            remedy=_("Wait for the author's answer, then sign."),
        )


@guard(REVISION, "comment", title=gettext_lazy("Not approved yet"))
def not_approved_yet(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    if record.status not in ("draft", "in_review"):
        yield Blocker(
            "not_in_review",
            _("%(revision)s is “%(status)s”; its review is over.")
            % {"revision": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Ask for a new revision."),
        )


@guard(REVISION, "issue_copy", "fill_in", title=gettext_lazy("People work to it"))
def people_work_to_it(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """No copy and no record of a revision that is not in force (21 CFR 820.40)."""
    if record.status != "effective":
        yield Blocker(
            "not_effective",
            _("%(revision)s is “%(status)s”, not effective.")
            % {"revision": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Take the effective revision of the document."),
            remedy_url=record.document.get_absolute_url(),
        )


@guard(REVISION, "fill_in", title=gettext_lazy("It has fields"))
def it_has_fields(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    if not record.form_fields:
        yield Blocker(
            "no_form_fields",
            _("%(revision)s has no fields to fill in.") % {"revision": record},
            record=record,
            remedy=_("Give a new revision of the form its fields."),
        )


@guard("qms_documents.FilledForm", "edit", title=gettext_lazy("Still being filled in"))
def still_being_filled_in(record: FilledForm, deed: Deed) -> Iterator[Blocker]:
    if record.status != "draft":
        yield Blocker(
            "not_a_draft",
            _("%(form)s is completed; what was signed is not changed.") % {"form": record},
            record=record,
            remedy=_("Fill in a new form, and void this one with a reason."),
        )


@guard("qms_documents.FilledForm", "complete", title=gettext_lazy("Every needed field is filled in"))
def every_needed_field_is_filled_in(record: FilledForm, deed: Deed) -> Iterator[Blocker]:
    for field in record.revision.form_fields or ():
        if field["required"] and record.values.get(field["code"]) in (None, "", False):
            yield Blocker(
                "field_empty",
                _("“%(field)s” is not filled in.") % {"field": field["label"]},
                record=record,
                remedy=_("Fill it in."),
            )


@guard("qms_documents.PeriodicReview", "reaffirm", "ask_revision", "ask_obsolescence", title=gettext_lazy("Concluded"))
def it_is_concluded(record: PeriodicReview, deed: Deed) -> Iterator[Blocker]:
    if not record.conclusion.strip():
        yield Blocker(
            "no_conclusion",
            _("The review has no conclusion."),
            record=record,
            remedy=_("Say what was looked at and what was found."),
        )


@guard(Disposal, "approve", "carry_out", title=gettext_lazy("No legal hold"))
def no_legal_hold(record: Disposal, deed: Deed) -> Iterator[Blocker]:
    """While a document is under legal hold, nothing that tells of documents is disposed of."""
    for hold in holds_against(record.table, record.ranges):
        yield Blocker(
            "legal_hold",
            _("%(document)s is under legal hold: %(reason)s") % {"document": hold.document, "reason": hold.reason},
            record=hold,
            remedy=_("Wait until the hold is released."),
            remedy_url=hold.get_absolute_url(),
        )


@guard(REVISION, "make_effective", "restore", title=gettext_lazy("Approved by a second person, unchanged since"))
def approved_by_a_second_person(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """What becomes effective is what was signed, by two people (21 CFR 820.40(a), 11.70)."""
    yield from _unfit_signature(record, "approved")
    authored, approved = latest_signature(record, "authored"), latest_signature(record, "approved")
    if authored is not None and approved is not None and authored.signer_id == approved.signer_id:
        yield Blocker(
            "second_person",
            _("%(who)s signed both as author and as approver.") % {"who": approved.printed_name},
            record=record,
            remedy=_("Discard this revision and begin a new one."),
        )


@guard(REVISION, "supersede", title=gettext_lazy("Another revision took its place"))
def another_revision_took_its_place(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Superseding is what becoming effective does to the revision before; alone it would leave people without one."""
    others = DocumentRevision.objects.filter(document=record.document_id, status="effective").exclude(pk=record.pk)
    if not others.exists():
        yield Blocker(
            "no_successor",
            _("No other revision of %(document)s is effective.") % {"document": record.document},
            record=record,
            remedy=_("Make a newer revision effective, or make this one obsolete."),
        )


@guard(REVISION, "make_obsolete", "retire", title=gettext_lazy("Nothing uses it"))
def nothing_uses_it(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    for use in where_used(record):
        yield Blocker(
            "in_use",
            _("%(use)s relies on %(document)s.") % {"use": use.label, "document": record.document},
            record=record,
            remedy=_("Change it first, so that it names another document or none."),
            remedy_url=use.url,
        )


def _unfit_signature(record: DocumentRevision, meaning: str) -> Iterator[Blocker]:
    signature = latest_signature(record, meaning)
    if signature is None:
        yield Blocker(
            "signature_missing",
            _("%(revision)s lacks the signature “%(meaning)s”.") % {"revision": record, "meaning": MEANINGS[meaning]},
            record=record,
        )
    elif not is_intact(signature):
        yield _broken(record, signature)


def _broken(record: DocumentRevision, signature: Signature) -> Blocker:
    return Blocker(
        "signature_broken",
        _("The content of %(revision)s is not what %(who)s signed on %(when)s.")
        % {
            "revision": record,
            "who": signature.printed_name,
            "when": signature.signed_at.isoformat(" ", "minutes"),
        },
        record=record,
        remedy=_("Discard this revision and find out from its timeline who changed what."),
    )
