"""How long documents are kept, what holds their disposal back, and who has to read them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import GLOBAL, TrailedModel
from qms.documents.models.documents import Document


class RetentionClass(TrailedModel):
    """How long documents of a class are kept after they became obsolete, and by which rule."""

    scope_path = GLOBAL
    view_permission = "qms_documents.view_documenttype"

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    years = models.PositiveSmallIntegerField(
        _("years after it became obsolete"), null=True, blank=True, help_text=_("Empty: for ever.")
    )
    basis = models.TextField(_("basis"), help_text=_("The law, standard or contract that says so."))

    class Meta:
        verbose_name = _("retention class")
        verbose_name_plural = _("retention classes")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:retentionclass_detail", args=[self.pk])


class LegalHold(TrailedModel):
    """A document that is kept whatever its retention class says, until the hold is released."""

    scope_path = "document__site"

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="legal_holds"
    )
    reason = models.TextField(_("reason"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("placed by"), on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(_("placed at"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["document"], condition=Q(released_at__isnull=True), name="uq_legalhold_open"
            ),
            models.CheckConstraint(
                name="ck_legalhold_released",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.document.number} · {self.reason[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:legalhold_detail", args=[self.pk])


class Reader(TrailedModel):
    """An entry of a document's read list: a person, or whoever holds a role at its site, has to read it."""

    scope_path = "document__site"
    view_permission = "qms_documents.view_document"

    document = models.ForeignKey(Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    role = models.ForeignKey(
        "core_organization.Role",
        verbose_name=_("role"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("entry of a read list")
        verbose_name_plural = _("read lists")
        ordering = ("document", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["document", "user", "role"], name="uq_reader_document", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="ck_reader_one",
                condition=Q(user__isnull=False, role__isnull=True) | Q(user__isnull=True, role__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.document.number} · {self.user or self.role}"

    def get_absolute_url(self) -> str:
        return f"{self.document.get_absolute_url()}#readers"
