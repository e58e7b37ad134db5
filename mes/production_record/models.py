"""The device history or batch record of an order: what the reviewer releases, and its exceptions as they were then."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, TrailedModel
from mes.production_record.lifecycle import PRODUCTION_RECORD


class ProductionRecord(TrailedModel):
    """The record of one order and its lot (21 CFR 820.184, 211.188). Its matter is what the floor recorded."""

    scope_path = "order"
    lifecycle = PRODUCTION_RECORD

    order = models.OneToOneField(
        "mes_execution.ProductionOrder",
        verbose_name=_("production order"),
        on_delete=models.PROTECT,
        related_name="production_record",
    )
    lot = models.OneToOneField(
        "traceability.Lot", verbose_name=_("lot"), on_delete=models.PROTECT, related_name="production_record"
    )
    number = models.CharField(_("number"), max_length=60)
    status = PRODUCTION_RECORD.field()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("production record")
        verbose_name_plural = _("production records")

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("mes_production_record:productionrecord_detail", args=[self.pk])


class RecordException(FactModel):
    """One exception of a production record as the reviewer had it before them when the lot was released."""

    scope_path = "production_record"

    production_record = models.ForeignKey(ProductionRecord, on_delete=models.PROTECT, related_name="exceptions")
    order_operation = models.ForeignKey(
        "mes_execution.OrderOperation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=24)
    text = models.TextField(_("what"))
    nonconformance = models.ForeignKey(
        "qms_nonconformance.NonConformance", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("exception of a production record")
        verbose_name_plural = _("exceptions of production records")

    def __str__(self) -> str:
        return self.text[:80]
