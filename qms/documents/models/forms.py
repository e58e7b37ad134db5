"""Controlled forms: what was filled in, pinned to the revision of the form that was filled in (DOC-10)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from qms.documents.lifecycle import FILLED_FORM
from qms.documents.models.documents import DocumentRevision


class FilledForm(TrailedModel):
    """A form filled in: the revision it follows, for ever, and the value of each of its fields by code."""

    scope_path = "site"
    lifecycle = FILLED_FORM
    closure = Closure(
        covers=("revision", "number", "about", "values", "filled_by", "site"),
        ignores={"status": "moves are facts of their own, each with its signature"},
    )

    revision = models.ForeignKey(
        DocumentRevision, verbose_name=_("form"), on_delete=models.PROTECT, related_name="filled_forms"
    )
    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField(_("number"), max_length=60, unique=True)
    about = models.CharField(_("about"), max_length=160, blank=True, help_text=_("Such as a lot, a machine, a day."))
    values = models.JSONField(_("values"), default=dict)
    filled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("filled in by"), on_delete=models.PROTECT, related_name="+"
    )
    status = FILLED_FORM.field()

    class Meta:
        verbose_name = _("filled form")
        verbose_name_plural = _("filled forms")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.number} {self.about}".strip()

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:filledform_detail", args=[self.pk])
