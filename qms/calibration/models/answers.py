"""What is said about each value that was measured with a gauge that failed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel
from qms.calibration.models.gauges import CalibrationRecord


class ImpactAnswer(FactModel):
    """An answer for one value in question; the newest of a value counts, the earlier ones stay."""

    scope_path = "record"
    view_permission = "qms_calibration.view_calibrationplan"

    class Answer(models.TextChoices):
        UNAFFECTED = "unaffected", _("Not affected")
        ACCEPTABLE = "acceptable", _("Affected, acceptable")
        ACTION = "action", _("Affected, dealt with elsewhere")

    record = models.ForeignKey(CalibrationRecord, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(_("value"), max_length=80)
    label = models.CharField(_("value"), max_length=240)
    answer = models.CharField(_("answer"), max_length=12, choices=Answer.choices)
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("answer for a value")
        verbose_name_plural = _("answers for values")
        constraints = (models.CheckConstraint(name="ck_impactanswer_reason", condition=~models.Q(reason="")),)
        indexes = (models.Index(fields=["record", "key"], name="ix_impactanswer_value"),)

    def __str__(self) -> str:
        return f"{self.label}: {self.get_answer_display()}"
