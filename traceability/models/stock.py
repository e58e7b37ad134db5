"""What physically exists: lots, serialized units, and the holds on them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import SourceRefMixin, TrailedModel
from traceability.lifecycle import HOLD, LOT, SERIALIZED_UNIT
from traceability.models.masters import MIRRORED, ImportedMixin, Material, MaterialRevision

BESIDE = {
    "holds": "records of their own, with their own signatures",
    "movements": "the ledger goes on after the signature; its rows are permanent facts",
    "links_to_children": "what it goes into is known after the signature; permanent facts",
    "links_to_parents": "what went in is a permanent fact; a release asks for it anew",
    "count_lines": "counts are records of their own, with their own signatures",
    "shipment_lines": "records of their own; it is shipped after it is released",
    "container_entries": "what it was packed in is known after the signature; permanent facts",
}
"""Tables about a lot or unit that no signature on it covers, with the reason."""


class Lot(ImportedMixin, TrailedModel):
    """A quantity of one material made or bought together (GS1 AI 10). Its stock is the sum of its movements."""

    scope_path = "site"
    lifecycle = LOT
    closure = Closure(
        covers=("site", "material", "revision", "number", "expires_on", "supplier_lot"),
        ignores={
            "status": "moves have their own signatures",
            "units": "the lot's units, each a record of its own",
            "retest_on": "each retest has its own signature",
            "counts": "counts are records of their own, with their own signatures",
            "retests": "each retest has its own signature; permanent facts",
            "opened_at": "it is opened after it is released",
            "open_until": "counted from when it is opened",
            "receipts": "each delivery is a permanent fact; more of the lot may arrive until it is released",
            **BESIDE,
            **MIRRORED,
        },
    )

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="lots"
    )
    material = models.ForeignKey(Material, verbose_name=_("material"), on_delete=models.PROTECT, related_name="lots")
    revision = models.ForeignKey(
        MaterialRevision,
        verbose_name=_("revision"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lots",
    )
    number = models.CharField(_("lot number"), max_length=60)
    status = LOT.field()
    expires_on = models.DateField(_("usable until"), null=True, blank=True)
    supplier_lot = models.CharField(_("supplier's lot number"), max_length=80, blank=True)
    retest_on = models.DateField(_("to be retested"), null=True, blank=True, help_text=_("The last day of use before."))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    open_until = models.DateField(_("usable until, once opened"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        constraints = (models.UniqueConstraint(fields=["material", "number"], name="uq_lot_material_number"),)
        indexes = (
            models.Index(fields=["number"], name="ix_lot_number"),
            models.Index(fields=["site", "material", "expires_on"], name="ix_lot_site_material_expiry"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def usable_until(self) -> dt.date | None:
        """The last day of use: its expiry, or sooner where it was opened; None when nothing limits it."""
        return min((day for day in (self.expires_on, self.open_until) if day is not None), default=None)

    def get_absolute_url(self) -> str:
        return reverse("traceability:lot_detail", args=[self.pk])


class SerializedUnit(ImportedMixin, SourceRefMixin, TrailedModel):
    """One piece with its own serial number (GS1 AI 21); `lot` is the lot it was made or received in."""

    scope_path = "site"
    lifecycle = SERIALIZED_UNIT
    closure = Closure(
        covers=("site", "material", "serial", "lot"),
        ignores={
            "status": "moves have their own signatures",
            "source_type": "names where the unit came from",
            "source_id": "names where the unit came from",
            "source_label": "names where the unit came from",
            **BESIDE,
            **MIRRORED,
        },
    )

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="serialized_units"
    )
    material = models.ForeignKey(
        Material, verbose_name=_("material"), on_delete=models.PROTECT, related_name="serialized_units"
    )
    serial = models.CharField(_("serial number"), max_length=60)
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="units"
    )
    status = SERIALIZED_UNIT.field()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("serialized unit")
        verbose_name_plural = _("serialized units")
        constraints = (models.UniqueConstraint(fields=["material", "serial"], name="uq_unit_material_serial"),)
        indexes = (models.Index(fields=["serial"], name="ix_serializedunit_serial"),)

    def __str__(self) -> str:
        return self.serial

    def get_absolute_url(self) -> str:
        return reverse("traceability:serializedunit_detail", args=[self.pk])


class Hold(SourceRefMixin, TrailedModel):
    """Forbids the use of a lot, of a quantity of it, or of one unit, until somebody releases exactly this hold.

    No quantity means all of the lot, whatever comes into it later. PostgreSQL refuses movements and consumptions of
    what an open hold covers (guarantee 4, traceability/services/enforcement.py).
    """

    unit_path = "lot__material__uom"
    scope_path = "site"
    lifecycle = HOLD
    closure = Closure(
        covers=("site", "lot", "unit", "quantity", "reason", "placed_by", "source_type", "source_id"),
        added=("inherited_from",),
        ignores={
            "passed_on": "each is a hold of its own, released on its own",
            "status": "moves have their own signatures",
            "placed_at": "the hold's birth says it too",
            "source_label": "the source's name at that time; its type and id are covered",
            "customer_return": "what the hold was placed for is its source; a permanent fact",
            "removals": "what left under the hold is a permanent fact with its own signature",
        },
    )

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="holds"
    )
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    unit = models.ForeignKey(
        SerializedUnit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=18,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("In the material's unit. Empty: all of the lot."),
    )
    reason = models.TextField(_("reason"))
    status = HOLD.field()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("placed by"), on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(_("placed at"))
    inherited_from = models.ForeignKey(
        "self",
        verbose_name=_("inherited from"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="passed_on",
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = (
            models.CheckConstraint(
                condition=Q(lot__isnull=False, unit__isnull=True) | Q(lot__isnull=True, unit__isnull=False),
                name="ck_hold_lot_or_unit",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0, unit__isnull=True), name="ck_hold_quantity"
            ),
            models.CheckConstraint(
                condition=Q(inherited_from__isnull=True) | Q(lot__isnull=False, quantity__isnull=True),
                name="ck_hold_inherited",
            ),
        )
        indexes = (
            models.Index(fields=["lot"], condition=Q(status="open"), name="ix_hold_open_lot"),
            models.Index(fields=["unit"], condition=Q(status="open"), name="ix_hold_open_unit"),
            models.Index(fields=["source_type", "source_id"], name="ix_hold_source"),
        )

    def __str__(self) -> str:
        return str(_("Hold %(id)s") % {"id": self.pk})

    @property
    def held(self) -> Lot | SerializedUnit:
        """The lot or unit that is held."""
        held = self.unit if self.lot is None else self.lot
        if held is None:
            raise LookupError("a hold is on a lot or on a unit")
        return held

    @property
    def material(self) -> Material:
        """The material of what is held."""
        return self.held.material

    @property
    def covers(self) -> str:
        """How much is held, in words."""
        if self.unit_id is not None:
            return str(_("the unit"))
        if self.quantity is None:
            return str(_("all of the lot"))
        return f"{self.quantity.normalize():f} {self.material.uom.symbol}"

    def get_absolute_url(self) -> str:
        return reverse("traceability:hold_detail", args=[self.pk])
