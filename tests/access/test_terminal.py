"""Every address of a terminal, each deed and dialog one: what the device is, who is badged in, and what they may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.organization.models import Terminal, WorkCenter
from core.organization.services import places, system_user
from core.organization.services.people import deactivate_user
from core.organization.views.terminal import TerminalPage
from core.web.access import Access
from mes.execution.models import OrderOperation
from mes.execution.views.floor import DEEDS, DIALOGS
from tests.access.conftest import THERE, Plants
from tests.access.expected import FORBIDDEN, NOT_FOUND, OK, TO_SIGN_IN, WRONG_METHOD, Visitor
from tests.access.watch import FRAGMENT, ROLES, counted, text_of, writes
from tests.access.world import visitor as person_of
from tests.mes.execution.station import Station
from tests.support.pages import Page, pages
from tests.support.visits import session_of

pytestmark = pytest.mark.requirement("ACC-03", "ACC-04")

PAGES = [page for page in pages() if page.name.startswith("terminal:")]
METHODS = ("GET", "POST")
WORDS: dict[str, tuple[str, Mapping[str, object]]] = {
    "terminal:deed": ("deed", DEEDS),
    "terminal:dialog": ("dialog", DIALOGS),
}
"""Addresses that stand for many, and by which words."""
PRESENCE = '"last_seen_at" = %s WHERE'
"""That the person is still at the terminal may be noted by any request."""


def station_at(terminal: Terminal) -> Station:
    """The sample terminal, enrolled, in a browser of its own."""
    token = places.enrol_terminal(terminal=terminal, actor=system_user("access"))
    return Station(Terminal.objects.get(pk=terminal.pk), token)


@pytest.fixture
def station(plants: Plants) -> Station:
    """The terminal of the site where everybody works."""
    return station_at(plants.here.sample(Terminal))


def addresses(page: Page, plants: Plants, operation: OrderOperation) -> Iterator[str]:
    """Every address of the page at the terminal here."""
    given: dict[str, object] = {"terminal": plants.here.sample(Terminal).code, "pk": operation.pk}
    name, words = WORDS.get(page.name, ("", {"": None}))
    for word in words:
        named = {**given, name: word}
        yield reverse(page.name, kwargs={part: named[part] for part in page.arguments})


def asked(page: Page, plants: Plants, operation: OrderOperation) -> Iterator[tuple[str, str]]:
    """Each method and address."""
    for address in addresses(page, plants, operation):
        for method in METHODS:
            yield method, address


def refusal(page: Page, visitor: Visitor | None, *, at_other_site: bool = False) -> int | None:
    """What the page must answer to this person at an enrolled terminal (None: nobody is badged in); None: they may."""
    if not page.declared("needs_operator"):
        return None
    if visitor is None:
        return TO_SIGN_IN
    if page.access is Access.PERMISSION and not visitor.holds(page.declared("permission")):
        return FORBIDDEN
    return NOT_FOUND if at_other_site and "pk" in page.arguments else None


def granted(page: Page, method: str) -> set[int]:
    """What the page may answer to whoever it lets in."""
    if not page.allows(method):
        return {WRONG_METHOD}
    if page.name == "terminal:scan":
        return {NOT_FOUND}  # no code was scanned
    return {OK, 302} if method == "GET" else {OK, 204, 302, NOT_FOUND, 409, 422}


def faults(
    client: Client, plants: Plants, who: str, wanted: dict[str, int | None], *, at_other_site: bool = False,
    deeds: bool = True,
) -> list[str]:  # fmt: skip
    """What is wrong with the answers of all pages; what is granted is rolled back."""
    wrong, before = [], counted()
    operation = (plants.there if at_other_site else plants.here).sample(OrderOperation)
    for page in PAGES:
        refused = wanted[page.name]
        if at_other_site and "pk" not in page.arguments:
            continue
        for method, address in asked(page, plants, operation):
            if method == "POST" and refused is None and not deeds:
                continue
            if refused == NOT_FOUND and not page.allows(method):
                continue  # "there is no such method" is said before the record is looked for
            with transaction.atomic(), writes() as written:
                answer = client.generic(method, address, headers=FRAGMENT if refused in (FORBIDDEN, NOT_FOUND) else {})
                transaction.set_rollback(refused is None)
            said = f"{who}: {method} {address}: {answer.status_code}"
            expected = granted(page, method) if refused is None else {refused}
            if answer.status_code not in expected:
                wrong.append(f"{said}, wanted {sorted(expected)}")
            if refused is not None and (kept := [sql for sql in written if PRESENCE not in sql]):
                wrong.append(f"{said}, and yet wrote: {kept}")
            if refused == TO_SIGN_IN and "/sign-on/?next=" not in answer.headers.get("Location", ""):
                wrong.append(f"{said}: leads to {answer.headers.get('Location')}")
            if not at_other_site and THERE in text_of(answer):
                wrong.append(f"{said}, and shows something of the other site")
    if counted() != before:
        wrong.append(f"{who}: something was written")
    return wrong


def everywhere(status: int | None) -> dict[str, int | None]:
    """The same for every page."""
    return {page.name: status for page in PAGES}


def test_every_address_of_a_terminal_says_what_it_asks() -> None:
    assert len(PAGES) >= 9
    for page in PAGES:
        assert issubclass(page.view, TerminalPage), page.name
        assert page.declared("needs_operator") or page.access is Access.PUBLIC, page.name
        assert page.access is not Access.PERMISSION or page.declared("permission"), page.name
    open_to_all = {page.name for page in PAGES if not page.declared("needs_operator")}
    assert open_to_all == {"terminal:sign_on", "terminal:lock", "terminal:scan"}


def test_a_browser_that_is_not_this_terminal_sees_nothing(plants: Plants, station: Station) -> None:
    """No device; the desk's session of somebody with every right; a made-up device; the terminal of the other site."""
    admin, made_up = Client(raise_request_exception=False), replace(station, token="0" * 43, client=Client())
    admin.cookies["sessionid"] = session_of(plants.people["admin"])
    elsewhere = station_at(plants.there.sample(Terminal))
    elsewhere.sign_on(plants.people["operator"])
    station.sign_on(plants.people["operator"])
    browsers = {
        "no device": Client(raise_request_exception=False),
        "an administrator's desk": admin,
        "a made-up device": made_up.client,
        "the terminal of the other site": elsewhere.client,
    }
    wrong = [line for who, client in browsers.items() for line in faults(client, plants, who, everywhere(FORBIDDEN))]
    assert not wrong, "\n".join(wrong)


