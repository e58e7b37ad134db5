"""Every page of the desk in a browser: accessible in light and dark, never wider than a phone, without complaint.

With TRUELINE_SCREENSHOTS=1 pictures of all pages are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from config.apps import BASE_DIR
from core.web.views import ChosenRows, DetailPage, FormPage, ListPage, MovePage
from tests.support.browser import whole
from tests.support.pages import Page as Address
from tests.support.pages import addresses, desk_pages
from tests.support.plant import Plant
from tests.support.server import LivePlant
from tests.system.test_page_budget import FILES

pytestmark = pytest.mark.browser
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
INLINE = """() => {
    const marked = [...document.querySelectorAll('[style], style, script:not([src])')]
        .map(e => 'inline ' + e.outerHTML.slice(0, 120));
    const handlers = [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
        .filter(a => /^on/.test(a.name));
    return [...marked, ...handlers.map(a => 'handler ' + a.name)];
}"""

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """options => axe.run(document, {...options, resultTypes: ['violations']}).then(found =>
    found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)}`)))"""

UNSTYLED = """() => [...document.querySelectorAll('input, select, textarea')]
    .filter(e => e.offsetParent && !['checkbox', 'radio', 'file', 'submit', 'range'].includes(e.type))
    .filter(e => getComputedStyle(e).borderTopStyle === 'inset' || getComputedStyle(e).borderTopLeftRadius === '0px'
        && getComputedStyle(e).borderTopStyle !== 'none' && !e.closest('.tl-with-unit, .rb-bare'))
    .map(e => 'drawn by the browser: ' + e.outerHTML.slice(0, 120))"""
"""Controls that no style sheet reaches: in the dark they keep a colour of their own."""

Findings = dict[str, list[str]]


@dataclass
class Tour:
    """What one visit of every page found, by address."""

    pages: list[str] = field(default_factory=list)
    answers: Findings = field(default_factory=lambda: defaultdict(list))
    barriers: Findings = field(default_factory=lambda: defaultdict(list))
    complaints: Findings = field(default_factory=lambda: defaultdict(list))
    wide: Findings = field(default_factory=lambda: defaultdict(list))
    requests: dict[str, int] = field(default_factory=dict)


@pytest.fixture(scope="module")
def tour(full: Plant, served: LivePlant, chromium: Browser) -> Iterator[Tour]:
    """Visit every desk page once, at desk and phone size, light and dark."""
    found = Tour()
    with chromium.new_context(base_url=served.url, viewport=DESK, reduced_motion="reduce") as context:  # type: ignore[arg-type]
        context.add_cookies([{"name": "sessionid", "value": full.session, "url": served.url}])
        page = context.new_page()
        heard: list[str] = []
        page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for one in desk_pages():
            for address in addresses(one):
                if is_shown(page, found, one, address):
                    _look(page, found, heard, asked, one.name, address)
        yield found


def is_shown(page: Page, found: Tour, one: Address, address: str) -> bool:
    """Whether the address shows a page: what is of no kind of the kit may be a file, or a part of a page."""
    if one.name in FILES:
        return False
    if issubclass(one.view, ListPage | DetailPage | FormPage | MovePage) and not issubclass(one.view, ChosenRows):
        return True
    answer = page.request.get(address)
    if answer.status >= 400:
        found.answers[address].append(f"{one.name} answers {answer.status}")
    is_page = "text/html" in answer.headers.get("content-type", "")
    return answer.status < 400 and is_page and "<!doctype html>" in answer.text()[:200].lower()


def _look(page: Page, found: Tour, heard: list[str], asked: list[str], name: str, address: str) -> None:
    heard.clear()
    asked.clear()
    answer = page.goto(address)
    if answer is None or answer.status >= 400:
        found.answers[address].append(f"{name} answers {answer and answer.status}")
        return
    if address.split("?")[0] not in page.url:
        return  # leads to another page, which is visited by itself
    whole(page)
    found.requests[address] = len(asked)
    found.pages.append(address)
    found.complaints[address] += [*page.evaluate(INLINE), *heard]  # before axe, whose own styles are refused too
    page.evaluate(AXE)
    found.barriers[address] += page.evaluate(RUN, {})
    _picture(page, name, address, "light")
    page.emulate_media(color_scheme="dark")
    found.barriers[address] += page.evaluate(RUN, {"runOnly": ["color-contrast"]})
    found.complaints[address] += page.evaluate(UNSTYLED)
    _picture(page, name, address, "dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    overflow = page.evaluate(WIDE)
    if overflow > 0:
        found.wide[address].append(f"{name}: {overflow} px too wide")
    _picture(page, name, address, "phone")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]


def _picture(page: Page, name: str, address: str, kind: str) -> None:
    if os.environ.get("TRUELINE_SCREENSHOTS"):
        folder = Path(BASE_DIR) / "screenshots" / kind
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name.replace(':', '.')}{re.sub(r'[^a-z0-9]+', '-', address)}.png")


def _said(findings: Findings) -> str:
    return "\n".join(f"{address}: {one}" for address, every in findings.items() for one in sorted(set(every)))


def test_every_desk_page_answers(tour: Tour) -> None:
    assert not _said(tour.answers)
    assert len(tour.pages) > len(desk_pages()) / 2


@pytest.mark.requirement("SCR-04")
def test_every_desk_page_makes_at_most_twenty_requests(tour: Tour) -> None:
    assert {address: count for address, count in tour.requests.items() if not 0 < count <= 20} == {}


@pytest.mark.requirement("SCR-02")
def test_every_desk_page_is_accessible_in_light_and_dark(tour: Tour) -> None:
    assert not _said(tour.barriers)


@pytest.mark.requirement("SCR-01")
def test_no_desk_page_scrolls_sideways_on_a_phone(tour: Tour) -> None:
    assert not _said(tour.wide)


def test_no_desk_page_breaks_the_security_policy_or_logs_an_error(tour: Tour) -> None:
    assert not _said(tour.complaints)
