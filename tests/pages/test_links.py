"""No page offers its visitor a link that refuses them: every link of every role in a full plant is followed."""

from __future__ import annotations

from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from core.kernel.permissions import ALL_TEMPLATES, catalogue
from core.organization.models import User
from core.web.views import ListPage
from tests.support.people import make_user
from tests.support.plant import Plant
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("ACC-03")

HOME = "/"
LEFT_OUT = frozenset({"core_web:kit_events", "account_logout"})
"""A stream without an end, and what ends the visit."""
ANSWERED = (200, 302)


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.found.append(address)


def links_of(client: Client, address: str) -> tuple[int, list[str]]:
    """The status of a page, and where its links lead within the product."""
    answer = client.get(address)
    if answer.status_code == 302:
        return 302, [urljoin(address, answer.headers["Location"])]
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return answer.status_code, []
    parser = Links()
    parser.feed(answer.content.decode())
    found = [urljoin(address, link) for link in parser.found]
    return answer.status_code, [link for link in found if not urlsplit(link).netloc and urlsplit(link).scheme == ""]


def route_of(address: str) -> str | None:
    """The name of the route of an address with the names of its parameters; None for what is no page."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None if parts.path.startswith("/static/") else f"nothing at {parts.path}"
    if issubclass(getattr(match.func, "view_class", object), ListPage):
        return match.view_name  # whatever is searched, filtered and sorted for, the door is the same
    kind = str(match.kwargs.get("move", match.kwargs.get("table", "")))
    named = ",".join(sorted(pair.partition("=")[0] for pair in parts.query.split("&")))
    return f"{match.view_name} {kind} {named}"


def walked(client: Client) -> tuple[dict[str, str], list[str]]:
    """Every route that links lead to from the first page, each followed once, and what refused."""
    followed: dict[str, str] = {}
    refused: list[str] = []
    waiting = deque([(HOME, "the start")])
    while waiting:
        address, origin = waiting.popleft()
        route = route_of(address)
        if route is None or route in followed or route.split()[0] in LEFT_OUT:
            continue
        followed[route] = address
        status, links = links_of(client, address.partition("#")[0])
        if status not in ANSWERED:
            refused.append(f"{origin} leads to {address} ({route.strip()}): {status}")
        waiting += [(link, address) for link in links]
    return followed, refused


def test_every_link_lets_the_one_in_who_sees_it(full: Plant) -> None:
    wrong, counts = [], {}
    for template in ALL_TEMPLATES:
        rights = tuple(sorted(p.code for p in catalogue().values() if template in p.templates))
        person: User = make_user(f"walks-{template}".replace("_", "-"), site=full.site, permissions=rights)
        client = visit_as(person)
        client.raise_request_exception = False
        followed, refused = walked(client)
        counts[template] = len(followed)
        wrong += [f"{template}: {line}" for line in refused]
    assert min(counts.values()) >= 3 and max(counts.values()) > 60, counts
    assert not wrong, "\n".join(wrong)
