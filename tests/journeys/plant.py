"""What people do at a screen of the served plant: open, fill, press, scan, read."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, TimeoutError, expect

from config.apps import BASE_DIR
from integrations.services.demo import PASSWORD, PIN
from tests.support.browser import whole
from tests.support.house import House
from traceability.models import Lot

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
TERMINAL = {"width": 1024, "height": 768}
SCANNER_GAP_MS = 2000
"""Keys of the simulated scanner come slowly while other processes keep the machine busy."""


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

    def text(self) -> str:
        """Everything that is to be read on the page."""
        return self.page.locator("body").inner_text()

    def field(self, name: str, scope: str = "body") -> Locator:
        """The visible field of this name."""
        return self.page.locator(f'{scope} [name="{name}"]:visible').first

    def fill(self, scope: str = "body", **values: str) -> None:
        """Type or choose values by the names of their fields."""
        for name, value in values.items():
            box = self.field(name, scope)
            if box.evaluate("box => box.tagName") == "SELECT":
                option = box.locator("option", has_text=value).first
                box.select_option(option.get_attribute("value"))
            else:
                box.fill(value)

    def attach(self, name: str, file: Path) -> None:
        """Choose a file."""
        self.page.locator(f'[name="{name}"]').set_input_files(file)

    def press(self, label: str = "", scope: str = "body") -> None:
        """Press the button with this label, or the page's main one, and wait for the next page."""
        button = (
            self.page.locator(f"{scope} button", has_text=label).locator("visible=true")
            if label
            else self.page.locator(f"{scope} button[data-primary]")
        )
        whole(self.page)  # a button of a deed answers once its gates are shown
        try:
            with self.page.expect_navigation():
                button.first.click()
        except TimeoutError as late:
            late.add_note(f"{self.page.url}:\n{self.text()}")
            raise
        assert "Not saved yet: please correct" not in self.text(), self.text()

    def follow(self, label: str, scope: str = "body") -> None:
        """Follow the link with these words."""
        with self.page.expect_navigation():
            self.page.locator(f"{scope} a", has_text=label).locator("visible=true").first.click()

    def change(self, label: str, scope: str = "body") -> None:
        """Press a button that changes the page in place, and wait until the server's answer is shown."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
            self.page.locator(f"{scope} button", has_text=label).locator("visible=true").first.click()
        answer = answered.value
        assert answer.status == 200, f"{answer.url}: {answer.status} {self.text()}"
        # The answer is there before it is shown: what is filled in until then would go with the old page.
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        whole(self.page)
        self.page.wait_for_load_state("networkidle")

    def sign(self, user: str, secret: str) -> None:
        """Fill in the signer: the user only where this session's first signature asks for it."""
        expect(self.page.locator('[name="secret"]')).to_be_visible()  # a count does not wait
        if self.page.locator('[name="user_id"]').count():
            self.fill(user_id=user)
        self.fill(secret=secret)

    def sign_and_press(self, user: str, label: str = "") -> None:
        """Sign with the password and press."""
        self.sign(user, PASSWORD)
        self.press(label)

    def scan(self, code: str) -> None:
        """Hold the keyboard-wedge scanner on a code and wait for where it leads."""
        # A page that was about to refresh itself gives way to where the scan leads; that is no failure.
        with self.page.expect_event("framenavigated", lambda frame: frame == self.page.main_frame):
            self._wedge(code)
        self.page.wait_for_load_state()

    def _wedge(self, code: str) -> None:
        """The keys that the scanner sends, once the page listens."""
        self.page.wait_for_load_state()
        self.page.evaluate("gap => document.body.dataset.scanGapMs = gap", str(SCANNER_GAP_MS))
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")

    def sign_on(self, badge: str) -> None:
        """Scan the badge at a terminal, then the PIN by its number pad."""
        if self.page.locator("form[data-sign-on]").count():
            self._wedge(badge)
        else:
            self.scan(badge)
        assert self.field("badge").input_value() == badge
        for digit in PIN:
            self.page.locator(f'[data-key="{digit}"]').click()
        self.press("Sign on", "form[data-sign-on]")

    def refuses(self, *words: str) -> None:
        """The deed was refused, for these reasons."""
        self.says("This was not done", *words)

    def accepted(self) -> None:
        """The deed was not refused."""
        assert "This was not done" not in self.text(), self.text()

    def picture(self, name: str) -> None:
        """Keep a picture of the page, when somebody wants to look (TRUELINE_SCREENSHOTS=1; all: dark and phone)."""
        wanted = os.environ.get("TRUELINE_SCREENSHOTS")
        if not wanted:
            return
        folder = Path(BASE_DIR) / "screenshots"
        folder.mkdir(exist_ok=True)
        whole(self.page)
        self.page.screenshot(path=folder / f"journey-{name}.png")
        if wanted == "all":
            size = self.page.viewport_size
            self.page.emulate_media(color_scheme="dark")
            self.page.screenshot(path=folder / f"journey-{name}-dark.png")
            self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            self.page.screenshot(path=folder / f"journey-{name}-phone-dark.png", full_page=True)
            self.page.emulate_media(color_scheme="light")
            self.page.set_viewport_size(size)  # type: ignore[arg-type]


