"""Where affected goods may be: each place is looked at, with a result and its evidence, before anything is decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import SourceRefMixin, TrailedModel
from qms.nonconformance.models.records import NonConformance
from traceability.models import Lot, SerializedUnit, Shipment, StorageLocation, UnitOfMeasure


class ContainmentCheck(SourceRefMixin, TrailedModel):
    """A place where affected goods, or what was made of them, were when the nonconformance was opened.

    Work in progress names the production order that makes or used them (`source`), stock its storage location, shipped
    goods their shipment. The quantity is what was there by the ledger; an order says none.
    """

    view_permission = "qms_nonconformance.view_nonconformance"
    scope_path = "nonconformance"
    unit_path = "uom"
    closure = Closure(
        covers=(
            "nonconformance",
            "where",
            "is_made_of_it",
            "lot",
            "unit",
            "place",
            "shipment",
            "source_type",
            "source_id",
            "quantity",
            "uom",
            "result",
            "evidence",
            "answered_by",
            "answered_at",
        ),
        ignores={"source_label": "the order's number at that time; its type and id are covered"},
    )

    class Where(models.TextChoices):
        WIP = "wip", _("Work in progress")
        STOCK = "stock", _("Stock")
        SHIPPED = "shipped", _("Shipped")

    class Result(models.TextChoices):
        UNANSWERED = "", _("Not answered")
        CONTAINED = "contained", _("Found, set apart and on hold")
        NOT_THERE = "not_there", _("Looked for, not there")
        TOLD = "told", _("Customer told")
        NOT_AFFECTED = "not_affected", _("Not affected")

    nonconformance = models.ForeignKey(NonConformance, on_delete=models.PROTECT, related_name="containment_checks")
    where = models.CharField(_("where"), max_length=8, choices=Where.choices)
    is_made_of_it = models.BooleanField(_("made of an affected one"), default=False)
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="containment_checks"
    )
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="containment_checks",
    )
    place = models.ForeignKey(
        StorageLocation, verbose_name=_("place"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shipment = models.ForeignKey(
        Shipment, verbose_name=_("shipment"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6, null=True, blank=True)
    uom = models.ForeignKey(
        UnitOfMeasure, verbose_name=_("unit of measure"), on_delete=models.PROTECT, related_name="+"
    )
    result = models.CharField(_("result"), max_length=12, choices=Result.choices, blank=True, default="")
    evidence = models.TextField(_("evidence"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("place to contain")
        verbose_name_plural = _("places to contain")
        constraints = (
            models.CheckConstraint(
                name="ck_containmentcheck_answered",
                condition=Q(result="") | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(evidence="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.thing} · {self.at}"

    def get_absolute_url(self) -> str:
        return self.nonconformance.get_absolute_url()

    @property
    def thing(self) -> Lot | SerializedUnit:
        """The lot; of a unit without a lot, the unit."""
        found = self.lot if self.lot_id is not None else self.unit
        if found is None:
            raise ValueError("a place to contain names a lot or a unit")
        return found

    @property
    def at(self) -> str:
        """The storage location, the shipment or the order, by its number."""
        if self.place is not None:
            return self.place.code
        return self.shipment.number if self.shipment is not None else self.source_label
