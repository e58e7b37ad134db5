"""Typed work outlives the session: it stays in the browser until the server has accepted it."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from tests.core.web.conftest import Gallery

pytestmark = pytest.mark.requirement("REC-19")
FORM = "/core/organization/sites/create/"


def sign_in_again(page: Page, gallery: Gallery) -> None:
    page.context.add_cookies([{"name": "sessionid", "value": gallery.editor, "url": gallery.url}])


@pytest.fixture
def page(signed_in: BrowserContext, gallery: Gallery) -> Page:
    """A page of somebody who may create a site."""
    made = signed_in.new_page()
    sign_in_again(made, gallery)
    return made


@pytest.mark.browser
def test_a_form_sent_without_a_session_comes_back_filled_in_after_signing_in(page: Page, gallery: Gallery) -> None:
    page.goto(FORM)
    page.locator("#id_name").fill("Third plant")
    page.locator("#id_time_zone").fill("Europe/Vienna")
    page.context.clear_cookies(name="sessionid")
    page.locator("[data-primary]").click()
    page.wait_for_url("**/accounts/login/**")
    sign_in_again(page, gallery)
    page.goto(FORM)
    expect(page.locator("#id_name")).to_have_value("Third plant")
    expect(page.locator("#id_time_zone")).to_have_value("Europe/Vienna")
    expect(page.locator("form .tl-notice")).to_contain_text("It was not saved yet")
    page.locator("#id_code").fill("THREE")
    page.locator("[data-primary]").click()
    page.wait_for_url(lambda url: not url.endswith(FORM))
    page.goto(FORM)
    expect(page.locator("#id_name")).to_have_value("")
    expect(page.locator("form .tl-notice")).to_have_count(0)


@pytest.mark.browser
def test_without_any_cookie_the_page_names_the_cause_and_leads_back(page: Page, gallery: Gallery) -> None:
    page.goto(FORM)
    page.locator("#id_name").fill("Fourth plant")
    page.context.clear_cookies()
    page.locator("[data-primary]").click()
    expect(page.locator("h1")).to_contain_text("This was not saved")
    expect(page.locator("main")).to_contain_text("you were signed out, you signed in again since it was opened")
    sign_in_again(page, gallery)
    page.get_by_role("link", name="Open the page again").click()
    expect(page.locator("#id_name")).to_have_value("Fourth plant")
    page.get_by_role("button", name="Discard").click()
    page.reload()
    expect(page.locator("#id_name")).to_have_value("")


@pytest.mark.browser
def test_a_refused_form_is_kept_and_nobody_else_sees_it(page: Page, gallery: Gallery) -> None:
    page.goto(FORM)
    page.locator("#id_name").fill("Fifth plant")
    page.locator("[data-primary]").click()
    expect(page.locator(".tl-summary")).to_be_visible()
    page.goto(FORM)
    expect(page.locator("#id_name")).to_have_value("Fifth plant")
    page.context.add_cookies([{"name": "sessionid", "value": gallery.other_editor, "url": gallery.url}])
    page.goto(FORM)
    expect(page.locator("#id_name")).to_have_value("")


@pytest.mark.browser
def test_a_secret_is_never_kept(page: Page) -> None:
    page.goto("/core/organization/me/pin/")
    fields = page.locator("main input:not([type=hidden])")
    for number in range(fields.count()):
        fields.nth(number).fill("4711-secret")
    page.goto(FORM)
    page.locator("#id_name").fill("Sixth plant")
    kept = page.evaluate("JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])")
    assert "Sixth plant" in kept and "4711-secret" not in kept


@pytest.mark.django_db
def test_whoever_is_signed_out_comes_back_to_the_page_whose_form_was_sent() -> None:
    answer = Client().post(FORM, headers={"referer": "http://testserver/somewhere/?tab=files"})
    assert answer["Location"].endswith("next=%2Fsomewhere%2F%3Ftab%3Dfiles")
    answer = Client().post(FORM, headers={"referer": "http://elsewhere.example/x/"})
    assert answer["Location"].endswith("next=%2Fcore%2Forganization%2Fsites%2Fcreate%2F")
    assert "trueline_accepted" not in answer.cookies
