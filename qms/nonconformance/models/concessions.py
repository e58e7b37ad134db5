"""Use as is, counted: the ledger in which a habit shows before it becomes one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel
from qms.nonconformance.models.codes import DefectCode
from qms.nonconformance.models.records import Disposition, NonConformance
from traceability.models import Lot, Material, SerializedUnit, UnitOfMeasure


class Concession(FactModel):
    """A quantity that is used although it does not conform, and the how manieth time that is within the window.

    Written by the signature on the disposition, in the same transaction. `counter` counts nonconformances of the same
    material with the same defect, this one included.
    """

    view_permission = "qms_nonconformance.view_concession"
    scope_path = "site"
    closure = Closure(
        covers=(
            "site", "number", "nonconformance", "disposition", "material", "lot", "unit", "defect_code", "quantity",
            "uom", "counter", "window_months",
        )
    )  # fmt: skip

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="concessions"
    )
    number = models.CharField(_("number"), max_length=24)
    nonconformance = models.ForeignKey(
        NonConformance, verbose_name=_("nonconformance"), on_delete=models.PROTECT, related_name="concessions"
    )
    disposition = models.OneToOneField(Disposition, on_delete=models.PROTECT, related_name="concession")
    material = models.ForeignKey(
        Material, verbose_name=_("material"), on_delete=models.PROTECT, related_name="concessions"
    )
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="concessions"
    )
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="concessions",
    )
    defect_code = models.ForeignKey(
        DefectCode, verbose_name=_("defect code"), on_delete=models.PROTECT, related_name="concessions"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    uom = models.ForeignKey(
        UnitOfMeasure, verbose_name=_("unit of measure"), on_delete=models.PROTECT, related_name="+"
    )
    counter = models.PositiveIntegerField(_("number within the window"))
    window_months = models.PositiveSmallIntegerField(_("window, months"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("concession")
        verbose_name_plural = _("concessions")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_concession_number"),
            models.CheckConstraint(name="ck_concession_counter", condition=Q(counter__gte=1, quantity__gt=0)),
        )
        indexes = (models.Index(fields=["material", "defect_code", "stamped_at"], name="ix_concession_counted"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return self.nonconformance.get_absolute_url()
