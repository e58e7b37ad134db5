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
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("curriculum")
        verbose_name_plural = _("curricula")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("qms_training:curriculum_detail", args=[self.pk])


class Qualification(TrailedModel):
    """A person may do what a curriculum teaches, from and until, as granted by somebody else on some basis."""

    scope_path = "user"
    lifecycle = QUALIFICATION
    closure = Closure(
        covers=("user", "curriculum", "valid_from", "valid_until", "granted_by", "basis"),
        ignores={"status": "moves are facts of their own"},
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="qualifications"
    )
    curriculum = models.ForeignKey(
        Curriculum, verbose_name=_("curriculum"), on_delete=models.PROTECT, related_name="qualifications"
    )
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
