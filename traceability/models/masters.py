"""Definitions: what a site may make, buy and store, in which unit, of what, and where."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.constraints import AtMostOne
from core.kernel.records import GLOBAL, TrailedModel
from traceability.lifecycle import MATERIAL_REVISION
from traceability.models.spelling import spelled

MIRRORED = {"origin": "which system the record came from", "external_id": "its key in that system"}
"""Columns of imported records that no signature covers, with the reason."""


class ImportedMixin(models.Model):
    """A record that another system may own: which one, and its key there."""

    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        abstract = True

    @property
    def other_key(self) -> str:
        """The other system and the key there, in one line; empty for what was made here."""
        return f"{self.origin} {self.external_id}".strip()


class UnitOfMeasure(ImportedMixin, TrailedModel):
    """A unit of measure of the plant; `pint_unit` names the physical unit it stands for, if it stands for one.

    With `whole_only` it counts pieces: half a piece is neither booked, ordered, reported nor disposed of.
    """

    view_permission = "traceability.view_material"
    scope_path = GLOBAL

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=80)
    pint_unit = models.CharField(
        _("physical unit"),
        max_length=60,
        blank=True,
        help_text=_("Such as kg, mm, m² or N·m. Empty: it converts into nothing (box, roll, each)."),
    )
    whole_only = models.BooleanField(
        _("counts whole pieces"), default=False, help_text=_("Quantities in it have no decimals, such as each or box.")
    )

    class Meta:
        ordering = ("code",)
        verbose_name = _("unit of measure")
        verbose_name_plural = _("units of measure")

    def __str__(self) -> str:
        return self.symbol

    @property
    def symbol(self) -> str:
        """What stands behind a number: the symbol of the physical unit, or the code of a unit of the plant's own."""
        return spelled(self.pint_unit) or self.code

    def get_absolute_url(self) -> str:
        return reverse("traceability:unitofmeasure_detail", args=[self.pk])


