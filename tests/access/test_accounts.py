"""The sign-in library's addresses, those beside every app, and files: served by declaration, or not there at all."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from config.accounts import SERVED
from core.organization.models import Terminal
from tests.access.conftest import Plants
from tests.access.expected import NOT_FOUND, OK, TO_SIGN_IN, Visitor
from tests.access.test_terminal import station_at
from tests.access.watch import FRAGMENT, GONE, ROLES, WITHOUT_RIGHTS, client_of, counted
from tests.support.pages import Page, pages

pytestmark = pytest.mark.requirement("ACC-03")

LIBRARY = [page for page in pages() if page.route.startswith("accounts/")]
FOREIGN = ("accounts/", "admin/", "api/", "^api/")
BESIDE = [page for page in pages() if not page.is_ours and not page.route.startswith(FOREIGN)]
ANSWERS: dict[str, dict[str, tuple[int, int]]] = {
    "account_login": {"GET": (OK, 302), "POST": (OK, 302)},
    "mfa_authenticate": {"GET": (302, 302), "POST": (302, 302)},  # without a first step it leads back to it
    "mfa_login_webauthn": {"GET": (302, 302), "POST": (302, 302)},
    "account_logout": {"GET": (302, OK), "POST": (302, 302)},
    "home": {"GET": (302, 302), "POST": (302, 302)},
}
"""What is answered to somebody who is not signed in, and to somebody who is; an empty form signs nobody in."""
VISITORS = [Visitor(None), GONE, ROLES[0], WITHOUT_RIGHTS]
FILES = {
    "/static/trueline/tokens.css": OK,
    "/static/": NOT_FOUND,
    "/static/trueline/": NOT_FOUND,
    "/static/../config/settings.py": NOT_FOUND,
    "/static/%2e%2e/config/settings.py": NOT_FOUND,
    "/static/..%2fconfig%2fsettings.py": NOT_FOUND,
    "/static//etc/passwd": NOT_FOUND,
    "/media/": NOT_FOUND,
    "/files/": NOT_FOUND,
    "/var/": NOT_FOUND,
    "/.env": NOT_FOUND,
    "/.git/config": NOT_FOUND,
    "/config/settings.py": NOT_FOUND,
    "/setup-token": NOT_FOUND,
}


def address(page: Page, plants: Plants) -> str:
    """The address; a part that is no row is any word."""
    return page.address(plants.here) if page.name else f"/{page.route}"


def answered(client: Client, method: str, where: str) -> tuple[int, str]:
    """The status and where it leads; what the page did is undone."""
    with transaction.atomic():
        answer = client.generic(method, where, headers=FRAGMENT)
        transaction.set_rollback(True)
    return answer.status_code, answer.headers.get("Location", "")


def test_the_served_pages_of_the_library_are_these() -> None:
    assert set(ANSWERS) >= SERVED
    assert {page.name for page in LIBRARY} >= SERVED
    assert {page.name for page in BESIDE} <= set(ANSWERS), "a new address beside the apps: say what it answers"
    assert len(LIBRARY) > 20


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_every_address_of_accounts_and_beside_the_apps_answers_as_declared(plants: Plants, visitor: Visitor) -> None:
    wrong, before = [], counted()
    is_signed_in = visitor.template is not None
    for page in (*LIBRARY, *BESIDE):
        is_there = page in BESIDE or page.name in SERVED
        for method in ("GET", "POST"):
            wanted = ANSWERS[page.name][method][is_signed_in] if is_there else NOT_FOUND
            status, _leads = answered(client_of(plants, visitor), method, address(page, plants))
            if status != wanted:
                wrong.append(f"{visitor}: {method} {page.route}: {status}, wanted {wanted}")
    assert counted() == before
    assert not wrong, "\n".join(wrong)


def test_signing_out_ends_the_session(plants: Plants) -> None:
    client = client_of(plants, ROLES[0])
    inbox = "/core/worklist/inbox/"
    assert client.get(inbox).status_code == OK
    assert client.post("/accounts/logout/").status_code == 302
    client.cookies["sessionid"] = plants.sessions[str(ROLES[0])]
    answer = client.get(inbox)
    assert answer.status_code == TO_SIGN_IN
    assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("where", FILES)
def test_nothing_but_static_files_lies_beside_the_pages(plants: Plants, where: str) -> None:
    for visitor in (Visitor(None), ROLES[0]):
        assert client_of(plants, visitor).get(where, headers=FRAGMENT).status_code == FILES[where]


def test_a_terminal_s_device_signs_nobody_in_at_the_desk(plants: Plants) -> None:
    """Beside its own pages a device reads pictures and scans for the person badged in; every desk page asks anew."""
    station = station_at(plants.here.sample(Terminal))
    station.sign_on(plants.people["lead"])
    for where in ("/core/worklist/inbox/", "/traceability/lots/", "/core/organization/me/password/", "/admin/"):
        answer = station.client.get(where)
        assert (answer.status_code, answer.headers["Location"].startswith("/accounts/login/")) == (TO_SIGN_IN, True)
