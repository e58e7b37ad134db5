"""What a page costs: SQL statements of every list, detail and form page, and requests of a page in the browser.

The pages come from the URLconf: a new address is opened without a change here, with every record of the full plant, or
the test fails and says what it needs.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from core.kernel.lifecycle import lifecycles
from core.web.views import DetailPage, FormPage, ListPage, MovePage
from tests.support.full_plant import FullPlant, full_plant
from tests.support.pages import SAMPLES, Route, addresses, desk_routes
from tests.support.statements import FRAGMENT, STATEMENTS, parts_of, spent_on
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("PERF-PAGE", "SCR-04", "SCR-15")

EVERY_KIND = {"core_oversight:trail": 75}
"""The one page that shows every kind of row: one statement finds them, then each kind on the page is read once."""
FILES = {
    "core_files:attachment_download",
    "core_files:attachment_thumbnail",
    "core_jobs:backgroundjob_result",
    "core_printing:printedrecord_download",
    "core_trail:proof",
    "core_trail:seal_export",
    "mes_execution:productionorder_barcodes",
    "mes_execution:productionorder_traveler",
}
"""Addresses that answer with a file."""
AT_MOST = 8
"""Records of one kind that are opened, the newest ones."""


def pages_to_open() -> list[Route]:
    """Every address of the desk that shows a page."""
    return [route for route in desk_routes() if route.name not in FILES]


def urls_of(route: Route) -> list[str]:
    """The address for each record of its kind, and each move."""
    if "pk" not in route.arguments or route.name in SAMPLES or route.model is None:
        return addresses(route)
    keys = list(route.model._base_manager.order_by("-pk").values_list("pk", flat=True)[:AT_MOST])
    if not keys:
        pytest.fail(f"{route.name}: the full plant has no {route.model._meta.label}; let fill() make one")
    moves: list[dict[str, str]] = [{}]
    if "move" in route.arguments:
        moves = [{"move": m.name} for m in lifecycles()[route.model._meta.label_lower].moves if not m.automatic]
    return [reverse(route.name, kwargs={"pk": pk, **move}) for pk in keys for move in moves]


@pytest.fixture
def filled(plant: str, settings: Settings, tmp_path: Path) -> FullPlant:
    """The full plant in a database of its own, its passwords hashed quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TRUELINE_FILES_DIR, settings.TRUELINE_KEY_DIR = tmp_path / "files", tmp_path / "keys"
    return full_plant()


def measured(client: Client) -> dict[str, dict[str, list[str]]]:
    """The statements of every page that is shown, by the name of its address and its URL."""
    found: dict[str, dict[str, list[str]]] = {}
    for address in pages_to_open():
        pages = found.setdefault(address.name, {})
        for number, url in enumerate(urls_of(address)):
            if number == 0:
                client.get(url)
            status, text, statements = spent_on(client, url)
            assert status < 500, f"{url} answers {status}"
            if status != 200:
                continue
            pages[url] = statements
            for part in parts_of(url, text):
                if number == 0:
                    client.get(part, headers=FRAGMENT)
                status, text, pages[part] = spent_on(client, part, headers=FRAGMENT)
                assert status == 200, f"{part} answers {status}"
                assert "<html" not in text, f"{part} is no part of a page"
    return found


def test_every_page_keeps_to_its_statements_however_much_it_shows(filled: FullPlant) -> None:
    client = visit_as(filled.visitor)
    filled.fill()
    first = measured(client)
    filled.fill()
    filled.fill()
    second = measured(client)
    listed = {address.name for address in pages_to_open() if issubclass(address.view, ListPage | DetailPage)}
    assert listed == {name for name in listed if second[name]}, "a list or a detail page was not shown at all"
    kinds = {"list": ListPage, "detail": DetailPage, "form": FormPage, "move": MovePage}
    shown = {
        kind: sum(bool(second[route.name]) for route in pages_to_open() if issubclass(route.view, view))
        for kind, view in kinds.items()
    }
    assert all(count > 10 for count in shown.values()), shown
    later = {url.rpartition("?part=")[2] for pages in second.values() for url in pages if "?part=" in url}
    assert later >= {"timeline", "gates", "signatures", "recorded", "standing", "similar"}, later
    too_many = [
        f"{url}: {len(statements)} statements\n" + "\n".join(f"    {sql[:160]}" for sql in statements)
        for name, pages in second.items()
        for url, statements in pages.items()
        if len(statements) > EVERY_KIND.get(name, STATEMENTS)
    ]
    assert not too_many, "\n".join(too_many)
    grown = [
        f"{url}: {len(first[name][url])} statements, then {len(statements)}"
        for name, pages in second.items()
        for url, statements in pages.items()
        if url in first[name] and len(statements) > len(first[name][url])
    ]
    assert not grown, "twice the rows cost more statements:\n" + "\n".join(grown)


def test_what_answers_with_a_file_is_an_address_of_ours() -> None:
    assert {route.name for route in desk_routes()} >= FILES
