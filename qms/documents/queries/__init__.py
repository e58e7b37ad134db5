"""Which documents there are, which revision counts, who wrote it, what uses it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.lifecycle.models import Transition
from core.organization.queries import scoped
from core.signing.models import Signature
from core.signing.queries import signatures_of
from qms.documents.models import Document, DocumentRevision
from qms.documents.questions import ContentPart, RevisionContent, Use, WhereUsed

IN_FLIGHT = ("draft", "in_review", "approved")
"""States of a revision that is on its way to become effective; a document has at most one such revision."""


def effective_revision(document: Document, at: dt.datetime | None = None) -> DocumentRevision | None:
    """The revision people work to now, or worked to at a moment; None when there is or was none."""
    revisions = DocumentRevision.objects.select_related("document").filter(document=document)
    if at is None:
        return revisions.filter(status="effective").first()
    ended = Q(status__in=("superseded", "obsolete"), effective_until__gt=at)
    return revisions.filter(Q(status="effective") | ended, effective_from__lte=at).order_by("-effective_from").first()


def revision_in_flight(document: Document) -> DocumentRevision | None:
    """The document's draft, revision in review or approved revision, if there is one."""
    return document.revisions.filter(status__in=IN_FLIGHT).order_by("-id").first()


def revision_to_work_by(document: str, *, trial: bool = False) -> Subquery:
    """For annotating rows with a reference to a document: the id of the revision that work begun now follows.

    That is the effective one; on trial rather the one on its way.
    """
    revisions = DocumentRevision.objects.filter(document=OuterRef(document))
    if not trial:
        return Subquery(revisions.filter(status="effective").order_by().values("pk")[:1])
    flying = Case(When(status="effective", then=1), default=0)
    return Subquery(revisions.filter(status__in=(*IN_FLIGHT, "effective")).order_by(flying, "-pk").values("pk")[:1])


def revisions_of(document: Document) -> QuerySet[DocumentRevision]:
    """All revisions of a document, newest first."""
    return document.revisions.select_related("document", "author").order_by("-id")


def revision_before(revision: DocumentRevision) -> DocumentRevision | None:
    """The last revision before this one that was effective, or else the one written before it."""
    earlier = DocumentRevision.objects.filter(document=revision.document_id, pk__lt=revision.pk).select_related(
        "document", "file"
    )
    return earlier.filter(effective_from__isnull=False).exclude(status="approved").order_by("-pk").first() or (
        earlier.order_by("-pk").first()
    )


def with_revisions(documents: QuerySet[Document]) -> QuerySet[Document]:
    """The documents, each with its effective revision and the one on its way (number, date, status), in one query."""
    revisions = DocumentRevision.objects.filter(document=OuterRef("pk")).order_by("-id")
    effective = revisions.filter(status="effective")
    flying = revisions.filter(status__in=IN_FLIGHT)
    return documents.annotate(
        effective_revision=Subquery(effective.values("revision")[:1]),
        effective_from=Subquery(effective.values("effective_from")[:1]),
        next_revision=Subquery(flying.values("revision")[:1]),
        next_status=Subquery(flying.values("status")[:1]),
    )


def documents_for(user: Any) -> QuerySet[Document]:
    """The documents a person may see: those of their sites, and those valid at all sites."""
    return scoped(Document.objects.select_related("site", "owner"), user, "qms_documents.view_document")


def due_revisions(moment: dt.datetime | None = None) -> QuerySet[DocumentRevision]:
    """Approved revisions whose planned date has come, the earliest first."""
    return (
        DocumentRevision.objects.filter(status="approved", effective_from__lte=moment or now())
        .select_related("document__site")
        .order_by("effective_from", "pk")
    )


def next_revision_code(document: Document) -> str:
    """The number after the highest numbered revision; revisions of imported documents may have other names."""
    numbers = [int(code) for code in document.revisions.values_list("revision", flat=True) if code.isdecimal()]
    return str(max(numbers, default=0) + 1)


def latest_signature(revision: DocumentRevision, meaning: str) -> Signature | None:
    """The newest signature with this meaning on a revision."""
    found = [signature for signature in signatures_of(revision) if signature.meaning == meaning]
    return found[-1] if found else None


def writer_ids(revision: DocumentRevision) -> set[int]:
    """Everybody who wrote in the draft: the changes in its history that were no moves."""
    moves = Transition.objects.filter(
        subject_type=ContentType.objects.get_for_model(DocumentRevision), subject_id=revision.pk
    ).exclude(from_status=None)
    written = revision.history.filter(status="draft").exclude(row_version__in=moves.values("record_version"))
    return set(written.values_list("history_user_id", flat=True))


def where_used(revision: DocumentRevision) -> list[Use]:
    """Everything in upper apps that relies on the document."""
    return ask(WhereUsed(revision))


def content_parts(revision: DocumentRevision) -> list[ContentPart]:
    """Content of the revision that lives in upper apps, such as its work instruction."""
    return ask(RevisionContent(revision))
