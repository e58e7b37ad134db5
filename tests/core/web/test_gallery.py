"""Every component in a real browser: accessible, without inline code, at three sizes, light and dark.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from config.apps import BASE_DIR
from tests.support.whole import is_whole

pytestmark = pytest.mark.browser
SIZES = {"desk": (1366, 768), "terminal": (1024, 768), "phone": (390, 844)}
PAGES = {
    "kit": ("/core/web/kit/?messages=1", 200),
    "record": ("/core/web/kit/detail/", 200),
    "terminal": ("/core/web/kit/terminal/", 200),
    "terminal-nobody": ("/core/web/kit/terminal/?nobody=1&gates=1&hand=left", 200),
    "scan": ("/core/web/scan/?code=UNKNOWN-1", 200),
    "missing": ("/core/web/nowhere/", 404),
}


def collect_complaints(page: Page, complaints: list[str]) -> None:
    """Keep what the page's console and scripts complain about."""
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


def inline_code_of(page: Page) -> list[str]:
    """Styles, scripts and handlers that stand in the page itself; the security policy would refuse each."""
    found: list[str] = page.evaluate(
        """() => {
            const marked = [...document.querySelectorAll('[style], style, script:not([src])')];
            const handlers = [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
                .filter(attribute => /^on/.test(attribute.name));
            return [...marked.map(e => 'inline ' + e.outerHTML), ...handlers.map(a => 'handler ' + a.name)];
        }"""
    )
    return found


def barriers_of(page: Page) -> list[str]:
    """What axe finds. In the dark only the colours are another."""
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    only = {"runOnly": ["color-contrast"]} if is_dark and not is_whole() else {}
    found: Any = Axe().run(page, options={"resultTypes": ["violations"], **only})
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def test_every_component_is_accessible_at_every_size(signed_in: BrowserContext) -> None:
    wrong: dict[str, list[str]] = {}
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            page = signed_in.new_page()
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            complaints: list[str] = []
            collect_complaints(page, complaints)
            for name, (address, status) in PAGES.items():
                response = page.goto(address)
                assert response is not None
                found = inline_code_of(page)
                if response.status != status:
                    found.append(f"answers {response.status}")
                found += [text for text in complaints if f"status of {status}" not in text]
                overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if overflow > 0:
                    found.append(f"scrolls sideways by {overflow} px")
                picture(page, f"{name}-{size}-{theme}")
                if (size, theme) != ("phone", "dark"):  # colours do not depend on the size, nor layout on the colours
                    found += barriers_of(page)
                if found:
                    wrong[f"{name} {size} {theme}"] = found
                complaints.clear()
            page.close()
    assert not wrong, "\n".join(f"{where}: {what}" for where, whats in wrong.items() for what in sorted(set(whats)))


def picture(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look."""
    if os.environ.get("TRUELINE_SCREENSHOTS"):
        folder = Path(BASE_DIR) / "screenshots"
        folder.mkdir(exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page="terminal" not in name)
