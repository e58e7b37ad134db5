"""Causes as data: each is suspected, confirmed or ruled out, with the evidence for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.records import TrailedModel
from qms.capa.lifecycle import VIEW
from qms.capa.models.records import Capa


class RootCause(TrailedModel):
    """One possible cause. In a 5-Why tree it answers why its parent is so; in an Ishikawa diagram it lies on a branch.

    A confirmed cause below which no other one is confirmed is a root: actions have to remove it.
    """

    view_permission = VIEW
    scope_path = "capa"

    class Branch(models.TextChoices):
        NONE = "", _("None")
        PEOPLE = "people", _("People")
        MACHINE = "machine", _("Machine")
        MATERIAL = "material", _("Material")
        METHOD = "method", _("Method")
        MEASUREMENT = "measurement", _("Measurement")
        ENVIRONMENT = "environment", _("Environment")

    class Verdict(models.TextChoices):
        SUSPECTED = "suspected", _("Suspected")
        CONFIRMED = "confirmed", _("Confirmed")
        RULED_OUT = "ruled_out", _("Ruled out")

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="causes")
    cycle = models.PositiveIntegerField(_("cycle"), editable=False)
    parent = models.ForeignKey(
        "self", verbose_name=_("because of"), on_delete=models.PROTECT, null=True, blank=True, related_name="whys"
    )
    branch = models.CharField(_("branch"), max_length=12, choices=Branch.choices, blank=True, default="")
    statement = models.CharField(_("cause"), max_length=300)
    verdict = models.CharField(_("judged"), max_length=12, choices=Verdict.choices, default=Verdict.SUSPECTED)
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        constraints = (
            models.CheckConstraint(name="ck_rootcause_evidence", condition=Q(verdict="suspected") | ~Q(evidence="")),
            models.CheckConstraint(name="ck_rootcause_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))),
        )

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return f"{self.capa.get_absolute_url()}?tab=causes"
