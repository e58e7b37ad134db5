"""What arrived from suppliers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel
from traceability.models.ledgers import StockMovement
from traceability.models.purchasing import PurchaseOrderLine
from traceability.models.stock import Lot


class Receipt(FactModel):
    """One delivery of a lot by a supplier, with or without a purchase order; its movement says how much arrived.

    `over_reason` says why more was taken in than was ordered; empty where it was not more.
    """

    scope_path = "site"
    view_permission = "traceability.view_lot"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    supplier = models.ForeignKey(
        "core_organization.Partner", verbose_name=_("supplier"), on_delete=models.PROTECT, related_name="receipts"
    )
    line = models.ForeignKey(
        PurchaseOrderLine,
        verbose_name=_("line of a purchase order"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
    )
    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="receipts")
    movement = models.OneToOneField(
        StockMovement, verbose_name=_("stock movement"), on_delete=models.PROTECT, related_name="receipt"
    )
    over_reason = models.TextField(_("why more than was ordered"), blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")

    def __str__(self) -> str:
        return f"{self.lot} · {self.supplier}"

    def get_absolute_url(self) -> str:
        return self.lot.get_absolute_url()
