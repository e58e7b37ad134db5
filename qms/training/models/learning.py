"""What a person has to learn, what was shown to them, and what they have learned."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.closure import Closure
from core.kernel.records import FactModel, TrailedModel
from qms.training.lifecycle import TRAINING_ASSIGNMENT, VIEW_TRAINING
from qms.training.models.curricula import Curriculum, TrainingRequirement


class TrainingAssignment(TrailedModel):
    """One person has to learn one thing by a date: a document revision, practice with a trainer, a proof to bring.

    The learner signs it, and where a trainer attests or somebody verifies, they sign the same record.
    """

    class Cause(models.TextChoices):
        CURRICULUM = "curriculum", _("The curriculum asks for it")
        REVISION = "revision", _("A new revision was approved")
        REPEAT = "repeat", _("The training before expired")
        WORK = "work", _("Asked for at work")

    scope_path = "user"
    lifecycle = TRAINING_ASSIGNMENT
    closure = Closure(
        covers=("user", "curriculum", "requirement", "document_revision", "kind", "revision_digest", "evidence"),
        attachments=True,
        ignores={
            "status": "moves are facts of their own, each with its signature",
            "due_at": "follows the planned date of the revision",
            "cause": "why it was asked says nothing about what was learned",
            "sections_shown": "permanent facts, all made before the signature",
            "attempts": "permanent facts, all made before the signature",
            "records": "the fact that follows from the signature",
        },
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="training_assignments",
    )
    curriculum = models.ForeignKey(
        Curriculum,
        verbose_name=_("curriculum"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    requirement = models.ForeignKey(
        TrainingRequirement,
        verbose_name=_("requirement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
    )
    document_revision = models.ForeignKey(
        "qms_documents.DocumentRevision",
        verbose_name=_("document revision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="training_assignments",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=TrainingRequirement.Kind.choices)
    cause = models.CharField(_("why"), max_length=12, choices=Cause.choices)
    due_at = models.DateTimeField(_("due"))
    status = TRAINING_ASSIGNMENT.field()
    revision_digest = models.CharField(_("digest of the content"), max_length=64, blank=True, editable=False)
    evidence = models.TextField(
        _("what was done"), blank=True, help_text=_("What was practised and how often, or what the proof says.")
    )

    class Meta:
        verbose_name = _("training assignment")
        verbose_name_plural = _("training assignments")
        ordering = ("due_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "document_revision", "requirement"],
                condition=Q(status__in=("assigned", "in_progress", "quiz_failed", "remedial", "awaiting_trainer")),
                nulls_distinct=False,
                name="uq_trainingassignment_open",
            ),
            models.CheckConstraint(
                name="ck_trainingassignment_what",
                condition=Q(document_revision__isnull=False) | Q(requirement__isnull=False),
            ),
        )
        indexes = (
            models.Index(fields=["user", "status"], name="ix_trainingassignment_user"),
            models.Index(fields=["document_revision", "status"], name="ix_trainingassignment_rev"),
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=("assigned", "in_progress", "quiz_failed", "remedial", "awaiting_trainer")),
                name="ix_trainingassignment_due",
            ),
        )

    def __str__(self) -> str:
        what = self.document_revision or self.requirement
        return f"{what} · {self.user}"

    def get_absolute_url(self) -> str:
        return reverse("qms_training:trainingassignment_detail", args=[self.pk])

    @property
    def what(self) -> str:
        """What is learned, in the learner's words."""
        return str(self.document_revision or (self.requirement.title if self.requirement else ""))

    @property
    def is_overdue(self) -> bool:
        """Whether it is open and its due time has passed."""
        return not TRAINING_ASSIGNMENT.state(self.status).final and self.due_at < now()


class SectionShown(FactModel):
    """A section of the content was shown to the learner, who went on from it."""

    view_permission = VIEW_TRAINING
    scope_path = "assignment__user"

    assignment = models.ForeignKey(TrainingAssignment, on_delete=models.PROTECT, related_name="sections_shown")
    number = models.PositiveSmallIntegerField(_("section"))
    digest = models.CharField(_("digest of the content"), max_length=64)

    class Meta:
        verbose_name = _("section shown")
        verbose_name_plural = _("sections shown")
        ordering = ("id",)
        indexes = (models.Index(fields=["assignment", "number"], name="ix_sectionshown_number"),)

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.number}"


class TrainingRecord(FactModel):
    """A person knows something from a moment on: signed, attested, carried forward or brought along from before."""

    class How(models.TextChoices):
        READ = "read", _("Read and understood")
        QUIZ = "quiz", _("Quiz passed")
        OJT = "ojt", _("On the job, attested by a trainer")
        EXTERNAL = "external", _("Proof from outside, verified")
        CARRIED = "carried", _("Carried forward: the new revision takes no training")
        IMPORTED = "imported", _("Imported from the records before")

    view_permission = VIEW_TRAINING
    scope_path = "user"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="training_records"
    )
    how = models.CharField(_("how"), max_length=12, choices=How.choices)
    document_revision = models.ForeignKey(
        "qms_documents.DocumentRevision",
        verbose_name=_("document revision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="training_records",
    )
    requirement = models.ForeignKey(
        TrainingRequirement,
        verbose_name=_("requirement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
    )
    assignment = models.ForeignKey(
        TrainingAssignment, on_delete=models.PROTECT, null=True, blank=True, related_name="records"
    )
    revision_digest = models.CharField(_("digest of the content"), max_length=64, blank=True)
    completed_at = models.DateTimeField(_("completed"), default=now)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score, percent"), null=True, blank=True)
    signature = models.ForeignKey(
        "core_signing.Signature", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attestation = models.ForeignKey(
        "core_signing.Signature", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("training record")
        verbose_name_plural = _("training records")
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["user", "document_revision"], name="ix_trainingrecord_revision"),
            models.Index(fields=["user", "requirement"], name="ix_trainingrecord_requirement"),
        )

    def __str__(self) -> str:
        return f"{self.document_revision or self.requirement} · {self.user}"

    def get_absolute_url(self) -> str:
        return reverse("qms_training:trainingrecord_list") + f"?user={self.user.username}"
