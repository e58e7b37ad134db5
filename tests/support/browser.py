"""Chromium, driven by Playwright."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""No connection to the outside, and a start as root."""
PATIENCE_MS = 30_000.0
"""How long a test waits for what must come: on a busy machine late is not wrong."""


def executable() -> str | None:
    """The installed Chromium, or None; the one without windows first, for it takes half the time."""
    found = (shutil.which(name) for name in ("chromium-headless-shell", "chromium", "chromium-browser"))
    return os.environ.get("TRUELINE_CHROMIUM") or next(filter(None, found), None)


def whole(page: Page) -> None:
    """Wait until every part that the page asks for once it is shown is there."""
    expect(page.locator('[data-later="waiting"]')).to_have_count(0)
    failed = page.locator('[data-later="failed"]').all_inner_texts()
    assert not failed, f"{page.url}: {failed}"


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium with an empty profile."""
    path = executable()
    if path is None:
        raise RuntimeError("Chromium is missing: install Debian's chromium-headless-shell, or set TRUELINE_CHROMIUM.")
    # Playwright runs an event loop in this thread, where Django would refuse to read the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    try:
        with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=path, args=list(ARGUMENTS), env={**os.environ, "HOME": home}, timeout=60_000
            )
            try:
                yield browser
            finally:
                browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
