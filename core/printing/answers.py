"""What sealed records tell search and scanners: the QR code on paper opens the record."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from core.kernel.wiring import answers
from core.printing.models import PrintedRecord
from core.printing.queries import is_page_of_ours, may_see, printed_for
from core.web.questions import FindRecords, Found, ResolveScan

_ADDRESS = re.compile(r"https?://[^/]+/v/([0-9a-z]{20})/?")


@answers(ResolveScan)
def scanned(question: ResolveScan) -> Iterable[Found]:
    """The record behind the QR code of a printed page."""
    match = _ADDRESS.fullmatch(question.scan.text.strip())
    found = PrintedRecord.objects.filter(token=match[1]).first() if match else None
    if found is not None and may_see(question.user, found):
        yield Found(found.kind_label, found.number, found.get_absolute_url(), found.title, rank=0)


@answers(ResolveScan)
def page_scanned(question: ResolveScan) -> Iterable[Found]:
    """The page behind the QR code that its own menu shows; it judges by itself who may see it."""
    home, text = settings.TRUELINE_PUBLIC_URL.rstrip("/"), question.scan.text.strip()
    path = text.removeprefix(home)
    if path != text and not _ADDRESS.fullmatch(text) and is_page_of_ours(path):
        yield Found(_("Page"), path, path, rank=0)


@answers(FindRecords)
def numbered(question: FindRecords) -> Iterable[Found]:
    """Sealed records by number, by a word of the title (the lot of a production record) or by the hash of the file."""
    words = question.words.strip()
    rows = printed_for(question.user)
    hits = rows.filter(Q(number__icontains=words) | Q(title__icontains=words) | Q(sha256=words.lower()))
    for printed in hits[: question.limit]:
        yield Found(
            printed.kind_label,
            str(printed),
            printed.get_absolute_url(),
            printed.title,
            rank=1 if words in (printed.number, printed.sha256) else 2,
        )