def test_a_terminal_taken_out_of_use_sees_nothing(plants: Plants, station: Station) -> None:
    station.sign_on(plants.people["operator"])
    places.withdraw_terminal(terminal=station.terminal, actor=system_user("access"), reason="Scrapped.")
    assert faults(station.client, plants, "withdrawn", everywhere(FORBIDDEN)) == []


def test_an_enrolled_terminal_with_nobody_badged_in_leads_to_signing_on(plants: Plants, station: Station) -> None:
    nobody = {page.name: refusal(page, None) for page in PAGES}
    wrong = faults(station.client, plants, "nobody", nobody)
    station.client.cookies["sessionid"] = session_of(plants.people["admin"])
    wrong += faults(station.client, plants, "nobody, an administrator's desk beside", nobody, deeds=False)
    station.sign_on(plants.people["operator"])
    station.lock()
    wrong += faults(station.client, plants, "locked", nobody, deeds=False)
    gone = plants.people["lead"]
    station.sign_on(gone)
    deactivate_user(user=gone, actor=system_user("access"), reason="Left.")
    wrong += faults(station.client, plants, "deactivated", nobody, deeds=False)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visitor", ROLES, ids=str)
def test_every_page_answers_the_person_at_the_terminal_as_declared(
    plants: Plants, station: Station, visitor: Visitor
) -> None:
    assert visitor.template
    station.sign_on(plants.people[visitor.template])
    wrong = []
    for at_other_site in (False, True):
        wanted = {page.name: refusal(page, visitor, at_other_site=at_other_site) for page in PAGES}
        wrong += faults(
            station.client, plants, f"{visitor}{', other site' * at_other_site}", wanted,
            at_other_site=at_other_site, deeds=visitor.template == "operator",
        )  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_a_person_of_the_other_site_finds_nothing_of_theirs_at_this_terminal(plants: Plants, station: Station) -> None:
    """Whoever holds the rights of a lead at the other site only may not open what runs here."""
    stranger = person_of("lead", plants.there.sample(WorkCenter).area.site)
    station.sign_on(stranger)
    for page in PAGES:
        if "pk" in page.arguments:
            for method, address in asked(page, plants, plants.here.sample(OrderOperation)):
                if page.allows(method):
                    with transaction.atomic(), writes() as written:
                        answer = station.client.generic(method, address)
                    assert answer.status_code == NOT_FOUND, (method, address)
                    assert [sql for sql in written if PRESENCE not in sql] == [], (method, address)
    assert THERE not in text_of(station.client.get(station.address()))
