"""Sign-in, sessions, cookies and headers as an attacker finds them; every page's headers are walked in tests/access."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import json
import os
import pickle
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core import signing
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.core.exceptions import ValidationError
from django.core.mail.backends.smtp import EmailBackend
from django.test import Client
from pytest_django.fixtures import Settings

from config import settings as SETTINGS
from config.apps import BASE_DIR, STOREYS
from core.kernel.clock import now
from core.organization.models import BrowserSession, User
from core.organization.services import people, system_user
from core.organization.views.middleware import DEVICE_COOKIE, SALT
from core.trail.models import TrailEvent
from tests.mes.execution.station import make_station
from tests.settings import TEST_DATABASE
from tests.support.database import url
from tests.support.headers import unconfined
from tests.support.people import make_site, make_user, work_center_of
from tests.support.visits import visit_as

PASSWORD, NEXT = "several words in a row", "several other words in a row"
LOGIN, OWN_PASSWORD, OWN_PIN = "/accounts/login/", "/core/organization/me/password/", "/core/organization/me/pin/"
INBOX = "/core/worklist/inbox/"


@pytest.fixture
def person(db: None) -> User:
    """Somebody with a password."""
    cache.clear()  # the attempts of other tests are counted there
    user = make_user("petra", site=make_site())
    people.change_own_password(password=PASSWORD, actor=user)
    return User.objects.get(pk=user.pk)


def sign_in(client: Client, password: str = PASSWORD, login: str = "petra", **query: str) -> int:
    answer = client.post(LOGIN, {"login": login, "password": password, **query})
    return int(answer.status_code)


def is_in(client: Client) -> bool:
    return bool(client.get(INBOX).status_code == 200)


@pytest.mark.requirement("SEC-01")
def test_a_session_is_new_at_sign_in_and_dead_after_sign_out(person: User) -> None:
    client = Client()
    client.cookies["sessionid"] = "chosen-by-somebody-else-000000000"
    assert sign_in(client) == 302 and is_in(client)
    key = client.cookies["sessionid"].value
    assert key != "chosen-by-somebody-else-000000000" and len(key) >= 32
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    ends = BrowserSession.objects.get(session_key=key).expire_date
    assert dt.timedelta(hours=11) < ends - now() <= dt.timedelta(hours=12), "whatever the browser keeps"
    assert 'action="/accounts/logout/"' in client.get(INBOX).content.decode()
    again = Client()
    again.cookies["sessionid"] = key
    client.post("/accounts/logout/")
    assert not is_in(again) and not is_in(client)


@pytest.mark.requirement("ACC-04")
def test_deactivation_ends_every_session(person: User) -> None:
    client = visit_as(person)
    assert is_in(client)
    people.deactivate_user(user=person, actor=system_user("test"), reason="left")
    assert not is_in(client)
    again = Client()
    sign_in(again)
    assert not is_in(again)


@pytest.mark.requirement("SEC-04")
def test_five_wrong_passwords_lock_the_name_and_nobody_else(person: User) -> None:
    make_user("quentin")
    people.change_own_password(password=PASSWORD, actor=User.objects.get(username="quentin"))
    attacker = Client()
    for _ in range(5):
        assert sign_in(attacker, "wrong words in a row") in (200, 429)
    late = Client()
    sign_in(late)
    assert not is_in(late), "the right password does not help now"
    assert sign_in(Client(), login="quentin") == 302, "the same address is open to others"
    assert TrailEvent.objects.filter(kind="sign_on_refused").count() >= 4


@pytest.mark.requirement("SEC-04")
@pytest.mark.parametrize("password", ["short words", "basketball12", ""])
def test_short_and_common_passwords_are_refused(person: User, password: str) -> None:
    with pytest.raises(ValidationError):
        people.change_own_password(password=password, actor=person)
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


@pytest.mark.requirement("SEC-01")
def test_what_somebody_entered_is_text_on_a_page(db: None) -> None:
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    site = make_site()
    user = make_user("mallory", site=site, permissions=("core_organization.change_user",))
    people.change_user(user=user, full_name=bad, email="", badge="", home_site=site, actor=user, reason="a name")
    for address in (INBOX, f"/core/organization/users/?q={quote(bad)}"):
        shown = visit_as(User.objects.get(pk=user.pk)).get(address).content.decode()
        assert "<script>alert" not in shown and "<img src=x" not in shown
        assert "&lt;script&gt;alert(1)" in shown


def test_a_changed_or_misused_device_cookie_is_no_terminal(db: None) -> None:
    station = make_station(work_center_of(make_site()), make_user())
    address, good = station.address(rest="station/"), station.client.cookies[DEVICE_COOKIE].value
    assert station.client.get(address).status_code == 200
    code, token = signing.loads(good, salt=SALT)
    forged = signing.dumps([code, token], salt=SALT, key="another key of somebody else")
    for value in (
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        forged,
        signing.dumps([code, token], salt="other"),
        "",
    ):
        client = Client()
        client.cookies[DEVICE_COOKIE] = value
        assert client.get(address).status_code != 200, value


def test_own_scripts_write_text_and_never_markup() -> None:
    markup = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage|__proto__"
    )
    scripts = [file for file in (BASE_DIR / "static").rglob("*.js") if "vendor" not in file.parts]
    assert len(scripts) >= 6
    assert {file.name: found for file in scripts if (found := markup.findall(file.read_text(encoding="utf-8")))} == {}


@pytest.mark.requirement("SEC-04")
@pytest.mark.parametrize(
    ("page", "values"),
    [(OWN_PASSWORD, {"password": NEXT, "again": NEXT}), (OWN_PIN, {"pin": "804211", "again": "804211"})],
)
def test_a_new_secret_asks_for_the_present_password(person: User, page: str, values: dict[str, str]) -> None:
    client, elsewhere = visit_as(person), visit_as(person)
    before = User.objects.filter(pk=person.pk).values("password", "pin_hash").get()
    answer = client.post(page, values)
    assert answer.status_code == 422
    answer = client.post(page, {**values, "present": "wrong words in a row"})
    assert answer.status_code == 409 and "present password" in answer.content.decode()
    assert User.objects.filter(pk=person.pk).values("password", "pin_hash").get() == before
    assert client.post(page, {**values, "present": PASSWORD}).status_code == 302
    assert User.objects.filter(pk=person.pk).values("password", "pin_hash").get() != before
    assert is_in(client)
    assert is_in(elsewhere) == (page == OWN_PIN), "a new password ends the other sessions"


@pytest.mark.requirement("SEC-04")
def test_password_fields_hide_and_let_managers_paste(person: User) -> None:
    shown = visit_as(person).get(OWN_PASSWORD).content.decode()
    assert shown.count('type="password"') == 3
    assert 'autocomplete="current-password"' in shown and shown.count('autocomplete="new-password"') == 2
    assert "onpaste" not in shown
    long = "ü " * 40 + "x"
    people.change_own_password(password=long, actor=person)
    assert sign_in(Client(), long) == 302
    assert sign_in(Client(), long.upper()) == 200 and sign_in(Client(), long[:-1]) == 200


def test_passwords_are_kept_by_argon2(db: None, settings: Settings) -> None:
    """The product knows no other hash; the tests have a quick one before it."""
    settings.PASSWORD_HASHERS = SETTINGS.PASSWORD_HASHERS
    assert len(SETTINGS.PASSWORD_HASHERS) == 1
    user = make_user("ruth")
    people.change_own_password(password=PASSWORD, actor=user)
    assert identify_hasher(User.objects.get(pk=user.pk).password).algorithm == "argon2"


def test_signing_in_leads_to_no_other_host(person: User) -> None:
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = Client().post(LOGIN, {"login": "petra", "password": PASSWORD, "next": address})
        assert answer.status_code == 302 and answer["Location"] == "/"


def test_no_account_and_no_sign_up_exists_by_default(db: None) -> None:
    assert not [user for user in User.objects.all() if user.has_usable_password()]
    for address in ("/accounts/signup/", "/accounts/password/reset/"):
        answer = Client().post(
            address, {"username": "root", "password1": PASSWORD, "password2": PASSWORD, "email": "a@b.c"}
        )
        assert not User.objects.filter(username="root").exists(), address
        assert answer.status_code in (200, 302, 403, 404)


@pytest.mark.requirement("SEC-01")
@pytest.mark.parametrize("address", ["/static/", "/static/../config/settings.py", "/.git/config", "/var/secret-key"])
def test_files_beside_the_product_are_not_served(db: None, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404 and unconfined(answer) == []


@pytest.mark.requirement("SEC-01")
def test_trace_and_unknown_methods_are_refused(db: None) -> None:
    for method in ("TRACE", "CONNECT", "DEBUG"):
        assert Client().generic(method, LOGIN).status_code == 405
    assert unconfined(Client().get(LOGIN)) == []
    assert Client().get(LOGIN, headers={"origin": "https://elsewhere.example"}).headers.get("Vary") is not None


OVER_HTTPS = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
client = Client(headers={"host": "trueline.example.com"})
plain = client.get("/accounts/login/")
probe = client.get("/livez")
api = client.get("/api/v1/core/organization/sites/", headers={"authorization": "Bearer tl_x"})
answer = client.get("/v/", secure=True)
print(json.dumps({
    "api": [api.status_code, api.json()["detail"]],
    "plain": [plain.status_code, plain.headers["Location"]], "probe": probe.status_code,
    "hsts": answer.headers["Strict-Transport-Security"],
    "cookies": {name: dict(cookie) for name, cookie in answer.cookies.items()},
}))
"""


