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
from django.conf import settings

from core.organization.models import User
from core.organization.services import identified
from core.organization.services.identified import LOCAL, SECONDS, Identified, log, unfit, unreachable

LEEWAY = dt.timedelta(seconds=30)
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key pair; what is signed with the client's secret, or not at all, is refused."""
NEEDED = ("iss", "sub", "aud", "exp", "iat", "nonce")


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


def _checked_address(address: Any) -> str:
    """An address of the provider: by HTTPS, but on this machine itself."""
    parts = urlsplit(str(address))
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL):
        return str(address)
    raise unreachable()


def _asked(method: str, address: Any, **given: Any) -> dict[str, Any]:
    """JSON from the provider; redirects are not followed."""
    try:
        answer = requests.request(method, _checked_address(address), timeout=SECONDS, allow_redirects=False, **given)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as problem:
        log.warning("the identity provider does not answer", problem=type(problem).__name__)
        raise unreachable() from problem
    if answer.is_redirect or not isinstance(found, dict):
        raise unreachable()
    return found


def _discovered() -> dict[str, Any]:
    """The provider's addresses, as its discovery document names them."""
    issuer = settings.TRUELINE_OIDC_ISSUER
    found = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise unfit("discovery names another issuer")
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
        raise unfit("it belongs to no question of this browser")
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
            raise unfit("its key is unknown")
        claims: dict[str, Any] = jwt.decode(
            token, fitting[0], algorithms=list(ALGORITHMS), audience=client, issuer=settings.TRUELINE_OIDC_ISSUER,
            leeway=LEEWAY, options={"require": list(NEEDED)},
        )  # fmt: skip
    except jwt.PyJWTError as problem:
        raise unfit(type(problem).__name__) from problem
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise unfit("wrong nonce")
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != client:
        raise unfit("issued to another client")
    return claims


def person_of(claims: dict[str, Any]) -> User:
    """The active person whom the checked claims of an ID token name. Raises `Blocked`."""
    field = settings.TRUELINE_OIDC_FIELD
    is_believed = field != "email" or claims.get("email_verified") is True
    value = str(claims.get(settings.TRUELINE_OIDC_CLAIM) or "").strip()
    return identified.person_of(
        Identified(
            issuer=claims["iss"], subject=claims["sub"], value=value if is_believed else "", field=field,
            full_name=str(claims.get("name") or ""), makes=settings.TRUELINE_OIDC_CREATE,
        )
    )  # fmt: skip
