"""A SAML identity provider for tests. Its XML is written here and signed by signxml: nothing of it is the product's."""

from __future__ import annotations

import base64
import datetime as dt
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

ENTITY, SSO = "https://idp.plant.example/saml", "https://idp.plant.example/sso?tenant=1&way=saml"
NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol", "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}  # fmt: skip
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"


def key_pair(name: str) -> tuple[rsa.RSAPrivateKey, bytes]:
    """A key and a certificate of its own for it, in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=30)).sign(key, hashes.SHA256())
    )  # fmt: skip
    return key, certificate.public_bytes(serialization.Encoding.PEM)


def pem(key: rsa.RSAPrivateKey) -> bytes:
    """The private key as a file holds it."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


KEY, CERTIFICATE = key_pair("The plant's provider")
OTHER_KEY, OTHER_CERTIFICATE = key_pair("Somebody else")


class Signer(XMLSigner):
    """signxml, also with what it takes for broken."""

    def check_deprecated_methods(self) -> None:
        """Nothing is too old for a test of refusals."""


@dataclass(frozen=True)
class Asked:
    """The question with which the product sent the person here."""

    id: str
    answer_address: str
    issuer: str
    xml: Any
    address: str

    @classmethod
    def read(cls, address: str) -> Asked:
        """Out of the address to which the browser is sent (Bindings, 3.4)."""
        (sent,) = parse_qs(urlsplit(address).query)["SAMLRequest"]
        xml = etree.fromstring(zlib.decompress(base64.b64decode(sent), -15))
        issuer = xml.findtext("saml:Issuer", namespaces=NAMES) or ""
        return cls(str(xml.get("ID")), str(xml.get("AssertionConsumerServiceURL")), issuer, xml, address)


def _moment(minutes: float) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Answer:
    """What the provider answers; each part may be made wrong."""

    asked: Asked
    subject: str = "s-1"
    format: str = PERSISTENT
    attributes: dict[str, str] = field(default_factory=lambda: {"uid": "petra", "displayName": "Petra P"})
    id: str = "_a1"
    issuer: str = ENTITY
    status: str = SUCCESS
    audience: str | None = None
    destination: str | None = None
    recipient: str | None = None
    in_response_to: str | None = None
    confirms: str | None = None
    """The question that the assertion itself answers, where it is another."""
    data_ends: str | None = None
    conditions_end: str | None = None
    in_conditions: str = ""
    name_attributes: str = ""
    key: Any = KEY
    algorithm: SignatureMethod = SignatureMethod.RSA_SHA256
    digest: DigestAlgorithm = DigestAlgorithm.SHA256
    signs_assertion: bool = True
    signs_response: bool = False
    changed: Callable[[Any], Any] | None = None
    """What somebody does to the response on its way."""
    prologue: str = ""

    def assertion(self) -> Any:
        asked = self.asked
        audience = asked.issuer if self.audience is None else self.audience
        restriction = f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
        attributes = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.attributes.items()
        )
        question = self.in_response_to if self.in_response_to is not None else asked.id
        question = question if self.confirms is None else self.confirms
        ends = _moment(5) if self.data_ends is None else self.data_ends
        data = {"InResponseTo": question, "Recipient": self.recipient or asked.answer_address, "NotOnOrAfter": ends}
        said = " ".join(f'{name}="{value}"' for name, value in data.items() if value)
        return etree.fromstring(
            f"""<saml:Assertion xmlns:saml="{NAMES["saml"]}" ID="{self.id}" Version="2.0" IssueInstant="{_moment(0)}">
<saml:Issuer>{self.issuer}</saml:Issuer>
<ds:Signature xmlns:ds="{NAMES["ds"]}" Id="placeholder"/>
<saml:Subject><saml:NameID Format="{self.format}"{self.name_attributes}>{self.subject}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData {said}/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{_moment(-1)}" NotOnOrAfter="{self.conditions_end or _moment(5)}">
{restriction if audience else ""}{self.in_conditions}</saml:Conditions>
<saml:AuthnStatement AuthnInstant="{_moment(0)}"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>
</saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
        )

    def signed(self, element: Any) -> Any:
        signer = Signer(
            signature_algorithm=self.algorithm, digest_algorithm=self.digest,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )  # fmt: skip
        return signer.sign(element, key=self.key, reference_uri=f"#{element.get('ID')}", id_attribute="ID")

    def response(self) -> Any:
        """The whole answer, before somebody changes it on its way."""
        asked = self.asked
        question = self.in_response_to if self.in_response_to is not None else asked.id
        answers = f'InResponseTo="{question}"' if question else ""
        response = etree.fromstring(
            f"""<samlp:Response xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" ID="_r1" Version="2.0"
 IssueInstant="{_moment(0)}" Destination="{self.destination or asked.answer_address}" {answers}>
<saml:Issuer>{self.issuer}</saml:Issuer><ds:Signature xmlns:ds="{NAMES["ds"]}" Id="placeholder"/>
<samlp:Status><samlp:StatusCode Value="{self.status}"/></samlp:Status></samlp:Response>"""
        )
        assertion = self.assertion()
        if self.signs_assertion:
            assertion = self.signed(assertion)
        else:
            assertion.remove(assertion.find("ds:Signature", NAMES))
        response.append(assertion)
        if self.signs_response:
            return self.signed(response)
        response.remove(response.find("ds:Signature", NAMES))
        return response

    def posted(self) -> str:
        """The answer as the browser posts it."""
        response = self.response()
        if self.changed is not None:
            response = self.changed(response)
        text = response if isinstance(response, str) else etree.tostring(response).decode()
        return base64.b64encode((self.prologue + text).encode()).decode()