@pytest.mark.requirement("SEC-01")
def test_over_https_cookies_belong_to_this_host_and_plain_http_is_left(django_db_setup: None, tmp_path: Path) -> None:
    environ = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "TRUELINE_HTTPS": "1", "TRUELINE_DB_POOL": "0",
        "TRUELINE_DATA": str(tmp_path), "ALLOWED_HOSTS": "trueline.example.com",
        "DATABASE_URL": url("app", TEST_DATABASE),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OVER_HTTPS], cwd=BASE_DIR, env=environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["api"][0] == 403 and "HTTPS only" in said["api"][1], "and the API is not redirected"
    assert said["plain"] == [301, "https://trueline.example.com/accounts/login/"] and said["probe"] == 200
    assert said["hsts"] == "max-age=31536000; includeSubDomains"
    (cookie,) = said["cookies"].values()
    assert set(said["cookies"]) == {"__Host-csrftoken"}
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert not cookie["domain"]


DANGEROUS = {
    "eval", "exec", "compile", "os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads", "yaml.load",
    "yaml.unsafe_load", "hashlib.md5", "hashlib.sha1", "random.random", "random.choice", "random.randint",
    "random.getrandbits", "etree.fromstring", "etree.parse", "subprocess.run", "subprocess.Popen", "tempfile.mktemp",
    "shelve.open", "Template",
}  # fmt: skip
"""Each has a safer way here: no code from texts, no shell, no old digests, no guessable numbers, no XML of others."""


