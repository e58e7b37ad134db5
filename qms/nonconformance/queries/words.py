"""Records that tell of the same in words, whatever code they were given."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import QuerySet

from qms.nonconformance.models import FULL_TEXT, NonConformance

WORDS = 6
"""So many words of a record, the longest, are looked for in others."""
SHORTEST = 4


def words_of(text: str) -> Sequence[str]:
    """The longest words of a text, without signs."""
    plain = {word.strip(".,;:!?()[]“”\"'").lower() for word in text.split()}
    return sorted((word for word in plain if len(word) >= SHORTEST), key=lambda word: (-len(word), word))[:WORDS]


def with_words(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those of the rows whose title or description has all these words, found by the index."""
    query = SearchQuery(text, config=FULL_TEXT)
    found: QuerySet[Any] = rows.alias(words=SearchVector("title", "description", config=FULL_TEXT)).filter(words=query)
    return found


def sharing_words(record: NonConformance, *, limit: int = 5) -> list[NonConformance]:
    """Other records of the site that share two words with this one, newest first: one word alone says little."""
    words = words_of(f"{record.title} {record.description}")
    query: SearchQuery | None = None
    for pair in combinations(words, 2) if len(words) > 1 else [words]:
        both: Any = None
        for word in pair:
            one = SearchQuery(word, config=FULL_TEXT)
            both = one if both is None else both & one
        if both is not None:
            query = both if query is None else query | both
    if query is None:
        return []
    rows = NonConformance.objects.filter(site=record.site_id).exclude(pk=record.pk)
    rows = rows.alias(words=SearchVector("title", "description", config=FULL_TEXT)).filter(words=query)
    return list(rows.order_by("-pk")[:limit])
