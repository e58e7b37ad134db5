"""A plant's SAML provider: sent there, back with an answer, the person signed in under the rules of every provider."""

from __future__ import annotations

import base64
import datetime as dt
import html
import importlib.util
import re
import uuid
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import onelogin.saml2
import pytest
import time_machine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_pem_x509_certificate
from django.test import Client
from lxml import etree
from pytest_django.fixtures import Settings

from config import doctor
from core.organization.models import AcceptedAssertion, User
from core.organization.services import factors, people
from core.organization.services.saml import trouble
from core.organization.tasks import forget_api_answers
from core.trail.models import TrailEvent
from tests.core.organization.test_factors import SECRET, code
from tests.support import saml as idp
from tests.support.people import make_site, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SIGNIN-11")]

START, ANSWER = "/core/organization/sign-in/saml/", "/core/organization/sign-in/saml/answer/"
METADATA, INBOX = "/core/organization/sign-in/saml/metadata/", "/core/worklist/inbox/"
OWN_PASSWORD, PASSWORD = "/core/organization/me/password/", "several words in a row"
SCHEMAS = Path(onelogin.saml2.__file__).parent / "schemas"
"""The schemas of the standard, as its committee published them."""


@pytest.fixture(autouse=True)
def provider(settings: Settings, tmp_path: Path) -> None:
    """A configured provider, whose certificate lies in a file beside that of its next key."""
    certificates = tmp_path / "provider.pem"
    certificates.write_bytes(idp.key_pair("Its next key")[1] + idp.CERTIFICATE)
    settings.TRUELINE_SAML_IDP, settings.TRUELINE_SAML_SSO_URL = idp.ENTITY, idp.SSO
    settings.TRUELINE_SAML_CERTIFICATE, settings.TRUELINE_PUBLIC_URL = str(certificates), "http://testserver"


def asked(client: Client, following: str = "") -> idp.Asked:
    """The question with which this browser is sent to the provider."""
    answer = client.get(START, {"next": following} if following else {})
    assert answer.status_code == 302 and answer["Location"].startswith(f"{idp.SSO}&SAMLRequest=")
    return idp.Asked.read(answer["Location"])


def comes(client: Client | None = None, following: str = "", **said: object) -> tuple[int, str]:
    """Somebody signs in at the provider, which answers so: the status, and what they read."""
    client = client or Client()
    answer = idp.Answer(asked(client, following), id=f"_{uuid.uuid4()}", **said)  # type: ignore[arg-type]
    got = client.post(ANSWER, {"SAMLResponse": answer.posted()})
    return got.status_code, got["Location"] if got.status_code == 302 else got.content.decode()


def is_in(client: Client) -> bool:
    return bool(client.get(INBOX).status_code == 200)


@pytest.mark.parametrize("signs_response", [False, True])
def test_the_provider_signs_a_known_person_in_and_it_is_on_record(person: User, signs_response: bool) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in by identity provider" in page and f'href="{START}"' in page
    assert comes(client, "/core/organization/sites/", signs_response=signs_response) == (
        302, "/core/organization/sites/",
    )  # fmt: skip
    assert is_in(client)
    event = TrailEvent.objects.get(kind="signed_on", subject_id=person.pk)
    assert (event.actor, event.text) == (person, "desk (identity provider)")
    assert User.objects.get(pk=person.pk).provider_account == f"{idp.ENTITY} s-1"


def test_the_question_is_one_that_the_standard_knows(person: User) -> None:
    question = asked(Client())
    etree.XMLSchema(etree.parse(str(SCHEMAS / "saml-schema-protocol-2.0.xsd"))).assertValid(question.xml)
    assert question.xml.get("Destination") == idp.SSO, "also an address with an ampersand"
    assert question.answer_address == f"http://testserver{ANSWER}" and question.issuer == f"http://testserver{METADATA}"
    assert question.xml.find("samlp:NameIDPolicy", idp.NAMES).get("Format") == idp.PERSISTENT
    assert asked(Client()).id != question.id


