"""What does not conform, how much of what it affects, and what is decided about each quantity."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import SourceRefMixin, TrailedModel
from qms.capa.models import Capa
from qms.nonconformance.lifecycle import DISPOSITION, NONCONFORMANCE
from qms.nonconformance.models.codes import CauseCategory, DefectCode, FoundAt, Severity
from traceability.models import Hold, Lot, Material, SerializedUnit, StockMovement, UnitOfMeasure

FULL_TEXT = "simple"
"""The search configuration of similar records: words as they are, in any language."""


class CapaDecision(models.TextChoices):
    """What was decided about a corrective action, with a rationale; the CAPA is a record of its own, named here."""

    RAISE = "raise", _("A CAPA is raised")
    NOT_NEEDED = "not_needed", _("No CAPA is needed")


class NonConformance(SourceRefMixin, TrailedModel):
    """A product or a process that does not conform.

    `context` is what was true where and when it was found (operation, station, operator, instruction revision, measured
    value and limits, lots); it is written once. `source` names the record that it was raised from.
    """

    scope_path = "site"
    ladder_severity = "severity"
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
        added=(
            "detection_point",
            "escape_point",
            "cause_category",
            "capa_decision",
            "capa_rationale",
            "merged_into",
            "capa",
            "contained_at",
        ),
        children=("items",),
        ignores={
            "status": "moves have their own signatures",
            "source_label": "the source's name at that time; its type and id are covered",
            "owner": "who works on it is no statement about the product",
            "due_at": "a date of the work, not of the product",
            "recurrences": "later nonconformances that name this one; each names it in its own closure",
            "duplicates": "records that were merged into this one; each names it in its own closure",
            "contain_by": "a date of the work, not of the product",
            "containment_checks": "each is recorded with who answered it, and nothing is decided before all are",
            "other_lots": "each answer is recorded with who gave it, and nothing closes before all are given",
            "concessions": "each is a fact that the signed disposition wrote",
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
    contain_by = models.DateTimeField(_("to be contained by"), null=True, blank=True, editable=False)
    contained_at = models.DateTimeField(_("contained at"), null=True, blank=True, editable=False)
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
    detection_point = models.CharField(
        _("found at"), max_length=12, choices=FoundAt.choices, blank=True, default="", help_text=_("Where it showed.")
    )
    escape_point = models.CharField(
        _("escaped at"),
        max_length=12,
        choices=FoundAt.choices,
        blank=True,
        default="",
        help_text=_("The last place before that could have found it and did not."),
    )
    cause_category = models.CharField(
        _("kind of cause"), max_length=12, choices=CauseCategory.choices, blank=True, default=""
    )
    capa_decision = models.CharField(
        _("is a CAPA needed?"), max_length=12, choices=CapaDecision.choices, blank=True, default=""
    )
    capa_rationale = models.TextField(_("why so"), blank=True, default="")
    capa = models.ForeignKey(
        Capa, verbose_name=_("CAPA"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
    )

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
            GinIndex(SearchVector("title", "description", config=FULL_TEXT), name="ix_nonconformance_words"),
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
        added=("route_id", "route_label"),
        ignores={
            "status": "moves have their own signatures",
            "hold": "the hold that the approval lifted, a record of its own",
            "votes": "each vote of the board is a fact with a signature of its own",
            "concession": "the fact that the signed line wrote",
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
    route_id = models.BigIntegerField(_("routing for rework"), null=True, blank=True, editable=False)
    route_label = models.CharField(_("routing for rework, by name"), max_length=240, blank=True, default="")
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
