"""Facts: steps done, values recorded, material consumed, output, time worked. Corrected only by newer facts."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import STAMP_COLUMNS, FactModel
from mes.execution.models.orders import OperationRun, OrderOperation

STAMPS = {column.removesuffix("_id"): "the fact cannot change; PostgreSQL stamps it" for column in STAMP_COLUMNS} | {
    "client_id": "tells repeated requests apart, says nothing about the work"
}
REVERSED = {"reversed_by": "a later correction is a fact of its own; the signed one stays what it was"}


class OperationFact(FactModel):
    """A fact recorded while somebody ran an operation; `client_id` makes a repeated request harmless."""

    scope_path = "order_operation__work_center"

    client_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        abstract = True


class StepRecord(OperationFact):
    """An instruction step was done, or (`done` false) is open again."""

    closure = Closure(covers=("order_operation", "run", "step", "done"), ignores=STAMPS)

    order_operation = models.ForeignKey(OrderOperation, on_delete=models.PROTECT, related_name="step_records")
    run = models.ForeignKey(OperationRun, on_delete=models.PROTECT, related_name="step_records")
    step = models.ForeignKey("mes_instructions.InstructionStep", on_delete=models.PROTECT, related_name="+")
    done = models.BooleanField(_("done"), default=True)

    class Meta:
        verbose_name = _("step record")
        verbose_name_plural = _("step records")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.step} {'✓' if self.done else '✗'}"


class DataRecord(OperationFact):
    """One recorded value with the limits that it was judged by. A correction supersedes it; it stays readable."""

    class Verdict(models.TextChoices):
        IN = "in", _("In limits")
        WARNING = "warning", _("In limits, close to them")
        OUT = "out", _("Out of limits")

    closure = Closure(
        covers=(
            "order_operation",
            "run",
            "data_point",
            "label",
            "unit",
            "value_number",
            "value_text",
            "uom",
            "judgement",
            "judgement_text",
            "lower_limit",
            "upper_limit",
            "lower_warning",
            "upper_warning",
            "supersedes",
            "reason",
            "nonconformance",
            "output",
            "is_sandbox",
        ),
        ignores=STAMPS | {"superseded_by": "a later correction is a fact of its own; the signed one stays what it was"},
        added=("gauge", "calibration", "deviation_use"),
    )

    order_operation = models.ForeignKey(OrderOperation, on_delete=models.PROTECT, related_name="data_records")
    run = models.ForeignKey(OperationRun, on_delete=models.PROTECT, related_name="data_records")
    data_point = models.ForeignKey("mes_instructions.DataPoint", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(_("label"), max_length=200)
    unit = models.ForeignKey(
        "traceability.SerializedUnit",
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="data_records",
    )
    value_number = models.DecimalField(_("value"), max_digits=24, decimal_places=9, null=True, blank=True)
    value_text = models.TextField(_("text"), blank=True)
    uom = models.CharField(_("unit of measure"), max_length=24, blank=True)
    judgement = models.CharField(_("judgement"), max_length=10, choices=Verdict.choices)
    judgement_text = models.TextField(_("judgement in words"), blank=True)
    lower_limit = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    upper_limit = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    lower_warning = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    upper_warning = models.DecimalField(max_digits=24, decimal_places=9, null=True, blank=True)
    output = models.ForeignKey("Output", on_delete=models.PROTECT, null=True, blank=True, related_name="data_records")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    reason = models.TextField(_("reason"), blank=True)
    nonconformance = models.ForeignKey(
        "qms_nonconformance.NonConformance",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="data_records",
    )
    is_sandbox = models.BooleanField(default=False)
    gauge = models.ForeignKey(
        "core_organization.Equipment",
        verbose_name=_("gauge"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="data_records",
    )
    calibration = models.ForeignKey(
        "qms_calibration.CalibrationRecord",
        verbose_name=_("calibration in force"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="data_records",
    )
    deviation_use = models.ForeignKey(
        "qms_nonconformance.DeviationUse",
        verbose_name=_("under the planned deviation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="data_records",
    )

    class Meta:
        verbose_name = _("data record")
        verbose_name_plural = _("data records")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="ck_datarecord_reason", condition=models.Q(supersedes__isnull=True) | ~models.Q(reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"

    @property
    def value(self) -> str:
        """The value in the data point's unit of measure, with the decimals that were entered: 34.00 is not 34."""
        number = self.number
        return self.value_text if number is None else f"{number:f} {self.uom}".strip()

    @property
    def is_covered(self) -> bool:
        """Whether it is out of limits under a planned deviation that lets the work go on."""
        return self.deviation_use_id is not None

    @property
    def number(self) -> Decimal | None:
        """The figure with the decimals that were entered; None for words and choices.

        The column keeps nine decimals, so the zeros that say how finely somebody measured are only in the text.
        """
        if self.value_number is None:
            return None
        try:
            entered = Decimal(self.value_text.replace(",", ".").replace("\u2212", "-"))
        except InvalidOperation:  # It was entered in another unit, and converted.
            return Decimal(_plain(self.value_number))
        return entered if entered == self.value_number else Decimal(_plain(self.value_number))


