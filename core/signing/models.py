"""Signatures and the sessions in which they are given."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import GLOBAL, FactModel, OperationalModel, SubjectRefMixin
from core.signing.lifecycle import MEANINGS


class SigningSession(OperationalModel):
    """One continuous period of controlled access of a person at one device (21 CFR 11.200(a)(1)(i))."""

    operational_reason = "says whether a signature needs both components; each signature keeps how it was given"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    terminal = models.ForeignKey("core_organization.Terminal", on_delete=models.PROTECT, null=True, related_name="+")
    device = models.CharField(max_length=64)
    started_at = models.DateTimeField(default=now)
    last_signed_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("signing session")
        verbose_name_plural = _("signing sessions")
        indexes = (
            models.Index(fields=["user"], condition=models.Q(ended_at__isnull=True), name="ix_signingsession_open"),
        )

    def __str__(self) -> str:
        return f"{self.user} since {self.started_at:%Y-%m-%d %H:%M}"


class SigningAttempt(OperationalModel):
    """One attempt to sign, counted before the secret is checked; an accepted one backs exactly one signing."""

    operational_reason = "counter against guessing; failures and locks are TrailEvents, successes are Signatures"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=64, blank=True)
    attempted_at = models.DateTimeField(default=now)
    accepted = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("signing attempt")
        verbose_name_plural = _("signing attempts")
        indexes = (models.Index(fields=["user", "attempted_at"], name="ix_signingattempt_user"),)

    def __str__(self) -> str:
        return f"{self.user} {self.attempted_at:%Y-%m-%d %H:%M:%S}"


class Signature(SubjectRefMixin, FactModel):
    """An electronic signature: who, meaning, when, how authenticated, and the digest of what was signed."""

    scope_path = GLOBAL

    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("signer"), on_delete=models.PROTECT, related_name="+"
    )
    printed_name = models.CharField(_("printed name"), max_length=160)
    meaning = models.CharField(_("meaning"), max_length=24, choices=list(MEANINGS.items()))
    reason = models.TextField(_("reason"), blank=True)
    signed_at = models.DateTimeField(_("signed at"))
    time_zone = models.CharField(_("time zone"), max_length=64)
    method = models.CharField(_("how authenticated"), max_length=40)
    scheme = models.CharField(max_length=40)
    digest = models.CharField(_("digest"), max_length=64)
    record_version = models.PositiveIntegerField()
    proof = models.ForeignKey(SigningAttempt, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("id",)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_signature_subject"),)
        constraints = (
            models.UniqueConstraint(
                fields=["proof", "subject_type", "subject_id", "meaning"], name="uq_signature_proof"
            ),
        )

    def __str__(self) -> str:
        return f"{self.printed_name} · {self.get_meaning_display()}"
