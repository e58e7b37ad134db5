"""What the engine did and what the gates decided."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.records import GLOBAL, FactModel, SubjectRefMixin


class Transition(SubjectRefMixin, FactModel):
    """A record moved from one status to another; the only way a status changes (checked by PostgreSQL)."""

    scope_path = GLOBAL

    move = models.CharField(_("move"), max_length=40)
    from_status = models.CharField(_("from"), max_length=24, null=True)
    to_status = models.CharField(_("to"), max_length=24)
    record_version = models.PositiveIntegerField()
    reason = models.TextField(_("reason"), blank=True)
    signature = models.ForeignKey("core_signing.Signature", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "record_version"], name="uq_transition_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_label}: {self.from_status or '·'} → {self.to_status}"


class GateDecision(SubjectRefMixin, FactModel):
    """An attempted action, allowed or denied, with what every guard said and under which rules."""

    scope_path = GLOBAL

    action = models.CharField(_("action"), max_length=40)
    allowed = models.BooleanField(_("allowed"))
    results = models.JSONField(_("guards"), default=list)
    policy_revision = models.CharField(_("rules"), max_length=16)

    class Meta:
        verbose_name = _("gate decision")
        verbose_name_plural = _("gate decisions")
        ordering = ("-id",)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="ix_gatedecision_subject"),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}"
