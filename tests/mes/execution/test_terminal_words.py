"""What the terminal says and keeps, in a real browser."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import TerminalSession
from core.organization.services import system_user
from tests.core.web.test_gallery import picture
from tests.mes.execution.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.requirement("TRM-01")]


@pytest.mark.requirement("REC-19")
def test_what_was_typed_is_back_after_the_station_was_locked_and_somebody_signed_on_again(
    page: Page, shop: Shop
) -> None:
    active = TerminalSession.objects.filter(activated_at__isnull=False)
    keys = list(active.values_list("pk", flat=True))
    page.goto(f"{shop.running}dialog/defect/")
    page.locator("#id_title").fill("Scratch along the edge")
    page.locator("#id_severity").select_option("minor")
    with transaction.atomic(), acting(system_user("test")):
        active.update(activated_at=None)
    page.locator("[data-primary]").tap()
    page.wait_for_url("**/sign-on/?next=*dialog%2Fdefect%2F")
    with transaction.atomic(), acting(system_user("test")):
        TerminalSession.objects.filter(pk__in=keys).update(activated_at=now(), last_seen_at=now())
    page.goto(f"{shop.running}dialog/defect/")
    expect(page.locator("#id_title")).to_have_value("Scratch along the edge")
    expect(page.locator("form .tl-notice")).to_contain_text("It was not saved yet")
    page.locator("[data-primary]").tap()
    page.wait_for_url(f"**{shop.running}")
    page.goto(f"{shop.running}dialog/defect/")
    expect(page.locator("#id_title")).to_have_value("")


OVER = "(area) => { const s = document.querySelector(area); return s.scrollHeight - s.clientHeight }"


def test_the_dialogs_need_no_scrolling_at_1024_by_768(page: Page, shop: Shop) -> None:
    for dialog in ("defect", "output", "complete"):
        page.goto(f"{shop.running}dialog/{dialog}/")
        picture(page, f"words-{dialog}")
        assert page.evaluate(OVER, "main") <= 0, dialog
    page.goto(f"{shop.witnessed}dialog/sign/")
    picture(page, "words-sign")


@pytest.mark.requirement("SIG-03")
def test_a_scanned_badge_names_the_second_person_whatever_has_the_focus(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.witnessed}dialog/sign/")
    expect(page.locator("#id_user_id")).to_be_focused()
    page.locator("#id_secret").focus()
    page.keyboard.type("B-10442")
    page.keyboard.press("Enter")
    expect(page.locator("#id_user_id")).to_have_value("B-10442")
    expect(page.locator("#id_secret")).to_have_value("")
    assert page.url.endswith("dialog/sign/")


def test_a_value_never_loses_its_unit(page: Page, shop: Shop) -> None:
    page.goto(shop.out_of_limits)
    figure = page.locator(".tl-entry-figure").first
    figure.evaluate("element => { element.textContent = '-134.0075 N\u00b7m'; }")
    picture(page, "words-value")
    assert figure.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
    box, row = figure.bounding_box(), page.locator(".tl-value-row").first.bounding_box()
    assert box and row and box["x"] + box["width"] <= row["x"] + row["width"]


def test_the_heading_of_the_list_stands_clear_of_the_first_card(page: Page, shop: Shop) -> None:
    page.goto(shop.home)
    picture(page, "words-list")
    heading, card = (page.locator("#tl-dispatch h1").bounding_box(), page.locator(".tl-tile").first.bounding_box())
    assert heading and card and card["y"] - (heading["y"] + heading["height"]) >= 8
    page.goto(shop.waiting)
    picture(page, "words-waiting")
