"""The first minutes with Trueline: an empty installation is set up once; the demonstration plant lets its people in."""

from __future__ import annotations

import datetime as dt
import io
import threading
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Site, User
from core.organization.services import system_user
from core.organization.services.first_run import is_pending, setup_token, token_file
from core.organization.services.people import FIRST_PASSWORD_LIFE
from core.signing.services import Proof, identify
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
    "admin_email": "ines@example.com",
    "admin_password": "a plant by the river",
    "admin_password_again": "a plant by the river",
    "quality_username": "karl",
    "quality_name": "Karl Moser",
    "quality_password": "measure it twice here",
}


def sign(person: User, secret: str) -> Proof:
    """Identify a person for an approval at a desk."""
    return identify(identification=person.username, secret=secret, meaning="approved", device="desk", expected=person)


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
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    expect(page.locator("[name=time_zone]")).to_have_value(zone)
    assert page.locator("datalist option[value='Europe/Vienna']").count() == 1
    picture(page, "first-run")
    wrong = {"time_zone": "Linz", "admin_password_again": "a plant by the lake", "quality_password": "short"}
    for name, value in {**ENTERED, **wrong}.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Set up").click()
    expect(page.locator("#id_time_zone_error")).to_contain_text("“Linz” is no known time zone")
    expect(page.locator("#id_admin_password_again_error")).to_contain_text("not the same")
    assert barriers_of(page) == []
    for name, value in {**ENTERED, "time_zone": "europe/vienna", "quality_password": "short"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Set up").click()
    expect(page.locator("#id_quality_password_error")).to_contain_text("too short")
    expect(page.locator("#id_admin_password_error")).to_have_count(0)
    picture(page, "first-run-errors")
    assert is_pending() and not Site.objects.exists(), "nothing is made of a form with a mistake"
    for name in ("admin_password", "admin_password_again", "quality_password"):
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
    assert (people[0].email, people[0].must_change_password) == ("ines@example.com", False)


@pytest.mark.requirement("ACC-06", "SIGNIN-10", "SIGNIN-06")
def test_who_sets_up_cannot_act_as_the_head_of_quality(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    sent = client.post(f"{PAGE}?token={setup_token()}", {**ENTERED, "time_zone": "Europe/Vienna"})
    assert sent.status_code == 302
    karl = User.objects.get(username="karl")
    assert karl.must_change_password and karl.password_expires_at is not None
    assert dt.timedelta(0) < karl.password_expires_at - now() <= FIRST_PASSWORD_LIFE
    with pytest.raises(Blocked) as refused:
        sign(karl, ENTERED["quality_password"])
    assert refused.value.codes == ("own_password_due",)
    entered = {"login": "karl", "password": ENTERED["quality_password"]}
    assert client.post(reverse("account_login"), entered).status_code == 302
    own = reverse("core_organization:own_password")
    assert client.get(INBOX).headers["Location"] == own, "before anything else a password of one's own"
    new = {"present": ENTERED["quality_password"], "password": "known to karl alone", "again": "known to karl alone"}
    assert client.post(own, new).status_code == 302
    assert client.get(INBOX).status_code == 200
    karl.refresh_from_db()
    assert (karl.must_change_password, karl.password_expires_at) == (False, None)
    with pytest.raises(Blocked):
        sign(karl, ENTERED["quality_password"])
    assert sign(karl, "known to karl alone").user == karl


@pytest.mark.requirement("SIGNIN-10")
def test_the_first_password_of_the_head_of_quality_expires(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client.post(f"{PAGE}?token={setup_token()}", {**ENTERED, "time_zone": "UTC"})
    with time_machine.travel(now() + FIRST_PASSWORD_LIFE + dt.timedelta(minutes=1)):
        entered = {"login": "karl", "password": ENTERED["quality_password"]}
        assert client.post(reverse("account_login"), entered).status_code == 403


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"admin_password": "short", "admin_password_again": "short"}, "admin_password", "too short"),
        ({"quality_password": "short"}, "quality_password", "too short"),
        ({"admin_password_again": "another plant by the river"}, "admin_password_again", "not the same"),
        ({"quality_username": "INES"}, "quality_username", "never given again"),
        ({"time_zone": "Middle Earth"}, "time_zone", "no known time zone"),
    ],
)
@pytest.mark.requirement("ACC-06")
def test_each_mistake_stands_at_its_field(
    client: Client, db: None, settings: Settings, tmp_path: Path, changed: dict[str, str], field: str, words: str
) -> None:
    settings.DATA_DIR = tmp_path
    sent = client.post(f"{PAGE}?token={setup_token()}", {**ENTERED, "time_zone": "UTC", **changed})
    assert sent.status_code == 422
    assert {name: words in str(errors) for name, errors in sent.context["form"].errors.items()} == {field: True}
    assert is_pending() and not Site.objects.exists()


@pytest.mark.requirement("ACC-06")
def test_both_passwords_are_judged_at_once(client: Client, db: None, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    short = {"admin_password": "short", "admin_password_again": "short", "quality_password": "short"}
    sent = client.post(f"{PAGE}?token={setup_token()}", {**ENTERED, "time_zone": "UTC", **short})
    assert set(sent.context["form"].errors) == {"admin_password", "quality_password"}


@pytest.mark.requirement("ACC-06")
def test_an_empty_installation_says_how_it_is_set_up(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    settings.TRUELINE_PUBLIC_URL = "https://mes.example.com"
    token, said = setup_token(), io.StringIO()
    call_command("setup_token", stdout=said)
    assert said.getvalue().strip() == f"https://mes.example.com{PAGE}?token={token}"
    said = io.StringIO()
    call_command("setup_token", "--server", "http://localhost:8001/", stdout=said)
    address = said.getvalue().strip().removeprefix("http://localhost:8001")
    assert client.get(address).status_code == 200
    shown = client.get("/", follow=True).content.decode()
    assert "Nobody has an account here yet" in shown and "manage.py setup_token" in shown
    assert token not in shown and 'name="password"' not in shown
    client.post(address, {**ENTERED, "time_zone": "UTC"})
    shown = client.get(reverse("account_login")).content.decode()
    assert "Nobody has an account" not in shown and 'name="password"' in shown
    with pytest.raises(CommandError):
        call_command("setup_token")
    said = io.StringIO()
    call_command("setup_token", "--if-needed", stdout=said)
    assert said.getvalue() == ""


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
    residents = User.objects.filter(is_system=False, home_site__code__in=[code for code, *_more in demo.SITES])
    assert {person.username for person in demo.PEOPLE} <= set(residents.values_list("username", flat=True))
    for person in demo.PEOPLE:
        (line,) = [line for line in printed.getvalue().splitlines() if line.startswith(f"{person.username} ")]
        assert person.full_name in line and ", ".join(person.sites) in line
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
