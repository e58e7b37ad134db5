"""The two ledgers of facts: how stock moved, and what went into what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, SourceRefMixin
from traceability.models.masters import StorageLocation, UnitOfMeasure
from traceability.models.stock import Lot, SerializedUnit


def _exactly_one(first: str, second: str) -> Q:
    return Q(**{f"{first}__isnull": False, f"{second}__isnull": True}) | Q(
        **{f"{first}__isnull": True, f"{second}__isnull": False}
    )


class StockMovement(SourceRefMixin, FactModel):
    """A quantity of a lot came, went or changed place, in the material's own unit of measure.

    A mistake is put right by a movement in the opposite direction that names it in `reverses`, once.
    """

    scope_path = "lot__site"

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        ISSUE = "issue", _("Issue")
        PRODUCE = "produce", _("Production")
        MOVE = "move", _("Move")
        SCRAP = "scrap", _("Scrap")
        ADJUST = "adjust", _("Adjustment")
        RETURN = "return", _("Return")
        SPLIT = "split", _("Split")
        MERGE = "merge", _("Merge")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    uom = models.ForeignKey(
        UnitOfMeasure, verbose_name=_("unit of measure"), on_delete=models.PROTECT, related_name="+"
    )
    from_location = models.ForeignKey(
        StorageLocation, verbose_name=_("from"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_location = models.ForeignKey(
        StorageLocation, verbose_name=_("to"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("note"), blank=True)
    client_id = models.UUIDField(null=True, blank=True, unique=True)
    reverses = models.OneToOneField(
        "self", verbose_name=_("reverses"), on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ck_movement_quantity"),
            models.CheckConstraint(
                condition=(
                    Q(
                        kind__in=["receipt", "produce", "return"],
                        from_location__isnull=True,
                        to_location__isnull=False,
                    )
                    | Q(kind__in=["issue", "scrap"], from_location__isnull=False, to_location__isnull=True)
                    | Q(kind="move", from_location__isnull=False, to_location__isnull=False)
                    | (Q(kind__in=["adjust", "split", "merge"]) & _exactly_one("from_location", "to_location"))
                ),
                name="ck_movement_places",
            ),
        )
        indexes = (
            models.Index(fields=["lot"], include=["quantity", "from_location", "to_location"], name="ix_movement_lot"),
            models.Index(
                fields=["source_id"], condition=Q(kind__in=["split", "merge"]), name="ix_movement_transformation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity.normalize():f}"


class GenealogyLink(SourceRefMixin, FactModel):
    """So much of a parent lot or unit went into a child lot or unit (parent = what was used, child = what was made).

    A link that was a mistake is taken back by one that names it in `reverses`; both then count for nothing.
    """

    scope_path = "site"

    site = models.ForeignKey("core_organization.Site", on_delete=models.PROTECT, related_name="+")
    parent_lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="links_to_children", db_index=False
    )
    parent_unit = models.ForeignKey(
        SerializedUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="links_to_children",
        db_index=False,
    )
    child_lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="links_to_parents", db_index=False
    )
    child_unit = models.ForeignKey(
        SerializedUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="links_to_parents", db_index=False
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    uom = models.ForeignKey(
        UnitOfMeasure, verbose_name=_("unit of measure"), on_delete=models.PROTECT, related_name="+"
    )
    reverses = models.OneToOneField(
        "self", verbose_name=_("reverses"), on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("genealogy link")
        verbose_name_plural = _("genealogy links")
        constraints = (
            models.CheckConstraint(condition=_exactly_one("parent_lot", "parent_unit"), name="ck_link_one_parent"),
            models.CheckConstraint(condition=_exactly_one("child_lot", "child_unit"), name="ck_link_one_child"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ck_link_quantity"),
        )
        # A step of a trace reads the index alone: what lies beyond, which link that is, and whether it takes one back.
        indexes = (
            *(
                models.Index(
                    fields=[side],
                    include=[
                        *(f"{'child' if side.startswith('parent') else 'parent'}_{what}" for what in ("lot", "unit")),
                        "id",
                        "reverses",
                    ],
                    condition=Q(**{f"{side}__isnull": False}),
                    name=f"ix_link_{side}",
                )
                for side in ("parent_lot", "parent_unit", "child_lot", "child_unit")
            ),
            # Few links are taken back: whether one was is asked at every step, in an index that stays small.
            models.Index(fields=["reverses"], condition=Q(reverses__isnull=False), name="ix_link_reverses"),
        )

    def __str__(self) -> str:
        parent, child = self.parent_lot or self.parent_unit, self.child_lot or self.child_unit
        return f"{parent} → {child}"
