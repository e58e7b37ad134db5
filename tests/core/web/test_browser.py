"""What the scripts promise, in a real browser: scans, double taps, drafts, undo, idle lock, keys."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.core.web.conftest import Gallery
from tests.support.database import url

pytestmark = pytest.mark.browser
KIT, TERMINAL = "/core/web/kit/", "/core/web/kit/terminal/"
GS = "\u001d"


@pytest.fixture
def page(signed_in: BrowserContext) -> Iterator[Page]:
    """A page that counts scans and submissions."""
    signed_in.add_init_script(
        """window.scans = []; window.submitted = 0; window.holdScans = true;
        document.addEventListener('trueline:scan', e => {
            window.scans.push(e.detail.text + '|' + e.detail.symbology);
            if (window.holdScans) e.preventDefault();
        });
        window.addEventListener('submit', e => { window.submitted += 1; });
        addEventListener('DOMContentLoaded', () => { document.body.dataset.scanGapMs = '1500'; });"""
    )
    yield signed_in.new_page()


def scan(page: Page, text: str, end: str = "Enter") -> None:
    """What a keyboard wedge does: characters in a burst, and a suffix. The fixture allows for a slow machine."""
    for character in text:
        if character == GS:
            page.keyboard.press("F8")
        else:
            page.keyboard.press("Space" if character == " " else character)
    page.keyboard.press(end)


def test_a_scan_never_stays_in_a_quantity_and_never_submits(page: Page) -> None:
    page.goto(KIT)
    bore = page.locator("#id_bore").first
    bore.fill("12.00")
    bore.press("End")
    for end in ("Enter", "Tab"):
        scan(page, "L260417", end)
        expect(bore).to_have_value("12.00")
        expect(bore).to_be_focused()
    assert page.evaluate("window.scans") == ["L260417|", "L260417|"]
    assert page.evaluate("window.submitted") == 0


def test_a_selected_quantity_that_a_scan_typed_over_comes_back(page: Page) -> None:
    page.goto(KIT)
    bore = page.locator("#id_bore").first
    bore.fill("12.00")
    bore.select_text()
    scan(page, "PO-000123")
    expect(bore).to_have_value("12.00")
    assert page.evaluate("window.scans") == ["PO-000123|"]


def test_typing_by_hand_is_no_scan(page: Page) -> None:
    page.goto(KIT)
    page.evaluate("document.body.dataset.scanGapMs = '35'")
    bore = page.locator("#id_bore").first
    bore.fill("")
    bore.press_sequentially("12.041", delay=80)
    page.wait_for_timeout(80)
    bore.press("Enter")
    page.wait_for_url("**bore=12.041**")
    assert page.evaluate("window.scans") == []


def test_the_limit_between_hand_and_scanner_is_35_milliseconds(page: Page) -> None:
    page.goto(KIT)
    page.evaluate("delete document.body.dataset.scanGapMs")
    page.evaluate(
        """async () => {
            const press = (key, at) => {
                const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
                Object.defineProperty(event, 'timeStamp', { value: at });
                document.body.dispatchEvent(event);
            };
            [...'FAST1', 'Enter'].forEach((key, n) => press(key, 1000 + 34 * n));
            [...'SLOW1', 'Enter'].forEach((key, n) => press(key, 5000 + 36 * n));
        }"""
    )
    assert page.evaluate("window.scans") == ["FAST1|"]


def test_three_quick_characters_are_no_scan(page: Page) -> None:
    page.goto(KIT)
    page.locator("#id_title").first.fill("")
    scan(page, "abc", "Tab")
    expect(page.locator("#id_title").first).to_have_value("abc")
    assert page.evaluate("window.scans") == []


def test_aim_identifiers_and_control_characters_go_and_the_group_separator_stays(page: Page) -> None:
    page.goto(KIT)
    page.evaluate("document.activeElement.blur()")
    scan(page, f"]d20109506000134352{GS}10ABC")
    assert page.evaluate("window.scans") == [f"0109506000134352{GS}10ABC|]d2"]
    cleaned = page.evaluate("trueline.cleanScan(']C1\\u00021234\\u001d56\\u0003')")
    assert cleaned == {"text": f"1234{GS}56", "symbology": "]C1"}


def test_a_scan_that_begins_like_a_key_command_is_a_scan(page: Page) -> None:
    page.goto(KIT)
    for code in ("/12345", "?12345", "jk12345"):
        scan(page, code)
    assert page.evaluate("window.scans") == ["/12345|", "?12345|", "jk12345|"]
    expect(page.locator("#tl-search")).to_have_value("")
    expect(page.locator("#tl-keys")).not_to_be_visible()


def test_a_scan_on_a_button_with_a_space_presses_nothing(page: Page) -> None:
    page.goto(KIT)
    page.evaluate("window.pressed = 0; document.querySelector('[data-open-dialog]').focus()")
    page.evaluate("document.querySelector('[data-open-dialog]').addEventListener('click', () => window.pressed++)")
    scan(page, "LOT 26 0417")
    assert page.evaluate("window.scans") == ["LOT 26 0417|"]
    assert page.evaluate("window.pressed") == 0


def test_an_unhandled_scan_opens_the_resolver(page: Page) -> None:
    page.goto("/core/web/search/")
    page.evaluate("window.holdScans = false")
    scan(page, "UNKNOWN-7")
    page.wait_for_url("**/core/web/scan/?code=*")
    expect(page.locator("[role=alert]")).to_contain_text("UNKNOWN-7")


def test_the_scan_box_is_a_scanner_for_those_without_one(page: Page) -> None:
    page.goto(KIT)
    page.locator("[data-scan-box] input").fill("]C110ABC<GS>21X")
    page.locator("[data-scan-box] button[type=submit]").click()
    assert page.evaluate("window.scans") == [f"10ABC{GS}21X|]C1"]
    expect(page.locator("[data-scan-text]")).to_have_text("10ABC␝21X")


def test_the_second_tap_of_a_form_sends_nothing(page: Page) -> None:
    page.goto(KIT)
    refused = page.evaluate(
        """() => {
            const form = document.querySelector('form[data-once]');
            const tap = () => { const tapped = new Event('submit', { bubbles: true, cancelable: true });
                                form.dispatchEvent(tapped); return tapped.defaultPrevented; };
            return [tap(), form.getAttribute('aria-busy'), tap()];
        }"""
    )
    assert refused == [False, "true", True]


def test_keys_search_help_and_escape(page: Page) -> None:
    page.goto(KIT)
    page.keyboard.press("/")
    expect(page.locator("#tl-search")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#tl-keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#tl-keys")).not_to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.locator("#tl-search")).to_be_focused()


def test_typed_work_survives_a_reload(page: Page) -> None:
    page.goto(TERMINAL)
    page.locator("#kit-bore").fill("")
    page.evaluate("localStorage.clear()")
    page.locator("#kit-bore").press_sequentially("11.5")
    stored = page.evaluate("Object.entries(localStorage)")
    assert stored == [[f"trueline-draft:{TERMINAL}:kit", '{"bore":["11.5","12.041"]}']]
    page.evaluate("document.querySelector('#kit-bore').setAttribute('value', '')")
    page.route(
        "**/kit/terminal/",
        lambda route: route.fulfill(
            body=route.fetch().text().replace('value="12.041"', 'value=""'), content_type="text/html"
        ),
    )
    page.reload()
    expect(page.locator("#kit-bore")).to_have_value("11.5")


def test_the_number_pad_writes_into_its_field(page: Page) -> None:
    page.goto(TERMINAL)
    page.get_by_role("button", name="Good + scrap").click()
    page.locator("[data-key='7']").click()
    page.locator("[data-key='5']").click()
    expect(page.locator("#kit-good")).to_have_value("75")
    page.locator("[data-key='back']").click()
    expect(page.locator("#kit-good")).to_have_value("7")


def test_the_terminal_shows_that_the_line_is_down(page: Page) -> None:
    page.goto(TERMINAL)
    expect(page.locator("#tl-offline")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.locator("#tl-offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#tl-offline")).to_be_hidden()


@pytest.mark.parametrize(
    ("address", "most_requests", "most_bytes"), [(TERMINAL, 15, 120_000), (f"{KIT}detail/", 20, 170_000)]
)
def test_pages_stay_small(page: Page, address: str, most_requests: int, most_bytes: int) -> None:
    """Performance budget: the operator's page is at most 120 KB compressed."""
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(gzip.compress(response.body(), 9))))
    page.goto(address, wait_until="networkidle")
    assert 5 < len(sizes) <= most_requests
    assert sum(sizes) <= most_bytes


