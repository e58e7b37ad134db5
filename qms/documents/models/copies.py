"""Controlled copies: printed, numbered, stamped, and accounted for (21 CFR 820.40, ISO 13485 4.2.4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import TrailedModel
from core.printing.models import new_token
from qms.documents.lifecycle import CONTROLLED_COPY
from qms.documents.models.documents import DocumentRevision


class ControlledCopy(TrailedModel):
    """One stamped copy of a revision: its number within the document, who has it, until when it may be used.

    The file is made by a worker and kept; `token` is the address of the public page behind its QR code.
    """

    scope_path = "revision__document__site"
    lifecycle = CONTROLLED_COPY

    revision = models.ForeignKey(
        DocumentRevision, verbose_name=_("revision"), on_delete=models.PROTECT, related_name="controlled_copies"
    )
    number = models.PositiveIntegerField(_("copy"))
    holder = models.CharField(_("for"), max_length=160, help_text=_("The place or person that keeps it."))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("printed by"), on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(_("printed at"))
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    token = models.CharField(max_length=20, unique=True, default=new_token, editable=False)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, editable=False)
    status = CONTROLLED_COPY.field()

    class Meta:
        verbose_name = _("controlled copy")
        verbose_name_plural = _("controlled copies")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["revision", "number"], name="uq_controlledcopy_number"),
            models.CheckConstraint(
                name="ck_controlledcopy_valid",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("issued_at")),
            ),
        )
        indexes = (models.Index(fields=["status", "valid_until"], name="ix_controlledcopy_out"),)

    def __str__(self) -> str:
        return f"{self.revision.document.number}/{self.revision.revision} C{self.number:03d}"

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:controlledcopy_detail", args=[self.pk])

    def get_status_page_url(self) -> str:
        """The public page that says whether this copy may still be used."""
        return reverse("qms_documents:copy_status", args=[self.token])

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.valid_until is not None and self.valid_until <= now()
