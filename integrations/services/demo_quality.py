"""What the demonstration plant shows of quality beside its records: gauges as they stand in a plant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from core.lifecycle.services import perform
from core.organization.models import EquipmentClass, Site, User
from core.organization.services import places, system_user
from core.signing.services import Proof
from integrations.services import import_records
from qms.calibration.models import CalibrationPlan
from qms.calibration.queries import today_at
from qms.calibration.services import (
    Reading,
    add_point,
    add_standard,
    finish_calibration,
    raise_due_calibrations,
    record_readings,
    request_calibration,
    use_standard,
)
from traceability.models import UnitOfMeasure

CLASSES = (("CALIPER", "Caliper"), ("BORE", "Bore gauge"), ("TORQUE", "Torque wrench"), ("BLOCKS", "Gauge blocks"))
COLUMNS = (
    "code", "name", "equipment_class", "work_center", "interval_months", "is_standard", "calibrated_on", "good_until",
    "laboratory", "certificate_number",
)  # fmt: skip
GAUGES = (
    ("GB-001", "Gauge blocks grade 1", "BLOCKS", "WC50", 24, "yes", 200),
    ("CL-101", "Caliper 150 mm", "CALIPER", "WC10", 12, "no", 100),
    ("CL-102", "Caliper 150 mm", "CALIPER", "WC10", 12, "no", 352),
    ("CL-103", "Caliper 300 mm", "CALIPER", "WC50", 12, "no", 400),
    ("BG-201", "Bore gauge 18–35 mm", "BORE", "WC50", 6, "no", 60),
    ("TW-301", "Torque wrench 5–25 N·m", "TORQUE", "WC50", 12, "no", None),
)
"""Code, name, class, work center, months, standard, and how many days ago it was calibrated."""


def seed_gauges(site: Site, users: dict[str, User]) -> None:
    """Gauges in calibration, due soon, overdue and not yet calibrated, imported from the list that the plant had."""
    setup, today = system_user("setup"), today_at(site)
    for code, name in CLASSES:
        if not EquipmentClass.objects.filter(code=code).exists():
            places.create_equipment_class(code=code, name=name, actor=setup)
    rows = [",".join(COLUMNS)]
    for code, name, kind, center, months, standard, ago in GAUGES:
        done = "" if ago is None else (today - dt.timedelta(days=ago)).isoformat()
        until = "" if ago is None else (today - dt.timedelta(days=ago) + dt.timedelta(days=months * 30)).isoformat()
        laboratory = ("", "") if ago is None else ("Alpine Metrology", f"AM-{code}")
        rows.append(",".join(map(str, (code, name, kind, center, months, standard, done, until, *laboratory))))
    report = import_records(
        kind="gauges",
        data="\n".join(rows).encode(),
        file_name="gauges.csv",
        mapping=f"columns: {{{', '.join(f'{name}: {name}' for name in COLUMNS)}}}",
        actor=users["ada"],
        site=site,
        reason="opening balance",
    )
    if report.issues:
        raise RuntimeError(f"gauges: {report.issues[0]}")
    plans = {plan.equipment.code: plan for plan in CalibrationPlan.objects.select_related("equipment")}
    unit = UnitOfMeasure.objects.get(code="MM")
    for code in ("CL-101", "CL-102", "CL-103"):
        for nominal in (10, 50, 100):
            add_point(
                plan=plans[code], label="", nominal=Decimal(nominal), tolerance_minus=Decimal("0.03"),
                tolerance_plus=Decimal("0.03"), uom=unit, actor=setup,
            )  # fmt: skip
        add_standard(plan=plans[code], standard=plans["GB-001"], actor=setup)
    raise_due_calibrations(actor=system_user("calibration"))


FOUND = {"10": ("10.00", ""), "50": ("50.02", ""), "100": ("100.02", "100.00")}
"""What the caliper showed at each of its points; the last was adjusted though it was in tolerance."""


def calibrate_caliper(users: Mapping[str, User], prove: Callable[[User, str], Proof]) -> None:
    """One caliper is calibrated here: read at every point against the blocks, signed, verified by somebody else."""
    marta, quinn = users["marta"], users["quinn"]
    plans = {plan.equipment.code: plan for plan in CalibrationPlan.objects.select_related("equipment")}
    record = request_calibration(plan=plans["CL-101"], actor=marta)
    perform(record, "start", actor=marta)
    readings = []
    for point in plans["CL-101"].points.all():
        found, left = FOUND[f"{point.nominal.normalize():f}"]
        readings.append(Reading(point, Decimal(found), Decimal(left) if left else None))
    record_readings(record=record, readings=readings, actor=marta)
    use_standard(record=record, standard=plans["GB-001"], actor=marta)
    record = finish_calibration(record=record, actor=marta, signature=prove(marta, "performed"))
    perform(record, "verify", actor=quinn, signature=prove(quinn, "verified"))
