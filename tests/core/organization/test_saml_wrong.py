"""Wrong answers of a SAML provider, or in its name: each signs nobody in, and is refused for its own reason."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod

from core.organization.models import AcceptedAssertion, User
from core.trail.models import TrailEvent
from tests.core.organization.test_saml import ANSWER, asked, comes, is_in, provider
from tests.support import saml as idp
from tests.support.saml import NAMES

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SIGNIN-11")]
__all__ = ["provider"]

MALLORY: dict[str, Any] = {"subject": "s-9", "attributes": {"uid": "mallory"}}
"""An honest answer about somebody who has an account at the provider and wants to be Petra."""
PAST = "2026-01-01T00:00:00Z"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
ODD = "saml:Condition xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:x='urn:x' xsi:type='x:Odd'"


def _forged(response: Any, id: str | None = "_evil") -> tuple[Any, Any]:
    """The signed assertion, taken out of the response, and one like it that says what the attacker wants."""
    signed = response.find("saml:Assertion", NAMES)
    response.remove(signed)
    forged = deepcopy(signed)
    forged.set("ID", id or signed.get("ID"))
    forged.find("saml:Subject/saml:NameID", NAMES).text = "s-1"
    forged.find(".//saml:AttributeValue", NAMES).text = "petra"
    return signed, forged


def _unsigned(assertion: Any) -> Any:
    assertion.remove(assertion.find("ds:Signature", NAMES))
    return assertion


def in_extensions(response: Any) -> Any:
    signed, forged = _forged(response)
    extensions = etree.Element(f"{{{NAMES['samlp']}}}Extensions")
    extensions.append(signed)
    response.insert(1, extensions)
    response.append(_unsigned(forged))
    return response


def before_it(response: Any) -> Any:
    signed, forged = _forged(response)
    response.append(_unsigned(forged))
    response.append(signed)
    return response


def behind_it(response: Any) -> Any:
    signed, forged = _forged(response)
    response.append(signed)
    response.append(_unsigned(forged))
    return response


def in_an_object(id: str | None) -> Callable[[Any], Any]:
    """The forged assertion carries the signature, and in it the assertion that was signed."""

    def change(response: Any) -> Any:
        signed, forged = _forged(response, id)
        place = etree.SubElement(forged.find("ds:Signature", NAMES), f"{{{NAMES['ds']}}}Object")
        place.append(_unsigned(signed))
        response.append(forged)
        return response

    return change


def around_the_response(response: Any) -> Any:
    """The whole signed response hangs in the signature of a forged one."""
    forged = deepcopy(response)
    forged.set("ID", "_evil")
    forged.remove(forged.find("saml:Assertion", NAMES))
    _signed, assertion = _forged(deepcopy(response))
    forged.append(_unsigned(assertion))
    signature = forged.find("ds:Signature", NAMES)
    etree.SubElement(signature, f"{{{NAMES['ds']}}}Object").append(response)
    return forged


def tampered(path: str, text: str) -> Callable[[Any], Any]:
    """Somebody writes over a text on the way."""

    def change(response: Any) -> Any:
        response.find(f".//{path}", NAMES).text = text
        return response

    return change


def encrypted(response: Any) -> str:
    text = str(etree.tostring(response).decode())
    inside = '<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"/>'
    head, _, rest = text.partition("<saml:Assertion")
    return (
        head + f"<saml:EncryptedAssertion>{inside}</saml:EncryptedAssertion>" + rest.partition("</saml:Assertion>")[2]
    )


def with_a_transform(name: str) -> Callable[[Any], Any]:
    """What is signed is said to be made by a program of the attacker."""

    def change(response: Any) -> Any:
        more = etree.SubElement(response.find(".//ds:Transforms", NAMES), f"{{{NAMES['ds']}}}Transform")
        more.set("Algorithm", name)
        return response

    return change


def of_nothing(response: Any) -> Any:
    response.find(".//ds:Reference", NAMES).set("URI", "")
    return response


def of_two_things(response: Any) -> Any:
    reference = response.find(".//ds:Reference", NAMES)
    reference.addnext(deepcopy(reference))
    return response


ENTITY = '<!DOCTYPE r [<!ENTITY who "petra">]>'
FILE = '<!DOCTYPE r [<!ENTITY who SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "{}"><!ENTITY c "{}"><!ENTITY d "{}">]>'.format(
    "&a;" * 99, "&b;" * 99, "&c;" * 99
)

WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "not signed": ("no signed assertion", {"signs_assertion": False}),
    "only the response around it signed": ("no signed assertion", {"signs_assertion": False, "signs_response": True}),
    "signed by another key": ("invalid signature", {"key": idp.OTHER_KEY}),
    "signed by a shared secret, the certificate": (
        "another SignatureMethod", {"key": idp.CERTIFICATE, "algorithm": SignatureMethod.HMAC_SHA256},
    ),
    "signed over SHA-1": ("another SignatureMethod", {"algorithm": SignatureMethod.RSA_SHA1}),
    "a digest by SHA-1": ("another DigestMethod", {"digest": DigestAlgorithm.SHA1}),
    "XPath in the signature": (
        "another Transform", {"changed": with_a_transform("http://www.w3.org/TR/1999/REC-xpath-19991116")},
    ),
    "XSLT in the signature": (
        "another Transform", {"changed": with_a_transform("http://www.w3.org/TR/1999/REC-xslt-19991116")},
    ),
    "a signature of the whole document": ("not of the element", {"changed": of_nothing}),
    "a signature of two things": ("not of the element", {"changed": of_two_things}),
    "wrapped: the signed one in the extensions": (
        "wrong number of assertions", {**MALLORY, "changed": in_extensions},
    ),
    "wrapped: the forged one first": ("wrong number of assertions", {**MALLORY, "changed": before_it}),
    "wrapped: the forged one last": ("wrong number of assertions", {**MALLORY, "changed": behind_it}),
    "wrapped: the signed one in the signature": ("not of the element", {**MALLORY, "changed": in_an_object("_evil")}),
    "wrapped: both of one id": ("wrong number of assertions", {**MALLORY, "changed": in_an_object(None)}),
    "wrapped: the whole response": (
        "not of the element", {**MALLORY, "signs_response": True, "changed": around_the_response},
    ),
    "another audience": ("wrong audience", {"audience": "https://elsewhere.example"}),
    "no audience": ("another audience", {"audience": ""}),
    "two restrictions, one not ours": (
        "another audience",
        {"in_conditions": "<saml:AudienceRestriction><saml:Audience>urn:x</saml:Audience></saml:AudienceRestriction>"},
    ),
    "a condition that nobody knows": ("invalid xml format", {"in_conditions": f"<{ODD}/>"}),
    "expired": ("wrong subjectconfirmation", {"data_ends": PAST}),
    "its conditions expired": ("assertion expired", {"conditions_end": PAST}),
    "without an end": ("not confirmed", {"data_ends": ""}),
    "another destination": ("wrong destination", {"destination": "https://elsewhere.example/answer/"}),
    "a destination below ours": (
        "another destination", {"destination": f"http://testserver{ANSWER}more/"},
    ),
    "another recipient": ("wrong subjectconfirmation", {"recipient": "https://elsewhere.example/answer/"}),
    "a recipient in which ours stands": (
        "not confirmed", {"recipient": f"https://elsewhere.example/?http://testserver{ANSWER}"},
    ),
    "another question": ("wrong inresponseto", {"in_response_to": "_other"}),
    "the assertion of another question": ("wrong subjectconfirmation", {"confirms": "_other"}),
    "unasked": ("another question", {"in_response_to": ""}),
    "another issuer": ("wrong issuer", {"issuer": "https://elsewhere.example/saml"}),
    "no issuer": ("another issuer", {"issuer": ""}),
    "tampered attribute": ("invalid signature", {**MALLORY, "changed": tampered("saml:AttributeValue", "petra")}),
    "tampered name": ("invalid signature", {**MALLORY, "changed": tampered("saml:NameID", "s-1")}),
    "a name that changes": ("not a persistent NameID", {"format": TRANSIENT}),
    "a name that somebody inherits": ("not a persistent NameID", {"format": EMAIL}),
    "a name among other providers": ("not one of ours", {"name_attributes": ' NameQualifier="urn:x"'}),
    "a name among other services": ("not one of ours", {"name_attributes": ' SPNameQualifier="urn:x"'}),
    "no name": ("not one of ours", {"subject": ""}),
    "an entity": ("DTDForbidden", {"prologue": ENTITY}),
    "an entity of a file": ("DTDForbidden", {"prologue": FILE}),
    "an entity that explodes": ("DTDForbidden", {"prologue": LAUGHS}),
    "encrypted": ("private key not found", {"changed": encrypted}),
    "a failure at the provider": (
        "status code is not success", {"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"},
    ),
    "no XML": ("XMLSyntaxError", {"changed": lambda response: "petra is in, believe me"}),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_answer_signs_nobody_in_and_says_so(person: User, wrong: str) -> None:
    why, said = WRONG[wrong]
    client = Client()
    status, words = comes(client, **said)
    assert status == 403 and "is not valid, so nobody was signed in" in words
    assert not is_in(client) and not TrailEvent.objects.filter(kind="signed_on").exists()
    (event,) = TrailEvent.objects.filter(kind="sign_on_refused")
    assert why.casefold() in event.text.casefold(), event.text
    assert not AcceptedAssertion.objects.exists() and User.objects.get(pk=person.pk).provider_account == ""


@pytest.mark.parametrize("place", ["NameID", "AttributeValue"])
def test_a_comment_makes_no_other_name(person: User, place: str) -> None:
    """A comment is in no signature: what stands before it must not count alone (CVE-2017-11427 and its likes)."""
    comes(Client())
    names: dict[str, Any] = {"subject": "s-1.evil", "attributes": {"uid": "mallory"}}
    if place == "AttributeValue":
        names = {"subject": "s-9", "attributes": {"uid": "petra.evil"}}

    def commented(response: Any) -> str:
        return str(etree.tostring(response).decode().replace(".evil<", "<!-- -->.evil<"))

    client = Client()
    status, said = comes(client, **names, changed=commented)
    assert status == 403 and not is_in(client)
    assert "The identity provider knows you" in said, "the whole name was read, and nobody has it"


def test_what_is_no_base64_or_too_long_is_refused(person: User) -> None:
    for answer in ("%%%", "", "A" * 500_000):
        client = Client()
        asked(client)
        got = client.post(ANSWER, {"SAMLResponse": answer})
        assert got.status_code == 403 and not is_in(client)


def test_an_entity_reads_no_file_and_takes_no_time(person: User, tmp_path: Path) -> None:
    """In an attribute's value the parser itself would expand it."""
    secret = tmp_path / "secret"
    secret.write_text("the-secret")
    client = Client()
    answer = idp.Answer(asked(client), prologue=LAUGHS)
    answer.changed = lambda response: etree.tostring(response).decode().replace('ID="_r1"', 'ID="&d;&d;&d;&d;"')
    assert client.post(ANSWER, {"SAMLResponse": answer.posted()}).status_code == 403 and not is_in(client)
