"""The list of gauges that a plant had is imported, with dry run, and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from core.kernel.permissions import catalogue
from integrations.models import ImportBatch
from integrations.services import import_records
from integrations.services.undo import undo_import
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from qms.calibration.queries import calibration_in_force, standing, today_at
from tests.qms.calibration.lab import Lab
from tests.support.people import make_user, proof, work_center_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("CAL-07")]
COLUMNS = (
    "code", "name", "equipment_class", "work_center", "interval_months", "is_standard", "calibrated_on", "good_until",
    "laboratory", "certificate_number",
)  # fmt: skip


def test_a_list_of_gauges_is_imported_and_taken_back(lab: Lab) -> None:
    rights = tuple(code for code in catalogue() if code.startswith("integrations."))
    keeper = make_user(site=lab.site, permissions=rights)
    today, center = today_at(lab.site), work_center_of(lab.site).code

    def imported(*rows: tuple[Any, ...]) -> Any:
        lines = [",".join(COLUMNS), *(",".join(map(str, row)) for row in rows)]
        return import_records(
            kind="gauges", data="\n".join(lines).encode(), file_name="gauges.csv",
            mapping="columns: {" + ", ".join(f"{name}: {name}" for name in COLUMNS) + "}",
            actor=keeper, site=lab.site, reason="The list we had",
        )  # fmt: skip

    done, until = today - dt.timedelta(days=30), today + dt.timedelta(days=335)
    known = ("CL-1", "Caliper", lab.kind.code, center, 12, "no", done, until, "Alpine", "A-1")
    fresh = ("CL-2", "Caliper", lab.kind.code, center, 6, "no", "", "", "", "")
    for wrong, code in (
        (("CL-3", "C", "NOKIND", center, 12, "no", "", "", "", ""), "equipment_class"),
        (("CL-3", "C", lab.kind.code, "NOWHERE", 12, "no", "", "", "", ""), "work_center"),
        (("CL-3", "C", lab.kind.code, center, 0, "no", "", "", "", ""), "interval_months"),
        (("CL-3", "C", lab.kind.code, center, 12, "no", done, "", "", ""), "good_until"),
        (("CL-3", "C", lab.kind.code, center, 12, "no", until, done, "", ""), "good_until"),
    ):
        report = imported(known, wrong)
        assert code in {issue.field for issue in report.issues}
        assert not CalibrationPlan.objects.exists()
    assert imported(known, fresh).totals["created"] == 2
    plan = CalibrationPlan.objects.get(equipment__code="CL-1")
    record = calibration_in_force(plan)
    assert record is not None and (record.certificate_number, record.status) == ("A-1", "taken_over")
    assert standing(plan, today).code == "good"
    assert standing(CalibrationPlan.objects.get(equipment__code="CL-2"), today).code == "never"
    batch = ImportBatch.objects.latest("pk")
    undo_import(batch=batch, reason="Wrong list", actor=keeper, signature=proof(keeper, "approved"))
    assert not CalibrationPlan.objects.exists() and not CalibrationRecord.objects.exists()
