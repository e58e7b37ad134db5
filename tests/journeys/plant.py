"""What people do at a screen of the served plant: open, fill, press, read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from integrations.services.demo import PASSWORD, PIN
from tests.support.server import LivePlant

DESK = {"width": 1366, "height": 768}


@dataclass
class Screen:
    """One browser of one person, or one terminal."""

    page: Page

    def go(self, address: str) -> None:
        """Open an address of the plant."""
        self.page.goto(address)

    def says(self, *words: str) -> None:
        """Every one of these words is to be read on the page."""
        for word in words:
            expect(self.page.locator("body")).to_contain_text(word)

    def does_not_say(self, word: str) -> None:
        """These words are not on the page."""
        expect(self.page.locator("body")).not_to_contain_text(word)

    def fill(self, scope: str = "body", **values: str) -> None:
        """Type or choose values by the names of their fields."""
        for name, value in values.items():
            box = self.page.locator(f'{scope} [name="{name}"]:visible').first
            if box.evaluate("box => box.tagName") == "SELECT":
                option = box.locator("option", has_text=value).first
                box.select_option(option.get_attribute("value"))
            else:
                box.fill(value)

    def press(self, label: str = "", scope: str = "body") -> None:
        """Press the button with this label, or the page's main one, and wait for the next page."""
        button = (
            self.page.locator(f"{scope} button", has_text=label).locator("visible=true")
            if label
            else self.page.locator(f"{scope} button[data-primary]")
        )
        with self.page.expect_navigation():
            button.first.click()

    def follow(self, label: str, scope: str = "body") -> None:
        """Follow the link with these words."""
        with self.page.expect_navigation():
            self.page.locator(f"{scope} a", has_text=label).locator("visible=true").first.click()

    def sign(self, user: str, secret: str) -> None:
        """Fill in the signer: the user only where this session's first signature asks for it."""
        if self.page.locator('[name="user_id"]').count():
            self.fill(user_id=user)
        self.fill(secret=secret)

    def sign_on(self, terminal: str, badge: str) -> None:
        """Badge and PIN at a terminal."""
        self.go(f"/t/{terminal}/sign-on/")
        self.fill(badge=badge, pin=PIN)
        self.press("Sign on", "form[data-sign-on]")

    def measure(self, value: str, reason: str = "") -> None:
        """Enter the value that the shown step asks for."""
        box = self.page.locator('input[type=text][name^="value-"]').first
        again = box.locator("xpath=ancestor::details[not(@open)]/summary")
        if again.count():
            again.click()
        box.fill(value)
        if reason:
            box.locator("xpath=ancestor::form").locator('[name="reason"]').fill(reason)
        with self.page.expect_navigation():
            box.locator("xpath=ancestor::form").locator("button[type=submit]").click()


@dataclass
class Plant:
    """The served plant and the browsers that are open on it."""

    live: LivePlant
    browser: Browser
    folder: Path
    contexts: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def window(self) -> Screen:
        """A browser without any memory."""
        context: BrowserContext = self.contexts.enter_context(
            self.browser.new_context(base_url=self.live.url, viewport=DESK)  # type: ignore[arg-type]
        )
        context.set_default_timeout(8_000)
        return Screen(context.new_page())

    def desk(self, username: str) -> Screen:
        """A browser in which this person has signed in."""
        screen = self.window()
        screen.go("/accounts/login/")
        screen.fill(login=username, password=PASSWORD)
        screen.press("Sign in", "form")
        return screen

    def terminal(self, code: str) -> Screen:
        """A browser that the administrator has made this terminal, and left."""
        screen = self.desk("ada")
        screen.go("/core/organization/terminals/")
        screen.follow(code, "main")
        screen.follow("Enrol this device", "main")
        screen.press()
        screen.says("This device is the terminal now.", "Sign on")
        return screen


@contextlib.contextmanager
def opened(live: LivePlant, browser: Browser, folder: Path) -> Iterator[Plant]:
    """The plant; every browser is closed at the end."""
    plant = Plant(live, browser, folder)
    with plant.contexts:
        yield plant
