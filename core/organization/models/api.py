"""What programs need to work in a person's name: tokens, and the answers that repeated requests get."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import OperationalModel, TrailedModel
from core.organization.models.places import User


class ApiToken(TrailedModel):
    """A secret by which a program acts for a person: with some of the person's permissions, until a date."""

    scope_path = "user"
    trail_excludes = ("token_hash",)

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80, help_text=_("Which program uses it."))
    permissions = models.JSONField(_("permissions"), default=list)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"


class ApiAnswer(OperationalModel):
    """What a request with an idempotency key was answered, written in the transaction of its deed."""

    operational_reason = "repeats of a request get it for a week; what was done is in records and facts"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    asked_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("answer of the API")
        verbose_name_plural = _("answers of the API")
        constraints = (models.UniqueConstraint(fields=["user", "key"], name="uq_apianswer_user_key"),)
        indexes = (models.Index(fields=["asked_at"], name="ix_apianswer_asked_at"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
