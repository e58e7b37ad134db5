"""Every address × everybody: the status follows from what the view declares and what the role template carries."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie

import pytest
from django.db import transaction

from core.web.access import Access
from core.web.sse import EventsPage
from tests.access.conftest import THERE, Plants
from tests.access.expected import (
    FORBIDDEN,
    NEEDS_MORE,
    NOT_BEGUN,
    NOT_FOUND,
    OF_ANOTHER_PERSON,
    OK,
    PUBLIC_ANSWERS,
    TO_SIGN_IN,
    WITHOUT_BYTES,
    WITHOUT_PART,
    WITHOUT_RESULT,
    WRONG_METHOD,
    Visitor,
    refusal,
)
from tests.access.watch import FRAGMENT, VISITORS, client_of, counted, stands_for_others, text_of, writes
from tests.support.headers import unconfined
from tests.support.pages import Page, pages

pytestmark = pytest.mark.requirement("ACC-03", "SEC-01")

DESK = [page for page in pages() if page.is_ours and not page.name.startswith("terminal:")]
METHODS = ("GET", "POST")


def granted(page: Page, method: str) -> set[int]:
    """What a page may answer to whoever it lets in."""
    if not page.allows(method):
        return {WRONG_METHOD}
    if page.name in PUBLIC_ANSWERS:
        return {PUBLIC_ANSWERS[page.name], 422} if method == "POST" else {PUBLIC_ANSWERS[page.name]}
    if page.name in WITHOUT_RESULT:
        return {NOT_FOUND}
    if page.name in WITHOUT_BYTES:
        return {500}
    if page.name in OF_ANOTHER_PERSON or (page.name in NOT_BEGUN and method == "GET"):
        return {302}
    if page.name in WITHOUT_PART:
        return {NOT_FOUND}
    if page.name in NEEDS_MORE:
        return {OK, 302, 400, NOT_FOUND, 422}
    return {OK} if method == "GET" else {OK, 204, 302, 409, 422}


def is_stream(page: Page, method: str) -> bool:
    """A stream of events knows GET only, and says so before it asks who is there."""
    return issubclass(page.view, EventsPage) and not page.allows(method)


def visits(visitor: Visitor) -> Iterator[tuple[Page, str, bool, int | None]]:
    """Every page, move and site with the refusal that the visitor must get there, or None.

    Who is refused before any record is looked for is asked once, not for each move and site.
    """
    for page in DESK:
        has_record = page.model is not None and refusal(page, visitor, at_other_site=True) in (NOT_FOUND, FORBIDDEN)
        is_let_in = page.access is not Access.PERMISSION or visitor.holds(page.declared("permission"))
        for move in (page.moves() if is_let_in else page.moves()[:1]) or [""]:
            for at_other_site in (False, True) if has_record and is_let_in else (False,):
                if not stands_for_others(visitor, page, move, at_other_site=at_other_site):
                    continue
                yield page, move, at_other_site, refusal(page, visitor, at_other_site=at_other_site, move=move)


def first_to_hold(page: Page, move: str) -> Visitor:
    """The one whose allowed POST is tried: the first that the page lets in."""
    return next(one for one in VISITORS if refusal(page, one, at_other_site=False, move=move) is None)


def test_every_address_is_in_the_urlconf_once_and_named() -> None:
    names = [page.name for page in pages() if page.is_ours]
    assert all(names) and len(names) == len(set(names))
    assert len(DESK) > 130


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_every_page_answers_as_declared(plants: Plants, visitor: Visitor) -> None:
    client, wrong, before = client_of(plants, visitor), [], counted()
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    for page, move, at_other_site, refused in visits(visitor):
        address = page.address(plants.there if at_other_site else plants.here, move)
        place = "other site" if at_other_site else ""
        for method in METHODS:
            if refused == NOT_FOUND and not page.allows(method):
                continue  # "there is no such method" is said before the record is looked for, and tells nothing of it
            if method == "POST" and refused is None and first_to_hold(page, move) != visitor:
                continue
            client.cookies = SimpleCookie(cookies)  # a deed may end the session, and its end is rolled back
            with transaction.atomic(), writes() as written:
                response = client.generic(method, address, headers=FRAGMENT if refused and visitor.template else {})
                transaction.set_rollback(refused is None)
            said = f"{method} {page.name} {move} {place}: {response.status_code}"
            wrong += [f"{said}: {problem}" for problem in unconfined(response)]
            wanted = {refused} if refused and not is_stream(page, method) else granted(page, method)
            if response.status_code not in wanted:
                wrong.append(f"{said}, wanted {sorted(wanted)}")
            if (
                response.status_code == TO_SIGN_IN
                and refused
                and not response.headers.get("Location", "").startswith("/accounts/login/")
            ):
                wrong.append(f"{said}: leads to {response.headers.get('Location')}, not to signing in")
            if refused is None and THERE in text_of(response):
                wrong.append(f"{said}, and shows something of the other site")
            if refused and written:
                wrong.append(f"{said}, and yet wrote: {written}")
    assert counted() == before
    assert not wrong, "\n".join(wrong)
