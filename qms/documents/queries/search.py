"""Full-text search over what documents say, as far as a person may read them (DOC-14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, TextField, Value
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.organization.queries import scoped
from qms.documents.models import DocumentRevision, Rendition
from qms.documents.models.renditions import TextIndex

SHOWN = 50
EXCERPTED = 60_000
"""Characters of a text in which the words are looked for to show them."""
_OPEN, _CLOSE = "\x02", "\x03"


@dataclass(frozen=True)
class Hit:
    """A revision that says the words, with the places where it does."""

    revision: DocumentRevision
    excerpt: SafeString
    rank: float


class _Asked(Func):
    """What is searched for, in the way people type it into a search box: words, "phrases", or, -not."""

    function = "websearch_to_tsquery"
    output_field = TextIndex()


class _Matches(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @@ "


def _asked(words: str) -> tuple[Func, Func]:
    return _Asked(Value("simple"), Value(words)), _Asked(Value("english"), Value(words))


def matching(words: str) -> QuerySet[Rendition]:
    """The renditions whose text has the words, as they stand or by their English stem."""
    plain, stemmed = _asked(words)
    return Rendition.objects.annotate(
        as_typed=_Matches(F("index"), plain, output_field=BooleanField()),
        by_stem=_Matches(F("index"), stemmed, output_field=BooleanField()),
    ).filter(Q(as_typed=True) | Q(by_stem=True))


def search_documents(words: str, user: Any, *, every_state: bool = False, limit: int = SHOWN) -> list[Hit]:
    """The best hits first. Only effective revisions, unless every state is asked for; one more than `limit` shows that
    there are more."""
    words = words.replace("\x00", " ").strip()
    if not words:
        return []
    revisions = scoped(DocumentRevision.objects.all(), user, "qms_documents.view_documentrevision")
    if not every_state:
        revisions = revisions.filter(status="effective")
    plain, stemmed = _asked(words)
    rank = Func(F("index"), plain, function="ts_rank", output_field=FloatField()) + Func(
        F("index"), stemmed, function="ts_rank", output_field=FloatField()
    )
    best = list(
        matching(words)
        .filter(revision__in=revisions)
        .annotate(rank=rank)
        .order_by("-rank", "-revision")
        .values_list("pk", "rank")[: limit + 1]
    )
    ranks = dict(best)
    shown = Func(
        Value("english"),
        Func(F("text"), Value(EXCERPTED), function="left"),
        stemmed,
        Value(f"StartSel={_OPEN}, StopSel={_CLOSE}, MaxFragments=2, MaxWords=18, MinWords=6"),
        function="ts_headline",
        output_field=TextField(),
    )
    rows = (
        Rendition.objects.filter(pk__in=ranks)
        .annotate(excerpt=shown)
        .select_related("revision__document__site")
        .defer("text", "index")
    )
    found = [Hit(row.revision, _marked(row.excerpt), ranks[row.pk]) for row in rows]
    return sorted(found, key=lambda hit: (-hit.rank, hit.revision.document.number, -hit.revision.pk))


def _marked(text: str) -> SafeString:
    return mark_safe(str(escape(text)).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))
