"""A plant's directory, a real one: name and password on the ordinary page, under the rules of every provider."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from config import doctor
from core.kernel.errors import Blocked
from core.organization.models import Site, User
from core.organization.services import directory, factors, people
from core.signing.services import identify
from core.trail.models import TrailEvent
from tests.core.organization.test_factors import SECRET, code
from tests.support import directory as slapd
from tests.support.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SIGNIN-12"), pytest.mark.directory]

LOGIN, INBOX, OWN_PASSWORD = "/accounts/login/", "/core/worklist/inbox/", "/core/organization/me/password/"
THERE, HERE = "what the directory knows", "several words in a row"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[slapd.Directory]:
    with slapd.served(tmp_path_factory.mktemp("slapd")) as running:
        yield running


@pytest.fixture
def plant_directory(served: slapd.Directory, settings: Settings) -> Iterator[slapd.Directory]:
    settings.TRUELINE_LDAP_URL, settings.TRUELINE_LDAP_BASE = f"ldap://127.0.0.1:{served.plain}", slapd.BASE
    settings.TRUELINE_LDAP_BIND_DN, settings.TRUELINE_LDAP_BIND_PASSWORD = slapd.READER, slapd.SECRET
    cache.clear()
    yield served
    served.empty()


def marked(person: User, *, provider_only: bool) -> User:
    """The person, of whom an administrator says by what they sign in."""
    home = person.grants.get().site
    admin = make_user(site=home, permissions=("core_organization.change_user",))
    people.change_user(
        user=person, full_name="Petra", email="", badge="", home_site=home, provider_only=provider_only, actor=admin,
        reason="directory",
    )  # fmt: skip
    return User.objects.get(pk=person.pk)


def types(name: str, password: str, client: Client | None = None) -> tuple[bool, str]:
    """Somebody types this at a desk: whether they are in, and what they read."""
    client = client or Client()
    answer = client.post(LOGIN, {"login": name, "password": password})
    return client.get(INBOX).status_code == 200, answer.content.decode()


def test_the_directory_signs_its_people_in_and_it_is_on_record(plant_directory: slapd.Directory, person: User) -> None:
    plant_directory.add("petra", THERE)
    inside, said = types("petra", "something else")
    assert not inside and "are not correct" in said
    assert types("Petra", THERE)[0]
    event = TrailEvent.objects.get(kind="signed_on", subject_id=person.pk)
    assert (event.actor, event.text) == (person, "desk (identity provider)")
    account = User.objects.get(pk=person.pk).provider_account
    known, _, id = account.partition(" ")
    assert known == "ldap:///dc=plant,dc=example" and str(uuid.UUID(id)) == id
    assert types("petra", THERE)[0], "and again, now as that account"
    assert not types("nobody", THERE)[0]


def test_a_password_of_this_system_is_not_shown_to_the_directory(
    plant_directory: slapd.Directory, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def seen(link: Any, dn: str, password: str) -> bool:
        shown.append(password)
        return tried(link, dn, password)

    tried = directory._confirms
    monkeypatch.setattr(directory, "_confirms", seen)
    plant_directory.add("petra", THERE)
    people.change_own_password(password=HERE, actor=person)
    assert types("petra", HERE)[0] and not types("petra", THERE)[0] and not types("petra", "mistyped")[0]
    assert shown == [], "she signs in by a password of this system"
    marked(person, provider_only=True)
    assert types("petra", THERE)[0] and shown == [THERE]
    assert not types("petra", HERE)[0], "what she signs with opens nothing"
    marked(person, provider_only=False)
    assert types("petra", THERE)[0] and types("petra", HERE)[0], "it is her account now, and she has both"
    shown.clear()
    assert not types("stranger", THERE)[0] and shown == []


def test_a_silent_directory_is_named_to_everybody_and_passwords_of_this_system_still_open(
    plant_directory: slapd.Directory, person: User, settings: Settings
) -> None:
    plant_directory.add("petra", THERE)
    ada = make_user("ada", site=person.grants.get().site, permissions=("core_organization.view_site",))
    people.change_own_password(password=HERE, actor=ada)
    for wrong in (
        {"TRUELINE_LDAP_URL": "ldap://127.0.0.1:9"}, {"TRUELINE_LDAP_BIND_PASSWORD": "wrong"},
        {"TRUELINE_LDAP_BASE": "dc=elsewhere"},
    ):  # fmt: skip
        before = {name: getattr(settings, name) for name in wrong}
        for name, value in wrong.items():
            setattr(settings, name, value)
        cache.clear()
        words = {types(name, THERE)[1].partition('role="alert"')[2].partition("</div>")[0] for name in ("petra", "x")}
        assert len(words) == 1 and "does not answer, or not as it should" in words.pop(), wrong
        assert types("ada", HERE)[0]
        for name, value in before.items():
            setattr(settings, name, value)
    assert types("petra", THERE)[0]
    assert [finding.level for finding in doctor.sign_in()] == [doctor.Level.OK]
    settings.TRUELINE_LDAP_URL = "ldap://127.0.0.1:9"
    (finding,) = doctor.sign_in()
    assert finding.level is doctor.Level.FAILED and "does not let us in" in finding.text


def test_no_password_is_none_although_the_directory_takes_it(plant_directory: slapd.Directory, person: User) -> None:
    import ldap

    dn = plant_directory.add("petra", THERE)
    ldap.initialize(f"ldap://127.0.0.1:{plant_directory.plain}").simple_bind_s(dn, "")
    assert directory.person_of(name="petra", password="") is None
    assert directory.person_of(name="", password=THERE) is None
    assert not types("petra", "")[0]
    assert directory.person_of(name="petra", password=THERE) == person


@pytest.mark.parametrize(
    "name",
    ["*", "pet*", "petra)(uid=*", "*)(uid=petra", "\\70etra", "petra)(|(uid=*))", "uid=petra", "ｐetra", "pe tra"],
)
def test_no_other_spelling_finds_an_entry(plant_directory: slapd.Directory, person: User, name: str) -> None:
    plant_directory.add("petra", THERE)
    assert directory.person_of(name=name, password=THERE) is None
    assert not types(name, THERE)[0]


def test_a_name_of_signs_that_a_filter_knows_is_found_as_it_is(plant_directory: slapd.Directory, site: Site) -> None:
    name = "p(e)t*r\\a"
    plant_directory.add(name, THERE)
    plant_directory.add("p(e)tter\\a", HERE)
    make_user(name, site=site, permissions=("core_organization.view_site",))
    assert types(name, THERE)[0] and not types(name, HERE)[0]


def test_wrong_attempts_are_counted_and_locked_here(plant_directory: slapd.Directory, person: User) -> None:
    plant_directory.add("petra", THERE)
    for _number in range(5):
        assert "are not correct" in types("petra", "wrong")[1]
    inside, said = types("PETRA", THERE)
    assert not inside and "Too many wrong attempts from here" in said
    client = Client(REMOTE_ADDR="10.1.1.1")
    assert types("petra", THERE, client)[0], "nobody locks her elsewhere"


def test_an_account_stays_one_persons_and_nobody_inherits_the_name(
    plant_directory: slapd.Directory, person: User
) -> None:
    dn = plant_directory.add("petra", THERE)
    assert types("petra", THERE)[0]
    plant_directory.root().rename_s(dn, "uid=petra.married", delold=1)
    client = Client()
    assert types("petra.married", THERE, client)[0]
    assert TrailEvent.objects.filter(kind="signed_on", subject_id=person.pk).count() == 2, "the same account, renamed"
    plant_directory.add("petra", "somebody new")
    inside, said = types("petra", "somebody new")
    assert not inside and "signs in by another account" in said
    admin = make_user(site=person.grants.get().site, permissions=("core_organization.change_user",))
    people.forget_provider_account(user=person, actor=admin, reason="a new account")
    assert types("petra", "somebody new")[0] and not types("petra.married", THERE)[0]


def test_who_is_not_known_here_is_made_only_where_configured(
    plant_directory: slapd.Directory, person: User, settings: Settings
) -> None:
    plant_directory.add("new.person", THERE, "New Person")
    assert not types("new.person", THERE)[0]
    settings.TRUELINE_LDAP_CREATE = True
    assert not types("new.person", "wrong")[0] and not User.objects.filter(username="new.person").exists()
    assert types("new.person", THERE)[0]
    made = User.objects.get(username="new.person")
    assert (made.full_name, made.provider_only, made.grants.count()) == ("New Person", True, 0)


def test_who_is_deactivated_here_or_gone_there_is_out(plant_directory: slapd.Directory, person: User) -> None:
    dn = plant_directory.add("petra", THERE)
    assert types("petra", THERE)[0]
    admin = make_user(site=person.grants.get().site, permissions=("core_organization.change_user",))
    people.deactivate_user(user=person, actor=admin, reason="left")
    assert not types("petra", THERE)[0]
    people.reactivate_user(user=person, actor=admin, reason="back")
    assert types("petra", THERE)[0]
    plant_directory.root().delete_s(dn)
    assert not types("petra", THERE)[0]


def test_a_second_factor_is_asked_after_the_directory_too(plant_directory: slapd.Directory, person: User) -> None:
    plant_directory.add("petra", THERE)
    factors.set_up_totp(secret=SECRET, code=code(-1), actor=person)
    client = Client()
    assert not types("petra", THERE, client)[0]
    assert client.post("/accounts/2fa/authenticate/", {"code": code()}).status_code == 302
    assert client.get(INBOX).status_code == 200


def test_signatures_take_a_password_of_this_system(plant_directory: slapd.Directory, person: User) -> None:
    plant_directory.add("petra", THERE)
    person = marked(person, provider_only=True)
    given: dict[str, Any] = {"identification": "petra", "meaning": "approved", "device": "d", "expected": person}
    with pytest.raises(Blocked) as none_yet:
        identify(secret=THERE, **given)
    assert none_yet.value.codes == ("no_signing_password",)
    client = Client()
    assert types("petra", THERE, client)[0]
    assert client.post(OWN_PASSWORD, {"password": HERE, "again": HERE}).status_code == 302, "within ten minutes"
    given["expected"] = User.objects.get(pk=person.pk)
    with pytest.raises(Blocked) as wrong:
        identify(secret=THERE, **given)
    assert wrong.value.codes == ("signing_refused",)
    assert identify(secret=HERE, **given).method == "identification and password"
    assert types("petra", THERE)[0] and not types("petra", HERE)[0]


def test_both_passwords_may_be_the_same(plant_directory: slapd.Directory, person: User) -> None:
    plant_directory.add("petra", HERE)
    people.change_own_password(password=HERE, actor=person)
    marked(person, provider_only=True)
    assert types("petra", HERE)[0]


def test_passwords_travel_encrypted_and_to_the_right_directory_only(
    plant_directory: slapd.Directory, person: User, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plant_directory.add("petra", THERE)
    port = plant_directory.encrypted
    settings.TRUELINE_LDAP_URL, settings.TRUELINE_LDAP_CA = f"ldaps://127.0.0.1:{port}", str(plant_directory.authority)
    assert types("petra", THERE)[0]
    settings.TRUELINE_LDAP_URL = f"ldaps://localhost:{port}"
    assert "does not answer" in types("petra", THERE)[1], "its certificate is of 127.0.0.1"
    settings.TRUELINE_LDAP_URL, settings.TRUELINE_LDAP_CA = f"ldaps://127.0.0.1:{port}", ""
    assert "does not answer" in types("petra", THERE)[1], "nobody here vouches for it"
    settings.TRUELINE_LDAP_CA = str(tmp_path / "nothing.pem")
    assert "does not answer" in types("petra", THERE)[1]
    # Another machine is never asked in the open: with no machine taken for this one, this address is such a one.
    monkeypatch.setattr(directory, "LOCAL", ())
    settings.TRUELINE_LDAP_URL = f"ldap://127.0.0.1:{plant_directory.plain}"
    settings.TRUELINE_LDAP_CA = str(plant_directory.authority)
    cache.clear()
    assert types("petra", THERE)[0], "by StartTLS"
    settings.TRUELINE_LDAP_CA = ""
    assert "does not answer" in types("petra", THERE)[1], "and not without"


def test_without_the_extra_nothing_is_asked_and_the_doctor_says_it(
    plant_directory: slapd.Directory, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant_directory.add("petra", THERE)
    monkeypatch.setattr(directory, "find_spec", lambda name: None)
    inside, said = types("petra", THERE)
    assert not inside and "are not correct" in said
    (finding,) = doctor.sign_in()
    assert finding.level is doctor.Level.FAILED and "extra “ldap” is not installed" in finding.text
