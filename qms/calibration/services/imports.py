"""Set-based import of an existing list of gauges, each with the calibration that it brings along."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.organization.models import Area, Equipment, EquipmentClass, WorkCenter
from core.trail.services.sets import Stage
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from traceability.services.imports import ORIGIN, find_existing, table_of

NEW = "s.verdict = 'created'"
VALUES = {
    "interval_months": "s.interval_months::int",
    "is_standard": "coalesce(s.is_standard, 'no') = 'yes'",
    **ORIGIN,
}
WORK_CENTER = (
    f"SELECT w.id FROM {table_of(WorkCenter)} w JOIN {table_of(Area)} a ON a.id = w.area_id"
    " WHERE w.code = s.work_center AND a.site_id = %(site)s ORDER BY w.id LIMIT 1"
)
KIND = f"SELECT k.id FROM {table_of(EquipmentClass)} k WHERE k.code = s.equipment_class"
EQUIPMENT = f"JOIN {table_of(Equipment)} e ON e.code = s.code"


def check_gauges(stage: Stage) -> None:
    """Codes are unique and not at another site, places and classes exist, a calibration has its two days."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    unknown = _("there is no work center “{value}” at this site; import work centers first")
    stage.error("work_center", unknown, f"({WORK_CENTER}) IS NULL")
    unknown = _("there is no equipment class “{value}”; add it first")
    stage.error("equipment_class", unknown, f"({KIND}) IS NULL")
    elsewhere = f"SELECT FROM {table_of(Equipment)} e WHERE e.code = s.code AND e.work_center_id NOT IN"
    here = f"(SELECT w.id FROM {table_of(WorkCenter)} w JOIN {table_of(Area)} a ON a.id = w.area_id"
    stage.error(
        "code",
        _("“{value}” is equipment of another site"),
        f"EXISTS ({elsewhere} {here} WHERE a.site_id = %(site)s))",
    )
    stage.error("interval_months", _("“{value}” is less than one month"), "s.interval_months::int < 1")
    stage.error(
        "good_until",
        _("a calibration needs the day it was done and the day until which it is good"),
        "(s.calibrated_on IS NULL) <> (s.good_until IS NULL)",
    )
    stage.error(
        "good_until", _("“{value}” is before the day of the calibration"), "s.good_until::date < s.calibrated_on::date"
    )
    match = f"b.equipment_id = (SELECT e.id FROM {table_of(Equipment)} e WHERE e.code = s.code)"
    find_existing(stage, CalibrationPlan, match, VALUES)


def write_gauges(stage: Stage) -> None:
    """New gauges as equipment with a plan and the calibration they bring along; plans that are known are changed."""
    equipment = {
        "code": "s.code",
        "name": "s.name",
        "work_center_id": f"({WORK_CENTER})",
        "equipment_class_id": f"({KIND})",
    }
    known = f"EXISTS (SELECT FROM {table_of(Equipment)} e WHERE e.code = s.code)"
    stage.insert(Equipment, equipment, where=f"{NEW} AND NOT {known}")
    plan = {"equipment_id": "e.id", "status": "'in_service'", "due_on": "s.good_until::date", **VALUES}
    stage.insert(CalibrationPlan, plan, joins=EQUIPMENT, where=NEW)
    stage.update(CalibrationPlan, VALUES, where="s.verdict = 'changed'")
    stage.insert(
        CalibrationRecord,
        {
            "number": "'TO-' || s.code",
            "plan_id": "p.id",
            "status": "'taken_over'",
            "interval_months": "s.interval_months::int",
            "performed_on": "s.calibrated_on::date",
            "valid_until": "s.good_until::date",
            "laboratory": "coalesce(s.laboratory, '')",
            "certificate_number": "coalesce(s.certificate_number, '')",
            "found_in_tolerance": "true",
            "left_in_tolerance": "true",
            **ORIGIN,
        },
        joins=f"{EQUIPMENT} JOIN {table_of(CalibrationPlan)} p ON p.equipment_id = e.id",
        where=f"{NEW} AND s.calibrated_on IS NOT NULL",
    )
