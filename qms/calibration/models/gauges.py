"""Gauges, the points at which they are calibrated, and what was found at each of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.records import FactModel, TrailedModel
from qms.calibration.lifecycle import PLAN, RECORD

READING = {"max_digits": 18, "decimal_places": 6}
STAMPS = dict.fromkeys(
    ("stamped_at", "stamped_txid", "stamped_session_user", "stamped_client", "stamped_source"),
    "the fact cannot change; PostgreSQL stamps it",
)


class CalibrationPlan(TrailedModel):
    """How one gauge is kept in calibration: how often, at which points, by which procedure, against which standards.

    A gauge is equipment with such a plan; the plan's state says whether it is in service. `in_force` is the calibration
    it is used by, good until `due_on` (none for one that was taken over: `queries.calibration_in_force`); `failed` is
    the one that says it must not be used.
    """

    scope_path = "equipment"
    lifecycle = PLAN
    closure = Closure(
        covers=("equipment", "interval_months", "procedure", "responsible", "is_standard"),
        children=("points",),
        ignores={
            "status": "moves have their own signatures",
            "in_force": "follows the signed calibrations",
            "failed": "follows the signed calibrations",
            "due_on": "follows the signed calibrations",
            "origin": "where it was imported from",
            "external_id": "its key there",
            "standards": "which standards shall be used; those that were stand in each calibration",
            "used_as_standard": "plans of other gauges",
            "records": "calibrations are signed one by one",
            "uses": "calibrations of other gauges",
        },
    )

    equipment = models.OneToOneField(
        "core_organization.Equipment",
        verbose_name=_("equipment"),
        on_delete=models.PROTECT,
        related_name="calibration_plan",
    )
    interval_months = models.PositiveSmallIntegerField(_("interval, months"), validators=[MinValueValidator(1)])
    procedure = models.ForeignKey(
        "qms_documents.Document",
        verbose_name=_("procedure"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="calibration_plans",
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("responsible"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_standard = models.BooleanField(
        _("reference standard"), default=False, help_text=_("Other gauges are calibrated against it.")
    )
    status = PLAN.field()
    in_force = models.ForeignKey(
        "qms_calibration.CalibrationRecord",
        verbose_name=_("calibration in force"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    failed = models.ForeignKey(
        "qms_calibration.CalibrationRecord",
        verbose_name=_("failed calibration"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, editable=False)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        ordering = ("equipment__code",)
        verbose_name = _("gauge")
        verbose_name_plural = _("gauges")
        constraints = (models.CheckConstraint(name="ck_calibrationplan_interval", condition=Q(interval_months__gte=1)),)
        indexes = (models.Index(fields=["due_on"], condition=Q(status="in_service"), name="ix_calibrationplan_due"),)

    def __str__(self) -> str:
        return str(self.equipment)

    def get_absolute_url(self) -> str:
        return reverse("qms_calibration:calibrationplan_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """What stands on the gauge."""
        return self.equipment.code


class CalibrationPoint(TrailedModel):
    """One value at which the gauge is compared with a standard, and how far it may be off."""

    scope_path = "plan"
    view_permission = "qms_calibration.view_calibrationplan"
    unit_path = "uom"
    closure = Closure(
        covers=("sequence", "label", "nominal", "tolerance_minus", "tolerance_plus", "uom", "is_active"),
        ignores={"readings": "facts of calibrations, signed with them"},
    )

    plan = models.ForeignKey(CalibrationPlan, on_delete=models.CASCADE, related_name="points")
    sequence = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("point"), max_length=80)
    nominal = models.DecimalField(_("nominal value"), **READING)  # type: ignore[arg-type]
    tolerance_minus = models.DecimalField(_("tolerance below"), **READING)  # type: ignore[arg-type]
    tolerance_plus = models.DecimalField(_("tolerance above"), **READING)  # type: ignore[arg-type]
    uom = models.ForeignKey(
        "traceability.UnitOfMeasure", verbose_name=_("unit"), on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("plan", "sequence", "id")
        verbose_name = _("calibration point")
        verbose_name_plural = _("calibration points")
        constraints = (
            models.CheckConstraint(
                name="ck_calibrationpoint_tolerance", condition=Q(tolerance_minus__gte=0, tolerance_plus__gte=0)
            ),
        )

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return self.plan.get_absolute_url()


class PlannedStandard(TrailedModel):
    """A reference standard against which a gauge shall be calibrated."""

    scope_path = "plan"
    view_permission = "qms_calibration.view_calibrationplan"

    plan = models.ForeignKey(CalibrationPlan, on_delete=models.CASCADE, related_name="standards")
    standard = models.ForeignKey(
        CalibrationPlan, verbose_name=_("standard"), on_delete=models.PROTECT, related_name="used_as_standard"
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("standard to be used")
        verbose_name_plural = _("standards to be used")
        constraints = (
            models.UniqueConstraint(fields=["plan", "standard"], name="uq_plannedstandard"),
            models.CheckConstraint(name="ck_plannedstandard_other", condition=~Q(plan=F("standard"))),
        )

    def __str__(self) -> str:
        return str(self.standard)


class CalibrationRecord(TrailedModel):
    """One calibration of one gauge: due, performed and signed, verified by somebody else, closed.

    A failed one stays open until somebody has said, signed, what it means for everything that was measured before.
    """

    scope_path = "plan"
    view_permission = "qms_calibration.view_calibrationplan"
    lifecycle = RECORD
    closure = Closure(
        covers=(
            "number",
            "plan",
            "interval_months",
            "procedure",
            "laboratory",
            "certificate_number",
            "temperature",
            "humidity",
            "note",
            "performed_by",
            "performed_on",
            "valid_until",
            "found_in_tolerance",
            "left_in_tolerance",
            "impact",
            "impact_note",
            "affected_values",
            "affected_sha256",
        ),
        children=("readings", "standards"),
        ignores={
            "status": "moves have their own signatures",
            "due_at": "a date of the work, not of the gauge",
            "origin": "where it was imported from",
            "external_id": "its key there",
            "used_in": "calibrations of other gauges",
            "answers": "facts; the signed digest of the list covers each value with its newest answer",
        },
        attachments=True,
    )

    class Impact(models.TextChoices):
        UNANSWERED = "", _("Not answered")
        NONE = "none", _("Nothing is affected")
        ACCEPTED = "accepted", _("Values are affected, the product is acceptable")
        ACTION = "action", _("Product is affected, it is dealt with elsewhere")

    number = models.CharField(_("number"), max_length=48, unique=True)
    plan = models.ForeignKey(CalibrationPlan, verbose_name=_("gauge"), on_delete=models.PROTECT, related_name="records")
    status = RECORD.field()
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    interval_months = models.PositiveSmallIntegerField(_("interval, months"))
    procedure = models.ForeignKey(
        "qms_documents.DocumentRevision",
        verbose_name=_("procedure"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    laboratory = models.CharField(_("laboratory"), max_length=160, blank=True)
    certificate_number = models.CharField(_("number of the certificate"), max_length=80, blank=True)
    temperature = models.DecimalField(_("temperature, °C"), max_digits=6, decimal_places=2, null=True, blank=True)
    humidity = models.DecimalField(_("humidity, %"), max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("remarks"), blank=True)
    performed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("performed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    performed_on = models.DateField(_("performed on"), null=True, blank=True)
    valid_until = models.DateField(_("good until"), null=True, blank=True)
    found_in_tolerance = models.BooleanField(_("found in tolerance"), null=True, blank=True)
    left_in_tolerance = models.BooleanField(_("left in tolerance"), null=True, blank=True)
    impact = models.CharField(_("impact"), max_length=12, choices=Impact.choices, blank=True, default="")
    impact_note = models.TextField(_("how the impact was judged"), blank=True)
    affected_values = models.PositiveIntegerField(_("values in question"), null=True, blank=True)
    affected_sha256 = models.CharField(_("SHA-256 of the list of values"), max_length=64, blank=True)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("calibration")
        verbose_name_plural = _("calibrations")
        constraints = (
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(status__in=("due", "in_progress", "passed", "failed", "oot_impact")),
                name="uq_calibrationrecord_open",
            ),
        )
        indexes = (models.Index(fields=["plan", "performed_on"], name="ix_calibrationrecord_plan"),)

    def __str__(self) -> str:
        return f"{self.number} {self.plan.equipment.code}"

    def get_absolute_url(self) -> str:
        return reverse("qms_calibration:calibrationrecord_detail", args=[self.pk])


class CalibrationReading(FactModel):
    """What the gauge showed at one point as it was found, and as it was left; with the tolerance it was judged by."""

    scope_path = "record"
    view_permission = "qms_calibration.view_calibrationplan"
    closure = Closure(
        covers=(
            "point",
            "label",
            "nominal",
            "tolerance_minus",
            "tolerance_plus",
            "uom",
            "as_found",
            "as_left",
            "supersedes",
            "reason",
        ),
        ignores=STAMPS | {"superseded_by": "a later reading is a fact of its own"},
    )

    record = models.ForeignKey(CalibrationRecord, on_delete=models.PROTECT, related_name="readings")
    point = models.ForeignKey(CalibrationPoint, on_delete=models.PROTECT, related_name="readings")
    label = models.CharField(_("point"), max_length=80)
    nominal = models.DecimalField(_("nominal value"), **READING)  # type: ignore[arg-type]
    tolerance_minus = models.DecimalField(_("tolerance below"), **READING)  # type: ignore[arg-type]
    tolerance_plus = models.DecimalField(_("tolerance above"), **READING)  # type: ignore[arg-type]
    uom = models.CharField(_("unit"), max_length=24)
    as_found = models.DecimalField(_("as found"), **READING)  # type: ignore[arg-type]
    as_left = models.DecimalField(_("as left"), **READING)  # type: ignore[arg-type]
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("calibration reading")
        verbose_name_plural = _("calibration readings")
        constraints = (
            models.CheckConstraint(
                name="ck_calibrationreading_reason", condition=Q(supersedes__isnull=True) | ~Q(reason="")
            ),
        )

    def __str__(self) -> str:
        return f"{self.label}: {self.as_found.normalize():f} {self.uom}"

    @property
    def lowest(self) -> Decimal:
        """The smallest value in tolerance."""
        return self.nominal - self.tolerance_minus

    @property
    def highest(self) -> Decimal:
        """The largest value in tolerance."""
        return self.nominal + self.tolerance_plus

    @property
    def found_in(self) -> bool:
        """Whether it was in tolerance as found; the limits themselves are in."""
        return self.lowest <= self.as_found <= self.highest

    @property
    def left_in(self) -> bool:
        """Whether it was in tolerance as left."""
        return self.lowest <= self.as_left <= self.highest


class StandardUse(FactModel):
    """A standard was used in a calibration, by a calibration of its own that was in force at that moment."""

    scope_path = "record"
    view_permission = "qms_calibration.view_calibrationplan"
    closure = Closure(covers=("standard", "calibration", "valid_until"), ignores=STAMPS)

    record = models.ForeignKey(CalibrationRecord, on_delete=models.PROTECT, related_name="standards")
    standard = models.ForeignKey(
        CalibrationPlan, verbose_name=_("standard"), on_delete=models.PROTECT, related_name="uses"
    )
    calibration = models.ForeignKey(
        CalibrationRecord,
        verbose_name=_("calibration of the standard"),
        on_delete=models.PROTECT,
        related_name="used_in",
    )
    valid_until = models.DateField(_("good until"))

    class Meta:
        ordering = ("id",)
        verbose_name = _("use of a standard")
        verbose_name_plural = _("uses of standards")
        constraints = (models.UniqueConstraint(fields=["record", "standard"], name="uq_standarduse"),)

    def __str__(self) -> str:
        return str(self.standard)


def last_day(begins: dt.date, months: int) -> dt.date:
    """The last day on which a calibration of that day counts."""
    year, month = divmod(begins.year * 12 + begins.month - 1 + months, 12)
    first_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    length = (first_of_next - dt.date(year, month + 1, 1)).days
    return dt.date(year, month + 1, min(begins.day, length))
