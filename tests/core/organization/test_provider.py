"""Sign-in by an identity provider: a small one, served on the loopback, that also answers wrongly."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django.fixtures import Settings

from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.services import factors, people
from core.signing.services import identify
from core.trail.models import TrailEvent
from tests.core.organization.test_factors import SECRET, code
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SIGNIN-09")]

START, ANSWER = "/core/organization/sign-in/provider/", "/core/organization/sign-in/provider/answer/"
INBOX, OWN_PASSWORD = "/core/worklist/inbox/", "/core/organization/me/password/"
CLIENT, PASSWORD = "trueline-plant", "several words in a row"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _number in range(2))


@dataclass
class Provider:
    """An OpenID Connect provider: discovery, keys, and a token for whoever is said to have signed in."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    key: Any = KEY
    algorithm: str = "RS256"
    issuer: str = ""
    challenge: str = ""
    is_down: bool = False

    def discovery(self) -> dict[str, Any]:
        at = self.address
        return {
            "issuer": self.issuer or at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
        }  # fmt: skip

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]}

    def token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        verifier = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == self.challenge
        assert form["client_secret"] == ["a secret"] and form["code"] == ["the-code"]
        moment = int(time.time())
        claims = {"iss": self.address, "sub": "s-1", "aud": CLIENT, "iat": moment, "exp": moment + 300, **self.claims}
        claims = {name: value for name, value in {**claims, **self.changed}.items() if value is not None}
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: dict[str, Any]) -> str:
        key: Any = self.key if self.algorithm == "RS256" else "a shared secret that is long enough for this"
        used: Any = None if self.algorithm == "none" else key
        return jwt.encode(claims, used, self.algorithm, headers={"kid": "k1"})


