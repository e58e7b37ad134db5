"""Records: the order, its operations, the runs of people on them, and calls for help."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import TrailedModel
from mes.execution.lifecycle import ANDON, OPERATION_RUN, ORDER_OPERATION, PRODUCTION_ORDER
from traceability.models import Lot


class ProductionOrder(TrailedModel):
    """An order to make a quantity of one material by one pinned revision of its routing (ISA-95 operations request).

    A sandbox order is for trying a routing: same screens, same gates, but nothing of it reaches stock, genealogy or a
    production record.
    """

    unit_path = "material__uom"
    scope_path = "site"
    lifecycle = PRODUCTION_ORDER

    site = models.ForeignKey(
        "core_organization.Site", verbose_name=_("site"), on_delete=models.PROTECT, related_name="production_orders"
    )
    number = models.CharField(_("number"), max_length=40)
    material = models.ForeignKey(
        "traceability.Material",
        verbose_name=_("material"),
        on_delete=models.PROTECT,
        related_name="production_orders",
    )
    routing_revision = models.ForeignKey(
        "mes_routing.RoutingRevision",
        verbose_name=_("routing revision"),
        on_delete=models.PROTECT,
        related_name="production_orders",
    )
    routing_hash = models.CharField(
        _("routing digest"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the routing that the order was released with."),
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=5, help_text=_("1 is the most urgent."))
    status = PRODUCTION_ORDER.field()
    is_sandbox = models.BooleanField(_("sandbox"), default=False, editable=False)
    lot = models.OneToOneField(
        "traceability.Lot",
        verbose_name=_("finished lot"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="production_order",
    )
    rework_of = models.OneToOneField(
        "qms_nonconformance.Disposition",
        verbose_name=_("rework of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="rework_order",
        help_text=_("It makes nothing: it works on the goods of this line."),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("production order")
        verbose_name_plural = _("production orders")
        ordering = ("priority", "due_on", "number")
        constraints = (
            models.UniqueConstraint(fields=["site", "number"], name="uq_productionorder_number"),
            models.CheckConstraint(name="ck_productionorder_quantity", condition=models.Q(quantity__gt=0)),
            models.CheckConstraint(
                name="ck_productionorder_rework",
                condition=models.Q(rework_of__isnull=True) | models.Q(is_sandbox=False, lot__isnull=True),
            ),
            models.CheckConstraint(
                name="ck_productionorder_sandbox", condition=models.Q(is_sandbox=False) | models.Q(lot__isnull=True)
            ),
        )
        indexes = (models.Index(fields=["site", "status", "due_on"], name="ix_productionorder_site"),)

    def __str__(self) -> str:
        return self.number

    @property
    def lot_at_hand(self) -> Lot | None:
        """The lot that is made, or of a rework order the one that is reworked; None of a try-out."""
        if self.rework_of is None:
            return self.lot
        thing = self.rework_of.affected_item.thing
        return thing if isinstance(thing, Lot) else thing.lot

    def get_absolute_url(self) -> str:
        return reverse("mes_execution:productionorder_detail", args=[self.pk])


class OrderOperation(TrailedModel):
    """One operation of one order (ISA-95 job order), with the instruction revision that the order was released with."""

    view_permission = "mes_execution.view_productionorder"
    scope_path = "work_center"
    lifecycle = ORDER_OPERATION
    closure = Closure(
        covers=("order", "operation", "sequence", "name", "work_center", "document_revision", "explanation"),
        added=("material_explanation",),
        children=("step_records", "data_records", "consumptions", "outputs"),
        ignores={
            "status": "moved by the engine, each move has its own Transition",
            "runs": "who worked when; what was done while they did is covered, and names its run",
            "labor_entries": "times of work, permanent facts that also follow the last signature",
            "floor_notes": "remarks beside the work, permanent facts that may follow the signature",
            "andons": "calls for help are records of their own, with their own moves",
            "defect_reports": "the nonconformance that was raised has its own signatures",
        },
    )

    order = models.ForeignKey(ProductionOrder, on_delete=models.PROTECT, related_name="operations")
    operation = models.ForeignKey("mes_routing.Operation", on_delete=models.PROTECT, related_name="order_operations")
    sequence = models.PositiveIntegerField(_("sequence"))
    name = models.CharField(_("name"), max_length=160)
    work_center = models.ForeignKey(
        "core_organization.WorkCenter",
        verbose_name=_("work center"),
        on_delete=models.PROTECT,
        related_name="order_operations",
    )
    document_revision = models.ForeignKey(
        "qms_documents.DocumentRevision",
        verbose_name=_("instruction"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="order_operations",
    )
    status = ORDER_OPERATION.field()
    explanation = models.TextField(
        _("explanation"), blank=True, help_text=_("Why the operation ended with other quantities than planned.")
    )
    material_explanation = models.TextField(
        _("explanation of the components"),
        blank=True,
        help_text=_("Why the reported pieces hold fewer components than planned."),
    )

    class Meta:
        verbose_name = _("order operation")
        verbose_name_plural = _("order operations")
        ordering = ("order", "sequence")
        constraints = (models.UniqueConstraint(fields=["order", "sequence"], name="uq_orderoperation_sequence"),)
        indexes = (
            models.Index(
                fields=["work_center", "status"],
                name="ix_orderoperation_open",
                condition=~models.Q(status="completed"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.order} · {self.short_name}"

    @property
    def short_name(self) -> str:
        """How it is called where its order is known."""
        return f"{_('OP')} {self.sequence} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("mes_execution:orderoperation_detail", args=[self.pk])


class OperationRun(TrailedModel):
    """One person at work on an operation, from clocking on to clocking off. Several people may run one operation."""

    scope_path = "order_operation__work_center"
    lifecycle = OPERATION_RUN

    order_operation = models.ForeignKey(OrderOperation, on_delete=models.PROTECT, related_name="runs")
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("operator"),
        on_delete=models.PROTECT,
        related_name="operation_runs",
    )
    terminal = models.ForeignKey(
        "core_organization.Terminal",
        verbose_name=_("terminal"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    status = OPERATION_RUN.field()

    class Meta:
        verbose_name = _("operation run")
        verbose_name_plural = _("operation runs")
        ordering = ("started_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["order_operation", "operator"],
                name="uq_operationrun_open",
                condition=~models.Q(status="ended"),
            ),
        )
        indexes = (models.Index(fields=["operator"], name="ix_operationrun_open", condition=~models.Q(status="ended")),)

    def __str__(self) -> str:
        return f"{self.order_operation} · {self.operator}"


class Andon(TrailedModel):
    """A call for help from an operation, until somebody came and it was settled."""

    scope_path = "order_operation__work_center"
    lifecycle = ANDON

    class Category(models.TextChoices):
        LEAD = "lead", _("Call the lead")
        MATERIAL = "material", _("Material is missing")
        EQUIPMENT = "equipment", _("Equipment")
        QUALITY = "quality", _("Quality")
        INSTRUCTION = "instruction", _("Instruction is unclear")
        SAFETY = "safety", _("Safety")

    order_operation = models.ForeignKey(OrderOperation, on_delete=models.PROTECT, related_name="andons")
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    text = models.TextField(_("text"), blank=True)
    status = ANDON.field()
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("raised by"), on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField(_("raised at"))
    client_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("andon")
        verbose_name_plural = _("andons")
        ordering = ("-raised_at",)

    def __str__(self) -> str:
        return f"{self.get_category_display()} · {self.order_operation}"

    def get_absolute_url(self) -> str:
        return reverse("mes_execution:andon_detail", args=[self.pk])
