"""Words that somebody searches for, taken from an address."""

from __future__ import annotations

from django.http import HttpRequest

LONGEST = 200


def clean(text: str) -> str:
    """Words that can be searched for: without control characters, which no database text has, and not endless."""
    return "".join(c if c.isprintable() else " " for c in text[: 10 * LONGEST]).strip()[:LONGEST]


def words_of(request: HttpRequest, name: str = "q") -> str:
    """The words of a request's address."""
    return clean(request.GET.get(name, ""))
