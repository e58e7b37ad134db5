"""What is kept and why: legal holds, retention, read lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from core.kernel.records import SubjectRefMixin
from qms.documents.models import Document, DocumentRevision, LegalHold, Reader
from qms.documents.queries.periodic import months_later

OURS = "qms_documents_"


def open_holds() -> list[LegalHold]:
    """The legal holds that are not released."""
    return list(LegalHold.objects.filter(released_at__isnull=True).select_related("document").order_by("pk"))


def holds_against(table: str, ranges: Sequence[Sequence[int]]) -> list[LegalHold]:
    """The open legal holds that stand against a disposal of these rows.

    Of the tables of documents, which name each other by their history, nothing is disposed of while any document is
    held; of tables that name records of every kind, nothing about a document that is held.
    """
    holds = open_holds()
    if not holds or table.startswith(OURS):
        return holds
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    if model is None or not issubclass(model, SubjectRefMixin) or not ranges:
        return []
    rows = Q()
    for first, last in ranges:
        rows |= Q(pk__gte=first, pk__lte=last)
    held = {hold.document_id: hold for hold in holds}
    revisions = dict(DocumentRevision.objects.filter(document__in=held).values_list("pk", "document_id"))
    about = model._base_manager.filter(rows)
    kinds = ContentType.objects.get_for_models(Document, DocumentRevision)
    named = set(about.filter(subject_type=kinds[Document], subject_id__in=held).values_list("subject_id", flat=True))
    of_revisions = about.filter(subject_type=kinds[DocumentRevision], subject_id__in=revisions)
    named |= {revisions[key] for key in of_revisions.values_list("subject_id", flat=True)}
    return [held[key] for key in sorted(named)]


def kept_until(document: Document) -> dt.date | None:
    """The day until which an obsolete document is kept by its class; None while it is effective, or for ever."""
    retention = document.type.retention_class if document.type is not None else None
    last = document.revisions.filter(effective_until__isnull=False).order_by("-effective_until").first()
    is_over = not document.revisions.exclude(status__in=("superseded", "obsolete")).exists()
    if retention is None or retention.years is None or last is None or last.effective_until is None or not is_over:
        return None
    return months_later(last.effective_until.date(), 12 * retention.years)


def readers_of(document: Document) -> list[Reader]:
    """Who has to read a document: its read list."""
    return list(document.readers.select_related("user", "role", "document__site").order_by("pk"))