@pytest.mark.parametrize("signs", [False, True])
def test_the_metadata_say_who_we_are(person: User, signs: bool, settings: Settings, tmp_path: Path) -> None:
    if signs:
        sign_questions(settings, tmp_path)
    answer = Client().get(METADATA)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/samlmetadata+xml"
    said = etree.fromstring(answer.content)
    etree.XMLSchema(etree.parse(str(SCHEMAS / "saml-schema-metadata-2.0.xsd"))).assertValid(said)
    assert said.get("entityID") == f"http://testserver{METADATA}" and said.get("validUntil") is None
    names = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": idp.NAMES["ds"]}
    (role,) = said.findall("md:SPSSODescriptor", names)
    assert (role.get("WantAssertionsSigned"), role.get("AuthnRequestsSigned")) == ("true", str(signs).lower())
    (service,) = role.findall("md:AssertionConsumerService", names)
    assert service.get("Location") == f"http://testserver{ANSWER}"
    uses = [key.get("use") for key in role.findall("md:KeyDescriptor", names)]
    assert uses == (["signing"] if signs else []), "nothing is encrypted for us"


def sign_questions(settings: Settings, tmp_path: Path) -> bytes:
    """Give the product a key of its own; its certificate."""
    key, certificate = idp.key_pair("Trueline")
    (tmp_path / "own.key").write_bytes(idp.pem(key))
    (tmp_path / "own.pem").write_bytes(certificate)
    settings.TRUELINE_SAML_KEY = str(tmp_path / "own.key")
    settings.TRUELINE_SAML_KEY_CERTIFICATE = str(tmp_path / "own.pem")
    return certificate


def test_a_signed_question_is_signed_over_what_was_sent(person: User, settings: Settings, tmp_path: Path) -> None:
    certificate = load_pem_x509_certificate(sign_questions(settings, tmp_path))
    client = Client()
    sent = urlsplit(client.get(START)["Location"]).query
    parts = dict(one.split("=", 1) for one in sent.split("&"))
    covered = f"SAMLRequest={parts['SAMLRequest']}&SigAlg={parts['SigAlg']}"  # in this order (Bindings, 3.4.4.1)
    assert parse_qs(covered)["SigAlg"] == ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"]
    (given,) = parse_qs(sent)["Signature"]
    public = certificate.public_key()
    public.verify(base64.b64decode(given), covered.encode(), padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr, call-arg, arg-type]
    question = etree.fromstring(zlib.decompress(base64.b64decode(parse_qs(covered)["SAMLRequest"][0]), -15))
    assert question.get("AssertionConsumerServiceURL") == f"http://testserver{ANSWER}"


def test_what_the_providers_page_posts_comes_without_our_session_and_goes_on_as_ours(person: User) -> None:
    client, stranger = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    posted = idp.Answer(asked(client)).posted()
    page = stranger.post(ANSWER, {"SAMLResponse": posted}).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert "data-go-on" in page and f'action="{ANSWER}"' in page and html.unescape(fields["SAMLResponse"]) == posted
    assert not AcceptedAssertion.objects.exists() and not is_in(stranger)
    assert stranger.post(ANSWER, fields).status_code == 403, "it answers no question of this browser"
    assert client.post(ANSWER, {**fields, "SAMLResponse": posted}).status_code == 302 and is_in(client)


def test_an_answer_is_taken_once_and_forgotten_when_it_ended(person: User) -> None:
    client = Client()
    question = asked(client)
    posted = idp.Answer(question).posted()
    kept = client.session["trueline_provider_asked"]
    assert client.post(ANSWER, {"SAMLResponse": posted}).status_code == 302 and is_in(client)
    assert client.post(ANSWER, {"SAMLResponse": posted, "again": "1"}).status_code == 403, "the question is answered"
    other = Client()
    other.get(START)
    session = other.session
    session["trueline_provider_asked"] = kept
    session.save()
    assert other.post(ANSWER, {"SAMLResponse": posted}).status_code == 403 and not is_in(other)
    assert "accepted before" in TrailEvent.objects.filter(kind="sign_on_refused").latest("pk").text
    forget_api_answers()
    assert AcceptedAssertion.objects.count() == 1
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=6)):
        forget_api_answers()
    assert not AcceptedAssertion.objects.exists()


