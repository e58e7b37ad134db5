"""Which pages of the sign-in library are served. Its other names stay, for it reverses them, and answer 404."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.urls import urlpatterns as library
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _

SERVED = frozenset({"account_login", "account_logout", "mfa_authenticate", "mfa_login_webauthn"})
"""Signing in, with a second step or a passkey, and out. One's own password and second factors have pages of ours; a
lost password is given anew by an administrator; nobody signs up, and no address is confirmed by e-mail."""


def closed(request: HttpRequest, **_parts: Any) -> HttpResponse:
    """A page of the library that this product does not serve."""
    raise Http404(_("There is no such page here."))


def account_addresses() -> list[URLPattern | URLResolver]:
    """The library's addresses, with those closed that are not served."""
    return list(_kept(library))


def _kept(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inside = list(_kept(one.url_patterns))
            yield URLResolver(one.pattern, inside, one.default_kwargs, one.app_name, one.namespace)
        else:
            yield one if one.name in SERVED else URLPattern(one.pattern, closed, one.default_args, one.name)
