"""What does not conform, how much of what it affects, and what is decided about each quantity."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import GLOBAL, SourceRefMixin, TrailedModel
from qms.nonconformance.lifecycle import DISPOSITION, NONCONFORMANCE
from traceability.models import Hold, Lot, Material, SerializedUnit, StockMovement, UnitOfMeasure


class Severity(models.TextChoices):
    """How bad it is for the product and for whoever relies on it."""

    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")


class DefectCode(TrailedModel):
    """One word of the plant's vocabulary of defects; codes may stand below a broader one."""

    scope_path = GLOBAL

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    severity = models.CharField(_("usual severity"), max_length=12, choices=Severity.choices, default=Severity.MINOR)
    parent = models.ForeignKey(
        "self", verbose_name=_("broader code"), on_delete=models.PROTECT, null=True, blank=True, related_name="narrower"
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("defect code")
        verbose_name_plural = _("defect codes")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("qms_nonconformance:defectcode_change", args=[self.pk])


class NonConformance(SourceRefMixin, TrailedModel):
    """A product or a process that does not conform.

    `context` is what was true where and when it was found (operation, station, operator, instruction revision, measured
    value and limits, lots); it is written once. `source` names the record that it was raised from.
    """

    scope_path = "site"
    lifecycle = NONCONFORMANCE
    closure = Closure(
        covers=(
            "kind",
            "number",
            "site",
            "title",
            "description",
            "severity",
            "defect_code",
            "context",
            "source_type",
            "source_id",
            "reported_by",
            "reported_at",
            "recurrence",
            "recurrence_of",
            "recurrence_note",
            "cause",
        ),
        children=("items",),
        ignores={
            "status": "moves have their own signatures",
            "source_label": "the source's name at that time; its type and id are covered",
            "owner": "who works on it is no statement about the product",
            "due_at": "a date of the work, not of the product",
            "recurrences": "later nonconformances that name this one; each names it in its own closure",
        },
        attachments=True,
    )

    class Kind(models.TextChoices):
        NONCONFORMANCE = "nonconformance", _("Nonconformance")
        DEVIATION = "deviation", _("Deviation")

    class Recurrence(models.TextChoices):
        UNANSWERED = "", _("Not answered")
        FIRST = "no", _("No, it is new")
        AGAIN = "yes", _("Yes, it has happened before")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.NONCONFORMANCE)
    number = models.CharField(_("number"), max_length=24)
    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="nonconformances"
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what was found"), blank=True)
    severity = models.CharField(_("severity"), max_length=12, choices=Severity.choices)
    defect_code = models.ForeignKey(
        DefectCode,
        verbose_name=_("defect code"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nonconformances",
    )
    context = models.JSONField(_("circumstances"), default=dict, blank=True, editable=False)
    status = NONCONFORMANCE.field()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    due_at = models.DateTimeField(_("to be closed by"), null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reported by"), on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField(_("reported at"))
    recurrence = models.CharField(
        _("has this happened before?"), max_length=3, choices=Recurrence.choices, blank=True, default=""
    )
    recurrence_of = models.ForeignKey(
        "self",
        verbose_name=_("recurrence of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recurrences",
    )
    recurrence_note = models.TextField(_("how this was judged"), blank=True)
    cause = models.TextField(_("cause"), blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("nonconformance")
        verbose_name_plural = _("nonconformances")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_nonconformance_number"),
            models.CheckConstraint(
                name="ck_nonconf_recurrence", condition=Q(recurrence="yes") | Q(recurrence_of__isnull=True)
            ),
        )
        indexes = (
            models.Index(
                fields=["site", "due_at"],
                condition=~Q(status__in=("closed", "cancelled")),
                name="ix_nonconformance_open",
            ),
            models.Index(fields=["defect_code", "reported_at"], name="ix_nonconformance_defect"),
            models.Index(fields=["source_type", "source_id"], name="ix_nonconformance_source"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("qms_nonconformance:nonconformance_detail", args=[self.pk])


class AffectedItem(TrailedModel):
    """A quantity of a lot, or one unit, that a nonconformance affects, and the hold that now stands for it.

    Without a quantity all of the lot is held until somebody has counted.
    """

    view_permission = "qms_nonconformance.view_nonconformance"
    scope_path = "nonconformance"
    closure = Closure(
        covers=("nonconformance", "lot", "unit", "quantity", "uom"),
        children=("dispositions",),
        ignores={"hold": "follows the approved dispositions; every hold is a record of its own"},
    )

    nonconformance = models.ForeignKey(NonConformance, on_delete=models.PROTECT, related_name="items")
    lot = models.ForeignKey(
        Lot, verbose_name=_("lot"), on_delete=models.PROTECT, null=True, blank=True, related_name="affected_items"
    )
    unit = models.ForeignKey(
        SerializedUnit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="affected_items",
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6, null=True, blank=True)
    uom = models.ForeignKey(
        UnitOfMeasure, verbose_name=_("unit of measure"), on_delete=models.PROTECT, related_name="+"
    )
    hold = models.ForeignKey(
        Hold, verbose_name=_("hold"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("affected item")
        verbose_name_plural = _("affected items")
        constraints = (
            models.CheckConstraint(
                name="ck_affecteditem_lot_or_unit",
                condition=Q(lot__isnull=False, unit__isnull=True) | Q(lot__isnull=True, unit__isnull=False),
            ),
            models.CheckConstraint(
                name="ck_affecteditem_quantity", condition=Q(quantity__isnull=True) | Q(quantity__gt=0)
            ),
            models.CheckConstraint(name="ck_affecteditem_unit_is_one", condition=Q(unit__isnull=True) | Q(quantity=1)),
            models.UniqueConstraint(
                fields=["nonconformance", "lot"], condition=Q(lot__isnull=False), name="uq_affecteditem_lot"
            ),
            models.UniqueConstraint(
                fields=["nonconformance", "unit"], condition=Q(unit__isnull=False), name="uq_affecteditem_unit"
            ),
        )

    def __str__(self) -> str:
        return str(self.thing)

    def get_absolute_url(self) -> str:
        return self.nonconformance.get_absolute_url()

    @property
    def thing(self) -> Lot | SerializedUnit:
        """The lot or the unit."""
        found = self.lot if self.lot_id is not None else self.unit
        if found is None:
            raise ValueError("an affected item names a lot or a unit")
        return found

    @property
    def material(self) -> Material:
        """What it is made of, by definition."""
        return self.thing.material


class Disposition(TrailedModel):
    """What is decided about a part of an affected quantity, by whom proposed, and what it set free or scrapped."""

    view_permission = "qms_nonconformance.view_nonconformance"
    unit_path = "affected_item__uom"
    scope_path = "affected_item"
    lifecycle = DISPOSITION
    closure = Closure(
        covers=("affected_item", "kind", "quantity", "justification", "proposed_by", "proposed_at"),
        ignores={
            "status": "moves have their own signatures",
            "hold": "the hold that the approval lifted, a record of its own",
            "movement": "the fact that the approval booked",
        },
    )

    class Kind(models.TextChoices):
        USE_AS_IS = "use_as_is", _("Use as is")
        REWORK = "rework", _("Rework")
        REPAIR = "repair", _("Repair")
        SCRAP = "scrap", _("Scrap")
        RETURN_TO_SUPPLIER = "return_to_supplier", _("Return to supplier")

    affected_item = models.ForeignKey(AffectedItem, on_delete=models.PROTECT, related_name="dispositions")
    kind = models.CharField(_("disposition"), max_length=20, choices=Kind.choices)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    justification = models.TextField(_("justification"))
    status = DISPOSITION.field()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    hold = models.ForeignKey(
        Hold,
        verbose_name=_("lifted hold"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    movement = models.ForeignKey(
        StockMovement,
        verbose_name=_("stock movement"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        constraints = (models.CheckConstraint(name="ck_disposition_quantity", condition=Q(quantity__gt=0)),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {shown(self.quantity)}"

    def get_absolute_url(self) -> str:
        return self.affected_item.get_absolute_url()

    @property
    def nonconformance(self) -> NonConformance:
        """The nonconformance that it is part of."""
        return self.affected_item.nonconformance


def shown(quantity: Decimal) -> str:
    """A quantity without trailing zeros."""
    return f"{quantity.normalize():f}"
