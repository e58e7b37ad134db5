"""Disposal after retention: which sealed rows may be deleted, on whose signature."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import GLOBAL, TrailedModel
from core.retention.lifecycle import DISPOSAL


class Disposal(TrailedModel):
    """Rows of history or facts, all sealed, that may be deleted once this is signed; their leaf hashes are kept.

    `ranges` are the keys, first and last of each run; `digest` is the SHA-256 over every key (8 bytes) and leaf hash
    (32 bytes) in the order of the keys, as they stand in the seals.
    """

    scope_path = GLOBAL
    lifecycle = DISPOSAL
    closure = Closure(
        covers=("table", "before", "ranges", "rows", "digest", "basis", "proposed_by"),
        ignores={"status": "moves are facts of their own, each with its signature"},
    )

    table = models.CharField(_("table"), max_length=63)
    before = models.DateTimeField(_("written before"))
    ranges = models.JSONField(_("keys"), default=list)
    rows = models.BigIntegerField(_("rows"))
    digest = models.CharField(_("digest"), max_length=64)
    basis = models.TextField(_("basis"), help_text=_("The rule of retention, and why nothing holds these rows back."))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    status = DISPOSAL.field()

    class Meta:
        verbose_name = _("disposal")
        verbose_name_plural = _("disposals")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.table} < {self.before:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("core_retention:disposal_detail", args=[self.pk])
