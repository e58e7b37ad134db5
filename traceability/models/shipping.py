"""What leaves for customers, and what comes back from them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, TrailedModel
from traceability.lifecycle import SHIPMENT
from traceability.models.containers import Container
from traceability.models.ledgers import StockMovement
from traceability.models.stock import Hold, Lot, SerializedUnit


class Shipment(TrailedModel):
    """Goods that leave a site for a customer together."""

    scope_path = "site"
    lifecycle = SHIPMENT

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="shipments"
    )
    number = models.CharField(_("number"), max_length=40)
    customer = models.ForeignKey(
        "core_organization.Partner", verbose_name=_("customer"), on_delete=models.PROTECT, related_name="shipments"
    )
    status = SHIPMENT.field()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = (models.UniqueConstraint(fields=["site", "number"], name="uq_shipment_site_number"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("traceability:shipment_detail", args=[self.pk])


class ShipmentLine(TrailedModel):
    """So much of a lot, or one unit of it, in a shipment; `movement` is what took it out of the stock."""

    scope_path = "shipment__site"
    view_permission = "traceability.view_shipment"
    unit_path = "lot__material__uom"

    shipment = models.ForeignKey(Shipment, verbose_name=_("shipment"), on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="shipment_lines")
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="shipment_lines",
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    movement = models.OneToOneField(
        StockMovement,
        verbose_name=_("stock movement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="shipment_line",
    )
    container = models.ForeignKey(
        Container,
        verbose_name=_("container"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="shipment_lines",
    )

    class Meta:
        ordering = ("shipment", "id")
        verbose_name = _("line of a shipment")
        verbose_name_plural = _("lines of shipments")
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(unit__isnull=True) | Q(quantity=1)), name="ck_shipmentline_quantity"
            ),
            models.UniqueConstraint(
                fields=["shipment", "lot", "container"],
                condition=Q(unit__isnull=True),
                nulls_distinct=False,
                name="uq_shipmentline_lot",
            ),
            models.UniqueConstraint(fields=["shipment", "unit"], name="uq_shipmentline_unit"),
        )

    def __str__(self) -> str:
        return f"{self.shipment} · {self.goods}"

    def get_absolute_url(self) -> str:
        return self.shipment.get_absolute_url()

    @property
    def goods(self) -> Any:
        """The unit, or the lot where it is no single unit."""
        return self.unit or self.lot

    @property
    def left_in(self) -> str:
        """The SSCC of the container with which it leaves, or that one's number; empty without one."""
        return "" if self.container is None else self.container.sscc or self.container.number

    @property
    def shipped_on(self) -> dt.date | None:
        """The day at its site on which it left; None for a draft."""
        if self.movement is None:
            return None
        return self.movement.stamped_at.astimezone(ZoneInfo(self.shipment.site.time_zone)).date()

    @property
    def returned(self) -> Decimal:
        """How much of it came back."""
        return sum((one.movement.quantity for one in self.returns.all()), Decimal(0))


class CustomerReturn(FactModel):
    """Shipped goods came back: into quarantine, on hold until quality decides."""

    scope_path = "line__shipment__site"
    view_permission = "traceability.view_shipment"

    line = models.ForeignKey(
        ShipmentLine, verbose_name=_("line of a shipment"), on_delete=models.PROTECT, related_name="returns"
    )
    movement = models.OneToOneField(
        StockMovement, verbose_name=_("stock movement"), on_delete=models.PROTECT, related_name="customer_return"
    )
    hold = models.OneToOneField(Hold, verbose_name=_("hold"), on_delete=models.PROTECT, related_name="customer_return")
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("return from a customer")
        verbose_name_plural = _("returns from customers")

    def __str__(self) -> str:
        return f"{self.line} · {self.reason[:60]}"
