"""What a page costs: SQL statements of every list, detail and form page, and requests of a page in the browser.

The pages come from the URLconf: a new address is opened without a change here, with every record of the full plant, or
the test fails and says what it needs.
"""

from __future__ import annotations

import pytest
from django.test import Client

from core.web.views import DetailPage, FormPage, ListPage, MovePage
from tests.support.pages import Page, Present, addresses, desk_pages, spoken
from tests.support.plant import Plant
from tests.support.statements import FRAGMENT, STATEMENTS, parts_of, spent_on
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("PERF-PAGE", "SCR-04", "SCR-15")

EVERY_KIND = {
    "core_oversight:trail": 30,
    "core_web:search": 20,
    "core_worklist:assignment_inbox": 46,
}
"""The pages that show every kind of row. The trail: one statement finds them, eight word them, of however many kinds.
Search: each app looks in its own tables, once. My work: one statement finds it, one or two for each kind of record
that waits."""
FILES = {
    "core_files:attachment_download",
    "core_files:attachment_thumbnail",
    "core_jobs:backgroundjob_result",
    "core_printing:printedrecord_download",
    "core_printing:printjob_document",
    "core_trail:proof",
    "core_trail:seal_export",
    "integrations:epcis_lot_trace",
    "integrations:epcis_unit_trace",
    "mes_execution:productionorder_barcodes",
    "mes_execution:productionorder_traveler",
}
"""Addresses that answer with a file."""
AT_MOST = 2
"""Records of one kind that are opened, the newest ones, beside those that `fill` adds parts to."""
MOVED_AT_MOST = 1
"""The same for the pages of moves, of which each record has many."""


def pages_to_open() -> list[Page]:
    """Every address of the desk that shows a page."""
    return [route for route in desk_pages() if route.name not in FILES]


def urls_of(route: Page, plant: Plant) -> list[str]:
    """The address for each record of its kind, and each move."""
    if "pk" not in route.arguments or spoken(route) or route.model is None:
        return addresses(route)
    most = MOVED_AT_MOST if "move" in route.arguments else AT_MOST
    keys = list(route.model._base_manager.order_by("-pk").values_list("pk", flat=True)[:most])
    keys += [record.pk for record in plant.growing if isinstance(record, route.model) and record.pk not in keys]
    if not keys:
        pytest.fail(f"{route.name}: the full plant has no {route.model._meta.label}; let fill() make one")
    return [route.address(Present(), move, pk=pk) for pk in keys for move in route.moves() or [""]]


def measured(client: Client, asked: dict[str, list[str]]) -> dict[str, dict[str, list[str]]]:
    """The statements of every page that is shown, by the name of its address and its URL."""
    found: dict[str, dict[str, list[str]]] = {}
    for address in pages_to_open():
        pages = found.setdefault(address.name, {})
        for number, url in enumerate(asked[address.name]):
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


def test_every_page_keeps_to_its_statements_however_much_it_shows(full: Plant) -> None:
    client = visit_as(full.visitor)
    full.fill()
    asked = {page.name: urls_of(page, full) for page in pages_to_open()}
    first = measured(client, {name: [*urls[:1], *urls[1:][-2:]] for name, urls in asked.items()})
    full.fill()
    full.fill()
    again = {page.name: urls_of(page, full) for page in pages_to_open()}
    shown = {name: [url for url in pages if "?part=" not in url] for name, pages in first.items()}
    second = measured(client, {name: list(dict.fromkeys([*shown[name], *urls])) for name, urls in again.items()})
    listed = {address.name for address in pages_to_open() if issubclass(address.view, ListPage | DetailPage)}
    assert listed == {name for name in listed if second[name]}, "a list or a detail page was not shown at all"
    kinds = {"list": ListPage, "detail": DetailPage, "form": FormPage, "move": MovePage}
    counts = {
        kind: sum(bool(second[route.name]) for route in pages_to_open() if issubclass(route.view, view))
        for kind, view in kinds.items()
    }
    assert all(count > 10 for count in counts.values()), counts
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
        f"{url}: {len(first[name][url])} statements, then {len(statements)}\n"
        + "\n".join(f"    {sql[:160]}" for sql in statements)
        for name, pages in second.items()
        for url, statements in pages.items()
        if url in first[name] and len(statements) > len(first[name][url])
    ]
    assert not grown, "twice the rows cost more statements:\n" + "\n".join(grown)


def test_what_answers_with_a_file_is_an_address_of_ours() -> None:
    assert {route.name for route in desk_pages()} >= FILES
