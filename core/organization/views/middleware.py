"""Who is speaking: at an enrolled terminal the person signed on there, elsewhere the session's user."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from core.kernel.deeds import acting, through
from core.organization.models import User
from core.organization.queries import rights_read_once
from core.organization.services import system_user
from core.organization.services.sign_on import Presence, presence, terminal_of_token, touch
from core.web.cookies import cookie_name
from core.web.middleware import AroundMiddleware, only_shows

DEVICE_COOKIE = "trueline_terminal"
SALT = "trueline.terminal"
BESIDE = ("/core/files/", "/core/web/")
"""Addresses outside /t/ that a terminal's pages read: pictures, scans, events."""


def device_cookie(code: str, token: str) -> str:
    """The signed value that makes a device a terminal."""
    return signing.dumps([code, token], salt=SALT)


def _device(request: HttpRequest) -> tuple[str, str]:
    try:
        code, token = signing.loads(request.COOKIES.get(cookie_name(DEVICE_COOKIE), ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        return "", ""
    return str(code), str(token)


class TerminalMiddleware(AroundMiddleware):
    """Sets `request.terminal` and `request.presence`, and at a terminal makes the active person `request.user`.

    A terminal never acts for whoever is signed in at the desk in the same browser, and a desk page never for the
    person signed on at the terminal.
    """

    def prepare(self, request: HttpRequest) -> None:
        request.terminal = None  # type: ignore[attr-defined]
        request.presence = Presence(None, ())  # type: ignore[attr-defined]
        at_terminal = request.path.startswith("/t/")
        beside = request.path.startswith(BESIDE) and not request.user.is_authenticated
        if not at_terminal and not beside:
            return
        code, token = _device(request)
        terminal = terminal_of_token(code, token)
        if at_terminal:
            request.user = AnonymousUser()
            if terminal is None or request.path.split("/")[2] != terminal.code:
                return
        if terminal is None:
            return
        found = presence(terminal)
        request.terminal = terminal  # type: ignore[attr-defined]
        request.presence = found  # type: ignore[attr-defined]
        if found.active is not None:
            request.user = found.active.user
            if "quiet" not in request.GET:
                with through(f"terminal {terminal.code}"):
                    touch(found.active)

    def around(self, request: HttpRequest) -> AbstractContextManager[Any]:
        terminal = request.terminal  # type: ignore[attr-defined]
        return nullcontext() if terminal is None else through(f"terminal {terminal.code}")


class RightsMiddleware(AroundMiddleware):
    """Reads a person's rights once for a page that only shows (GET, HEAD); a deed asks for each right afresh."""

    def around(self, request: HttpRequest) -> AbstractContextManager[Any]:
        return rights_read_once() if only_shows(request) else nullcontext()


class AccountMiddleware:
    """Wraps the sign-in library's pages in a transaction with a declared user, and asks for a due new password."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if request.path.startswith("/accounts/"):
            with transaction.atomic(), acting(user if isinstance(user, User) else system_user("sign-in")):
                return self.get_response(request)
        own_page = reverse("core_organization:own_password")
        free = ("/static/", "/core/web/", "/t/", "/api/", own_page)  # the API says it itself
        if isinstance(user, User) and user.must_change_password and not request.path.startswith(free):
            return HttpResponseRedirect(own_page)
        return self.get_response(request)
