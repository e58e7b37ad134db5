"""One calibration: asked for, performed and signed, verified by somebody else, answered where it failed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.files.models import Attachment
from core.files.services import attach
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import makes
from core.lifecycle.services import attempt, begin, perform
from core.organization.services import next_number, require
from core.signing.services import Proof
from core.worklist.models import Kind
from core.worklist.services import assign
from qms.calibration.lifecycle import CLOSE, PERFORM
from qms.calibration.models import (
    CalibrationPlan,
    CalibrationPoint,
    CalibrationReading,
    CalibrationRecord,
    StandardUse,
    last_day,
)
from qms.calibration.queries import calibration_in_force, due_plans, look_back, newest_readings, site_of, today_at
from qms.calibration.services.plans import locked_plan

MODEL = "qms_calibration.CalibrationRecord"
DUE_PER_RUN = 500


def _locked(record: CalibrationRecord) -> CalibrationRecord:
    rows = CalibrationRecord.objects.select_for_update(of=("self",))
    return rows.select_related("plan__equipment__work_center__area__site").get(pk=record.pk)


def _entering(record: CalibrationRecord, actor: Any) -> CalibrationRecord:
    found = _locked(record)
    require(actor, PERFORM, found)
    attempt(found, "edit", actor=actor)
    return found


@service
def request_calibration(*, plan: CalibrationPlan, actor: Any, reason: str = "") -> CalibrationRecord:
    """Ask for the calibration of a gauge now, though it may not be due. Raises `Blocked` while another is open."""
    found = locked_plan(plan)
    require(actor, PERFORM, found)
    return _ask_for(found, actor)


def _ask_for(plan: CalibrationPlan, actor: Any) -> CalibrationRecord:
    attempt(plan, "calibrate", actor=actor)
    record = CalibrationRecord(
        number=next_number(None, "CAL"), plan=plan, interval_months=plan.interval_months, due_at=_end_of(plan)
    )
    begin(record, actor=actor)
    assign(
        subject=record,
        kind=Kind.ACTION,
        title=_("Calibrate %(gauge)s") % {"gauge": plan},
        to_user=plan.responsible,
        to_permission=PERFORM if plan.responsible is None else None,
        due_at=record.due_at,
        actor=actor,
    )
    return record


def _end_of(plan: CalibrationPlan) -> dt.datetime:
    """The last moment of the gauge's due day, today's where it has none."""
    site = site_of(plan)
    day = plan.due_on or today_at(site)
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=ZoneInfo(site.time_zone))


@service
def raise_due_calibrations(*, actor: Any, reason: str = "") -> list[CalibrationRecord]:
    """Ask for every calibration that falls due; each is asked for once. Beat calls it."""
    return [_ask_for(locked_plan(plan), actor) for plan in due_plans(DUE_PER_RUN)]


@dataclass(frozen=True)
class Reading:
    """What a gauge showed at a point, before and after any adjustment; without the second nothing was adjusted."""

    point: CalibrationPoint
    as_found: Decimal
    as_left: Decimal | None = None


@service
def record_readings(
    *, record: CalibrationRecord, readings: Sequence[Reading], actor: Any, reason: str = ""
) -> list[CalibrationReading]:
    """Enter what the gauge showed. What was entered before and is the same stays; another value supersedes it.

    Raises `Blocked` for a point of another gauge, and for a replaced reading without a reason.
    """
    found = _entering(record, actor)
    points = found.plan.points.select_related("uom").in_bulk([one.point.pk for one in readings])
    before = {one.point_id: one for one in newest_readings(found)}
    blockers, new = [], []
    for one in readings:
        point, old = points.get(one.point.pk), before.get(one.point.pk)
        left = one.as_found if one.as_left is None else one.as_left
        if point is None:
            blockers.append(
                Blocker(
                    "point",
                    _("“%(point)s” is no point of this gauge.") % {"point": one.point},
                    record=found,
                    remedy=_("Reload the page: the plan may have changed."),
                )
            )
        elif old is not None and (old.as_found, old.as_left) == (one.as_found, left):
            continue
        elif old is not None and not reason.strip():
            blockers.append(
                Blocker(
                    "reason",
                    _("“%(reading)s” is entered; another value needs a reason.") % {"reading": old},
                    record=found,
                    remedy=_("Write why it is read again."),
                )
            )
        else:
            new.append(_reading(found, point, one.as_found, left, old, reason))
    if blockers:
        raise Blocked(blockers)
    return CalibrationReading.objects.bulk_create(new)


def _reading(
    record: CalibrationRecord,
    point: CalibrationPoint,
    as_found: Decimal,
    as_left: Decimal,
    old: CalibrationReading | None,
    reason: str,
) -> CalibrationReading:
    return CalibrationReading(
        record=record,
        point=point,
        label=point.label,
        nominal=point.nominal,
        tolerance_minus=point.tolerance_minus,
        tolerance_plus=point.tolerance_plus,
        uom=point.uom.symbol,
        as_found=as_found,
        as_left=as_left,
        supersedes=old,
        reason=reason.strip() if old is not None else "",
    )


@service
def use_standard(*, record: CalibrationRecord, standard: CalibrationPlan, actor: Any, reason: str = "") -> StandardUse:
    """Name a standard that is used, with the calibration of its own that is in force now. Raises `Blocked`."""
    found = _entering(record, actor)
    present = locked_plan(standard)
    attempt(found, "standard", actor=actor, standard=present)
    known = StandardUse.objects.filter(record=found, standard=present).first()
    if known is not None:
        return known
    calibration, until = calibration_in_force(present), present.due_on
    if calibration is None or until is None:
        raise ValueError("a standard in calibration has a calibration and its end")
    return StandardUse.objects.create(record=found, standard=present, calibration=calibration, valid_until=until)


@service
def describe_calibration(
    *,
    record: CalibrationRecord,
    actor: Any,
    laboratory: str = "",
    certificate_number: str = "",
    temperature: Decimal | None = None,
    humidity: Decimal | None = None,
    note: str = "",
    reason: str = "",
) -> CalibrationRecord:
    """Say under which circumstances, or by which laboratory, it is calibrated."""
    found = _entering(record, actor)
    found.laboratory, found.certificate_number = laboratory.strip(), certificate_number.strip()
    found.temperature, found.humidity, found.note = temperature, humidity, note.strip()
    found.save()
    return found


@service
def attach_certificate(*, record: CalibrationRecord, file: BinaryIO, actor: Any, caption: str = "") -> Attachment:
    """Attach the laboratory's certificate or another file; the signatures cover it."""
    found = _entering(record, actor)
    return attach(file, to=found, caption=caption or _("Certificate"), actor=actor)