def calls(source: str) -> Iterator[str]:
    """The names of everything that is called in a source."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


ALLOWED = {
    "config/backup.py": {"subprocess.run"},
    "core/files/scanning.py": {"subprocess.Popen"},
    "integrations/formats/epcis/reading_xml.py": {"etree.fromstring"},
    "qms/documents/services/extracting.py": {"etree.fromstring"},
}
"""pg_dump and pg_restore from the command line, and the virus scanner that the installation names: each by a list of
arguments and without a shell. The XML of EPCIS and of Word files by a parser without entities, document types, network
and huge trees (tests/integrations/epcis/test_refusals.py)."""


def test_no_dangerous_call_stands_in_the_product() -> None:
    found = {}
    for storey in ("config", "core", "traceability", "qms", "mes", "integrations"):
        for file in (BASE_DIR / storey).rglob("*.py"):
            named = DANGEROUS & set(calls(file.read_text(encoding="utf-8")))
            if named and "/migrations/" not in str(file):
                found[str(file.relative_to(BASE_DIR))] = named
    assert found == ALLOWED
    assert {"eval", "os.system"} == DANGEROUS & set(calls("eval(x); os.system(y); re.compile(z)"))


def test_what_stands_in_the_cache_is_json() -> None:
    """Redis holds text and numbers: whoever can write to it makes no code run here (ASVS V1.5.2)."""
    cache: Any = RedisCache("redis://127.0.0.1:1/0", {"OPTIONS": SETTINGS.CACHES["default"]["OPTIONS"]})
    serializer: Any = cache._cache._serializer
    value: Any
    for value in (7, 1.5, True, None, "Grün", ["a", 2], {"texts": []}):
        assert serializer.loads(str(serializer.dumps(value)).encode()) == value
    assert serializer.dumps(7) == 7 and serializer.dumps("a") == '"a"'
    with pytest.raises(TypeError):
        serializer.dumps(object())
    with pytest.raises(ValueError):
        serializer.loads(pickle.dumps("a"))


def test_the_certificates_of_whom_we_call_are_verified() -> None:
    """Mail; the time-stamp authority's is refused in tests/core/trail/test_seal_stamps.py."""
    for backend in (EmailBackend("mail.example", use_tls=True), EmailBackend("mail.example", use_ssl=True)):
        context = backend.ssl_context
        assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname
    unverified = re.compile(r"verify\s*=\s*False|CERT_NONE|_create_unverified_context|check_hostname\s*=\s*False")
    sources = [file for storey in STOREYS for file in (BASE_DIR / storey).rglob("*.py")]
    assert not [file for file in sources if unverified.search(file.read_text(encoding="utf-8"))]


def test_the_gallery_of_components_is_not_served_with_real_records(settings: Settings) -> None:
    addresses = import_module("core.web.urls")

    def names() -> set[str | None]:
        return {one.name for one in importlib.reload(addresses).urlpatterns}

    try:
        settings.TRUELINE_GALLERY = False
        assert names() == {"search", "scan", "preferences"}
    finally:
        settings.TRUELINE_GALLERY = True
        assert {"kit", "kit_detail"} <= names()
    assert not SETTINGS.TRUELINE_GALLERY, "and it is not by itself"


def test_what_the_address_says_is_no_entry_and_of_two_values_the_last_counts(person: User) -> None:
    client = Client()
    twice = f"login=nobody&login=petra&password={quote(PASSWORD)}"
    form = "application/x-www-form-urlencoded"
    assert client.post(f"{LOGIN}?login=petra&password={quote(PASSWORD)}", "", content_type=form).status_code == 200
    assert client.get(INBOX).status_code == 302, "an address signs nobody in"
    client.post(LOGIN, "&".join(reversed(twice.split("&"))), content_type=form)
    assert client.get(INBOX).status_code == 302
    client.post(LOGIN, twice, content_type=form)
    assert client.get(INBOX).status_code in (200, 403)