@dataclass
class Plant:
    """The served plant and the browsers that are open on it."""

    house: House
    browser: Browser
    folder: Path
    contexts: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    desks: dict[str, Screen] = field(default_factory=dict)
    terminals: dict[str, Screen] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    """What the browsers asked of other hosts."""

    def window(self, size: dict[str, int]) -> Screen:
        """A browser without any memory."""
        context: BrowserContext = self.contexts.enter_context(
            self.browser.new_context(base_url=self.house.url, viewport=size, accept_downloads=True)  # type: ignore[arg-type]
        )
        context.on("request", self._watch)
        return Screen(context.new_page())

    def _watch(self, request: Request) -> None:
        if request.url.startswith(("http", "ws")) and not request.url.startswith(self.house.url):
            self.elsewhere.append(request.url)

    def desk(self, username: str) -> Screen:
        """The browser of this person, signed in; opened on first use."""
        if username not in self.desks:
            self.desks[username] = self._signed_in(username, DESK)
        return self.desks[username]

    def _signed_in(self, username: str, size: dict[str, int]) -> Screen:
        screen = self.window(size)
        screen.go("/accounts/login/")
        screen.fill(login=username, password=PASSWORD)
        screen.press("Sign in", "form")
        return screen

    def terminal(self, code: str) -> Screen:
        """The browser that the administrator has made this terminal, and left; enrolled on first use."""
        if code not in self.terminals:
            screen = self._signed_in("ada", TERMINAL)
            screen.go("/core/organization/terminals/")
            screen.follow(code, "main")
            screen.follow("Enrol this device", "main")
            screen.press()
            screen.says("This device is the terminal now.", "Sign on")
            self.terminals[code] = screen
        return self.terminals[code]


@dataclass
class Papers:
    """A released order and the codes that a scanner reads from its printed sheets."""

    number: str
    address: str
    traveler: list[str]
    barcodes: list[str]
    used: list[str] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        """Everything that can be scanned."""
        return {*self.traveler, *self.barcodes}

    def operation(self, index: int) -> str:
        """The code of the operation at this place on the traveler."""
        return [code for code in self.traveler if code.startswith("^OP^")][index]

    @property
    def lot(self) -> str:
        """The number of the lot that is made, as the traveler carries it."""
        (found,) = Lot.objects.filter(number__in=self.traveler).values_list("number", flat=True)
        return str(found)

    def component(self, material: str) -> str:
        """The first lot of this material on the barcode sheet."""
        printed = [code for code in self.barcodes if code != self.lot]
        lots = Lot.objects.filter(number__in=printed, material__number=material)
        return str(lots.order_by("pk")[0].number)


@contextlib.contextmanager
def opened(house: House, browser: Browser, folder: Path) -> Iterator[Plant]:
    """The plant; every browser is closed at the end."""
    plant = Plant(house, browser, folder)
    with plant.contexts:
        yield plant
