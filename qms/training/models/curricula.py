"""What people can be qualified for, and who is, until when (ISO 9001 7.2, 21 CFR 211.25)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import GLOBAL, TrailedModel
from qms.training.lifecycle import QUALIFICATION


class Curriculum(TrailedModel):
    """Something that takes training to do, such as soldering to a class or running one kind of equipment."""

    view_permission = "qms_training.view_qualification"
    scope_path = GLOBAL

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    valid_months = models.PositiveSmallIntegerField(
        _("valid for months"),
        null=True,
        blank=True,
        help_text=_("How long a qualification is good for unless another date is given; empty: for ever."),
    )
    inactivity_days = models.PositiveSmallIntegerField(
        _("days without practice"),
        null=True,
        blank=True,
        help_text=_("After so many days without doing it a qualification is suspended; empty: never."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("curriculum")
        verbose_name_plural = _("curricula")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("qms_training:curriculum_detail", args=[self.pk])


class TrainingRequirement(TrailedModel):
    """One thing that a curriculum takes: a document read, a quiz on it, practice with a trainer, an outside proof."""

    class Kind(models.TextChoices):
        READ = "read", _("Read and understood")
        QUIZ = "quiz", _("Quiz")
        OJT = "ojt", _("On the job, with a trainer")
        EXTERNAL = "external", _("Proof from outside")

    view_permission = "qms_training.view_qualification"
    scope_path = GLOBAL

    curriculum = models.ForeignKey(
        Curriculum, verbose_name=_("curriculum"), on_delete=models.PROTECT, related_name="requirements"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=160)
    document = models.ForeignKey(
        "qms_documents.Document",
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="training_requirements",
    )
    repetitions = models.PositiveSmallIntegerField(
        _("repetitions"), default=1, help_text=_("How often a trainer sees it done, for training on the job.")
    )
    valid_months = models.PositiveSmallIntegerField(
        _("valid for months"), null=True, blank=True, help_text=_("Empty: until the content changes.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("curriculum", "id")
        verbose_name = _("training requirement")
        verbose_name_plural = _("training requirements")
        constraints = (
            models.CheckConstraint(
                name="ck_trainingrequirement_doc",
                condition=Q(document__isnull=False) | Q(kind__in=("ojt", "external")),
            ),
            models.CheckConstraint(name="ck_trainingrequirement_times", condition=Q(repetitions__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.curriculum.code}: {self.title}"

    def get_absolute_url(self) -> str:
        return self.curriculum.get_absolute_url()


class CurriculumAudience(TrailedModel):
    """Who needs a curriculum: holders of a role, people of a place, or whoever may run operations that ask for it."""

    view_permission = "qms_training.view_qualification"
    scope_path = GLOBAL

    curriculum = models.ForeignKey(
        Curriculum, verbose_name=_("curriculum"), on_delete=models.PROTECT, related_name="audiences"
    )
    role = models.ForeignKey(
        "core_organization.Role",
        verbose_name=_("role"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    work_center = models.ForeignKey(
        "core_organization.WorkCenter",
        verbose_name=_("work center"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    by_operation = models.BooleanField(
        _("operations that ask for it"),
        default=False,
        help_text=_("Whoever may run an operation whose routing asks for this curriculum."),
    )

    class Meta:
        ordering = ("curriculum", "id")
        verbose_name = _("who needs a curriculum")
        verbose_name_plural = _("who needs curricula")
        constraints = (
            models.CheckConstraint(
                name="ck_curriculumaudience_one",
                condition=Q(role__isnull=False, by_operation=False)
                | Q(work_center__isnull=False, by_operation=False)
                | Q(role__isnull=True, work_center__isnull=True, by_operation=True),
            ),
            models.UniqueConstraint(
                fields=["curriculum", "role", "work_center", "by_operation"],
                name="uq_curriculumaudience",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        if self.by_operation:
            return str(_("Whoever may run operations that ask for it"))
        return " · ".join(str(part) for part in (self.role, self.work_center) if part)


class Qualification(TrailedModel):
    """A person may do what a curriculum teaches, from and until, as granted by somebody else on some basis."""

    class Level(models.TextChoices):
        WORKS = "works", _("Works independently")
        TRAINS = "trains", _("Trains others")

    scope_path = "user"
    lifecycle = QUALIFICATION
    closure = Closure(
        covers=("user", "curriculum", "valid_from", "valid_until", "granted_by", "basis"),
        added=("level",),
        ignores={"status": "moves are facts of their own"},
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="qualifications"
    )
    curriculum = models.ForeignKey(
        Curriculum, verbose_name=_("curriculum"), on_delete=models.PROTECT, related_name="qualifications"
    )
    level = models.CharField(_("level"), max_length=12, choices=Level.choices, default=Level.WORKS)
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    status = QUALIFICATION.field()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("granted by"), on_delete=models.PROTECT, related_name="+"
    )
    basis = models.TextField(_("basis"), help_text=_("What shows it: training, test, observed work, certificate."))

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ("user", "curriculum", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "curriculum"],
                condition=Q(status__in=["active", "suspended"]),
                name="uq_qualification_open",
            ),
            models.CheckConstraint(
                name="ck_qualification_period",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="ck_qualification_not_self", condition=~Q(user=F("granted_by"))),
        )
        indexes = (models.Index(fields=["valid_until"], name="ix_qualification_until"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.curriculum.code}"

    def get_absolute_url(self) -> str:
        return reverse("qms_training:qualification_detail", args=[self.pk])
