"""Types of documents: how they are numbered, reviewed, kept and printed. Trailed configuration."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import GLOBAL, TrailedModel


class DocumentKind(models.TextChoices):
    """How the content of a document works; its type says how it is governed."""

    WORK_INSTRUCTION = "work_instruction", _("Work instruction")
    PROCEDURE = "procedure", _("Procedure")
    FORM = "form", _("Form")
    SPECIFICATION = "specification", _("Specification")


class DocumentType(TrailedModel):
    """A type of document with its numbering scheme, its reviews and its retention.

    In `scheme`, `{dept}` stands for the department, `{site}` for the site's code and `{seq:4}`, at the end, for the
    running number with four digits: each text before it has a series of its own. `is_standard`: what a document of the
    kind gets where nobody names a type.
    """

    scope_path = GLOBAL

    class ReviewMode(models.TextChoices):
        PARALLEL = "parallel", _("All reviewers at once")
        SEQUENTIAL = "sequential", _("One reviewer after the other")

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=24, choices=DocumentKind.choices)
    scheme = models.CharField(
        _("numbering scheme"),
        max_length=60,
        help_text=_("Such as SOP-{dept}-{seq:4}: department {dept}, site {site}, at the end the running number."),
    )
    review_mode = models.CharField(_("review"), max_length=12, choices=ReviewMode.choices, default=ReviewMode.PARALLEL)
    reviewers_needed = models.PositiveSmallIntegerField(
        _("reviewers needed"), default=0, help_text=_("So many people sign a review before somebody approves it.")
    )
    review_months = models.PositiveSmallIntegerField(
        _("months between periodic reviews"), null=True, blank=True, help_text=_("Empty: no periodic review.")
    )
    copy_hours = models.PositiveIntegerField(
        _("hours that a controlled copy is valid"), null=True, blank=True, help_text=_("Empty: until it is replaced.")
    )
    retention_class = models.ForeignKey(
        "qms_documents.RetentionClass",
        verbose_name=_("retention class"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="document_types",
    )
    is_standard = models.BooleanField(_("standard of its kind"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("document type")
        verbose_name_plural = _("document types")
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=["kind"], condition=Q(is_standard=True), name="uq_documenttype_standard"),
            models.CheckConstraint(
                name="ck_documenttype_months", condition=Q(review_months__isnull=True) | Q(review_months__gte=1)
            ),
            models.CheckConstraint(
                name="ck_documenttype_hours", condition=Q(copy_hours__isnull=True) | Q(copy_hours__gte=1)
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:documenttype_detail", args=[self.pk])
