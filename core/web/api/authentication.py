"""Who is asking: a personal token in `Authorization: Bearer …`, or the session of a browser (with CSRF)."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.kernel.clock import now
from core.web.keeping import keeper

log = structlog.get_logger("trueline.api")
LONGEST_SECRET = 200


class TokenAuthentication(BaseAuthentication):
    """A personal API token. A wrong one is refused, also where the browser has a session."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        word, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not word:
            return None
        token = None
        if word.lower() == "bearer" and 0 < len(secret) <= LONGEST_SECRET and secret.isascii():
            token = keeper().token_of(secret.strip())
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, has expired or was revoked."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class CookieAuthentication(SessionAuthentication):
    """The session of a signed-in browser; what changes something needs the CSRF token too."""

    def enforce_csrf(self, request: Any) -> None:
        """Check the header; the body stays unread, it is JSON."""
        super().enforce_csrf(request._request)


class Throttle(BaseThrottle):
    """At most so many requests per minute and token (or signed-in person), counted in the cache.

    While the cache is down each process counts for itself: rights are asked of the database as ever, no program stops,
    and none is without a limit.
    """

    seconds_left = 60
    own_counts: ClassVar[Counter[tuple[int, str]]] = Counter()

    def allow_request(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return True  # refused anyway
        minute, seconds = divmod(int(now().timestamp()), 60)
        self.seconds_left = 60 - seconds
        who = f"token:{request.auth.pk}" if request.auth is not None else f"user:{request.user.pk}"
        return self.count(who, minute) <= settings.TRUELINE_API_RATE

    def count(self, who: str, minute: int) -> int:
        """How many requests there were in this minute, with this one."""
        key = f"api:{who}:{minute}"
        try:
            if cache.add(key, 1, 120):
                return 1
            counted: int = cache.incr(key)
            return counted
        except ValueError:  # emptied between the two: counting begins anew
            return 1
        except RedisError as error:
            own = self.own_counts
            if not any(known == minute for known, _who in own):  # once a minute, not once a request
                log.error("the cache is down: API requests are counted by each process alone", error=str(error))
                own.clear()
            own[minute, who] += 1
            return own[minute, who]

    def wait(self) -> float:
        return self.seconds_left
