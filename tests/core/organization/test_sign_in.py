"""Attempts and sessions at the desk: counted first, locked by place, listed and ended; first passwords expire."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.organization.models import BrowserSession, SignInAttempt, Site, TerminalSession, User
from core.organization.queries.factors import signed_in_at
from core.organization.services import people, sessions, sign_in, sign_on
from core.organization.services.api import create_token
from core.organization.tasks import forget_api_answers
from core.signing.models import SigningSession
from core.signing.services import device_key
from core.trail.models import TrailEvent
from core.worklist.models import Assignment
from tests.mes.execution.station import make_station
from tests.support.people import make_site, make_user, work_center_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SIGNIN-05")]

PASSWORD = "several words in a row"
LOGIN, INBOX, OWN = "/accounts/login/", "/core/worklist/inbox/", "/core/organization/me/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def person(site: Site, settings: Settings) -> User:
    cache.clear()
    user = make_user("petra", site=site, permissions=("core_organization.view_site",))
    people.change_own_password(password=PASSWORD, actor=user)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def admin(site: Site) -> User:
    return make_user(site=site, permissions=("core_organization.change_user", "core_organization.view_user"))


def at(address: str, **headers: str) -> Client:
    return Client(REMOTE_ADDR=address, headers=headers)


def enter(client: Client, password: str = PASSWORD, login: str = "petra") -> str:
    return client.post(LOGIN, {"login": login, "password": password}).content.decode()


def is_in(client: Client) -> bool:
    return bool(client.get(INBOX).status_code == 200)


def test_a_stranger_locks_their_own_place_and_not_the_person(person: User) -> None:
    known, elsewhere, attacker = at("10.0.0.5"), at("10.0.0.6"), at("10.0.0.5")
    enter(known)
    known.post("/accounts/logout/")
    for _ in range(5):
        assert "not correct" in enter(attacker, "wrong words in a row")
    said = enter(attacker)
    assert "Too many wrong attempts from here" in said and not is_in(attacker)
    enter(known)
    assert is_in(known), "the browser that the person uses stays open, behind the same address"
    enter(elsewhere)
    assert is_in(elsewhere), "and so does every other place"
    assert TrailEvent.objects.filter(kind="sign_on_locked", subject_id=person.pk).count() == 1


def test_a_sign_in_is_an_event_and_changes_nothing_about_the_person(person: User) -> None:
    before = person.history.count(), User.objects.get(pk=person.pk).row_version
    client = at("10.0.0.1")
    assert client.post(LOGIN, {"login": "petra", "password": PASSWORD}).status_code == 302
    assert client.get(OWN).status_code == 200
    assert (person.history.count(), User.objects.get(pk=person.pk).row_version) == before
    assert TrailEvent.objects.filter(kind="signed_on").exists()


def test_a_known_place_is_locked_too_and_opens_after_a_while(person: User) -> None:
    known = at("10.0.0.5")
    enter(known)
    known.post("/accounts/logout/")
    for _ in range(5):
        enter(known, "wrong words in a row")
    enter(known)
    assert not is_in(known)
    with time_machine.travel(now() + sign_in.WINDOW + dt.timedelta(seconds=1)):
        enter(known)
        assert is_in(known)


def test_a_cookie_of_another_person_or_a_forged_one_makes_no_place_known(person: User) -> None:
    make_user("quentin")
    people.change_own_password(password=PASSWORD, actor=User.objects.get(username="quentin"))
    other = at("10.0.0.5")
    enter(other, login="quentin")
    assert is_in(other) and "petra" not in other.cookies[sign_in.KNOWN_COOKIE].value
    other.post("/accounts/logout/")
    enter(other, "wrong words in a row")
    forged = at("10.0.0.9")
    forged.cookies[sign_in.KNOWN_COOKIE] = f"{other.cookies[sign_in.KNOWN_COOKIE].value}x"
    enter(forged, "wrong words in a row", login="quentin")
    assert [one.is_known_place for one in SignInAttempt.objects.order_by("id")] == [False, False, False]


def test_the_answer_does_not_tell_whether_an_account_exists(person: User) -> None:
    def told(login: str) -> list[str]:
        client = at(f"10.1.0.{len(login)}")
        return [enter(client, "wrong words in a row", login).replace(login, "?") for _ in range(7)]

    def plain(pages: list[str]) -> list[str]:
        return [
            page.split("<h1>")[1].split("csrf")[0] + page.split('role="alert"')[1].split("</div>")[0] for page in pages
        ]

    assert plain(told("petra")) == plain(told("nobody-here"))


def test_a_deactivated_person_gets_the_words_of_a_wrong_password(person: User, admin: User) -> None:
    people.deactivate_user(user=person, actor=admin, reason="left")
    assert "not correct" in enter(at("10.0.0.5"))
    assert [one.text for one in TrailEvent.objects.filter(kind="sign_on_refused")] == ["deactivated"]


def test_every_attempt_is_counted_before_it_is_checked(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def check(self: User, raw: str) -> bool:
        seen.append(SignInAttempt.objects.filter(name="petra").count())
        return False

    monkeypatch.setattr(User, "check_password", check)
    enter(at("10.0.0.5"))
    enter(at("10.0.0.6"))
    assert seen == [1, 2]


def guess(name: str, count: int, *, first: int = 0) -> None:
    for number in range(first, first + count):
        sign_in.count_attempt(name=name, place=sign_in.Place(f"place {number}", is_known=False))


def test_guessing_from_many_places_raises_an_alarm_and_slows_strangers_down(person: User) -> None:
    known = at("10.0.0.5")
    enter(known)
    known.post("/accounts/logout/")
    guess("petra", sign_in.SUSPECT + 1)
    (event,) = TrailEvent.objects.filter(kind="guessing_suspected")
    assert (event.subject_id, event.data["attempts"]) == (person.pk, sign_in.SUSPECT)
    assert Assignment.objects.filter(subject_id=event.pk, title=event.text).count() == 1
    stranger = at("10.0.0.77")
    enter(stranger, "wrong words in a row")
    assert "Too many wrong attempts" in enter(stranger), "one wrong attempt is enough there now"
    late = at("10.0.0.78")
    enter(late)
    assert is_in(late), "the right password opens at the first try, wherever the person is"
    for _ in range(3):
        enter(known, "wrong words in a row")
    enter(known)
    assert is_in(known), "a known browser keeps its five"


def test_one_password_tried_on_many_names_raises_an_alarm(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "SUSPECT_ALL", 6)
    for number in range(8):
        guess(f"name{number}", 1, first=number)
    assert TrailEvent.objects.filter(kind="guessing_suspected").count() == 1


def test_old_attempts_and_expired_sessions_are_forgotten(person: User) -> None:
    with time_machine.travel(now() - dt.timedelta(days=2)):
        guess("petra", 2)
        enter(at("10.0.0.5"))
    enter(at("10.0.0.6"))
    forget_api_answers()
    assert (SignInAttempt.objects.count(), BrowserSession.objects.filter(user=person).count()) == (1, 1)


def test_wrong_pins_lock_a_badge_at_that_terminal_only(site: Site) -> None:
    operator = make_user()
    people.set_pin(pin="4711", actor=operator)
    one, other = (make_station(work_center_of(site), operator).terminal for _ in range(2))
    for _ in range(sign_on.PER_BADGE):
        with pytest.raises(Blocked):
            sign_on.sign_on(terminal=one, badge=operator.badge, pin="0000")
    with pytest.raises(Blocked) as refused:
        sign_on.sign_on(terminal=one, badge=operator.badge, pin="4711")
    assert refused.value.codes == ("sign_on_locked",)
    assert sign_on.sign_on(terminal=other, badge=operator.badge, pin="4711").user == operator


@pytest.mark.requirement("SIGNIN-10")
def test_a_first_password_opens_nothing_after_three_days(person: User, admin: User) -> None:
    people.set_first_password(user=person, password=PASSWORD, actor=admin, reason="forgotten")
    with time_machine.travel(now() + people.FIRST_PASSWORD_LIFE + dt.timedelta(minutes=1)):
        client = at("10.0.0.5")
        assert "This first password has expired" in enter(client)
        assert not is_in(client)
    client = at("10.0.0.5")
    enter(client)
    assert client.get(INBOX)["Location"] == "/core/organization/me/password/"
    people.change_own_password(password=f"{PASSWORD} and more", actor=person)
    assert User.objects.get(pk=person.pk).password_expires_at is None


@pytest.mark.requirement("SIGNIN-10")
def test_a_listed_breached_password_is_refused(person: User, settings: Settings, tmp_path: Path) -> None:
    def line(text: str) -> str:
        return f"{hashlib.new('sha1', text.encode()).hexdigest().upper()}:{len(text)}"

    words = [f"a sentence number {number}" for number in range(200)]
    file = tmp_path / "breached.txt"
    file.write_text("\n".join(sorted(line(word) for word in words)) + "\n")
    settings.TRUELINE_BREACHED_PASSWORDS = str(file)
    for word in (words[0], words[77], words[199], min(words, key=line), max(words, key=line)):
        with pytest.raises(ValidationError) as refused:
            people.change_own_password(password=word, actor=person)
        assert refused.value.error_dict["password"][0].code == "password_breached"
    people.change_own_password(password="a sentence that nobody knows", actor=person)


@pytest.mark.requirement("SIGNIN-08")
def test_a_person_sees_where_they_are_signed_in_and_ends_one_or_all_others(person: User) -> None:
    here, one, two = at("10.0.0.5", user_agent=FIREFOX), at("10.0.0.6"), at("10.0.0.7")
    for client in (here, one, two):
        enter(client)
    shown = here.get(OWN).content.decode()
    assert "Firefox, Windows" in shown and shown.count("this browser") == 1 and len(signed_in_at(person)) == 3
    keys = {one.cookies["sessionid"].value, two.cookies["sessionid"].value}
    assert not [key for key in keys if key in shown], "a key is never shown"
    handle = str(BrowserSession.objects.get(session_key=one.cookies["sessionid"].value).handle)
    SigningSession.objects.create(user=person, device=device_key(one.cookies["sessionid"].value))
    assert here.post(f"{OWN}end/", {"session": handle}).status_code == 302
    assert (is_in(here), is_in(one), is_in(two)) == (True, False, True)
    assert not SigningSession.objects.filter(ended_at__isnull=True).exists()
    assert here.post(f"{OWN}end/", {"session": handle}).status_code == 422
    assert here.post(f"{OWN}end/", {"session": "others"}).status_code == 302
    assert (is_in(here), is_in(two)) == (True, False)
    assert TrailEvent.objects.filter(kind="sessions_ended", actor=person).count() == 2


@pytest.mark.requirement("SIGNIN-08")
def test_nobody_ends_a_session_of_another_person_by_its_handle(person: User, admin: User) -> None:
    client = at("10.0.0.5")
    enter(client)
    handle = signed_in_at(person)[0].handle
    with pytest.raises(Blocked):
        sessions.end_own_sessions(session=handle, present_key="", actor=admin)
    stranger = make_user(site=make_site(), permissions=("core_organization.change_user",))
    for what in (handle, "all"):
        with pytest.raises(Blocked):
            sessions.end_sessions_of(user=person, session=what, actor=stranger, reason="curious")
    assert is_in(client)


@pytest.mark.requirement("SIGNIN-08")
def test_an_administrator_ends_sessions_at_desks_and_terminals(person: User, admin: User, site: Site) -> None:
    one, two = at("10.0.0.5"), at("10.0.0.6")
    for client in (one, two):
        enter(client)
    make_station(work_center_of(site), person)
    found = signed_in_at(person)
    assert len(found) == 3
    handle = str(BrowserSession.objects.get(session_key=one.cookies["sessionid"].value).handle)
    sessions.end_sessions_of(user=person, session=handle, actor=admin, reason="left open")
    assert (is_in(one), is_in(two)) == (False, True)
    sessions.end_sessions_of(user=person, session="all", actor=admin, reason="badge lost")
    assert not is_in(two) and not TerminalSession.objects.filter(user=person, ended_at__isnull=True).exists()
    events = TrailEvent.objects.filter(kind="sessions_ended", actor=admin, subject_id=person.pk)
    assert [event.text for event in events.order_by("id")] == ["left open", "badge lost"]
    with pytest.raises(Blocked):
        sessions.end_sessions_of(user=person, session="all", actor=admin, reason="again")


@pytest.mark.requirement("SIGNIN-08")
def test_the_list_costs_the_same_however_many_sessions_there_are(person: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            signed_in_at(person)
        return len(made)

    enter(at("10.0.0.5"))
    first = cost()
    for number in range(4):
        enter(at(f"10.0.0.{number + 6}"))
    assert cost() == first == 2


@pytest.mark.requirement("SIGNIN-08")
def test_an_idle_desk_asks_to_sign_in_again_and_a_used_one_does_not(person: User, settings: Settings) -> None:
    client = at("10.0.0.5")
    enter(client)
    half = settings.TRUELINE_DESK_IDLE * 0.7
    with time_machine.travel(now() + half) as clock:
        assert is_in(client)
        clock.shift(half)
        assert is_in(client), "it was used in between"
        clock.shift(settings.TRUELINE_DESK_IDLE * 0.5)
        client.get(f"{INBOX}?quiet=1")
        clock.shift(settings.TRUELINE_DESK_IDLE * 0.6)
        assert not is_in(client), "what a page asks by itself is no use"


@pytest.mark.requirement("SIGNIN-08", "ACC-04")
def test_deactivation_ends_browsers_terminals_and_tokens(person: User, admin: User, site: Site) -> None:
    client = at("10.0.0.5")
    enter(client)
    user: Any = make_user(site=site, permissions=("core_organization.create_apitoken",))
    _token, secret = create_token(name="p", permissions=["core_organization.create_apitoken"], days=1, actor=user)
    people.deactivate_user(user=person, actor=admin, reason="left")
    people.deactivate_user(user=user, actor=admin, reason="left")
    assert not BrowserSession.objects.filter(user=person).exists() and not is_in(client)
    answer = Client().get("/api/v1/core/organization/sites/", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 401
