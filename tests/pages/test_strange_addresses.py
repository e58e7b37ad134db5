"""Whatever somebody writes into an address of the desk is answered with a page, a refusal or nothing found."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.web.views import FormPage, ListPage
from tests.support.pages import addresses, desk_pages, spoken
from tests.support.plant import Plant
from tests.support.whole import in_turn, is_whole

pytestmark = pytest.mark.requirement("REC-18")

HUGE = 10**20
NUL_AND_HUGE = ("%00", str(HUGE))
STRANGE = ("%00", "a%00b", str(HUGE), f"-{HUGE}", "%ED%A0%80", "%F0%9F", quote("\u0663"), "x" * 100_000)
"""What no text column keeps, what no number column keeps, half a character, another alphabet's digits, endless text."""
FRAGMENT = {"HX-Request": "true"}
"""Without the shell around it a page costs less."""
BYTES = (
    "core_files:attachment_download", "core_jobs:backgroundjob_result", "core_printing:printedrecord_download",
    "core_printing:printjob_document",
)  # fmt: skip
"""The bytes of this plant lie elsewhere."""
PASSING = ("sort", "after", "before", "columns", "view", "tab", "page", "from", "row")


@pytest.fixture
def client(full: Plant) -> Client:
    found = Client(raise_request_exception=False)
    found.cookies["sessionid"] = full.session
    return found


def failing(client: Client, asked: list[str]) -> list[str]:
    """The addresses that are answered with a failure of the server."""
    failed = []
    for address in asked:
        with transaction.atomic():
            response: Any = client.get(address, headers=FRAGMENT)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        if response.status_code >= 500:
            failed.append(address[:160])
    return failed


def tried(what: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """The values that are tried here: one in turn, all of them with `make matrix`."""
    return values if is_whole() else (in_turn(what, values),)


LISTS = [route for route in desk_pages() if issubclass(route.view, ListPage)]


@pytest.mark.parametrize("route", LISTS, ids=lambda route: str(route.name))
def test_a_list_takes_any_search_and_any_filter(route: object, client: Client) -> None:
    (address,) = addresses(route)[:1]  # type: ignore[arg-type]
    kind = route.view.filterset_class  # type: ignore[attr-defined]
    names = [*PASSING]
    for name in kind.base_filters if kind is not None else ():
        names += [name, f"{name}_after"]
    asked = [f"{address}?{name}={value}" for name in names for value in tried(f"{address}{name}", NUL_AND_HUGE)]
    asked += [f"{address}?q={value}" for value in tried(address, STRANGE)]
    asked += [f"{address}?q=%00&export=csv"]
    assert failing(client, asked) == []


def test_every_other_page_takes_any_word_in_its_address(client: Client) -> None:
    asked = []
    for route in desk_pages():
        if issubclass(route.view, ListPage) or route.name in BYTES:
            continue
        names = ["q", "code", "tab", "with", "step", "edit", "on", "page", "query", "to", "whose", "kind", "next"]
        if issubclass(route.view, FormPage) and getattr(route.view, "form_class", None):
            names += list(getattr(route.view.form_class, "base_fields", {}))
        bare = addresses(route)[0].partition("?")[0]
        for value in tried(bare, NUL_AND_HUGE):
            asked.append(f"{bare}?" + "&".join(f"{name}={value}" for name in dict.fromkeys(names)))
    assert len(asked) > 100
    assert failing(client, asked) == []


def test_a_number_beyond_every_key_names_nothing(client: Client) -> None:
    asked = []
    for route in desk_pages():
        if "pk" not in route.arguments or spoken(route):
            continue
        move = {"move": "release"} if "move" in route.arguments else {}
        part = {"part": HUGE} if "part" in route.arguments else {}
        asked.append(reverse(route.name, kwargs={"pk": HUGE, **move, **part}))
    assert len(asked) > 50
    assert failing(client, asked) == []
