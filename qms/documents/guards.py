"""Every “may not, because” about documents."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.revisions import written_by
from core.kernel.wiring import guard
from core.signing.lifecycle import MEANINGS
from core.signing.queries import is_intact
from qms.documents.models import DocumentRevision
from qms.documents.queries import content_parts, latest_signature, where_used, writer_ids

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
    if not record.body.strip() and all(part.is_empty for part in content_parts(record)):
        yield Blocker(
            "no_content",
            _("%(revision)s is empty.") % {"revision": record},
            record=record,
            remedy=_("Write its text, or build its work instruction."),
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


@guard(REVISION, "approve", title=gettext_lazy("Another person wrote it"))
def another_person_wrote_it(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Whoever wrote in the draft does not approve it, even if somebody else submitted it."""
    yield from written_by(deed.actor, writer_ids(record), record)


@guard(REVISION, "approve", title=gettext_lazy("Signed by its author, unchanged since"))
def signed_by_its_author(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    yield from _unfit_signature(record, "authored")


@guard(REVISION, "make_effective", title=gettext_lazy("Approved by a second person, unchanged since"))
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


@guard(REVISION, "make_obsolete", title=gettext_lazy("Nothing uses it"))
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
        yield Blocker(
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
