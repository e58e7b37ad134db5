"""Names of cookies: over HTTPS each carries the prefix that lets no other host, and no plain HTTP, set it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage

PREFIX = "__Host-"


def cookie_name(name: str) -> str:
    """The name under which the cookie is kept in this installation."""
    return f"{PREFIX}{name}" if settings.SESSION_COOKIE_SECURE else name


class OwnCookieStorage(CookieStorage):
    """Django's messages in a cookie of this host."""

    cookie_name = cookie_name("messages")


class MessageStorage(FallbackStorage):
    """Django's messages: in the cookie, and in the session what does not fit."""

    storage_classes = (OwnCookieStorage, SessionStorage)
