"""Who is speaking: at an enrolled terminal the person signed on there, elsewhere the session's user."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from allauth.account.internal.stagekit import unstash_login
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from core.kernel.deeds import acting, through
from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.queries import rights_read_once
from core.organization.queries.factors import factor_is_due
from core.organization.services import system_user
from core.organization.services.sessions import read_with_session, touch_session
from core.organization.services.sign_in import count_attempt, place_of_request
from core.organization.services.sign_on import Presence, presence, terminal_of_token, touch
from core.organization.views.adapter import in_words
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


class PersonMiddleware(AuthenticationMiddleware):
    """Django's own, but for one statement: the session's person is read with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)

        def person() -> Any:
            with read_with_session(request):
                return get_user(request)

        request.user = SimpleLazyObject(person)  # type: ignore[assignment]


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
    """Wraps the sign-in library's pages in a transaction with a declared user, and asks for what is due.

    What is due: a password of one's own, and a second factor where one is required. Attempts to sign in are counted
    here, committed before the page checks anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if request.path.startswith("/accounts/"):
            _count(request)
            with transaction.atomic(), acting(user if isinstance(user, User) else system_user("sign-in")):
                return self.get_response(request)
        if isinstance(user, User) and request.terminal is None:  # type: ignore[attr-defined]
            touch_session(request)
            due = _due(request, user)
            if due:
                return HttpResponseRedirect(due)
        return self.get_response(request)


def _count(request: HttpRequest) -> None:
    """Count the attempt that this request is: a name with a password, or the code after it."""
    if request.method != "POST":
        return
    name = ""
    if request.path == reverse("account_login"):
        name = request.POST.get("login", "").strip()
    elif request.path == reverse("mfa_authenticate") and "code" in request.POST and not request.user.is_authenticated:
        pending = unstash_login(request, peek=True)
        name = str(pending.user.username) if pending is not None and pending.user is not None else ""
    if not name:
        return
    try:
        request.sign_in_attempt = count_attempt(  # type: ignore[attr-defined]
            name=name, place=place_of_request(request, name)
        )
    except Blocked as refused:
        request.sign_in_refusal = in_words(refused)  # type: ignore[attr-defined]


def _due(request: HttpRequest, user: User) -> str:
    """The page on which the person has to do something before anything else, or ""."""
    free = ("/static/", "/core/web/", "/t/", "/api/")  # the API says it itself
    if request.path.startswith(free):
        return ""
    own_password = reverse("core_organization:own_password")
    if user.must_change_password:
        return "" if request.path == own_password else own_password
    factors = reverse("core_organization:factor_list")
    if request.path == own_password or request.path.startswith(factors):
        return ""
    return factors if factor_is_due(user) else ""
