"""Which equipment is a gauge, and how it is kept in calibration."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import begin
from core.organization.models import Equipment
from core.organization.services import require
from core.worklist.models import Kind
from core.worklist.services import assign, complete_for
from qms.calibration.lifecycle import CHANGE, PUT_BACK
from qms.calibration.models import CalibrationPlan, CalibrationPoint, PlannedStandard
from qms.documents.models import Document
from traceability.models import UnitOfMeasure

MODEL = "qms_calibration.CalibrationPlan"


def locked_plan(plan: CalibrationPlan) -> CalibrationPlan:
    """The plan as it is now, locked."""
    rows = CalibrationPlan.objects.select_for_update(of=("self",))
    return rows.select_related("equipment__work_center__area__site", "equipment__equipment_class").get(pk=plan.pk)


def _refuse(code: str, message: str, remedy: str, record: Any = None) -> Blocked:
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


def _changing(plan: CalibrationPlan, actor: Any) -> CalibrationPlan:
    found = locked_plan(plan)
    require(actor, CHANGE, found)
    if found.status == "retired":
        raise _refuse("retired", _("%(gauge)s is retired.") % {"gauge": found}, _("Its plan stays as it is."), found)
    return found


@service
def create_plan(
    *,
    equipment: Equipment,
    interval_months: int,
    actor: Any,
    procedure: Document | None = None,
    responsible: Any = None,
    is_standard: bool = False,
    reason: str = "",
) -> CalibrationPlan:
    """Make equipment a gauge: from now on it is used only while its calibration is in force. Raises `Blocked`."""
    require(actor, CHANGE, equipment)
    known = CalibrationPlan.objects.filter(equipment=equipment).first()
    if known is not None:
        raise _refuse("gauge_already", _("%(gauge)s is a gauge already.") % {"gauge": known}, _("Open it."), known)
    _refuse_interval(interval_months)
    plan = CalibrationPlan(
        equipment=equipment,
        interval_months=interval_months,
        procedure=procedure,
        responsible=responsible,
        is_standard=is_standard,
    )
    return begin(plan, actor=actor, reason=reason)


@service
def change_plan(
    *,
    plan: CalibrationPlan,
    interval_months: int,
    procedure: Document | None,
    responsible: Any,
    is_standard: bool,
    actor: Any,
    reason: str,
) -> CalibrationPlan:
    """Change a plan, with a reason; the day on which the present calibration ends stays."""
    found = _changing(plan, actor)
    _refuse_interval(interval_months)
    found.interval_months, found.procedure = interval_months, procedure
    found.responsible, found.is_standard = responsible, is_standard
    found.save()
    return found


def _refuse_interval(months: int) -> None:
    if months < 1:
        raise _refuse("interval", _("The interval is at least one month."), _("Enter the months."))


def _refuse_tolerance(minus: Decimal, plus: Decimal) -> None:
    if minus < 0 or plus < 0:
        raise _refuse("tolerance", _("A tolerance is not negative."), _("Enter how far it may be off, each way."))


@service
def add_point(
    *,
    plan: CalibrationPlan,
    label: str,
    nominal: Decimal,
    tolerance_minus: Decimal,
    tolerance_plus: Decimal,
    uom: UnitOfMeasure,
    actor: Any,
    reason: str = "",
) -> CalibrationPoint:
    """Add a value at which the gauge is calibrated, after those it has."""
    found = _changing(plan, actor)
    _refuse_tolerance(tolerance_minus, tolerance_plus)
    last = found.points.order_by("-sequence").values_list("sequence", flat=True).first()
    point = CalibrationPoint(
        plan=found,
        sequence=(last or 0) + 1,
        label=label.strip() or f"{nominal.normalize():f} {uom.symbol}",
        nominal=nominal,
        tolerance_minus=tolerance_minus,
        tolerance_plus=tolerance_plus,
        uom=uom,
    )
    point.save()
    return point


@service
def change_point(
    *,
    point: CalibrationPoint,
    label: str,
    nominal: Decimal,
    tolerance_minus: Decimal,
    tolerance_plus: Decimal,
    uom: UnitOfMeasure,
    actor: Any,
    reason: str,
) -> CalibrationPoint:
    """Change a point, with a reason; readings keep what they were judged by."""
    _changing(point.plan, actor)
    _refuse_tolerance(tolerance_minus, tolerance_plus)
    found = CalibrationPoint.objects.select_related("plan").get(pk=point.pk)
    found.label, found.nominal, found.uom = label.strip() or found.label, nominal, uom
    found.tolerance_minus, found.tolerance_plus = tolerance_minus, tolerance_plus
    found.save()
    return found


@service
def remove_point(*, point: CalibrationPoint, actor: Any, reason: str) -> CalibrationPlan:
    """Calibrate at this point no more; what was read at it stays."""
    plan = _changing(point.plan, actor)
    found = CalibrationPoint.objects.get(pk=point.pk)
    found.is_active = False
    found.save()
    return plan


@service
def add_standard(*, plan: CalibrationPlan, standard: CalibrationPlan, actor: Any, reason: str = "") -> PlannedStandard:
    """Say against which reference standard the gauge shall be calibrated."""
    found = _changing(plan, actor)
    if standard.pk == found.pk or not standard.is_standard:
        raise _refuse(
            "no_reference",
            _("%(gauge)s is no reference standard for this.") % {"gauge": standard},
            _("Choose a reference standard."),
            standard,
        )
    if found.standards.filter(standard=standard).exists():
        raise _refuse(
            "standard_named", _("%(gauge)s is named already.") % {"gauge": standard}, _("Nothing is to be done."), found
        )
    named = PlannedStandard(plan=found, standard=standard)
    named.save()
    return named


@service
def remove_standard(*, planned: PlannedStandard, actor: Any, reason: str) -> CalibrationPlan:
    """Take back that a standard shall be used; where it was used stays."""
    plan = _changing(planned.plan, actor)
    planned.delete()
    return plan


@effect(MODEL, "take_out", "lose")
def ask_what_becomes_of_it(record: CalibrationPlan, deed: Deed) -> None:
    """Whoever may put gauges back decides what becomes of it."""
    complete_for(subject=record, kind=Kind.ACTION, actor=deed.actor)
    assign(
        subject=record,
        kind=Kind.ACTION,
        title=_("%(gauge)s is “%(status)s”: decide what becomes of it")
        % {"gauge": record, "status": record.get_status_display()},
        to_permission=PUT_BACK,
        actor=deed.actor,
    )


@effect(MODEL, "put_back", "retire")
def it_is_decided(record: CalibrationPlan, deed: Deed) -> None:
    """Nobody waits for it any more."""
    complete_for(subject=record, kind=Kind.ACTION, actor=deed.actor)
