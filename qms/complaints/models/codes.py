"""The plant's vocabulary of complaints: by what they are counted, and why they happened."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import GLOBAL, TrailedModel


class ComplaintCode(TrailedModel):
    """One word of the vocabulary: what happened (event), or why (cause)."""

    scope_path = GLOBAL

    class Kind(models.TextChoices):
        EVENT = "event", _("What happened")
        CAUSE = "cause", _("Why it happened")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("kind", "code")
        verbose_name = _("complaint code")
        verbose_name_plural = _("complaint codes")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("qms_complaints:complaintcode_change", args=[self.pk])
