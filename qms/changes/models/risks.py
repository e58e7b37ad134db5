"""Which risk assessments are looked at because of a change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from qms.changes.lifecycle import VIEW
from qms.changes.models.orders import ChangeOrder


class ChangeRisk(TrailedModel):
    """A risk assessment that a change names, and what is to be looked at in it (ISO 14971 10.4)."""

    view_permission = VIEW
    scope_path = "change"
    closure = Closure(covers=("change", "assessment", "note"))

    change = models.ForeignKey(ChangeOrder, on_delete=models.PROTECT, related_name="risks")
    assessment = models.ForeignKey(
        "qms_risk.RiskAssessment", verbose_name=_("risk assessment"), on_delete=models.PROTECT, related_name="changes"
    )
    note = models.CharField(_("what to look at"), max_length=300, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("risk assessment of a change")
        verbose_name_plural = _("risk assessments of changes")
        constraints = (models.UniqueConstraint(fields=["change", "assessment"], name="uq_changerisk"),)

    def __str__(self) -> str:
        return f"{self.change.number} · {self.assessment.number}"

    def get_absolute_url(self) -> str:
        return f"{self.change.get_absolute_url()}?tab=items"