def test_an_account_stays_one_persons_under_any_name(person: User) -> None:
    client = Client()
    assert comes()[0] == 302
    assert comes(client, attributes={"uid": "petra.married"})[0] == 302 and is_in(client), "the same account, renamed"
    status, said = comes(subject="s-2")
    assert status == 403 and "signs in by another account" in said
    admin = make_user(site=person.grants.get().site, permissions=("core_organization.change_user",))
    people.forget_provider_account(user=person, actor=admin, reason="a new account")
    assert comes(subject="s-2")[0] == 302 and comes(subject="s-1")[0] == 403


def test_who_is_not_known_here_is_told_and_made_only_where_configured(person: User, settings: Settings) -> None:
    new: dict[str, Any] = {"attributes": {"uid": "new.person", "displayName": "New Person"}, "subject": "s-7"}
    status, said = comes(**new)
    assert status == 403 and "Ask an administrator to add you" in said
    settings.TRUELINE_SAML_CREATE = True
    assert comes(**new)[0] == 302
    made = User.objects.get(username="new.person")
    assert (made.full_name, made.provider_only, made.grants.count()) == ("New Person", True, 0)
    assert comes(subject="s-8", attributes={})[0] == 403, "nobody is made without a name"


def test_people_are_matched_by_the_configured_attribute_and_field(person: User, settings: Settings) -> None:
    settings.TRUELINE_SAML_ATTRIBUTE, settings.TRUELINE_SAML_FIELD = "employeeNumber", "badge"
    site = person.grants.get().site
    admin = make_user(site=site, permissions=("core_organization.change_user",))
    people.change_user(
        user=person, full_name="Petra", email="", badge="B-77", home_site=site, actor=admin, reason="badge"
    )
    assert comes(attributes={"uid": "petra"})[0] == 403
    assert comes(attributes={"employeeNumber": "b-77"})[0] == 302


def test_a_second_factor_is_asked_and_a_password_for_signing_is_chosen(person: User) -> None:
    factors.set_up_totp(secret=SECRET, code=code(-1), actor=person)
    client = Client()
    assert comes(client) == (302, "/accounts/2fa/authenticate/") and not is_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code()}).status_code == 302 and is_in(client)
    assert not User.objects.get(pk=person.pk).has_usable_password()
    assert client.post(OWN_PASSWORD, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_without_a_provider_or_the_extra_there_is_no_such_page_and_the_doctor_says_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def served() -> set[int]:
        shown = "Sign in by" in Client().get("/accounts/login/").content.decode()
        return {Client().get(where).status_code for where in (START, METADATA)} | {
            Client().post(ANSWER).status_code, 200 if shown else 404
        }  # fmt: skip

    make_user("ada", site=make_site())
    assert trouble() == "" and [one.level for one in doctor.sign_in()] == [doctor.Level.OK]
    settings.TRUELINE_SAML_CERTIFICATE = str(tmp_path / "nothing.pem")
    assert "nothing.pem" in trouble()
    refused = Client().get(START)
    assert refused.status_code == 403 and "does not answer, or not as it should" in refused.content.decode()
    monkeypatch.setattr("core.organization.services.saml.find_spec", lambda name: None)
    assert served() == {404}
    (finding,) = doctor.sign_in()
    assert finding.level is doctor.Level.FAILED and "extra “saml” is not installed" in finding.text
    monkeypatch.setattr("core.organization.services.saml.find_spec", importlib.util.find_spec)
    settings.TRUELINE_SAML_IDP = ""
    assert served() == {404} and list(doctor.sign_in()) == []
