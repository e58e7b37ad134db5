"""What documents tell the web kit."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from core.kernel.wiring import answers
from core.web.questions import FindRecords, Found
from qms.documents.queries import documents_for


@answers(FindRecords)
def documents_found(question: FindRecords) -> Iterator[Found]:
    """Documents by number or words of the title, as far as the visitor may see them."""
    match = Q(number__icontains=question.words) | Q(title__icontains=question.words)
    for document in documents_for(question.user).filter(match).order_by("number")[: question.limit]:
        rank = 0 if document.number.lower() == question.words.lower() else 1
        yield Found(_("Document"), document.number, document.get_absolute_url(), document.title, rank)