@pytest.mark.requirement("RUN-08")
def test_a_live_region_is_read_again_when_its_topic_changes(page: Page, gallery: Gallery) -> None:
    with page.expect_response(lambda response: response.url.endswith("/kit/events/")) as stream:
        page.goto(KIT)
    assert stream.value.headers["content-type"] == "text/event-stream"
    before = page.locator("#kit-live").get_attribute("data-read")
    with psycopg.connect(url("app", gallery.database), autocommit=True) as sender:
        for topic in ("another", "kit"):
            sender.execute("SELECT pg_notify('trueline_events', %s)", [f'["{topic}", ""]'])
    expect(page.locator("#kit-live")).not_to_have_attribute("data-read", str(before))


@pytest.mark.requirement("RUN-08")
def test_a_stream_asks_for_the_same_right_as_a_page(page: Page, gallery: Gallery) -> None:
    page.context.clear_cookies()
    answer = page.request.get("/core/web/kit/events/", max_redirects=0)
    assert answer.status == 302
    assert "/accounts/login/" in answer.headers["location"]


def test_an_idle_terminal_counts_down_and_locks(page: Page) -> None:
    page.clock.install()
    page.goto(TERMINAL)
    page.clock.run_for(25_000)
    expect(page.locator("#tl-idle")).to_have_text("")
    page.clock.run_for(15_000)
    expect(page.locator("#tl-idle")).to_contain_text("20 s")
    page.mouse.click(5, 5)
    page.clock.run_for(1_000)
    expect(page.locator("#tl-idle")).to_have_text("")
    page.clock.run_for(61_000)
    page.wait_for_url("**/?nobody=1")
    expect(page.get_by_text("Nobody is signed on")).to_be_visible()