@pytest.fixture(scope="module")
def served() -> Iterator[list[Provider]]:
    present: list[Provider] = [Provider()]

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests say what was wrong."""

        def tell(self, body: dict[str, Any]) -> None:
            sent = json.dumps(body).encode()
            self.send_response(503 if present[0].is_down else 200)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def do_GET(self) -> None:
            self.tell(present[0].keys() if self.path == "/keys" else present[0].discovery())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.tell(present[0].token(form))

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    present.append(Provider(address=f"http://127.0.0.1:{server.server_port}"))
    yield present
    server.shutdown()
    thread.join()


@pytest.fixture
def provider(served: list[Provider], settings: Settings) -> Provider:
    settings.TRUELINE_OIDC_ISSUER = served[1].address
    settings.TRUELINE_OIDC_CLIENT_ID, settings.TRUELINE_OIDC_CLIENT_SECRET = CLIENT, "a secret"
    served[0] = Provider(address=served[1].address, claims={"preferred_username": "Petra"})
    return served[0]


def sent(provider: Provider, client: Client, following: str = "") -> str:
    """The person is sent to the provider, which signs in whom `claims` name; the address to come back to."""
    answer = client.get(START, {"next": following} if following else {})
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert answer.status_code == 302 and answer["Location"].startswith(f"{provider.address}/authorize?")
    assert asked["redirect_uri"] == [f"http://testserver{ANSWER}"] and asked["code_challenge_method"] == ["S256"]
    provider.challenge = asked["code_challenge"][0]
    provider.claims = {**provider.claims, "nonce": asked["nonce"][0]}
    return f"{ANSWER}?code=the-code&state={asked['state'][0]}"


def is_in(client: Client) -> bool:
    return bool(client.get(INBOX).status_code == 200)


def test_the_provider_signs_a_known_person_in_and_it_is_on_record(provider: Provider, person: User) -> None:
    client = Client()
    assert "Sign in by identity provider" in client.get("/accounts/login/").content.decode()
    back = sent(provider, client, "/core/organization/sites/")
    answer = client.get(back)
    assert (answer.status_code, answer["Location"]) == (302, "/core/organization/sites/") and is_in(client)
    event = TrailEvent.objects.get(kind="signed_on", subject_id=person.pk)
    assert (event.actor, event.text) == (person, "desk (identity provider)")
    assert Client().get(back).status_code == 403, "the answer belongs to this browser's question"
    assert client.get(back).status_code == 403, "and is taken once"


WRONG: dict[str, dict[str, Any]] = {
    "signature of another key": {"key": OTHER_KEY},
    "no signature": {"algorithm": "none"},
    "a shared secret instead of a key": {"algorithm": "HS256"},
    "wrong nonce": {"changed": {"nonce": "another"}},
    "no nonce": {"changed": {"nonce": None}},
    "another audience": {"changed": {"aud": "somebody-else"}},
    "two audiences, issued to another": {"changed": {"aud": [CLIENT, "other"], "azp": "other"}},
    "another issuer": {"changed": {"iss": "https://elsewhere.example"}},
    "expired": {"changed": {"exp": 1_700_000_000}},
    "from the future": {"changed": {"iat": 4_000_000_000}},
    "no subject": {"changed": {"sub": None}},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_answer_signs_nobody_in_and_says_so(provider: Provider, person: User, wrong: str) -> None:
    client = Client()
    back = sent(provider, client)
    for name, value in WRONG[wrong].items():
        setattr(provider, name, value)
    answer = client.get(back)
    assert answer.status_code == 403 and "is not valid, so nobody was signed in" in answer.content.decode()
    assert not is_in(client) and not TrailEvent.objects.filter(kind="signed_on").exists()
    assert TrailEvent.objects.filter(kind="sign_on_refused").count() == 1


def test_a_wrong_state_is_refused_and_a_silent_provider_is_named(provider: Provider, person: User) -> None:
    client = Client()
    sent(provider, client)
    assert client.get(f"{ANSWER}?code=the-code&state=guessed").status_code == 403
    assert not is_in(client)
    provider.is_down = True
    answer = client.get(START)
    assert answer.status_code == 403 and "does not answer" in answer.content.decode()
    provider.is_down, provider.issuer = False, "https://elsewhere.example"
    assert client.get(START).status_code == 403


@pytest.mark.parametrize("known", [None, "deactivated"])
def test_who_is_not_known_here_is_told_what_to_do(provider: Provider, person: User, known: str | None) -> None:
    if known is None:
        provider.claims = {"preferred_username": "stranger"}
    else:
        site = person.grants.get().site
        admin = make_user(site=site, permissions=("core_organization.change_user",))
        people.deactivate_user(user=person, actor=admin, reason="left")
    client, before = Client(), User.objects.filter(is_system=False).count()
    answer = client.get(sent(provider, client))
    assert answer.status_code == 403 and "Ask an administrator to add you" in answer.content.decode()
    assert User.objects.filter(is_system=False).count() == before and not is_in(client)


def test_an_account_is_made_only_where_configured_and_holds_no_role(provider: Provider, settings: Settings) -> None:
    settings.TRUELINE_OIDC_CREATE = True
    provider.claims = {"preferred_username": "new.person", "name": "New Person"}
    early = Client()
    assert early.get(sent(provider, early)).status_code == 403, "nobody comes before the set-up"
    assert not User.objects.filter(is_system=False).exists()
    make_user("ada", site=make_site())
    client = Client()
    assert client.get(sent(provider, client)).status_code == 302 and is_in(client)
    made = User.objects.get(username="new.person")
    assert (made.full_name, made.provider_only, made.grants.count()) == ("New Person", True, 0)


def test_an_e_mail_counts_only_where_the_provider_verified_it(
    provider: Provider, person: User, settings: Settings
) -> None:
    settings.TRUELINE_OIDC_CLAIM = settings.TRUELINE_OIDC_FIELD = "email"
    site = person.grants.get().site
    admin = make_user(site=site, permissions=("core_organization.change_user",))
    people.change_user(
        user=person,
        full_name="Petra",
        email="petra@plant.example",
        badge="",
        home_site=site,
        actor=admin,
        reason="mail",
    )
    for verified in (False, True):
        provider.claims = {"email": "petra@plant.example", "email_verified": verified}
        client = Client()
        client.get(sent(provider, client))
        assert is_in(client) is verified


def test_a_person_keeps_their_account_whatever_the_provider_calls_it_and_nobody_inherits_the_name(
    provider: Provider, person: User
) -> None:
    def comes(sub: str, name: str) -> tuple[bool, str]:
        provider.claims = {"sub": sub, "preferred_username": name}
        client = Client()
        answer = client.get(sent(provider, client))
        return is_in(client), answer.content.decode()

    admin = make_user(
        site=person.grants.get().site, permissions=("core_organization.change_user", "core_organization.view_user")
    )
    page = f"/core/organization/users/{person.pk}/provider/"
    nothing = visit_as(admin).get(page)
    assert nothing.status_code == 200 and "does not start in the record" in nothing.content.decode()
    assert comes("s-1", "petra")[0]
    assert f"{provider.address} s-1" in visit_as(admin).get(page).content.decode()
    person.refresh_from_db()
    assert person.provider_account == f"{provider.address} s-1"
    assert comes("s-1", "petra.married")[0], "the provider calls the same account otherwise"
    before = User.objects.get(pk=person.pk).row_version
    inside, said = comes("s-2", "petra")
    assert not inside and "signs in by another account" in said and "ask an administrator" in said.casefold()
    assert User.objects.get(pk=person.pk).row_version == before
    assert TrailEvent.objects.filter(kind="sign_on_refused", subject_id=person.pk).count() == 1

    stranger = make_user(site=make_site(), permissions=("core_organization.change_user",))
    with pytest.raises(Blocked):
        people.forget_provider_account(user=person, actor=stranger, reason="mine")
    visit_as(admin).post(page, {"reason": "a new account"})
    assert comes("s-2", "petra")[0] and not comes("s-1", "petra")[0]


def test_who_signs_in_by_the_provider_only_sets_a_password_that_signs_and_opens_nothing(
    provider: Provider, person: User
) -> None:
    site = person.grants.get().site
    admin = make_user(site=site, permissions=("core_organization.change_user",))
    people.change_user(
        user=person,
        full_name="Petra",
        email="",
        badge="",
        home_site=site,
        provider_only=True,
        actor=admin,
        reason="IdP",
    )
    user = User.objects.get(pk=person.pk)
    given = {"identification": "petra", "secret": PASSWORD, "meaning": "approved", "device": "d", "expected": user}
    with pytest.raises(Blocked) as refused:
        identify(**given)  # type: ignore[arg-type]
    assert refused.value.codes == ("no_signing_password",)
    client = Client()
    client.get(sent(provider, client))
    assert client.post(OWN_PASSWORD, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert is_in(client)
    user = User.objects.get(pk=person.pk)
    assert identify(**{**given, "expected": user}).method == "identification and password"  # type: ignore[arg-type]
    desk = Client()
    desk.post("/accounts/login/", {"login": "petra", "password": PASSWORD})
    assert not is_in(desk), "the password opens nothing"


def test_a_second_factor_is_asked_after_the_provider_too(provider: Provider, person: User) -> None:
    factors.set_up_totp(secret=SECRET, code=code(-1), actor=person)
    client = Client()
    answer = client.get(sent(provider, client))
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/authenticate/") and not is_in(client)
    assert client.post(answer["Location"], {"code": code()}).status_code == 302 and is_in(client)


def test_without_a_provider_there_is_no_such_page(db: None) -> None:
    assert [Client().get(where).status_code for where in (START, ANSWER)] == [404, 404]
    assert "Sign in by" not in Client().get("/accounts/login/").content.decode()
