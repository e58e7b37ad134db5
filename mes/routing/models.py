"""How a material is made: routings, their revisions, operations, what each operation consumes and requires."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.constraints import AtMostOne
from core.kernel.records import GLOBAL, TrailedModel
from core.signing.lifecycle import MEANINGS, TRAINING_MEANINGS
from mes.routing.lifecycle import ROUTING_REVISION


class ScrapReason(TrailedModel):
    """Why pieces were scrapped; chosen by the operator when reporting output."""

    scope_path = GLOBAL

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Only active reasons are offered at the terminal.")
    )
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("scrap reason")
        verbose_name_plural = _("scrap reasons")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("mes_routing:scrapreason_edit", args=[self.pk])


class Routing(TrailedModel):
    """The way one material is made at one site; its content lives in revisions."""

    scope_path = "site"

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="routings"
    )
    material = models.ForeignKey(
        "traceability.Material", verbose_name=_("material"), on_delete=models.PROTECT, related_name="routings"
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=160)
    is_rework = models.BooleanField(
        _("for rework"),
        default=False,
        help_text=_("Nonconforming goods are reworked by it; its last operation is their re-inspection."),
    )

    class Meta:
        ordering = ("code",)
        verbose_name = _("routing")
        verbose_name_plural = _("routings")
        constraints = (models.UniqueConstraint(fields=["site", "code"], name="uq_routing_site_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("mes_routing:routing_detail", args=[self.pk])


class RoutingRevision(TrailedModel):
    """One version of a routing. Only a draft is edited; `content_hash` is pinned when a second person approves."""

    view_permission = "mes_routing.view_routing"
    scope_path = "routing__site"
    lifecycle = ROUTING_REVISION
    closure = Closure(
        covers=("routing", "revision", "author", "change_summary"),
        children=("operations", "omitted_materials"),
        ignores={
            "status": "moves after signing by design; each move has its own Transition",
            "content_hash": "the digest of this very content, pinned at approval",
            "approved_at": "when the last signature was given; the signature carries its own time",
            "effective_from": "known only after approval",
        },
    )

    routing = models.ForeignKey(Routing, verbose_name=_("routing"), on_delete=models.PROTECT, related_name="revisions")
    revision = models.CharField(_("revision"), max_length=12)
    status = ROUTING_REVISION.field()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    change_summary = models.TextField(
        _("what changed and why"), blank=True, help_text=_("Read by the approver and shown in the list of revisions.")
    )
    content_hash = models.CharField(_("content digest"), max_length=64, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("routing", "-id")
        verbose_name = _("routing revision")
        verbose_name_plural = _("routing revisions")
        constraints = (
            models.UniqueConstraint(fields=["routing", "revision"], name="uq_routingrevision_revision"),
            AtMostOne(name="uq_routingrevision_effective", field="routing", condition=Q(status="effective")),
            models.UniqueConstraint(
                fields=["routing"],
                condition=Q(status__in=["draft", "in_review", "approved"]),
                name="uq_routingrevision_open",
                violation_error_message=_("This routing already has a revision in work."),
            ),
            models.CheckConstraint(
                name="ck_routingrevision_pinned",
                condition=~Q(status__in=["effective", "superseded"]) | ~Q(content_hash=""),
            ),
        )

    def __str__(self) -> str:
        return _("%(code)s revision %(revision)s") % {"code": self.routing.code, "revision": self.revision}

    def get_absolute_url(self) -> str:
        return reverse("mes_routing:routingrevision_detail", args=[self.pk])


class Operation(TrailedModel):
    """One step of the way at one work center. Operations run in the order of `sequence`; equal numbers do not occur."""

    view_permission = "mes_routing.view_routing"
    scope_path = "routing_revision__routing__site"
    closure = Closure(
        covers=(
            "sequence",
            "name",
            "work_center",
            "document",
            "yields_unit",
            "overlap_allowed",
            "setup_minutes",
            "run_minutes",
        ),
        children=("materials", "requirements"),
        ignores={"routing_revision": "the parent that takes this row along"},
    )

    routing_revision = models.ForeignKey(RoutingRevision, on_delete=models.CASCADE, related_name="operations")
    sequence = models.PositiveIntegerField(_("sequence"))
    name = models.CharField(_("name"), max_length=120)
    work_center = models.ForeignKey(
        "core_organization.WorkCenter",
        verbose_name=_("work center"),
        on_delete=models.PROTECT,
        related_name="operations",
        null=True,
        blank=True,
        help_text=_("Needed before the revision can be submitted."),
    )
    document = models.ForeignKey(
        "qms_documents.Document",
        verbose_name=_("instruction document"),
        on_delete=models.PROTECT,
        related_name="operations",
        null=True,
        blank=True,
        help_text=_("The revision that is effective when an order is released is what the operator reads."),
    )
    yields_unit = models.BooleanField(
        _("finishes units"), default=False, editable=False, help_text=_("The last operation finishes the units.")
    )
    overlap_allowed = models.BooleanField(
        _("may overlap"),
        default=False,
        help_text=_("May start before every earlier operation has been completed."),
    )
    setup_minutes = models.DecimalField(_("setup, minutes"), max_digits=10, decimal_places=2, default=Decimal(0))
    run_minutes = models.DecimalField(_("run per piece, minutes"), max_digits=10, decimal_places=2, default=Decimal(0))

    class Meta:
        ordering = ("sequence",)
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        constraints = (
            models.UniqueConstraint(
                fields=["routing_revision", "sequence"],
                name="uq_operation_sequence",
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="ck_operation_minutes", condition=Q(setup_minutes__gte=0, run_minutes__gte=0)),
        )

    def __str__(self) -> str:
        return f"{_('OP')} {self.sequence} {self.name}"

    def get_absolute_url(self) -> str:
        return f"{reverse('mes_routing:routingrevision_detail', args=[self.routing_revision_id])}#operation-{self.pk}"


class OperationMaterial(TrailedModel):
    """What one operation consumes per finished piece: a BOM line or a part of it, or a material beside the BOM."""

    scope_path = "operation__routing_revision__routing__site"
    closure = Closure(
        covers=("material", "bom_line", "quantity", "uom"),
        ignores={"operation": "the parent that takes this row along"},
    )

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="materials")
    material = models.ForeignKey(
        "traceability.Material", verbose_name=_("material"), on_delete=models.PROTECT, related_name="+"
    )
    bom_line = models.ForeignKey(
        "traceability.BillOfMaterialLine",
        verbose_name=_("BOM line"),
        on_delete=models.PROTECT,
        related_name="operation_materials",
        null=True,
        blank=True,
    )
    quantity = models.DecimalField(_("quantity per piece"), max_digits=18, decimal_places=6)
    uom = models.ForeignKey(
        "traceability.UnitOfMeasure", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("material__number", "id")
        verbose_name = _("material of an operation")
        verbose_name_plural = _("materials of an operation")
        constraints = (
            models.UniqueConstraint(
                fields=["operation", "material", "bom_line"], name="uq_operationmaterial", nulls_distinct=False
            ),
            models.CheckConstraint(name="ck_operationmaterial_quantity", condition=Q(quantity__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.material.number} × {self.quantity.normalize():f} {self.uom.symbol}"


class OmittedMaterial(TrailedModel):
    """A BOM line that this routing does not consume on purpose, with the reason (back-flushed, packed elsewhere …)."""

    scope_path = "routing_revision__routing__site"
    closure = Closure(
        covers=("bom_line", "reason"), ignores={"routing_revision": "the parent that takes this row along"}
    )

    routing_revision = models.ForeignKey(RoutingRevision, on_delete=models.CASCADE, related_name="omitted_materials")
    bom_line = models.ForeignKey(
        "traceability.BillOfMaterialLine",
        verbose_name=_("BOM line"),
        on_delete=models.PROTECT,
        related_name="omitted_materials",
    )
    reason = models.CharField(_("why it is not used"), max_length=240)

    class Meta:
        ordering = ("bom_line__component__number", "id")
        verbose_name = _("BOM line not used")
        verbose_name_plural = _("BOM lines not used")
        constraints = (
            models.UniqueConstraint(fields=["routing_revision", "bom_line"], name="uq_omittedmaterial_line"),
            models.CheckConstraint(name="ck_omittedmaterial_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.bom_line}: {self.reason}"


class OperationRequirement(TrailedModel):
    """What must be true of people and equipment at an operation: a qualification, a signature, a class of equipment."""

    class Kind(models.TextChoices):
        QUALIFICATION = "qualification", _("Qualification")
        SIGNATURE = "signature", _("Signature")
        EQUIPMENT_CLASS = "equipment_class", _("Equipment")

    scope_path = "operation__routing_revision__routing__site"
    closure = Closure(
        covers=("kind", "curriculum", "meaning", "equipment_class", "witness"),
        ignores={"operation": "the parent that takes this row along"},
    )

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="requirements")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    curriculum = models.ForeignKey(
        "qms_training.Curriculum",
        verbose_name=_("qualification"),
        on_delete=models.PROTECT,
        related_name="operation_requirements",
        null=True,
        blank=True,
    )
    meaning = models.CharField(
        _("meaning of the signature"),
        max_length=24,
        blank=True,
        choices=[(code, word) for code, word in MEANINGS.items() if code not in TRAINING_MEANINGS],
    )
    equipment_class = models.ForeignKey(
        "core_organization.EquipmentClass",
        verbose_name=_("equipment class"),
        on_delete=models.PROTECT,
        related_name="operation_requirements",
        null=True,
        blank=True,
    )
    witness = models.BooleanField(
        _("by a second person"),
        default=False,
        help_text=_("Signed by somebody other than the person who did the work."),
    )

    class Meta:
        ordering = ("kind", "id")
        verbose_name = _("requirement of an operation")
        verbose_name_plural = _("requirements of an operation")
        constraints = (
            models.CheckConstraint(
                name="ck_operationrequirement_kind",
                condition=(
                    Q(kind="qualification", curriculum__isnull=False, equipment_class__isnull=True, meaning="")
                    | Q(kind="equipment_class", equipment_class__isnull=False, curriculum__isnull=True, meaning="")
                    | Q(kind="signature", curriculum__isnull=True, equipment_class__isnull=True) & ~Q(meaning="")
                ),
            ),
            models.CheckConstraint(
                name="ck_operationrequirement_wit", condition=Q(witness=False) | Q(kind="signature")
            ),
            models.UniqueConstraint(
                fields=["operation", "kind", "curriculum", "meaning", "equipment_class", "witness"],
                name="uq_operationrequirement",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.curriculum or self.equipment_class or self.meaning}"