class Consumption(OperationFact):
    """A quantity of a component lot, or a serialized component, went into the order. Reversed by a newer fact."""

    closure = Closure(
        covers=(
            "order_operation",
            "run",
            "material",
            "lot",
            "unit",
            "quantity",
            "uom",
            "into_unit",
            "output",
            "movement",
            "link",
            "explanation",
            "reverses",
            "reason",
            "is_sandbox",
        ),
        ignores=STAMPS | REVERSED,
    )

    order_operation = models.ForeignKey(OrderOperation, on_delete=models.PROTECT, related_name="consumptions")
    run = models.ForeignKey(OperationRun, on_delete=models.PROTECT, related_name="consumptions")
    material = models.ForeignKey("traceability.Material", on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey("traceability.Lot", on_delete=models.PROTECT, related_name="consumptions")
    unit = models.ForeignKey(
        "traceability.SerializedUnit", on_delete=models.PROTECT, null=True, blank=True, related_name="consumptions"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6)
    uom = models.CharField(_("unit of measure"), max_length=24)
    into_unit = models.ForeignKey(
        "traceability.SerializedUnit", on_delete=models.PROTECT, null=True, blank=True, related_name="components"
    )
    movement = models.ForeignKey(
        "traceability.StockMovement", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    output = models.ForeignKey("Output", on_delete=models.PROTECT, null=True, blank=True, related_name="consumptions")
    link = models.ForeignKey(
        "traceability.GenealogyLink", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    explanation = models.TextField(_("explanation"), blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.TextField(_("reason"), blank=True)
    is_sandbox = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("consumption")
        verbose_name_plural = _("consumptions")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(name="ck_consumption_quantity", condition=models.Q(quantity__gt=0)),
            models.CheckConstraint(
                name="ck_consumption_sandbox",
                condition=models.Q(is_sandbox=True, movement__isnull=True, link__isnull=True)
                | models.Q(is_sandbox=False, movement__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit or self.lot}: {_plain(self.quantity)} {self.uom}"


class Output(OperationFact):
    """Good and scrapped quantity of an operation, reported together. Counters are sums over these facts.

    The output of one serialized unit takes along what was built into it and what was measured on it.
    """

    unit_path = "order_operation__order__material__uom"
    closure = Closure(
        covers=(
            "order_operation",
            "run",
            "good",
            "scrap",
            "scrap_reason",
            "unit",
            "serial",
            "movement",
            "explanation",
            "reverses",
            "reason",
            "is_sandbox",
        ),
        children=("consumptions", "data_records"),
        ignores=STAMPS | REVERSED,
    )

    order_operation = models.ForeignKey(OrderOperation, on_delete=models.PROTECT, related_name="outputs")
    run = models.ForeignKey(OperationRun, on_delete=models.PROTECT, related_name="outputs")
    good = models.DecimalField(_("good"), max_digits=18, decimal_places=6, default=Decimal(0))
    scrap = models.DecimalField(_("scrap"), max_digits=18, decimal_places=6, default=Decimal(0))
    scrap_reason = models.ForeignKey(
        "mes_routing.ScrapReason",
        verbose_name=_("scrap reason"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    unit = models.ForeignKey(
        "traceability.SerializedUnit", on_delete=models.PROTECT, null=True, blank=True, related_name="outputs"
    )
    serial = models.CharField(_("serial number"), max_length=80, blank=True)
    movement = models.ForeignKey(
        "traceability.StockMovement", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    explanation = models.TextField(_("explanation"), blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.TextField(_("reason"), blank=True)
    is_sandbox = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("output")
        verbose_name_plural = _("outputs")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="ck_output_quantity",
                condition=models.Q(good__gte=0, scrap__gte=0) & (models.Q(good__gt=0) | models.Q(scrap__gt=0)),
            ),
            models.CheckConstraint(
                name="ck_output_scrap_reason", condition=models.Q(scrap=0) | models.Q(scrap_reason__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_operation}: +{_plain(self.good)} / {_plain(self.scrap)}"


class DefectReport(FactModel):
    """Somebody at an operation reported a defect; the nonconformance says what was found and holds it."""

    scope_path = "order_operation__work_center"

    order_operation = models.ForeignKey(OrderOperation, on_delete=models.PROTECT, related_name="defect_reports")
    nonconformance = models.OneToOneField(
        "qms_nonconformance.NonConformance", on_delete=models.PROTECT, related_name="defect_report"
    )
    client_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("defect report")
        verbose_name_plural = _("defect reports")
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.nonconformance)


class LaborEntry(OperationFact):
    """Somebody began, paused, resumed or ended work on an operation; the stamp says when."""

    class Kind(models.TextChoices):
        START = "start", _("Start")
        PAUSE = "pause", _("Pause")
        RESUME = "resume", _("Resume")
        END = "end", _("End")

    closure = Closure(covers=("order_operation", "run", "kind", "note"), ignores=STAMPS)

    order_operation = models.ForeignKey(OrderOperation, on_delete=models.PROTECT, related_name="labor_entries")
    run = models.ForeignKey(OperationRun, on_delete=models.PROTECT, related_name="labor_entries")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("labor entry")
        verbose_name_plural = _("labor entries")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.run}"


def _plain(number: Decimal) -> str:
    """A quantity without trailing zeros."""
    return f"{number.normalize():f}"
