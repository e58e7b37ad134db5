"""Reviews before approval, and the periodic review of what is effective."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from qms.documents.lifecycle import PERIODIC_REVIEW
from qms.documents.models.documents import Document, DocumentRevision


class RevisionReviewer(TrailedModel):
    """Somebody whom the author asks to review a revision; `position` is their turn where one follows the other.

    That they did says their signature “Reviewed” on the revision, given after its author signed.
    """

    scope_path = "revision__document__site"
    view_permission = "qms_documents.view_documentrevision"

    revision = models.ForeignKey(
        DocumentRevision, verbose_name=_("revision"), on_delete=models.PROTECT, related_name="reviewers"
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reviewer"), on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("turn"))

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        ordering = ("revision", "position")
        constraints = (
            models.UniqueConstraint(fields=["revision", "reviewer"], name="uq_revisionreviewer"),
            models.UniqueConstraint(
                fields=["revision", "position"],
                name="uq_revisionreviewer_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        )

    def __str__(self) -> str:
        return f"{self.revision} · {self.reviewer}"

    def get_absolute_url(self) -> str:
        return self.revision.get_absolute_url()


class ReviewComment(TrailedModel):
    """What a reader of a draft or of a revision in review wants changed; answered before the revision is approved."""

    scope_path = "revision__document__site"
    view_permission = "qms_documents.view_documentrevision"

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    revision = models.ForeignKey(
        DocumentRevision, verbose_name=_("revision"), on_delete=models.PROTECT, related_name="review_comments"
    )
    commenter = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField(_("place"), max_length=120, blank=True, help_text=_("Such as section 4.2, step 3."))
    text = models.TextField(_("comment"))
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("review comment")
        verbose_name_plural = _("review comments")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="ck_reviewcomment_answered",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return f"{self.revision.get_absolute_url()}#comments"


class PeriodicReview(TrailedModel):
    """Whether an effective document still fits, asked when its interval is over (ISO 9001 7.5.3, 21 CFR 211.100)."""

    scope_path = "document__site"
    lifecycle = PERIODIC_REVIEW
    closure = Closure(
        covers=("document", "revision", "due_on", "conclusion", "next_due_on"),
        ignores={"status": "moves are facts of their own, each with its signature"},
    )

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="periodic_reviews"
    )
    revision = models.ForeignKey(
        DocumentRevision, verbose_name=_("revision"), on_delete=models.PROTECT, related_name="periodic_reviews"
    )
    due_on = models.DateField(_("due on"))
    status = PERIODIC_REVIEW.field()
    conclusion = models.TextField(_("conclusion"), blank=True)
    next_due_on = models.DateField(_("next review on"), null=True, blank=True)

    class Meta:
        verbose_name = _("periodic review")
        verbose_name_plural = _("periodic reviews")
        ordering = ("due_on", "id")
        constraints = (
            models.UniqueConstraint(fields=["document"], condition=Q(status="open"), name="uq_periodicreview_open"),
        )
        indexes = (models.Index(fields=["status", "due_on"], name="ix_periodicreview_due"),)

    def __str__(self) -> str:
        return f"{self.document.number}/{self.revision.revision} · {self.due_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("qms_documents:periodicreview_detail", args=[self.pk])
