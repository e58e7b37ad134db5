"""What people counted in a place, beside what the ledger says."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from traceability.lifecycle import STOCK_COUNT
from traceability.models.ledgers import StockMovement
from traceability.models.masters import StorageLocation
from traceability.models.stock import Lot, SerializedUnit


class StockCount(TrailedModel):
    """What lies in one place is counted, all of it or one `lot`; somebody else approves the differences, which books
    them."""

    scope_path = "site"
    lifecycle = STOCK_COUNT
    closure = Closure(
        covers=("site", "number", "location"),
        children=("lines",),
        added=("lot",),
        ignores={"status": "moves have their own signatures"},
    )

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="stock_counts"
    )
    number = models.CharField(_("number"), max_length=40)
    location = models.ForeignKey(
        StorageLocation, verbose_name=_("storage location"), on_delete=models.PROTECT, related_name="stock_counts"
    )
    lot = models.ForeignKey(
        Lot,
        verbose_name=_("lot"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="counts",
        help_text=_("Empty: all that lies in the place."),
    )
    status = STOCK_COUNT.field()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_stockcount_site_number"),
            models.UniqueConstraint(
                fields=["location"],
                condition=Q(status__in=["counting", "submitted"], lot__isnull=True),
                name="uq_stockcount_open_location",
            ),
            models.UniqueConstraint(
                fields=["location", "lot"],
                condition=Q(status__in=["counting", "submitted"], lot__isnull=False),
                name="uq_stockcount_open_lot",
            ),
        )

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("traceability:stockcount_detail", args=[self.pk])


class StockCountLine(TrailedModel):
    """So much of a lot, or one unit or none, was counted in the place; `expected` is what the ledger said then.

    What is booked is the difference between both, so that what came or went after the counting stays.
    """

    scope_path = "count__site"
    view_permission = "traceability.view_stockcount"
    unit_path = "lot__material__uom"
    closure = Closure(
        covers=("lot", "expected", "counted", "reason", "counted_by", "counted_at"),
        added=("unit",),
        ignores={"movement": "booked by what was signed"},
    )

    count = models.ForeignKey(StockCount, verbose_name=_("stock count"), on_delete=models.PROTECT, related_name="lines")
    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="count_lines")
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="count_lines",
    )
    expected = models.DecimalField(_("in the ledger"), max_digits=18, decimal_places=6)
    counted = models.DecimalField(_("counted"), max_digits=18, decimal_places=6)
    reason = models.TextField(_("explanation"), blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("counted by"), on_delete=models.PROTECT, related_name="+"
    )
    counted_at = models.DateTimeField(_("counted at"))
    movement = models.OneToOneField(
        StockMovement,
        verbose_name=_("stock movement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="count_line",
    )

    class Meta:
        ordering = ("count", "id")
        verbose_name = _("line of a stock count")
        verbose_name_plural = _("lines of stock counts")
        constraints = (
            models.UniqueConstraint(
                fields=["count", "lot"], condition=Q(unit__isnull=True), name="uq_stockcountline_lot"
            ),
            models.UniqueConstraint(fields=["count", "unit"], name="uq_stockcountline_unit"),
            models.CheckConstraint(
                condition=Q(counted__gte=0) & (Q(unit__isnull=True) | Q(counted__lte=1)),
                name="ck_stockcountline_counted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.count} · {self.goods}"

    @property
    def goods(self) -> Lot | SerializedUnit:
        """The unit, or the lot where it is no single unit."""
        return self.unit or self.lot

    @property
    def difference(self) -> Decimal:
        """Counted less what the ledger said then."""
        return self.counted - self.expected

    def get_absolute_url(self) -> str:
        return self.count.get_absolute_url()