@pytest.mark.requirement("TRM-02", "TRM-03")
@pytest.mark.requirement("SCR-15")
def test_a_part_that_comes_later_is_announced_or_said_to_have_failed_and_the_form_waits_for_it(page: Page) -> None:
    part, button = page.locator("#tl-part-sample"), page.get_by_role("button", name="Send what was read")
    page.route("**/*part=sample", lambda route: route.fulfill(status=404, content_type="text/html", body="<h1>No</h1>"))
    page.goto(KIT)
    expect(part).to_have_attribute("aria-live", "polite")
    expect(part.get_by_role("alert")).to_contain_text("This could not be loaded.")
    button.click()
    expect(page.locator("#tl-toasts")).to_contain_text("read this first")
    assert "sent=1" not in page.url
    page.unroute("**/*part=sample")
    again = part.get_by_role("button", name="Try again")
    again.focus()
    page.keyboard.press("Enter")
    expect(part.locator(".tl-blockers")).to_be_visible()
    expect(part).to_have_attribute("aria-busy", "false")
    button.click()
    page.wait_for_url("**sent=1")


@pytest.mark.requirement("SCR-15")
def test_a_part_asked_for_by_itself_is_a_page(page: Page) -> None:
    page.goto(f"{KIT}?part=sample")
    expect(page.get_by_role("heading", level=1)).to_have_text("A part that comes later")
    expect(page.locator("main .tl-blockers")).to_be_visible()
    page.get_by_role("link", name="The whole page").click()
    expect(page.get_by_role("button", name="Send what was read")).to_be_visible()
    assert page.request.get(f"{KIT}?part=nothing").status == 404


def test_a_slow_scan_never_presses_a_button(page: Page) -> None:
    """The page's own timers keep the order of keys and command on a machine that is busy."""
    page.goto(TERMINAL)
    opened = page.evaluate(
        """async () => {
            document.body.dataset.scanGapMs = '35';
            const press = (key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
            const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
            const isOpen = () => document.getElementById('kit-count').open;
            press('g'); await wait(200); press('7'); await wait(600);
            const bySlowScan = isOpen();
            press('g'); await wait(600);
            return [bySlowScan, isOpen()];
        }"""
    )
    assert opened == [False, True]
