"""What was ordered from suppliers and is expected to arrive, as the system that buys says."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import TrailedModel
from traceability.models.masters import ImportedMixin, Material


class PurchaseOrder(ImportedMixin, TrailedModel):
    """An order to a supplier; the system that buys owns it, here it says what is expected."""

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="purchase_orders"
    )
    number = models.CharField(_("number"), max_length=40)
    supplier = models.ForeignKey(
        "core_organization.Partner",
        verbose_name=_("supplier"),
        on_delete=models.PROTECT,
        related_name="purchase_orders",
    )
    ordered_on = models.DateField(_("ordered on"))
    is_closed = models.BooleanField(_("closed"), default=False, help_text=_("Nothing more is expected."))

    class Meta:
        ordering = ("-ordered_on", "-id")
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        constraints = (models.UniqueConstraint(fields=["site", "number"], name="uq_purchaseorder_number"),)
        indexes = (models.Index(fields=["external_id"], name="ix_purchaseorder_external_id"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("traceability:purchaseorder_detail", args=[self.pk])


class PurchaseOrderLine(ImportedMixin, TrailedModel):
    """One material of a purchase order in its own unit: how much is expected when, and what arrived so far."""

    scope_path = "order__site"
    view_permission = "traceability.view_purchaseorder"
    unit_path = "material__uom"

    order = models.ForeignKey(
        PurchaseOrder, verbose_name=_("purchase order"), on_delete=models.PROTECT, related_name="lines"
    )
    position = models.CharField(_("position"), max_length=24)
    material = models.ForeignKey(
        Material, verbose_name=_("material"), on_delete=models.PROTECT, related_name="purchase_order_lines"
    )
    quantity = models.DecimalField(_("ordered"), max_digits=18, decimal_places=6)
    due_on = models.DateField(_("due on"))
    received = models.DecimalField(_("received"), max_digits=18, decimal_places=6, default=0)
    rejected = models.DecimalField(_("rejected"), max_digits=18, decimal_places=6, default=0)

    class Meta:
        ordering = ("order", "position")
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of purchase orders")
        constraints = (
            models.UniqueConstraint(fields=["order", "position"], name="uq_purchaseorderline_position"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0, rejected__gte=0), name="ck_purchaseorderline_amounts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order.number} · {self.position}"

    def get_absolute_url(self) -> str:
        return self.order.get_absolute_url()

    @property
    def open_quantity(self) -> Decimal:
        """How much is still expected."""
        if self.order.is_closed:
            return Decimal(0)
        return max(Decimal(0), self.quantity - self.received)
