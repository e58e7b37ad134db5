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
from playwright.sync_api import Browser, BrowserContext, Page

from config.apps import BASE_DIR
from core.web.views import ChosenRows, DetailPage, FormPage, ListPage, MovePage
from tests.support.browser import whole
from tests.support.pages import Page as Address
from tests.support.pages import addresses, desk_pages
from tests.support.plant import Plant
from tests.support.server import LivePlant
from tests.support.whole import in_turn, is_whole
from tests.system.test_page_budget import FILES

pytestmark = pytest.mark.browser
MODES = ("light", "dark")
"""Each address is read by axe in one of them, in turn, and in both with `make matrix`: they differ in colours only."""
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
PARTS = """const main = document.querySelector('main');
    let holder = main;
    while (holder && holder.children.length === 1) holder = holder.children[0];
    const parts = holder ? [...holder.children] : [];"""
"""What the main part of a page holds: its head, its sections, its form."""
RUN = f"""([within, options]) => {{
    {PARTS}
    const where = within === null ? document : {{include: within.map(number => parts[number])}};
    return axe.run(where, {{...options, resultTypes: ['violations']}}).then(found =>
        found.violations.flatMap(one => one.nodes.map(node => `${{one.id}}: ${{node.html.slice(0, 160)}}`)));
}}"""

SHAPE = f"""() => {{
    {PARTS}
    const told = /^(class|type|role|lang|scope|tabindex|aria-(current|disabled|expanded|hidden|invalid|pressed|sort))$/;
    const of = (element, without) => {{
        const said = [...element.attributes].map(a =>
            told.test(a.name) ? a.name + '=' + a.value : a.name + (a.value ? '' : ' empty'));
        const text = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim()) ? 't' : '';
        const inside = [...element.children].filter(e => e !== without).map(e => of(e, without));
        return element.tagName + said.sort() + text + '(' + [...new Set(inside)].sort().join() + ')';
    }};
    return [of(document.body, main), ...parts.map(part => of(part, null))];
}}"""
"""What a page is made of around its main part and in each part of that, without its words: rows of like shape count
once. Every attribute counts, and the value of those that style sheets and axe look at. The same shape again shows axe
nothing new.
"""
PAGE = """() => [...(document.title.trim() ? [] : ['no title']),
    ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one first heading']),
    ...(document.querySelectorAll('main').length === 1 ? [] : ['not one main part'])]"""
"""What axe looks at in whole pages only."""

UNSTYLED = """() => [...document.querySelectorAll('input, select, textarea')]
    .filter(e => e.offsetParent && !['checkbox', 'radio', 'file', 'submit', 'range'].includes(e.type))
    .filter(e => getComputedStyle(e).borderTopStyle === 'inset' || getComputedStyle(e).borderTopLeftRadius === '0px'
        && getComputedStyle(e).borderTopStyle !== 'none' && !e.closest('.tl-with-unit, .rb-bare'))
    .map(e => 'drawn by the browser: ' + e.outerHTML.slice(0, 120))"""
"""Controls that no style sheet reaches: in the dark they keep a colour of their own."""

RENEWED = 20
"""After so many addresses the tab is a new one: an old one keeps all that it was shown, three gigabytes by the end."""

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
    shapes: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def tour(full: Plant, served: LivePlant, chromium: Browser) -> Iterator[Tour]:
    """Visit every desk page once, at desk and phone size, light and dark."""
    found = Tour()
    with chromium.new_context(base_url=served.url, viewport=DESK, reduced_motion="reduce") as context:  # type: ignore[arg-type]
        context.add_cookies([{"name": "sessionid", "value": full.session, "url": served.url}])
        heard: list[str] = []
        asked: list[str] = []
        page = _tab(context, heard, asked)
        for number, one in enumerate(desk_pages()):
            if number % RENEWED == RENEWED - 1:
                page.close()
                page = _tab(context, heard, asked)
            for address in addresses(one):
                if is_shown(page, found, one, address):
                    _look(page, found, heard, asked, one.name, address)
        yield found


def _tab(context: BrowserContext, heard: list[str], asked: list[str]) -> Page:
    """A tab that keeps what its pages complain of and ask for."""
    page = context.new_page()
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    return page


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
    around, *parts = page.evaluate(SHAPE)
    unseen = [number for number, part in enumerate(parts) if part not in found.shapes]
    within = None if around not in found.shapes else unseen
    is_new = within is None or bool(unseen)
    found.shapes |= {around, *parts}
    found.barriers[address] += page.evaluate(PAGE)
    read_in = [mode for mode in MODES if is_new and (is_whole() or in_turn(address, MODES) == mode)]
    if is_new:
        page.evaluate(AXE)
    if "light" in read_in:
        found.barriers[address] += page.evaluate(RUN, [within, {}])
    _picture(page, name, address, "light")
    page.emulate_media(color_scheme="dark")
    if "dark" in read_in:
        colours = {"runOnly": ["color-contrast"]} if "light" in read_in else {}
        found.barriers[address] += page.evaluate(RUN, [within, colours])
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
