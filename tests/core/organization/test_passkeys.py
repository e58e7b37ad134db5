"""A passkey in a real browser: added with a name, signs in without a password, serves as second step, removed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.organization.models import User
from core.organization.queries.factors import strong_of
from core.organization.services import people
from core.trail.models import TrailEvent
from tests.support.people import make_site, make_user
from tests.support.server import LivePlant

pytestmark = [pytest.mark.browser, pytest.mark.requirement("SIGNIN-07")]

PASSWORD = "several words in a row"
OWN = "/core/organization/me/factors/"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def test_a_passkey_is_added_signs_in_and_is_removed(browser_page: Page, live_plant: LivePlant) -> None:
    person = make_user("petra", site=make_site(), permissions=("core_organization.view_site",))
    people.change_own_password(password=PASSWORD, actor=person)
    page, at = browser_page, live_plant.url.replace("127.0.0.1", "localhost")  # passkeys are for names
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    def password_step() -> None:
        page.goto(f"{at}/accounts/login/")
        page.get_by_label("User name").fill("petra")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    def leave() -> None:
        page.goto(f"{at}/accounts/logout/")
        page.locator("main").get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("User name")).to_be_visible()

    password_step()
    page.wait_for_url("**/inbox/**")
    page.goto(f"{at}{OWN}passkey/")
    page.get_by_label("Name of the passkey").fill("Key at the belt")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text(re.compile(r"^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$"))).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Key at the belt")).to_be_visible()

    leave()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/inbox/**")

    leave()
    password_step()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/inbox/**")

    page.goto(f"{at}{OWN}remove/")
    page.locator("#id_factor").select_option(label="Key at the belt")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("link", name="Set up an app")).to_be_visible()
    assert not strong_of(User.objects.get(pk=person.pk)).exists()
    kinds = TrailEvent.objects.filter(subject_id=person.pk, kind__startswith="factor_").order_by("id")
    assert [(event.kind, event.text) for event in kinds] == [
        ("factor_set_up", "passkey Key at the belt"),
        ("factor_removed", "passkey Key at the belt"),
    ]
    assert TrailEvent.objects.filter(subject_id=person.pk, kind="signed_on").count() == 3
    assert said == [], "nothing was refused by the content security policy"
