"""Sign-in by the plant's identity provider (OpenID Connect, authorization code with PKCE).

The sign-in library's own client checks neither the signature nor a nonce of an ID token that it fetched itself
(docs/decisions/0017); this one checks both, always.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests
import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import publish
from core.organization.events import SignOnRefused
from core.organization.models import User
from core.organization.services import system_user
from core.organization.services.people import bind_provider_account, create_user

log = structlog.get_logger("trueline.provider")
SECONDS = 10
"""How long the provider may take for an answer."""
LEEWAY = dt.timedelta(seconds=30)
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key pair; what is signed with the client's secret, or not at all, is refused."""
NEEDED = ("iss", "sub", "aud", "exp", "iat", "nonce")
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Question:
    """What was sent with the person to the provider, kept at this browser's session until they come back."""

    address: str
    state: str
    nonce: str
    verifier: str


def is_configured() -> bool:
    """Whether this installation has an identity provider."""
    return bool(settings.TRUELINE_OIDC_ISSUER and settings.TRUELINE_OIDC_CLIENT_ID)


def _refused(code: str, message: str, remedy: str) -> Blocked:
    return Blocked(Blocker(code, message, remedy=remedy))


def _unreachable() -> Blocked:
    return _refused(
        "provider_unreachable",
        _("The identity provider does not answer, or not as it should."),
        _("Try again in a minute. If it stays so, tell an administrator; who has a password here can use that."),
    )


def _unfit(why: str) -> Blocked:
    log.warning("the identity provider's answer was refused", why=why)
    with transaction.atomic():
        publish(SignOnRefused(None, "identity provider", f"answer refused: {why}"[:200]))
    return _refused(
        "provider_refused",
        _("The answer of the identity provider is not valid, so nobody was signed in."),
        _("Start again from the page for signing in. If it happens again, tell an administrator."),
    )


def _checked_address(address: Any) -> str:
    """An address of the provider: by HTTPS, but on this machine itself."""
    parts = urlsplit(str(address))
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL):
        return str(address)
    raise _unreachable()


def _asked(method: str, address: Any, **given: Any) -> dict[str, Any]:
    """JSON from the provider; redirects are not followed."""
    try:
        answer = requests.request(method, _checked_address(address), timeout=SECONDS, allow_redirects=False, **given)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as problem:
        log.warning("the identity provider does not answer", problem=type(problem).__name__)
        raise _unreachable() from problem
    if answer.is_redirect or not isinstance(found, dict):
        raise _unreachable()
    return found


def _discovered() -> dict[str, Any]:
    """The provider's addresses, as its discovery document names them."""
    issuer = settings.TRUELINE_OIDC_ISSUER
    found = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise _unfit("discovery names another issuer")
    return found


def question_for(answer_address: str) -> Question:
    """Where to send the person, and what to remember until they come back. Raises `Blocked`."""
    found = _discovered()
    state, nonce, verifier = (secrets.token_urlsafe(32) for _number in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": settings.TRUELINE_OIDC_CLIENT_ID, "redirect_uri": answer_address,
        "scope": settings.TRUELINE_OIDC_SCOPES, "state": state, "nonce": nonce,
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    address = _checked_address(found.get("authorization_endpoint"))
    return Question(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", state, nonce, verifier)


def claims_of(*, code: str, state: str, asked: Question | None, answer_address: str) -> dict[str, Any]:
    """What the provider says of the person who came back, checked. Raises `Blocked`."""
    if asked is None or not code or not hmac.compare_digest(state.encode(), asked.state.encode()):
        raise _unfit("it belongs to no question of this browser")
    found = _discovered()
    given = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": answer_address,
        "code_verifier": asked.verifier, "client_id": settings.TRUELINE_OIDC_CLIENT_ID,
    }  # fmt: skip
    if settings.TRUELINE_OIDC_CLIENT_SECRET:
        given["client_secret"] = settings.TRUELINE_OIDC_CLIENT_SECRET
    token = _asked("POST", found.get("token_endpoint"), data=given).get("id_token")
    keys = _asked("GET", found.get("jwks_uri"))
    return _verified(str(token or ""), keys, asked.nonce)


def _verified(token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
    """The claims of an ID token: signature, issuer, audience, times, nonce."""
    client = settings.TRUELINE_OIDC_CLIENT_ID
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        usable = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
        fitting = [key for key in usable if kid is None or key.key_id == kid]
        if len(fitting) != 1:
            raise _unfit("its key is unknown")
        claims: dict[str, Any] = jwt.decode(
            token, fitting[0], algorithms=list(ALGORITHMS), audience=client, issuer=settings.TRUELINE_OIDC_ISSUER,
            leeway=LEEWAY, options={"require": list(NEEDED)},
        )  # fmt: skip
    except jwt.PyJWTError as problem:
        raise _unfit(type(problem).__name__) from problem
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise _unfit("wrong nonce")
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client:
        raise _unfit("issued to another client")
    return claims


def _bound(user: User, account: str) -> User:
    """The person, whose account this is from now on. Raises `Blocked` where they have another."""
    try:
        return bind_provider_account(user=user, account=account, actor=system_user("sign-in"))
    except Blocked:
        with transaction.atomic():
            publish(SignOnRefused(user.pk, "identity provider", "another account of the provider has this name"))
        raise


def person_of(claims: dict[str, Any]) -> User:
    """The active person whose account this is, or, the first time, whom the configured claim names.

    They are made now only where that is configured. Raises `Blocked`.
    """
    value = str(claims.get(settings.TRUELINE_OIDC_CLAIM) or "").strip()
    field = settings.TRUELINE_OIDC_FIELD
    people = User.objects.filter(is_system=False)
    account = f"{claims['iss']} {claims['sub']}"
    known = people.filter(provider_account=account, is_active=True).first()
    if known is not None:
        return known
    is_trusted = field != "email" or claims.get("email_verified") is True
    found = list(people.filter(**{f"{field}__iexact": value})[:2]) if value and is_trusted else []
    if len(found) == 1 and found[0].is_active:
        return _bound(found[0], account)
    makes = settings.TRUELINE_OIDC_CREATE and people.exists()  # the first two people are made by the set-up page
    if makes and not found and value and field == "username":
        try:
            made = create_user(
                username=value, full_name=str(claims.get("name") or value)[:160], provider_only=True,
                actor=system_user("sign-in"),
            )  # fmt: skip
            return _bound(made, account)
        except ValidationError as problem:
            raise _unfit("its name fits no user name") from problem
    with transaction.atomic():
        why = "unknown at the identity provider's sign-in" if not found else "deactivated, or not one person"
        publish(SignOnRefused(found[0].pk if len(found) == 1 else None, "identity provider", why))
    raise _refused(
        "provider_unknown",
        _("The identity provider knows you, and this plant's system does not: there is no active account for you."),
        _("Ask an administrator to add you, with the user name that the identity provider has for you."),
    )
