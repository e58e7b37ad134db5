"""Signing in and on: attempts, counted before anything is checked, and the browsers in which people are."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import OperationalModel


class SignInAttempt(OperationalModel):
    """One attempt to sign in at the desk, with a password or a code, counted before it is checked."""

    operational_reason = "counter against guessing; refusals and successes are TrailEvents"

    name = models.CharField(max_length=80)
    place = models.CharField(max_length=64)
    is_known_place = models.BooleanField(default=False)
    attempted_at = models.DateTimeField(default=now)
    accepted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("sign-in attempt")
        verbose_name_plural = _("sign-in attempts")
        indexes = (
            models.Index(fields=["name", "attempted_at"], name="ix_signinattempt_name"),
            models.Index(fields=["attempted_at"], name="ix_signinattempt_at"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.attempted_at:%Y-%m-%d %H:%M:%S}"


class BrowserSession(OperationalModel, AbstractBaseSession):
    """A browser in which a person is signed in at the desk: which device, since when, last used."""

    operational_reason = "where people are signed in now; signing in, out and ending sessions are TrailEvents"
    trail_excludes = ("session_key", "session_data")

    id = None  # type: ignore[assignment]
    handle = models.UUIDField(default=uuid.uuid4, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("browser session")
        verbose_name_plural = _("browser sessions")

    def __str__(self) -> str:
        return f"{self.device} {self.started_at:%Y-%m-%d %H:%M}"


class SignOnAttempt(OperationalModel):
    """One attempt to sign on with badge and PIN, counted before anything is checked."""

    operational_reason = "counter against guessing; refusals and successes are TrailEvents"

    terminal = models.ForeignKey("core_organization.Terminal", on_delete=models.PROTECT, related_name="+")
    badge = models.CharField(max_length=64)
    attempted_at = models.DateTimeField(default=now)
    accepted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("sign-on attempt")
        verbose_name_plural = _("sign-on attempts")
        indexes = (
            models.Index(fields=["badge", "attempted_at"], name="ix_signonattempt_badge"),
            models.Index(fields=["terminal", "attempted_at"], name="ix_signonattempt_terminal"),
        )

    def __str__(self) -> str:
        return f"{self.terminal.code} {self.attempted_at:%Y-%m-%d %H:%M:%S}"


class AcceptedAssertion(OperationalModel):
    """A SAML assertion that signed somebody in: it signs nobody in again."""

    operational_reason = "against replay, until the assertion ends by itself; sign-ins are TrailEvents"

    digest = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("accepted assertion")
        verbose_name_plural = _("accepted assertions")

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.until:%Y-%m-%d %H:%M:%S}"
