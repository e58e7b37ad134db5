"""The terminal in a real browser with touch: measures, scans, keys, the camera, and the line that goes down."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from mes.execution.models import FloorNote, Output
from tests.core.web.test_gallery import barriers_of, collect_complaints, inline_code_of, picture
from tests.mes.execution.shop import LANDSCAPE, PHONE, Shop

pytestmark = [pytest.mark.browser, pytest.mark.requirement("TRM-01")]


def scan(page: Page, text: str, end: str = "Enter") -> None:
    """What a keyboard wedge types."""
    for character in text:
        page.keyboard.press(character)
    page.keyboard.press(end)


MEASURES = Path(__file__).with_name("measures.js").read_text(encoding="utf-8")


def test_every_page_fits_hand_and_eye(context: BrowserContext, shop: Shop) -> None:
    wrong: dict[str, list[str]] = {}
    for size, viewport in (("landscape", LANDSCAPE), ("phone", PHONE)):
        for theme in ("light", "dark"):
            page = context.new_page()
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            complaints: list[str] = []
            collect_complaints(page, complaints)
            for name, address in shop.pages().items():
                page.goto(address)
                found = inline_code_of(page) + [text for text in complaints if "status of 404" not in text]
                found += [f"{what}: {one}" for what, ones in page.evaluate(MEASURES).items() for one in ones]
                sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if sideways > 0:
                    found.append(f"scrolls sideways by {sideways} px")
                picture(page, f"terminal-{name}-{size}-{theme}")
                if (size, theme) != ("phone", "dark"):
                    found += barriers_of(page)
                if found:
                    wrong[f"{name} {size} {theme}"] = found
                complaints.clear()
            page.close()
    assert not wrong, "\n".join(f"{where}: {what}" for where, whats in wrong.items() for what in sorted(set(whats)))


def test_the_step_needs_no_scrolling_at_1024_by_768(page: Page, shop: Shop) -> None:
    """Also right after a value out of limits, with its message, an open call and a booking that can be undone."""
    over = "(area) => { const s = document.querySelector(area); return s.scrollHeight - s.clientHeight }"
    for address in (shop.running, shop.out_of_limits, shop.entering):
        page.goto(address)
        if address == shop.entering:
            page.get_by_label("Torque").fill("12.6")
            page.get_by_role("button", name="Record").click()
            expect(page.locator("#tl-notices")).to_contain_text("above the upper limit")
            # The words are there before the style sheets may be: an unstyled page scrolls.
            page.wait_for_load_state()
            picture(page, "terminal-just-out-of-limits-landscape-light")
        assert max(page.evaluate(over, area) for area in ("main", ".tl-terminal-gates")) <= 0, address
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_picture_leaves_room_for_the_step_at_1024_by_768(page: Page, shop: Shop) -> None:
    """The words come first, the picture takes what is left, "Step done" is in sight; a tap shows the picture large."""
    page.goto(shop.pictured, wait_until="networkidle")
    picture(page, "terminal-step-with-a-picture")
    image = page.locator(".tl-picture img")
    assert image.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [640, 480]
    over = "main => main.scrollHeight - main.clientHeight"
    assert page.locator("main").evaluate(over) <= 0
    text, shown, done = (
        one.bounding_box()
        for one in (page.get_by_text("Tighten it."), image, page.get_by_role("button", name="Step done"))
    )
    bar = page.locator(".tl-bar").bounding_box()
    assert text and shown and done and bar
    assert text["y"] < shown["y"] < done["y"] < done["y"] + done["height"] <= bar["y"]
    assert shown["height"] >= 120
    large = page.get_by_role("dialog", name="Where it is tightened")
    expect(large).to_be_hidden()
    page.locator(".tl-picture").tap()
    expect(large.locator("img")).to_be_visible()
    shown = large.locator("img").bounding_box()
    assert shown and shown["height"] > 500
    large.get_by_role("button", name="Close").tap()
    expect(large).to_be_hidden()


def test_step_done_stays_in_sight_below_a_long_text(page: Page, shop: Shop) -> None:
    page.goto(shop.pictured)
    page.locator(".tl-prose").evaluate("prose => { prose.innerHTML = '<p>Turn it slowly.</p>'.repeat(60); }")
    done, bar = page.get_by_role("button", name="Step done").bounding_box(), page.locator(".tl-bar").bounding_box()
    assert done and bar
    assert done["y"] + done["height"] <= bar["y"]
    assert page.locator("main").evaluate("main => main.scrollHeight > main.clientHeight")


def test_the_operator_s_page_is_small(page: Page, shop: Shop) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(gzip.compress(response.body(), 9))))
    page.goto(shop.out_of_limits, wait_until="networkidle")
    assert 5 < len(sizes) <= 20
    assert sum(sizes) <= 120_000


def test_every_tap_is_answered_within_100_milliseconds(page: Page, shop: Shop) -> None:
    page.route("**/*", lambda route: None if route.request.is_navigation_request() and seen else route.continue_())
    seen: list[str] = []
    page.goto(shop.out_of_limits)
    seen.append("loaded")
    taps = page.evaluate(
        """async () => {
            const found = [];
            for (const one of document.querySelectorAll('.tl-bar .tl-big')) {
                const before = performance.now();
                const isOpen = () => Boolean(document.querySelector('dialog[open]'));
                const look = () => getComputedStyle(one).opacity + isOpen();
                const old = look();
                one.click();
                while (look() === old && performance.now() - before < 1000) await new Promise(requestAnimationFrame);
                found.push([one.textContent.trim().replace(/\\s+/g, ' '), performance.now() - before]);
                const dialog = document.querySelector('dialog[open]');
                if (dialog) dialog.close();
            }
            return found;
        }"""
    )
    assert len(taps) >= 6
    assert [tap for tap in taps if tap[1] > 100] == []


# --- the scanner ------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("TRM-03")
def test_a_scan_into_a_quantity_is_taken_back_and_sends_nothing(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.running}dialog/output/")
    good = page.locator("#id_good")
    good.fill("7")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    for end in ("Enter", "Tab"):
        scan(page, "]C1NOWHERE", end)
        box = page.locator("#tl-unknown-scan")
        expect(box).to_be_visible()  # it keeps its words while it is hidden
        expect(box).to_contain_text("NOWHERE")
        expect(box).to_contain_text("Expected: a badge, an order")
        expect(good).to_have_value("7")
        page.locator("h1").tap()
        expect(box).to_be_hidden()
    assert (sent, page.url.endswith("dialog/output/")) == ([], True)


@pytest.mark.requirement("TRM-03")
def test_a_known_code_leads_to_what_it_names(page: Page, shop: Shop) -> None:
    page.goto(shop.running)
    scan(page, shop.lot)
    page.wait_for_url("**/dialog/consume/?code=*")
    expect(page.locator("#id_code")).to_have_value(shop.lot)


@pytest.mark.requirement("TRM-03", "TRM-07")
def test_a_code_that_leads_nowhere_is_named_with_what_to_do(page: Page, shop: Shop) -> None:
    page.goto(shop.running)
    scan(page, shop.material)
    box = page.locator("#tl-unknown-scan")
    expect(box).to_be_visible()
    expect(box).to_contain_text(f"Material {shop.material}")
    expect(box).to_contain_text("This is a part number. Scan the label of the lot or of the unit.")
    expect(box).not_to_contain_text("Unknown")
    picture(page, "terminal-known-code")
    scan(page, "NOWHERE")
    expect(box).to_contain_text("Unknown code: NOWHERE")


@pytest.mark.requirement("TRM-03")
def test_a_burst_is_a_scan_by_its_speed_and_length(page: Page, shop: Shop) -> None:
    page.goto(shop.running)
    heard = page.evaluate(
        """() => {
            delete document.body.dataset.scanGapMs;
            const heard = [];
            document.addEventListener('trueline:scan', e => { heard.push(e.detail.text); e.preventDefault(); });
            const press = (key, at) => {
                const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
                Object.defineProperty(event, 'timeStamp', { value: at });
                document.body.dispatchEvent(event);
            };
            const type = (text, start, gap) => [...text].forEach((key, n) => press(key, start + gap * n));
            const end = (key, at) => press(key, at);
            type('FAST', 1000, 34); end('Enter', 1136);
            type('SLOW', 3000, 36); end('Enter', 3144);
            type('ABC', 5000, 10); end('Enter', 5030);
            type('TABS', 7000, 20); end('Tab', 7080);
            [']', 'd', '2', '0', '1', 'F8', '1', '0', 'Enter'].forEach((key, n) => press(key, 9000 + 10 * n));
            return heard;
        }"""
    )
    assert heard == ["FAST", "TABS", "01\u001d10"]


@pytest.mark.requirement("TRM-03")
def test_the_camera_is_a_scanner_where_the_browser_reads_barcodes(context: BrowserContext, shop: Shop) -> None:
    without = context.new_page()
    without.goto(f"{shop.home}station/")
    has = without.evaluate("'BarcodeDetector' in window")
    expect(without.locator("[data-camera-scan]")).to_be_visible(visible=has)
    context.add_init_script(
        """window.BarcodeDetector = class { async detect() { return [{ rawValue: 'FROM-CAMERA' }]; } };
        const canvas = document.createElement('canvas');
        const draw = () => canvas.getContext('2d').fillRect(0, 0, Math.random() * 9, 9);
        const getUserMedia = async () => { setInterval(draw, 30); return canvas.captureStream(30); };
        Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia } });"""
    )
    page = context.new_page()
    page.goto(f"{shop.home}station/")
    page.locator("[data-camera-scan]").tap()
    expect(page.locator("[data-scan-text]")).to_have_text("FROM-CAMERA")
    expect(page.locator("#tl-camera")).to_be_hidden()


# --- keys -------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("TRM-02")
def test_every_action_has_a_key_and_the_list_names_it(page: Page, shop: Shop) -> None:
    page.goto(shop.out_of_limits)
    page.evaluate("document.body.dataset.scanGapMs = '35'")
    without = page.locator(".tl-bar .tl-big:not([data-shortcut])")
    assert without.count() == 0
    letters = page.evaluate("[...document.querySelectorAll('[data-shortcut]')].map(e => e.dataset.shortcut)")
    assert len(letters) == len(set(letters)) >= 7
    page.keyboard.press("?")
    expect(page.locator("#tl-keys")).to_be_visible()
    expect(page.locator("#tl-keys")).to_contain_text("Call lead")
    page.keyboard.press("Escape")
    expect(page.locator("#tl-keys")).to_be_hidden()
    page.keyboard.press("w")
    expect(page.locator("#tl-note")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#tl-note")).to_be_hidden()
    page.keyboard.press("x")
    page.wait_for_url("**/dialog/defect/")
    page.locator("#id_title").focus()
    page.keyboard.press("l")
    expect(page.locator("#id_title")).to_have_value("l")


# --- the line goes down -----------------------------------------------------------------------------------------------


def notes(text: str) -> int:
    return FloorNote.objects.filter(text=text).count()


@pytest.mark.requirement("TRM-04")
def test_a_note_waits_for_the_network_and_is_sent_once(page: Page, shop: Shop) -> None:
    page.goto(shop.running)
    page.context.set_offline(True)
    expect(page.locator("#tl-offline")).to_be_visible()
    for text in ("Jig is loose", "Bit is worn"):
        page.get_by_role("button", name="Note").tap()
        page.locator("#tl-note-text").fill(text)
        page.get_by_role("button", name="Keep").tap()
    expect(page.locator("#tl-waiting")).to_contain_text("2 waiting")
    expect(page.locator("#tl-toasts")).to_contain_text("It is sent when the network is back")
    page.locator("#tl-waiting").tap()
    expect(page.locator("#tl-waiting-list")).to_contain_text("Jig is loose")
    page.locator("#tl-waiting-list [data-close-dialog]").tap()
    assert (notes("Jig is loose"), notes("Bit is worn")) == (0, 0)
    page.context.set_offline(False)
    expect(page.locator("#tl-waiting")).to_be_hidden()
    page.reload()
    expect(page.locator("#tl-waiting")).to_be_hidden()
    assert (notes("Jig is loose"), notes("Bit is worn")) == (1, 1)
    assert FloorNote.objects.get(text="Bit is worn").order_operation is not None


@pytest.mark.requirement("TRM-04")
def test_what_waits_survives_a_reload_and_a_photo_goes_with_it(page: Page, shop: Shop) -> None:
    page.goto(shop.running)
    page.route("**/notes/", lambda route: route.abort())
    page.get_by_role("button", name="Note").tap()
    page.locator("#tl-note-text").fill("Scratch at the edge")
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc00000030101"
        "00c9fe92ef0000000049454e44ae426082"
    )
    page.locator("#tl-note-photo").set_input_files(FilePayload(name="edge.png", mimeType="image/png", buffer=pixel))
    page.get_by_role("button", name="Keep").tap()
    expect(page.locator("#tl-waiting")).to_contain_text("1 waiting")
    page.reload()
    expect(page.locator("#tl-waiting")).to_contain_text("1 waiting")
    page.unroute("**/notes/")
    page.reload()
    expect(page.locator("#tl-waiting")).to_be_hidden()
    assert FloorNote.objects.get(text="Scratch at the edge").kind == "photo"


@pytest.mark.requirement("TRM-04")
def test_what_needs_the_server_is_not_sent_and_stays_typed(page: Page, shop: Shop) -> None:
    before = Output.objects.count()
    page.goto(f"{shop.running}dialog/output/")
    page.locator("#id_good").fill("3")
    page.context.set_offline(True)
    page.locator("[data-primary]").tap()
    expect(page.locator("#tl-toasts")).to_contain_text("this needs the server")
    page.get_by_role("link", name="Back").tap()
    expect(page.locator("#tl-toasts")).to_contain_text("this page cannot be opened now")
    expect(page.locator("#id_good")).to_have_value("3")
    page.context.set_offline(False)
    assert Output.objects.count() == before
    page.reload()
    expect(page.locator("#id_good")).to_have_value("3")
    page.locator("[data-primary]").tap()
    expect(page.locator("#tl-notices")).to_contain_text("3 good and 0 scrap reported.")
    fresh = page.locator(".tl-fresh")
    expect(fresh.get_by_role("button", name="Undo")).to_be_visible()
    fresh.get_by_role("button", name="Undo").tap()
    expect(page.locator("#tl-notices")).to_contain_text("is taken back")
    assert Output.objects.count() == before + 2


def test_the_left_hand_has_its_layout(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.home}station/")
    page.get_by_role("button", name="Left").tap()
    expect(page.locator("body")).to_have_attribute("data-hand", "left")
    page.goto(shop.running)
    first: Any = page.locator(".tl-bar .tl-big").first.bounding_box()
    assert first["x"] > 800
    page.goto(f"{shop.home}station/")
    page.get_by_role("button", name="Right").tap()
    expect(page.locator("body")).to_have_attribute("data-hand", "right")
