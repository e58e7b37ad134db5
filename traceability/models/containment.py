"""Many holds placed as one, and held stock that leaves for good."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel, SourceRefMixin, TrailedModel
from traceability.lifecycle import CONTAINMENT
from traceability.models.ledgers import StockMovement
from traceability.models.masters import Material
from traceability.models.stock import Hold, Lot, SerializedUnit


class Containment(SourceRefMixin, TrailedModel):
    """Holds whatever is in a scope, and, while it is open, whatever enters the scope later (a live scope).

    Each hold names it as its source and is released on its own. Ending it stops only what it would catch from then on.
    """

    class Kind(models.TextChoices):
        CHOSEN = "chosen", _("Chosen lots and units")
        MATERIAL = "material", _("Material, made or received in a time")
        SUPPLIER = "supplier", _("Supplier's lot")
        ORDER = "order", _("Production order")
        EQUIPMENT = "equipment", _("Equipment")
        DOCUMENT = "document", _("Document revision")

    UPPER = (Kind.ORDER, Kind.EQUIPMENT, Kind.DOCUMENT)
    """Kinds whose scope is a record of an app above, which answers what was made with it (`ScopeMembers`)."""

    scope_path = "site"
    lifecycle = CONTAINMENT
    closure = Closure(
        covers=(
            "site",
            "number",
            "kind",
            "material",
            "supplier",
            "supplier_lot",
            "since",
            "until",
            "scope_type",
            "scope_id",
            "with_descendants",
            "reason",
            "placed_by",
            "source_type",
            "source_id",
        ),
        ignores={
            "status": "moves have their own signatures",
            "placed_at": "its birth says it too",
            "scope_label": "the name of the scope at that time; its type and id are covered",
            "source_label": "the source's name at that time; its type and id are covered",
        },
    )

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="containments"
    )
    number = models.CharField(_("number"), max_length=40)
    kind = models.CharField(_("scope"), max_length=12, choices=Kind.choices)
    material = models.ForeignKey(
        Material, verbose_name=_("material"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    supplier = models.ForeignKey(
        "core_organization.Partner",
        verbose_name=_("supplier"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    supplier_lot = models.CharField(_("supplier's lot number"), max_length=80, blank=True)
    since = models.DateTimeField(_("from"), null=True, blank=True)
    until = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: also what comes later, until the containment ends.")
    )
    scope_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    scope_id = models.BigIntegerField(null=True, blank=True)
    scope_label = models.TextField(_("scope"), blank=True, default="")
    with_descendants = models.BooleanField(
        _("also what it went into"), default=False, help_text=_("Holds what was and will be made of it, at any depth.")
    )
    reason = models.TextField(_("reason"))
    status = CONTAINMENT.field()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("placed by"), on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(_("placed at"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("containment")
        verbose_name_plural = _("containments")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_containment_site_number"),
            models.CheckConstraint(
                condition=(
                    Q(kind="chosen")
                    | Q(kind="material", material__isnull=False)
                    | (Q(kind="supplier") & ~Q(supplier_lot=""))
                    | Q(kind__in=["order", "equipment", "document"], scope_type__isnull=False, scope_id__isnull=False)
                ),
                name="ck_containment_scope",
            ),
        )
        indexes = (models.Index(fields=["site"], condition=Q(status="open"), name="ix_containment_open"),)

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("traceability:containment_detail", args=[self.pk])

    @property
    def scope_record(self) -> models.Model | None:
        """The record of an app above that the scope is, or None."""
        model = self.scope_type.model_class() if self.scope_type_id and self.scope_type else None
        return None if model is None else model._base_manager.filter(pk=self.scope_id).first()


class StockRemoval(FactModel):
    """What a hold covers left for good by a signed decision: destroyed, or sent back to its supplier.

    PostgreSQL lets its movement pass although it is held, and closes the way back.
    """

    scope_path = "lot__site"
    view_permission = "traceability.view_hold"
    unit_path = "lot__material__uom"

    class Kind(models.TextChoices):
        DESTROYED = "destroyed", _("Destroyed")
        RETURNED = "returned", _("Returned to the supplier")

    closure = Closure(
        covers=("kind", "hold", "lot", "unit", "quantity", "reason"),
        ignores={
            "client_id": "tells repeated requests apart, says nothing about what was decided",
            "stamped_at": "the fact cannot change; PostgreSQL stamps it",
            "stamped_txid": "the fact cannot change; PostgreSQL stamps it",
            "stamped_session_user": "the fact cannot change; PostgreSQL stamps it",
            "stamped_client": "the fact cannot change; PostgreSQL stamps it",
            "stamped_source": "the fact cannot change; PostgreSQL stamps it",
        },
    )

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    hold = models.ForeignKey(Hold, verbose_name=_("hold"), on_delete=models.PROTECT, related_name="removals")
    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        SerializedUnit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    reason = models.TextField(_("reason"))
    client_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("removal of held stock")
        verbose_name_plural = _("removals of held stock")
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(unit__isnull=True) | Q(quantity=1)), name="ck_stockremoval_quantity"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit or self.lot}"

    def get_absolute_url(self) -> str:
        return self.hold.get_absolute_url()

    @property
    def movement(self) -> StockMovement | None:
        """What took it out of the stock; it names the removal as its source."""
        kind = ContentType.objects.get_for_model(StockRemoval)
        return StockMovement.objects.filter(source_type=kind, source_id=self.pk).first()
