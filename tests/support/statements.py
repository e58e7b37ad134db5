"""What a page costs in SQL statements, and which parts it asks for once it is shown."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urljoin

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

STATEMENTS = 15
"""For every page, and for each part that it asks for afterwards; the session and the visitor's rights included."""
TAG, ASKED = re.compile(r"<[^>]*hx-get=[^>]*>"), re.compile(r'hx-get="([^"]*)"')
AT_ONCE = re.compile(r'hx-trigger="[^"]*\b(?:load|revealed|intersect|every)\b')
"""What asks without anybody pressing anything: such a request is a part of the page."""
NOTED = 'UPDATE "core_organization_browsersession" SET "last_used_at"'
"""That the session is used, at most once in five minutes whatever the page: it is no page's own."""
FRAGMENT = {"HX-Request": "true"}


def spent_on(client: Client, url: str, **given: Any) -> tuple[int, str, list[str]]:
    """The status of a page, its text and its statements, once everything that a process reads once is read."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url, **given)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    made = [query["sql"] for query in queries if not query["sql"].startswith(NOTED)]
    return response.status_code, response.content.decode() if is_page else "", made


def parts_of(page: str, text: str) -> list[str]:
    """The addresses that the browser asks for by itself once it shows this page."""
    tags = [tag for tag in TAG.findall(text) if AT_ONCE.search(tag)]
    return [urljoin(page, html.unescape(found)) for tag in tags for found in ASKED.findall(tag)]