@service
def finish_calibration(
    *,
    record: CalibrationRecord,
    actor: Any,
    signature: Proof | None,
    performed_on: dt.date | None = None,
    reason: str = "",
) -> CalibrationRecord:
    """Sign what was done. Whether it passed or failed is computed from the readings. Raises `Blocked`."""
    found = _entering(record, actor)
    readings = newest_readings(found)
    today = today_at(site_of(found.plan))
    if performed_on is not None and performed_on > today:
        raise Blocked(
            Blocker("future", _("That day has not come yet."), record=found, remedy=_("Enter the day it was done."))
        )
    found.performed_by, found.performed_on = actor, performed_on or today
    found.found_in_tolerance = bool(readings) and all(reading.found_in for reading in readings)
    found.left_in_tolerance = bool(readings) and all(reading.left_in for reading in readings)
    found.valid_until = last_day(found.performed_on, found.interval_months) if found.left_in_tolerance else None
    found.save()
    move = "pass" if found.found_in_tolerance or not readings else "fail"
    return perform(found, move, actor=actor, reason=reason, signature=signature)


@makes(MODEL, "close")
@service
def close_calibration(
    *,
    record: CalibrationRecord,
    impact: str,
    impact_note: str,
    actor: Any,
    signature: Proof | None,
    reason: str = "",
) -> CalibrationRecord:
    """Answer, signed, what the failure means for what was measured; the list that was looked at is frozen by digest."""
    found = _locked(record)
    require(actor, CLOSE, found)
    seen = look_back(found)
    found.impact, found.impact_note = CalibrationRecord.Impact(impact), impact_note.strip()
    found.affected_values, found.affected_sha256 = len(seen.values), seen.sha256
    if found.status == "oot_impact":
        found.save()
    return perform(found, "close", actor=actor, reason=reason, signature=signature)
