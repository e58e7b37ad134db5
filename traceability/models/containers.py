"""What goods are packed in, and what was put into it and taken out of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import FactModel, TrailedModel
from traceability.lifecycle import CONTAINER
from traceability.models.masters import StorageLocation
from traceability.models.stock import Lot, SerializedUnit


class CompanyPrefix(TrailedModel):
    """The GS1 company prefix of a site: what the SSCCs of its containers begin with (GS1 General Specifications 3.2).

    Without one, the containers of the site have numbers of its own only.
    """

    scope_path = "site"
    view_permission = "traceability.view_container"

    site = models.OneToOneField(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="company_prefix"
    )
    prefix = models.CharField(
        _("GS1 company prefix"), max_length=12, help_text=_("4 to 12 digits, as GS1 licensed it to your company.")
    )
    extension = models.PositiveSmallIntegerField(
        _("extension digit"), default=0, help_text=_("The first digit of the SSCC, 0 to 9; it enlarges the range.")
    )

    class Meta:
        ordering = ("site",)
        verbose_name = _("GS1 company prefix")
        verbose_name_plural = _("GS1 company prefixes")
        constraints = (models.CheckConstraint(condition=Q(extension__lte=9), name="ck_companyprefix_extension"),)

    def __str__(self) -> str:
        return self.prefix


class Container(TrailedModel):
    """What goods are packed in: a box, a pallet, a bin. Its contents are the sum of its entries.

    It lies in a storage location, or stands in another container and is where that one is.
    """

    scope_path = "site"
    lifecycle = CONTAINER

    class Kind(models.TextChoices):
        BOX = "box", _("Box")
        PALLET = "pallet", _("Pallet")
        BIN = "bin", _("Bin")
        OTHER = "other", _("Other")

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="containers"
    )
    number = models.CharField(_("number"), max_length=40)
    sscc = models.CharField(
        _("SSCC"), max_length=18, blank=True, help_text=_("Serial Shipping Container Code, GS1 AI 00.")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.BOX)
    status = CONTAINER.field()
    location = models.ForeignKey(
        StorageLocation,
        verbose_name=_("storage location"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="containers",
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("in container"), on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("container")
        verbose_name_plural = _("containers")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_container_site_number"),
            models.UniqueConstraint(fields=["sscc"], condition=~Q(sscc=""), name="uq_container_sscc"),
            models.CheckConstraint(
                condition=Q(location__isnull=False, parent__isnull=True)
                | Q(location__isnull=True, parent__isnull=False),
                name="ck_container_one_place",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="ck_container_not_in_itself"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> StorageLocation | Container | None:
        """The storage location, or the container in which it stands."""
        return self.parent or self.location

    @property
    def name(self) -> str:
        """What it is, for lists of records of several kinds."""
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("traceability:container_detail", args=[self.pk])


class ContainerEntry(FactModel):
    """A quantity of a lot, one unit, or a whole container was put into a container or taken out: who, when, where."""

    scope_path = "container__site"
    view_permission = "traceability.view_container"
    unit_path = "lot__material__uom"

    class Kind(models.TextChoices):
        PUT_IN = "in", _("Put in")
        TAKE_OUT = "out", _("Taken out")

    container = models.ForeignKey(
        Container, verbose_name=_("container"), on_delete=models.PROTECT, related_name="entries"
    )
    kind = models.CharField(_("kind"), max_length=3, choices=Kind.choices)
    lot = models.ForeignKey(
        Lot,
        verbose_name=_("lot"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="container_entries",
    )
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="container_entries",
    )
    child = models.ForeignKey(
        Container,
        verbose_name=_("container in it"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries_as_child",
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    location = models.ForeignKey(
        StorageLocation, verbose_name=_("storage location"), on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)
    client_id = models.UUIDField(null=True, blank=True, unique=True, default=None)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("container entry")
        verbose_name_plural = _("container entries")
        constraints = (
            models.CheckConstraint(
                condition=Q(lot__isnull=False, child__isnull=True)
                | Q(lot__isnull=True, child__isnull=False, unit__isnull=True, quantity=1),
                name="ck_entry_lot_or_container",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(unit__isnull=True) | Q(quantity=1)), name="ck_entry_quantity"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.goods}"

    @property
    def goods(self) -> Lot | SerializedUnit | Container | None:
        """What was put in or taken out."""
        return self.child or self.unit or self.lot
