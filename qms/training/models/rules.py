"""What stands around training: shifts, overrides at work, waivers of staffing, who needs training before signing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import STAMP_COLUMNS, FactModel, SourceRefMixin, SubjectRefMixin, TrailedModel
from qms.training.lifecycle import VIEW_TRAINING

STAMPS = {column.removesuffix("_id"): "PostgreSQL stamps the fact" for column in STAMP_COLUMNS}


class ShiftAssignment(TrailedModel):
    """A person is planned to work at a work center from and until; which shift that is, in the plant's own word."""

    view_permission = VIEW_TRAINING
    scope_path = "work_center"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="shift_assignments"
    )
    work_center = models.ForeignKey(
        "core_organization.WorkCenter", verbose_name=_("work center"), on_delete=models.PROTECT, related_name="+"
    )
    shift = models.CharField(_("shift"), max_length=24)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("shift assignment")
        verbose_name_plural = _("shift assignments")
        ordering = ("starts_at", "id")
        constraints = (
            models.CheckConstraint(name="ck_shiftassignment_period", condition=Q(ends_at__gt=F("starts_at"))),
        )
        indexes = (models.Index(fields=["work_center", "starts_at"], name="ix_shiftassignment_place"),)

    def __str__(self) -> str:
        return f"{self.shift} · {self.user}"

    def get_absolute_url(self) -> str:
        return reverse("qms_training:shiftassignment_list")


class SigningPolicy(TrailedModel):
    """Whether people of a site sign only once they were trained on a document (21 CFR 11.10(i), (j))."""

    scope_path = "site"

    site = models.OneToOneField(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="signing_policy"
    )
    document = models.ForeignKey(
        "qms_documents.Document", verbose_name=_("document"), on_delete=models.PROTECT, related_name="+"
    )
    is_on = models.BooleanField(_("switched on"), default=False)

    class Meta:
        verbose_name = _("signing policy")
        verbose_name_plural = _("signing policies")
        ordering = ("site",)

    def __str__(self) -> str:
        return f"{self.site} · {self.document}"

    def get_absolute_url(self) -> str:
        return reverse("qms_training:signingpolicy_list")


class TrainingOverride(SubjectRefMixin, SourceRefMixin, FactModel):
    """A supervisor lets an untrained person do one piece of work, under a deviation, with a second signature.

    The subject is the work; the source is the deviation.
    """

    view_permission = VIEW_TRAINING
    scope_path = "user"
    closure = Closure(
        covers=(
            "user",
            "reason",
            "subject_type",
            "subject_id",
            "subject_label",
            "source_type",
            "source_id",
            "source_label",
        ),
        ignores=STAMPS,
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="training_overrides"
    )
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("training override")
        verbose_name_plural = _("training overrides")
        ordering = ("-id",)
        indexes = (models.Index(fields=["user", "subject_type", "subject_id"], name="ix_trainingoverride_work"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.subject_label}"

    def get_absolute_url(self) -> str:
        return str(getattr(self.source, "get_absolute_url", lambda: "")())


class StaffingWaiver(SubjectRefMixin, FactModel):
    """A revision may become effective although scheduled work would have nobody qualified: which, and why."""

    view_permission = VIEW_TRAINING
    scope_path = "site"
    closure = Closure(
        covers=("site", "subject_type", "subject_id", "subject_label", "uncovered", "reason"), ignores=STAMPS
    )

    site = models.ForeignKey(
        "core_organization.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uncovered = models.JSONField(_("work without anybody qualified"), default=list)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("staffing waiver")
        verbose_name_plural = _("staffing waivers")
        ordering = ("-id",)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_staffingwaiver_subject"),)

    def __str__(self) -> str:
        return self.subject_label
