"""Sign-in by the plant's identity provider with SAML 2.0 (web browser SSO: redirect there, POST back).

The library reads the XML and checks signature, schema and times. What it lets pass when it is absent (recipient, end,
question, audience) is demanded here, and an assertion is accepted once. It is an extra: pyproject.toml, `saml`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.urls import reverse

from core.kernel.clock import now
from core.organization.models import AcceptedAssertion, User
from core.organization.services import identified
from core.organization.services.identified import Identified, log, unfit, unreachable

PROTOCOL, ASSERTION = "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
NAMES = {"samlp": PROTOCOL, "saml": ASSERTION, "ds": DSIG}
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
LONGEST = 400_000
"""Characters of an answer; real ones have some ten thousand."""
DISPLAY_NAMES = ("displayName", "urn:oid:2.16.840.1.113730.3.1.241")
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNED_BY = {f"{_MORE}{kind}-{digest}" for kind in ("rsa", "ecdsa") for digest in ("sha256", "sha384", "sha512")}
DIGESTS = {f"http://www.w3.org/2001/04/xmlenc#{digest}" for digest in ("sha256", "sha512")} | {f"{_MORE}sha384"}
"""Signatures with a key pair and digests that are not broken; SHA-1 and shared secrets are refused."""
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
TRANSFORMS = {f"{DSIG}enveloped-signature", _EXCLUSIVE, f"{_EXCLUSIVE}WithComments"}
"""Those that SAML allows (Core, 5.4.4): others would run a stranger's XPath or XSLT before anything is verified."""
CANONICAL = {
    _EXCLUSIVE, f"{_EXCLUSIVE}WithComments", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What was sent with the person to the provider; the id is kept at this browser's session."""

    address: str
    id: str


def is_configured() -> bool:
    """Whether this installation has a SAML provider, and the extra that speaks with it."""
    return bool(settings.TRUELINE_SAML_IDP) and find_spec("onelogin") is not None


def trouble() -> str:
    """What keeps the configured provider from working, in words for whoever runs the server; else ""."""
    if not settings.TRUELINE_SAML_IDP:
        return ""
    if find_spec("onelogin") is None:
        return "TRUELINE_SAML_IDP is set, but the extra “saml” is not installed"
    try:
        _asked("https://localhost/")
    except Exception as problem:  # whatever a library of another build, or a file, has to say
        return f"SAML does not work: {type(problem).__name__}: {problem}"
    return ""


def entity_id() -> str:
    """The name by which the provider knows this installation: the address of its metadata."""
    return f"{settings.TRUELINE_PUBLIC_URL}{reverse('core_organization:saml_metadata')}"


def metadata(answer_address: str) -> bytes:
    """What the provider's administrator imports: who we are, where answers go, with which key questions are signed."""
    with _set_up_well():
        found = _settings(answer_address, signs=True).get_sp_metadata()
    return found if isinstance(found, bytes) else str(found).encode()


def question_for(answer_address: str) -> Question:
    """Where to send the person, and the id that the answer must name. Raises `Blocked`."""
    with _set_up_well():
        return _asked(answer_address)


def person_of(*, answer: str, asked: str, answer_address: str) -> User:
    """The active person whom the provider's answer to this question identifies. Raises `Blocked`."""
    if not asked:
        raise unfit("it belongs to no question of this browser")
    if len(answer) > LONGEST:
        raise unfit("it is too long")
    document, said = _verified(answer, asked, answer_address)
    (assertion,) = document.findall("saml:Assertion", NAMES)
    until = _confirmed_until(document, assertion, asked, answer_address)
    subject = _subject(assertion)
    _accept_once(assertion.get("ID"), until)
    return identified.person_of(
        Identified(
            issuer=settings.TRUELINE_SAML_IDP, subject=subject, value=said.get(settings.TRUELINE_SAML_ATTRIBUTE, ""),
            field=settings.TRUELINE_SAML_FIELD,
            full_name=next((said[name] for name in DISPLAY_NAMES if name in said), ""),
            makes=settings.TRUELINE_SAML_CREATE,
        )
    )  # fmt: skip


def forget_assertions() -> int:
    """Delete what would be refused as expired by now."""
    deleted, _kinds = AcceptedAssertion.objects.filter(until__lt=now()).delete()
    return deleted


def _part(name: str) -> Any:
    """A module of the library, which is there with the extra only."""
    return import_module(f"onelogin.saml2.{name}")


@contextmanager
def _set_up_well() -> Iterator[None]:
    """What goes wrong here is no stranger's doing: files, keys, the build of a library. It raises `Blocked`."""
    try:
        yield
    except Exception as problem:  # the doctor says it in full; people read that the provider cannot be reached
        log.error("SAML is not set up as it should be: see manage.py doctor", problem=type(problem).__name__)
        raise unreachable() from problem


def _asked(answer_address: str) -> Question:
    """A new question, signed where we have a key."""
    known = _settings(answer_address, signs=True)
    asked = _part("authn_request").OneLogin_Saml2_Authn_Request(known)
    sent = {"SAMLRequest": asked.get_request()}
    if settings.TRUELINE_SAML_KEY:
        _part("auth").OneLogin_Saml2_Auth(_here(answer_address), old_settings=known).add_request_signature(sent)
    address = _part("utils").OneLogin_Saml2_Utils.redirect(settings.TRUELINE_SAML_SSO_URL, sent)
    return Question(address, asked.get_id())


def _here(answer_address: str) -> dict[str, Any]:
    """The address of the answer, in the parts that the library puts together again."""
    parts = urlsplit(answer_address)
    return {"https": "on" if parts.scheme == "https" else "off", "http_host": parts.netloc, "script_name": parts.path}


def _settings(answer_address: str, *, signs: bool = False) -> Any:
    """The library's settings; our own key is in them only to sign: nothing that comes in is decrypted with it."""
    own = {"privateKey": "", "x509cert": ""}
    if signs and settings.TRUELINE_SAML_KEY:
        own = {
            "privateKey": Path(settings.TRUELINE_SAML_KEY).read_text(encoding="ascii"),
            "x509cert": Path(settings.TRUELINE_SAML_KEY_CERTIFICATE).read_text(encoding="ascii"),
        }
    trusted = x509.load_pem_x509_certificates(Path(settings.TRUELINE_SAML_CERTIFICATE).read_bytes())
    return _part("settings").OneLogin_Saml2_Settings(
        {
            "strict": True,
            "debug": False,
            "sp": {
                "entityId": entity_id(),
                "assertionConsumerService": {"url": answer_address},
                "NameIDFormat": PERSISTENT,
                **own,
            },
            "idp": {
                "entityId": settings.TRUELINE_SAML_IDP,
                # The library writes it into the XML of its question as it is.
                "singleSignOnService": {"url": escape(settings.TRUELINE_SAML_SSO_URL, {'"': "&quot;"})},
                "x509certMulti": {"signing": [one.public_bytes(Encoding.PEM).decode() for one in trusted]},
            },
            "security": {
                "authnRequestsSigned": bool(own["privateKey"]),
                "wantAssertionsSigned": True,
                "wantAttributeStatement": False,
                "rejectDeprecatedAlgorithm": True,
                "requestedAuthnContext": False,
                "allowSingleLabelDomains": True,
                "metadataValidUntil": "",
                "metadataCacheDuration": "",
            },
        }
    )


def _verified(answer: str, asked: str, answer_address: str) -> tuple[Any, dict[str, str]]:
    """The answer, read once, without a DTD and verified by the library; and its attributes of one value.

    Raises `Blocked`.
    """
    with _set_up_well():
        errors, known = _part("errors"), _settings(answer_address)
    try:
        response = _part("response").OneLogin_Saml2_Response(known, answer)
        odd = next(_odd_signatures(response.document), "")
        if not odd:
            response.is_valid(_here(answer_address), asked, raise_exceptions=True)
            said = response.get_attributes()
    except (errors.OneLogin_Saml2_ValidationError, errors.OneLogin_Saml2_Error) as problem:
        codes = {code: name for name, code in vars(type(problem)).items() if name.isupper()}
        raise unfit(codes.get(problem.code, "UNFIT").lower().replace("_", " ")) from problem
    except Exception as problem:  # whatever a stranger's XML makes the library raise is a refusal, never a failure
        raise unfit(type(problem).__name__) from problem
    if odd:
        raise unfit(odd)
    return response.document, {
        name: values[0] for name, values in said.items() if len(values) == 1 and isinstance(values[0], str)
    }


def _odd_signatures(document: Any) -> Iterator[str]:
    """What no honest answer has in a signature, looked at before any of it is computed."""
    for signature in document.iter(f"{{{DSIG}}}Signature"):
        signed, references = signature.getparent(), signature.findall(".//ds:Reference", NAMES)
        id = signed.get("ID") if signed is not None else None
        if not id or [one.get("URI") for one in references] != [f"#{id}"]:
            yield "a signature is not of the element in which it stands"
        for tag, allowed in (
            ("SignatureMethod", SIGNED_BY), ("DigestMethod", DIGESTS), ("Transform", TRANSFORMS),
            ("CanonicalizationMethod", CANONICAL),
        ):  # fmt: skip
            if any(one.get("Algorithm") not in allowed for one in signature.iter(f"{{{DSIG}}}{tag}")):
                yield f"a signature has another {tag} than those that are taken"


def _confirmed_until(document: Any, assertion: Any, asked: str, answer_address: str) -> dt.datetime:
    """Until when the assertion may be presented, after all that the profile demands of it (Profiles, 4.1.4.2 and 3)."""
    if document.get("Destination", answer_address) != answer_address:
        raise unfit("another destination")
    if document.get("InResponseTo") != asked:
        raise unfit("it answers another question")
    if _text(assertion, "saml:Issuer") != settings.TRUELINE_SAML_IDP:
        raise unfit("another issuer")
    restrictions = assertion.findall("saml:Conditions/saml:AudienceRestriction", NAMES)
    audiences = [{one.text for one in row.findall("saml:Audience", NAMES)} for row in restrictions]
    if not audiences or any(entity_id() not in row for row in audiences):
        raise unfit("another audience")
    for confirmation in assertion.findall("saml:Subject/saml:SubjectConfirmation", NAMES):
        data = confirmation.find("saml:SubjectConfirmationData", NAMES)
        if confirmation.get("Method") != BEARER or data is None:
            continue
        try:
            end = dt.datetime.fromisoformat(data.get("NotOnOrAfter", ""))
        except ValueError:
            continue
        named = (data.get("Recipient"), data.get("InResponseTo"))
        if named == (answer_address, asked) and end.tzinfo is not None and end > now():
            return end
    raise unfit("its subject is not confirmed to us, for this question and for now")


def _subject(assertion: Any) -> str:
    """The provider's own name of the account, of the one form that is never given to somebody else."""
    name = assertion.find("saml:Subject/saml:NameID", NAMES)
    if name is None or name.get("Format") != PERSISTENT:
        raise unfit("its name of the account is not a persistent NameID")
    qualifiers = {name.get("NameQualifier", settings.TRUELINE_SAML_IDP), name.get("SPNameQualifier", entity_id())}
    subject = (name.text or "").strip()
    if qualifiers != {settings.TRUELINE_SAML_IDP, entity_id()} or not subject or len(name):
        raise unfit("its name of the account is not one of ours")
    return subject


def _text(element: Any, path: str) -> str:
    found = element.find(path, NAMES)
    return "" if found is None else str(found.text or "").strip()


def _accept_once(id: str, until: dt.datetime) -> None:
    """Take the assertion, and nobody takes it again. Raises `Blocked`."""
    digest = hashlib.sha256(f"{settings.TRUELINE_SAML_IDP} {id}".encode()).hexdigest()
    _row, is_first = AcceptedAssertion.objects.get_or_create(digest=digest, defaults={"until": until})
    if not is_first:
        raise unfit("it was accepted before")
