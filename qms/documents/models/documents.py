"""Controlled documents and their revisions (ISO 9001 7.5.3, ISO 13485 4.2.4, 21 CFR 820.40)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.constraints import AtMostOne
from core.kernel.records import TrailedModel
from qms.documents.lifecycle import DOCUMENT_REVISION
from qms.documents.models.types import DocumentKind, DocumentType


class Document(TrailedModel):
    """A controlled document; what it says stands in its revisions. Without a site it is valid at all sites."""

    scope_path = "site"

    Kind = DocumentKind

    site = models.ForeignKey(
        "core_organization.Site",
        verbose_name=_("site"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        help_text=_("Empty: valid at all sites."),
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    type = models.ForeignKey(
        DocumentType,
        verbose_name=_("type"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    department = models.CharField(_("department"), max_length=12, blank=True)
    next_review_on = models.DateField(_("next periodic review"), null=True, blank=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="owned_documents",
    )
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("number",)
        indexes = (
            models.Index(fields=["site", "number"], name="ix_document_site_number"),
            models.Index(fields=["kind", "number"], name="ix_document_kind_number"),
            models.Index(
                fields=["next_review_on"], condition=Q(next_review_on__isnull=False), name="ix_document_next_review"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:document_detail", args=[self.pk])


class DocumentRevision(TrailedModel):
    """One version of a document's content: written, signed by its author, approved by another person, then effective.

    `effective_from` is the planned moment while the revision is approved, and the true one afterwards;
    `effective_until` is the moment in which it was superseded or made obsolete.
    """

    class TrainingImpact(models.TextChoices):
        NONE = "none", _("None: who knows the revision before may go on")
        READ = "read", _("Read and understood")
        QUIZ = "quiz", _("Quiz")
        OJT = "ojt", _("On the job, with a trainer")

    scope_path = "document__site"
    lifecycle = DOCUMENT_REVISION
    closure = Closure(
        covers=("document", "revision", "title", "author", "body", "change_summary"),
        ignores={
            "status": "moves are facts of their own, each with its signature",
            "approved_at": "the approval's signature carries its time",
            "effective_from": "set after approval; the moves to and from effective are facts of their own",
            "effective_until": "set when the revision is superseded or made obsolete",
            "reviewers": "whom the author asks; each signs the revision under their own name",
            "review_comments": "what people wanted changed; what became of it stands in the content",
            "periodic_reviews": "records of their own, signed later",
            "controlled_copies": "records of their own, printed later",
            "filled_forms": "records of their own, which name this revision",
            "rendition": "made from the content",
        },
        added=("file", "form_fields", "training_impact", "training_rationale"),
    )

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="revisions"
    )
    revision = models.CharField(_("revision"), max_length=12)
    title = models.CharField(_("title"), max_length=200)
    status = DOCUMENT_REVISION.field()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="authored_revisions",
    )
    body = models.TextField(_("content"), blank=True, help_text=_("Markdown: headings, lists, tables, links."))
    file = models.ForeignKey(
        "core_files.Attachment",
        verbose_name=_("file"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    form_fields = models.JSONField(_("fields of the form"), null=True, blank=True)
    change_summary = models.TextField(_("what changed and why"), blank=True)
    training_impact = models.CharField(
        _("training it takes"), max_length=8, choices=TrainingImpact.choices, blank=True, editable=False
    )
    training_rationale = models.TextField(_("why this training"), blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True, editable=False)
    effective_until = models.DateTimeField(_("effective until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("document revision")
        verbose_name_plural = _("document revisions")
        ordering = ("document", "-id")
        constraints = (
            models.UniqueConstraint(fields=["document", "revision"], name="uq_documentrevision"),
            AtMostOne(name="uq_documentrevision_effective", field="document", condition=Q(status="effective")),
            models.CheckConstraint(
                name="ck_documentrevision_superseded",
                condition=~Q(status="superseded") | Q(effective_from__isnull=False),
            ),
            models.CheckConstraint(
                name="ck_documentrevision_period",
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=models.F("effective_from")),
            ),
        )
        indexes = (models.Index(fields=["status", "effective_from"], name="ix_documentrevision_due"),)

    def __str__(self) -> str:
        return f"{self.document.number}/{self.revision} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:documentrevision_detail", args=[self.pk])
