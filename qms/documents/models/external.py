"""Documents of others that a plant works by: standards, customers' drawings (ISO 13485 4.2.4 f)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import FactModel, TrailedModel


class ExternalDocument(TrailedModel):
    """A document of somebody else, the edition that the plant uses, and when the latest one is looked for."""

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site",
        verbose_name=_("site"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: used at all sites."),
    )
    number = models.CharField(_("number"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    publisher = models.CharField(_("publisher"), max_length=120)
    edition = models.CharField(_("edition"), max_length=60)
    place = models.CharField(_("kept at"), max_length=200, blank=True, help_text=_("Where people find it."))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+"
    )
    check_months = models.PositiveSmallIntegerField(_("months between checks"), default=12)
    last_checked_on = models.DateField(_("last checked"), null=True, blank=True)
    next_check_on = models.DateField(_("next check"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("external document")
        verbose_name_plural = _("external documents")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_externaldocument", nulls_distinct=False),
            models.CheckConstraint(
                name="ck_externaldocument_months", condition=models.Q(check_months__gte=1, check_months__lte=120)
            ),
        )
        indexes = (models.Index(fields=["is_active", "next_check_on"], name="ix_externaldocument_check"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:externaldocument_detail", args=[self.pk])

    @property
    def is_overdue(self) -> bool:
        """Whether nobody looked in time."""
        return self.is_active and self.next_check_on < now().date()


class EditionCheck(FactModel):
    """Somebody looked which edition is the latest, and where they found that out."""

    scope_path = "external_document__site"
    view_permission = "qms_documents.view_externaldocument"

    external_document = models.ForeignKey(
        ExternalDocument, verbose_name=_("document"), on_delete=models.PROTECT, related_name="checks"
    )
    latest_edition = models.CharField(_("latest edition"), max_length=60)
    used_edition = models.CharField(_("edition in use"), max_length=60)
    source = models.CharField(_("found at"), max_length=200)
    conclusion = models.TextField(_("conclusion"), blank=True)

    class Meta:
        verbose_name = _("edition check")
        verbose_name_plural = _("edition checks")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.external_document.number} · {self.latest_edition}"

    def get_absolute_url(self) -> str:
        return self.external_document.get_absolute_url()

    @property
    def is_current(self) -> bool:
        """Whether the edition in use was the latest."""
        return self.latest_edition == self.used_edition
