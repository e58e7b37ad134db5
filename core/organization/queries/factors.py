"""Who has a second factor, who must have one, and where people are signed in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import models

from core.kernel.clock import now
from core.organization.models import BrowserSession, TerminalSession, User
from core.organization.queries import rights_of

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What is a second factor; recovery codes only stand in for one."""


def apps_of(user: User) -> models.QuerySet[Authenticator]:
    """The person's app for codes, if there is one."""
    found: models.QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return found


def has_totp(user: User) -> bool:
    """Whether the person has switched on codes of an app."""
    return apps_of(user).exists()


def has_factor(user: User) -> bool:
    """Whether the person has an app or a passkey."""
    return strong_of(user).exists()


def factors_of(user: User) -> list[Authenticator]:
    """The person's app, passkeys and recovery codes, in the order in which they were set up."""
    return list(Authenticator.objects.filter(user=user).order_by("pk"))


def strong_of(user: User) -> models.QuerySet[Authenticator]:
    """The person's app and passkeys."""
    found: models.QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type__in=STRONG).order_by("pk")
    return found


@dataclass(frozen=True)
class SignedInAt:
    """One place where a person is signed in: a browser or a terminal."""

    handle: str
    device: str
    since: dt.datetime
    last_used: dt.datetime
    is_here: bool = False


def signed_in_at(user: User, present_key: str = "") -> Sequence[SignedInAt]:
    """Where the person is signed in now, the last used first; two queries, however many there are."""
    browsers = BrowserSession.objects.filter(user=user, expire_date__gt=now())
    terminals = TerminalSession.objects.filter(user=user, ended_at__isnull=True).select_related("terminal")
    found = [
        SignedInAt(str(one.handle), one.device, one.started_at, one.last_used_at, one.session_key == present_key)
        for one in browsers.only("handle", "device", "started_at", "last_used_at", "session_key")
    ]
    found += [
        SignedInAt(f"terminal-{one.pk}", str(one.terminal), one.started_at, one.last_seen_at) for one in terminals
    ]
    return sorted(found, key=lambda one: one.last_used, reverse=True)


def must_have_factor(user: User) -> bool:
    """Whether a running grant of the person is of a role, or at a site, that requires a second factor."""
    return any(right.requires_second_factor for right in rights_of(user))


def factor_is_due(user: User) -> bool:
    """Whether the person must have a second factor and has none yet."""
    return must_have_factor(user) and not has_factor(user)
