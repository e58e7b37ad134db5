"""Which documents are reviewed when, and what else comes due around them."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.kernel.clock import now
from core.organization.queries import scoped
from qms.documents.models import Document, DocumentRevision, ExternalDocument, PeriodicReview

LEAD = dt.timedelta(days=30)
"""So long before it is due a review is asked for."""
DUE_SHOWN = 500


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _open_reviews() -> QuerySet[PeriodicReview]:
    return PeriodicReview.objects.filter(document=OuterRef("pk"), status="open")


def _is_effective() -> Exists:
    return Exists(DocumentRevision.objects.filter(document=OuterRef("pk"), status="effective"))


def documents_to_review(today: dt.date | None = None) -> QuerySet[Document]:
    """Effective documents whose review comes due within its lead and was not asked for yet, the oldest first."""
    until = (today or now().date()) + LEAD
    return (
        Document.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(_is_effective(), ~Exists(_open_reviews()), next_review_on__lte=until)
        .select_related("owner", "site", "type")
        .order_by("next_review_on", "pk")
    )


@dataclass(frozen=True)
class DueLine:
    """Something that comes due on a day: what it is, about which record, and whether the day has passed."""

    day: dt.date
    kind: str
    label: str
    url: str
    is_overdue: bool


def due_lines(user: Any, first: dt.date, last: dt.date) -> list[DueLine]:
    """Reviews, revisions that become effective, and checks of external documents, as far as the person may see them.

    What is overdue stands first, whenever it was due.
    """
    today = now().date()
    found = [
        DueLine(review.due_on, "review", str(review.document), review.get_absolute_url(), review.due_on < today)
        for review in scoped(
            PeriodicReview.objects.select_related("document", "revision").filter(status="open", due_on__lte=last),
            user,
            "qms_documents.view_periodicreview",
        ).order_by("due_on")[:DUE_SHOWN]
        if review.due_on >= first or review.due_on < today
    ]
    planned = Document.objects.filter(_is_effective(), ~Exists(_open_reviews()), next_review_on__range=(first, last))
    found += [
        DueLine(document.next_review_on, "review", str(document), document.get_absolute_url(), False)
        for document in scoped(planned, user, "qms_documents.view_document").order_by("next_review_on")[:DUE_SHOWN]
        if document.next_review_on is not None
    ]
    coming = DocumentRevision.objects.select_related("document").filter(
        status="approved", effective_from__date__range=(first, last)
    )
    found += [
        DueLine(revision.effective_from.date(), "effective", str(revision), revision.get_absolute_url(), False)
        for revision in scoped(coming, user, "qms_documents.view_documentrevision").order_by("effective_from")[
            :DUE_SHOWN
        ]
        if revision.effective_from is not None
    ]
    checks = ExternalDocument.objects.filter(is_active=True, next_check_on__lte=last)
    found += [
        DueLine(one.next_check_on, "check", str(one), one.get_absolute_url(), one.next_check_on < today)
        for one in scoped(checks, user, "qms_documents.view_externaldocument").order_by("next_check_on")[:DUE_SHOWN]
        if one.next_check_on >= first or one.next_check_on < today
    ]
    return sorted(found, key=lambda line: (not line.is_overdue, line.day, line.label))
