"""The first minutes with Trueline: an empty installation is set up once; the demonstration plant lets its people in."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from core.kernel.deeds import acting
from core.organization.models import Site, User
from core.organization.services import system_user
from core.organization.services.first_run import is_pending, setup_token, token_file
from integrations.services import demo
from tests.core.web.test_gallery import barriers_of, picture
from tests.support.plant import Plant
from tests.support.server import LivePlant

PAGE, INBOX = "/core/organization/first-run/", "/core/worklist/inbox/"
ENTERED = {
    "site_code": "LNZ",
    "site_name": "Linz",
    "area_name": "Assembly",
    "admin_username": "ines",
    "admin_name": "Ines Huber",
    "admin_password": "a plant by the river",
    "quality_username": "karl",
    "quality_name": "Karl Moser",
    "quality_password": "measure it twice here",
}


@pytest.mark.browser
@pytest.mark.requirement("ACC-06")
def test_an_empty_installation_is_set_up_once_in_the_browser(
    browser_page: Page, live_plant: LivePlant, settings: Settings, tmp_path: Path
) -> None:
    page = browser_page
    settings.DATA_DIR = tmp_path / "data"
    token = setup_token()
    for address in (PAGE, f"{PAGE}?token=wrong"):
        answer = page.goto(address)
        assert answer is not None and answer.status == 404, address
    page.goto(f"{PAGE}?token={token}")
    assert barriers_of(page) == []
    picture(page, "first-run")
    for name, value in ENTERED.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=time_zone]").select_option("Europe/Vienna")
    page.locator("[name=quality_password]").fill("short")
    page.get_by_role("button", name="Set up").click()
    expect(page.locator("#id_quality_password_error, .tl-summary, [role=alert]").first).to_be_visible()
    assert is_pending(), "nothing is made of a form with a mistake"
    for name in ("admin_password", "quality_password"):
        page.locator(f"[name={name}]").fill(ENTERED[name])
    page.get_by_role("button", name="Set up").click()
    page.wait_for_url("**/accounts/login/")
    page.locator("[name=login]").fill("ines")
    page.locator("[name=password]").fill(ENTERED["admin_password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{INBOX}")
    expect(page.locator("body")).to_contain_text("Ines Huber")
    for address in (PAGE, f"{PAGE}?token={token}"):
        answer = page.goto(address)
        assert answer is not None and answer.status == 404, "the page is closed from now on"
    assert (setup_token(), token_file().exists()) == ("", False)
    people = User.objects.filter(is_system=False).order_by("username")
    assert [(user.username, user.home_site and user.home_site.code) for user in people] == [
        ("ines", "LNZ"),
        ("karl", "LNZ"),
    ]


@pytest.mark.requirement("ACC-06")
def test_of_two_first_runs_at_once_one_wins(plant: str, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    token = setup_token()
    start, answers = threading.Barrier(2), []

    def send(number: int) -> None:
        client = Client()
        try:
            start.wait()
            own = {"site_code": f"S{number}", "admin_username": f"admin{number}", "quality_username": f"head{number}"}
            answers.append(client.post(f"{PAGE}?token={token}", {**ENTERED, **own, "time_zone": "UTC"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers)[0] == 302 and sorted(answers)[1] in (404, 409), answers
    assert Site.objects.count() == 1
    winner = Site.objects.get().code[1]
    assert set(User.objects.filter(is_system=False).values_list("username", flat=True)) == {
        f"admin{winner}",
        f"head{winner}",
    }


@pytest.fixture
def published(full: Plant) -> None:
    """The people of the demonstration plant with the product's hash of their password, not the tests' quick one."""
    users = list(User.objects.filter(username__in=[person.username for person in demo.PEOPLE]))
    assert all(user.check_password(demo.PASSWORD) for user in users)
    hashed = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
    with hashed, transaction.atomic(), acting(system_user("test")):
        for user in users:
            user.refresh_from_db()  # a quick hash that was judged weak is made anew when it is checked
            user.set_password(demo.PASSWORD)
            user.save()


@pytest.mark.browser
@pytest.mark.requirement("RUN-01")
def test_everybody_of_the_demonstration_plant_reaches_their_first_page(
    full: Plant, published: None, served: LivePlant, chromium: Browser
) -> None:
    """As the readme says: what is printed at the start is what one signs in with."""
    printed = io.StringIO()
    with override_settings(DEMO=True):
        call_command("seed_demo", stdout=printed)
    assert demo.PASSWORD in printed.getvalue()
    for person in demo.PEOPLE:
        assert person.username in printed.getvalue()
        with chromium.new_context(base_url=served.url) as context:
            page = context.new_page()
            page.goto("/")
            page.wait_for_url("**/accounts/login/**")
            page.locator("[name=login]").fill(person.username)
            page.locator("[name=password]").fill(demo.PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url(f"**{INBOX}")
            expect(page.locator("body")).to_contain_text(person.full_name)
            assert page.locator("nav a").count() >= 1
