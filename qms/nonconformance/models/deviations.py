"""Planned deviations: what may be done otherwise, approved before, for so much and so long."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel, SourceRefMixin, TrailedModel
from qms.documents.models import Document
from qms.nonconformance.lifecycle import PLANNED_DEVIATION
from traceability.models import Lot, Material, SerializedUnit, UnitOfMeasure

SEE = "qms_nonconformance.view_planneddeviation"


class PlannedDeviation(TrailedModel):
    """A temporary way to work that was approved before it is used; it ends by its date or when its quota is used up."""

    view_permission = SEE
    scope_path = "site"
    lifecycle = PLANNED_DEVIATION
    closure = Closure(
        covers=(
            "site", "number", "title", "requirement", "instead", "justification", "material", "quota", "uom",
            "valid_from", "valid_until", "author",
        ),
        added=("document", "parameter", "lower_allowed", "upper_allowed"),
        ignores={
            "status": "moves have their own signatures",
            "used": "grows by the uses, each a fact of its own",
            "uses": "each is a fact of its own, made after the approval",
        },
        attachments=True,
    )  # fmt: skip

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="planned_deviations"
    )
    number = models.CharField(_("number"), max_length=24)
    title = models.CharField(_("title"), max_length=200)
    requirement = models.TextField(_("what is required"))
    instead = models.TextField(_("what is done instead"))
    justification = models.TextField(_("justification"))
    material = models.ForeignKey(
        Material, verbose_name=_("material"), on_delete=models.PROTECT, related_name="planned_deviations"
    )
    quota = models.DecimalField(_("quota"), max_digits=18, decimal_places=6)
    used = models.DecimalField(_("used"), max_digits=18, decimal_places=6, default=0, editable=False)
    uom = models.ForeignKey(
        UnitOfMeasure, verbose_name=_("unit of measure"), on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), help_text=_("The last day."))
    document = models.ForeignKey(
        Document,
        verbose_name=_("instruction"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_deviations",
        help_text=_("The work instruction of which a value may leave its limits; empty for any other deviation."),
    )
    parameter = models.CharField(
        _("code of the value"), max_length=32, blank=True, help_text=_("As the instruction calls it, such as TORQUE-1.")
    )
    lower_allowed = models.DecimalField(
        _("allowed from"),
        max_digits=18,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Empty: the lower limit of the instruction stays."),
    )
    upper_allowed = models.DecimalField(
        _("allowed until"),
        max_digits=18,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("Empty: the upper limit of the instruction stays."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    status = PLANNED_DEVIATION.field()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("planned deviation")
        verbose_name_plural = _("planned deviations")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_planneddeviation_number"),
            models.CheckConstraint(name="ck_planneddeviation_days", condition=Q(valid_until__gte=F("valid_from"))),
            models.CheckConstraint(
                name="ck_planneddeviation_quota", condition=Q(quota__gt=0, used__gte=0, used__lte=F("quota"))
            ),
            models.CheckConstraint(
                name="ck_planneddeviation_value",
                condition=Q(document__isnull=True, parameter="", lower_allowed__isnull=True, upper_allowed__isnull=True)
                | (
                    Q(document__isnull=False)
                    & ~Q(parameter="")
                    & (Q(lower_allowed__isnull=False) | Q(upper_allowed__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="ck_planneddeviation_allowed",
                condition=Q(lower_allowed__isnull=True)
                | Q(upper_allowed__isnull=True)
                | Q(upper_allowed__gte=F("lower_allowed")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_nonconformance:planneddeviation_detail", args=[self.pk])


class DeviationUse(SourceRefMixin, FactModel):
    """A quantity that was made under a planned deviation: how much of which lot, and at what."""

    view_permission = SEE
    scope_path = "deviation"
    closure = Closure(
        covers=("deviation", "lot", "quantity", "source_type", "source_id", "source_label"), added=("unit",)
    )
    unit_path = "deviation__uom"

    deviation = models.ForeignKey(
        PlannedDeviation, verbose_name=_("planned deviation"), on_delete=models.PROTECT, related_name="uses"
    )
    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="deviation_uses")
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deviation_uses",
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)

    class Meta:
        ordering = ("id",)
        verbose_name = _("use of a planned deviation")
        verbose_name_plural = _("uses of planned deviations")
        constraints = (models.CheckConstraint(name="ck_deviationuse_quantity", condition=Q(quantity__gt=0)),)

    def __str__(self) -> str:
        return str(self.unit or self.lot)

    def get_absolute_url(self) -> str:
        return self.deviation.get_absolute_url()
