"""Whether it helped: what is counted, before and after, and what came of it."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel, TrailedModel
from qms.capa.lifecycle import VIEW
from qms.capa.models.records import Capa


class Test(models.TextChoices):
    """How events relate to what they are set against."""

    POISSON = "poisson", _("Poisson: events, any number for each piece")
    BINOMIAL = "binomial", _("Binomial: each piece is defective or not")


class EffectivenessCheck(TrailedModel):
    """How the effect of one cycle will be judged, fixed with the plan: metric, window before, window after, test.

    `alpha` is in thousandths. The window after begins with the verification and lasts `window_days`, longer where an
    inconclusive result extended it.
    """

    view_permission = VIEW
    scope_path = "capa"

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="checks")
    cycle = models.PositiveIntegerField(_("cycle"), editable=False)
    events = models.CharField(_("what is counted"), max_length=40)
    exposure = models.CharField(_("for each"), max_length=40)
    material = models.ForeignKey(
        "traceability.Material",
        verbose_name=_("material"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    sort = models.CharField(_("only of this sort"), max_length=40, blank=True)
    test = models.CharField(_("test"), max_length=12, choices=Test.choices, default=Test.POISSON)
    baseline_begins = models.DateField(_("baseline from"))
    baseline_ends = models.DateField(_("baseline until"))
    window_days = models.PositiveIntegerField(_("days that are watched"), validators=[MinValueValidator(1)])
    minimum_exposure = models.PositiveIntegerField(_("smallest exposure"), validators=[MinValueValidator(1)])
    alpha = models.PositiveSmallIntegerField(_("significance in thousandths"), default=50)
    watched_from = models.DateTimeField(_("watched from"), null=True, blank=True, editable=False)
    watched_until = models.DateTimeField(_("watched until"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("effectiveness check")
        verbose_name_plural = _("effectiveness checks")
        constraints = (
            models.UniqueConstraint(fields=["capa", "cycle"], name="uq_effectivenesscheck_cycle"),
            models.CheckConstraint(
                name="ck_effectivenesscheck_days", condition=Q(baseline_ends__gte=F("baseline_begins"))
            ),
            models.CheckConstraint(name="ck_effectivenesscheck_alpha", condition=Q(alpha__gte=1, alpha__lte=200)),
        )
        indexes = (models.Index(fields=["watched_until"], name="ix_effectivenesscheck_due"),)

    def __str__(self) -> str:
        return f"{self.capa.number} #{self.cycle}"

    def get_absolute_url(self) -> str:
        return f"{self.capa.get_absolute_url()}?tab=effectiveness"


class EffectivenessResult(FactModel):
    """What was counted at one time, and what that says. A judgement where figures leave it open names who and why."""

    view_permission = VIEW
    scope_path = "capa"
    closure = Closure(
        covers=("capa", "check_of", "cycle", "result", "watched_from", "watched_until", "events_before",
                "exposure_before", "events_after", "exposure_after", "p_value", "is_judged", "rationale"),
    )  # fmt: skip

    class Result(models.TextChoices):
        EFFECTIVE = "effective", _("Effective")
        INEFFECTIVE = "ineffective", _("Ineffective")
        INCONCLUSIVE = "inconclusive", _("Inconclusive")

    capa = models.ForeignKey(Capa, on_delete=models.PROTECT, related_name="results")
    check_of = models.ForeignKey(EffectivenessCheck, on_delete=models.PROTECT, related_name="results")
    cycle = models.PositiveIntegerField(_("cycle"))
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    watched_from = models.DateTimeField(_("watched from"))
    watched_until = models.DateTimeField(_("watched until"))
    events_before = models.PositiveIntegerField(_("events before"))
    exposure_before = models.PositiveIntegerField(_("exposure before"))
    events_after = models.PositiveIntegerField(_("events after"))
    exposure_after = models.PositiveIntegerField(_("exposure after"))
    p_value = models.DecimalField(_("p-value"), max_digits=12, decimal_places=9, null=True, blank=True)
    is_judged = models.BooleanField(_("judged by a person"), default=False)
    rationale = models.TextField(_("rationale"), blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("result of an effectiveness check")
        verbose_name_plural = _("results of effectiveness checks")
        constraints = (
            models.CheckConstraint(name="ck_effectivenessresult_why", condition=Q(is_judged=False) | ~Q(rationale="")),
        )

    def __str__(self) -> str:
        return f"{self.capa.number} #{self.cycle}: {self.get_result_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.capa.get_absolute_url()}?tab=effectiveness"
