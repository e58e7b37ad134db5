"""The browsers in which people are signed in: the store behind Django's sessions, the list, and ending them."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import publish
from core.organization.events import SessionsEnded
from core.organization.guards import refuse_if_blocked
from core.organization.models import BrowserSession, TerminalSession, User
from core.organization.services import require
from core.organization.services.sign_on import sign_off

DEVICE = "trueline_device"
"""Under which name a session keeps the words for its device."""
TOUCH = dt.timedelta(minutes=5)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
BROWSERS = (("Edg", "Edge"), ("Firefox|FxiOS", "Firefox"), ("Chrom|CriOS", "Chrome"), ("Safari", "Safari"))


class SessionStore(DatabaseStore):
    """Django's sessions in our table, which knows whose they are. One that was idle for too long is none any more."""

    row: BrowserSession | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        return BrowserSession

    def _get_session_from_db(self) -> Any:
        """The row, and the person with it: no page asks for the one without the other."""
        sessions = BrowserSession.objects.select_related("user")
        row = sessions.filter(session_key=self.session_key, expire_date__gt=now()).first()
        if row is None:
            self._session_key = None
        if row is not None and row.user_id is not None and row.last_used_at < now() - settings.TRUELINE_DESK_IDLE:
            row.delete()
            self._session_key = None
            row = None
        self.row = row
        return row

    def create_model_instance(self, data: Any) -> BrowserSession:
        row: BrowserSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.device = data.get(DEVICE, "")
        before = self.row
        if before is not None and before.session_key == row.session_key:
            row.handle, row.started_at, row.last_used_at = before.handle, before.started_at, before.last_used_at
        return row


_belongs: ContextVar[BrowserSession | None] = ContextVar("trueline_session", default=None)


@contextlib.contextmanager
def read_with_session(request: HttpRequest) -> Iterator[None]:
    """While Django asks the backend for the session's person, the backend may take whom the session was read with."""
    request.session.get(SESSION_KEY)  # reads the session, where it was not read yet
    token = _belongs.set(getattr(request.session, "row", None))
    try:
        yield
    finally:
        _belongs.reset(token)


def person_read_with_session(user_id: int) -> User | None:
    """The person of the session that is being looked at, if that is this one; None otherwise."""
    row = _belongs.get()
    return row.user if row is not None and row.user_id == user_id else None


def device_words(user_agent: str) -> str:
    """What a person recognizes a browser by: "Firefox, Windows"."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), _("Browser"))
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    return f"{browser}, {system}" if system else str(browser)


def touch_session(request: HttpRequest) -> None:
    """Note that the session is used, at most once in five minutes. What a page asks by itself is no use of it."""
    row: BrowserSession | None = getattr(request.session, "row", None)
    if row is not None and row.user_id and "quiet" not in request.GET and now() - row.last_used_at > TOUCH:
        BrowserSession.objects.filter(pk=row.pk).update(last_used_at=now())


def end_browser_sessions(user: User, *, why: str, but: str = "", handles: tuple[uuid.UUID, ...] | None = None) -> int:
    """End the person's browser sessions: all, but one, or some. Part of a deed; returns how many there were."""
    found = BrowserSession.objects.select_for_update().filter(user=user)
    if but:
        found = found.exclude(session_key=but)
    if handles is not None:
        found = found.filter(handle__in=handles)
    keys = tuple(found.values_list("session_key", flat=True))
    BrowserSession.objects.filter(session_key__in=keys).delete()
    if keys:
        publish(SessionsEnded(user.pk, keys, why))
    return len(keys)


def forget_expired_sessions() -> int:
    """Delete the sessions whose time is over; nobody can use them any more."""
    deleted, _kinds = BrowserSession.objects.filter(expire_date__lt=now()).delete()
    return deleted


def _none_there() -> Blocked:
    return Blocked(
        Blocker(
            "no_session",
            _("This session has ended already."),
            remedy=_("Open the list again to see where the person is signed in now."),
        )
    )


@service
def end_own_sessions(*, session: str, present_key: str, actor: Any) -> User:
    """End one of one's own sessions (its handle), or with "others" all but the one at this browser."""
    handles = None if session == "others" else (uuid.UUID(session),)
    ended = end_browser_sessions(actor, why="ended by the person", but=present_key, handles=handles)
    if handles is not None and not ended:
        raise _none_there()
    return actor  # type: ignore[no-any-return]


@service
def end_sessions_of(*, user: User, session: str, actor: Any, reason: str) -> User:
    """An administrator ends a session of a person (its handle, "terminal-" and a key), or with "all" every one."""
    require(actor, "core_organization.change_user", user)
    refuse_if_blocked(user, "end_sessions", actor=actor)
    ended = 0
    if not session.startswith("terminal-"):
        handles = None if session == "all" else (uuid.UUID(session),)
        ended = end_browser_sessions(user, why=reason, handles=handles)
    if session == "all" or session.startswith("terminal-"):
        open_ones = TerminalSession.objects.filter(user=user, ended_at__isnull=True).select_related("terminal")
        if session != "all":
            open_ones = open_ones.filter(pk=int(session.removeprefix("terminal-")))
        for one in open_ones:
            sign_off(session=one, why="ended by an administrator")
            ended += 1
    if not ended:
        raise _none_there()
    return user