class Material(ImportedMixin, TrailedModel):
    """What can be made, bought, stored and used (ISA-95 Material Definition)."""

    scope_path = GLOBAL

    class Kind(models.TextChoices):
        COMPONENT = "component", _("Component")
        ASSEMBLY = "assembly", _("Assembly")
        PRODUCT = "product", _("Product")

    class Tracking(models.TextChoices):
        LOT = "lot", _("By lot")
        SERIAL = "serial", _("By serial number")
        NONE = "none", _("Not tracked")

    class ShelfLifeRule(models.TextChoices):
        FIXED = "fixed", _("From the day it is made or received")
        COMPONENTS = "components", _("No longer than anything that goes into it")
        LABEL = "label", _("As its label says on receipt")

    number = models.CharField(_("number"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.COMPONENT)
    uom = models.ForeignKey(UnitOfMeasure, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    tracking = models.CharField(_("tracking"), max_length=8, choices=Tracking.choices, default=Tracking.LOT)
    shelf_life_days = models.PositiveIntegerField(_("shelf life, days"), null=True, blank=True)
    shelf_life_rule = models.CharField(
        _("how long it keeps"),
        max_length=10,
        choices=ShelfLifeRule.choices,
        default=ShelfLifeRule.FIXED,
        db_default=ShelfLifeRule.FIXED,
    )
    retest_days = models.PositiveIntegerField(_("retest after, days"), null=True, blank=True)
    open_life_days = models.PositiveIntegerField(_("usable once opened, days"), null=True, blank=True)
    gtin = models.CharField(
        _("GTIN"), max_length=14, blank=True, help_text=_("GS1 number of the trade item, written with 14 digits.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("number",)
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = (models.UniqueConstraint(fields=["gtin"], condition=~Q(gtin=""), name="uq_material_gtin"),)
        indexes = (models.Index(fields=["external_id"], name="ix_material_external_id"),)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("traceability:material_detail", args=[self.pk])


class MaterialRevision(ImportedMixin, TrailedModel):
    """One revision of a material's definition. At most one is effective, which PostgreSQL keeps (guarantee 5)."""

    view_permission = "traceability.view_material"
    scope_path = GLOBAL
    lifecycle = MATERIAL_REVISION
    closure = Closure(
        covers=("material", "revision", "description"),
        ignores={
            "status": "moves have their own signatures",
            "lots": "what was made or bought by the revision, each a record of its own",
            "use_up_until": "decided after the revision was signed; the trail says by whom",
            **MIRRORED,
        },
    )

    material = models.ForeignKey(
        Material, verbose_name=_("material"), on_delete=models.PROTECT, related_name="revisions"
    )
    revision = models.CharField(_("revision"), max_length=24)
    description = models.TextField(_("what changed"), blank=True)
    status = MATERIAL_REVISION.field()
    use_up_until = models.DateField(
        _("may be used up until"),
        null=True,
        blank=True,
        help_text=_("Lots of this revision may still be used after it was superseded, up to and including this day."),
    )

    class Meta:
        ordering = ("material", "-id")
        verbose_name = _("material revision")
        verbose_name_plural = _("material revisions")
        constraints = (
            models.UniqueConstraint(fields=["material", "revision"], name="uq_matrev_material_revision"),
            AtMostOne(name="uq_matrev_one_effective", field="material", condition=Q(status="effective")),
        )

    def __str__(self) -> str:
        return f"{self.material.number} {self.revision}"

    def get_absolute_url(self) -> str:
        return self.material.get_absolute_url()


class BillOfMaterial(ImportedMixin, TrailedModel):
    """What an assembly is made of. One bill per material is active; its lines carry their own dates."""

    view_permission = "traceability.view_material"
    scope_path = GLOBAL

    material = models.ForeignKey(
        Material, verbose_name=_("assembly"), on_delete=models.PROTECT, related_name="bills_of_material"
    )
    code = models.CharField(_("code"), max_length=40, default="1")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("material", "code")
        verbose_name = _("bill of material")
        verbose_name_plural = _("bills of material")
        constraints = (
            models.UniqueConstraint(fields=["material", "code"], name="uq_bom_material_code"),
            models.UniqueConstraint(fields=["material"], condition=Q(is_active=True), name="uq_bom_one_active"),
        )

    def __str__(self) -> str:
        return f"{self.material.number} · {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("traceability:billofmaterial_detail", args=[self.pk])


class BillOfMaterialLine(ImportedMixin, TrailedModel):
    """So much of a component per one piece of the assembly, from a day until and including another.

    `level` is what the origin said about the depth; our own depth is computed (queries.explode).
    """

    scope_path = GLOBAL

    bom = models.ForeignKey(BillOfMaterial, on_delete=models.PROTECT, related_name="lines")
    component = models.ForeignKey(
        Material, verbose_name=_("component"), on_delete=models.PROTECT, related_name="used_in"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    uom = models.ForeignKey(UnitOfMeasure, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("level at origin"), null=True, blank=True)

    class Meta:
        ordering = ("bom", "id")
        verbose_name = _("bill of material line")
        verbose_name_plural = _("bill of material lines")
        constraints = (
            models.UniqueConstraint(fields=["bom", "component", "valid_from"], name="uq_bomline_component_from"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ck_bomline_quantity"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="ck_bomline_dates"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f} × {self.component.number}"


class StorageLocation(ImportedMixin, TrailedModel):
    """A place at a site where stock lies."""

    scope_path = "site"

    class Kind(models.TextChoices):
        STOCK = "stock", _("Stock")
        QUARANTINE = "quarantine", _("Quarantine")
        RELEASED = "released", _("Released goods")
        PRODUCTION = "production", _("Production")
        SCRAP = "scrap", _("Scrap")
        SHIPPED = "shipped", _("Shipped")

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="storage_locations"
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.STOCK)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("storage location")
        verbose_name_plural = _("storage locations")
        constraints = (models.UniqueConstraint(fields=["site", "code"], name="uq_storagelocation_site_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("traceability:storagelocation_detail", args=[self.pk])
