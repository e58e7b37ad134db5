"""The door to identification for pages of the web kit: the device is the browser session, the signer its user."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.http import HttpRequest

from core.organization.models import User
from core.signing import services
from core.signing.queries import digests_read_once
from core.signing.services import Proof
from core.web.middleware import AroundMiddleware, only_shows


def device_of(request: HttpRequest) -> str:
    """The name of this browser session, the enrolled terminal or the API token; signing in again makes another."""
    terminal = getattr(request, "terminal", None)
    if terminal is not None:
        return services.device_key(f"terminal {terminal.pk} {terminal.token_hash}")
    token = getattr(request, "api_token", None)
    if token is not None:
        return services.device_key(f"API token {token.pk} {token.token_hash}")
    return services.device_key(str(request.session.session_key))


def is_first_signing(request: HttpRequest) -> bool:
    """Whether the next signature of this session needs the user id beside the secret."""
    user = request.user
    return not isinstance(user, User) or services.open_session(user, device_of(request)) is None


def asked_of(request: HttpRequest) -> tuple[bool, bool]:
    """Whether the next signature of this session needs the user id, and the code of the person's app; one query."""
    user = request.user
    if not isinstance(user, User):
        return True, False
    is_first, has_app = services.asked_at(user, device_of(request))
    return is_first, is_first and has_app and getattr(request, "terminal", None) is None


def identify(*, user_id: str, secret: str, meaning: str, request: HttpRequest, code: str = "") -> Proof:
    """Identify the person signed in at this browser. Raises `Blocked`."""
    user = request.user
    return services.identify(
        identification=user_id,
        secret=secret,
        meaning=meaning,
        device=device_of(request),
        expected=user if isinstance(user, User) else None,
        terminal=getattr(request, "terminal", None),
        code=code,
    )


def identify_second(*, user_id: str, secret: str, meaning: str, request: HttpRequest, code: str = "") -> Proof:
    """Identify another person who signs once at this device; whoever is signed in stays so. Raises `Blocked`."""
    return services.identify(
        identification=user_id,
        secret=secret,
        meaning=meaning,
        device=device_of(request),
        terminal=getattr(request, "terminal", None),
        passing=True,
        code=code,
    )


class DigestMiddleware(AroundMiddleware):
    """Reads what a record's signatures cover once for a page that only shows (GET, HEAD), however often it is asked."""

    def around(self, request: HttpRequest) -> AbstractContextManager[Any]:
        return digests_read_once() if only_shows(request) else nullcontext()
