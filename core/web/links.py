"""Whether a link lets its visitor in: what leads to a refusal is shown as plain text, or not at all.

The page behind the address says it by what it declares (`PageMixin.is_open_to`); no query is made for that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from core.web.access import PageMixin

TERMINAL, FILES = "/t/", "/core/files/"
"""Pages of a station, and the pictures that they show."""
NUMBER = re.compile(r"\d+")


@lru_cache(maxsize=2048)
def _page_at(path: str) -> type[PageMixin] | None:
    """The page of ours that serves the path, or None."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    view = getattr(match.func, "view_class", None)
    return view if isinstance(view, type) and issubclass(view, PageMixin) else None


def is_open(request: HttpRequest | None, url: Any) -> bool:
    """Whether the visitor is let in where the address leads; what is no page of ours is open to everybody."""
    path = urlsplit(str(url)).path
    if request is None or not path.startswith("/"):
        return True
    if request.path.startswith(TERMINAL) and not path.startswith((TERMINAL, FILES)):
        return False  # Nobody is signed in at the desk of a station: it would end at the sign-in page.
    page = _page_at(NUMBER.sub("1", path))  # every record of a kind is served by the same page
    if page is None:
        return True
    numbers = NUMBER.findall(path)
    return page.is_open_to(request, int(numbers[-1]) if numbers else None)


def reachable(request: HttpRequest | None, url: Any) -> str:
    """The address, or empty where it would refuse the visitor."""
    return str(url) if url and is_open(request, url) else ""
