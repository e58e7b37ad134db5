"""A gauge in a browser: planned, calibrated, used at the terminal, found out of tolerance, looked back at, closed."""

from __future__ import annotations

import pytest

from core.organization.models import EquipmentClass
from core.organization.services import places, system_user
from mes.execution.models import DataRecord
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from tests.journeys.floor import ANNA
from tests.journeys.line import Line, make_line
from tests.journeys.plant import Plant, Screen
from tools import processes

pytestmark = [pytest.mark.browser, pytest.mark.requirement("CAL-01", "CAL-02", "CAL-03")]
AT = "/qms/calibration"


def test_a_gauge_found_out_of_tolerance_is_out_of_use_at_once_and_answered_for(plant: Plant) -> None:
    line = _line_that_measures()
    marta, quinn, one = plant.desk("marta"), plant.desk("quinn"), plant.terminal("one")
    for code, name, standard in (("GB-1", "Gauge blocks", True), ("DG-7", "Depth gauge", False)):
        _is_planned(marta, code, name, standard)
    _is_calibrated(plant, "GB-1", "10.00")
    _is_calibrated(plant, "DG-7", "10.01")
    marta.go(CalibrationPlan.objects.get(equipment__code="DG-7").get_absolute_url())
    marta.says("In service", "Calibration in force")
    marta.picture("gauge")

    operation = line.released(3)
    one.sign_on(ANNA)
    one.follow(operation.order.number, ".tl-tiles")
    one.press("Start", "nav")
    _measures(one, "10.05")
    one.says("In limits", "measured with DG-7")
    one.picture("gauge-measured")

    record = _begun(marta, "DG-7")
    _reads(marta, record, "10.20", left="10.00")
    marta.follow("Finish and sign", ".tl-head-actions")
    marta.sign_and_press("marta")
    marta.says("Failed", "out of tolerance")
    marta.picture("gauge-failed")
    _measures(one, "10.06", again=True)
    one.refuses("DG-7 Depth gauge failed its calibration", "Scan another gauge")
    one.picture("gauge-refused-terminal")
    assert DataRecord.objects.count() == 1

    quinn.go(record.get_absolute_url())
    quinn.follow("Confirm the failure", ".tl-head-actions")
    quinn.sign_and_press("quinn")
    quinn.follow("Values in question", "main")
    quinn.says("Depth of the hub", "10.05", operation.order.number)
    quinn.picture("look-back")
    quinn.go(f"{AT}/calibrations/{record.pk}/close/")
    quinn.says("nothing is said yet")
    quinn.go(f"{AT}/calibrations/{record.pk}/look-back/")
    quinn.follow("Answer for values", ".tl-head-actions")
    quinn.page.locator("main label", has_text="Affected, acceptable").click()
    quinn.fill("main", reason="10.05 less 0.20 is 9.85, which is in limits.")
    quinn.picture("look-back-values")
    quinn.press()
    quinn.says("Affected, acceptable", "9.85")
    quinn.picture("look-back-answered")
    quinn.go(record.get_absolute_url())
    quinn.follow("Answer and close", ".tl-head-actions")
    quinn.fill("main", impact="acceptable", impact_note="10.05 less 0.20 is 9.85, which is in limits.")
    quinn.picture("look-back-answer")
    quinn.sign_and_press("quinn")
    quinn.says("Closed", "Values in question", "9.85")
    quinn.picture("gauge-closed")

    _measures(one, "10.02", again=True)
    one.says("In limits")
    record.refresh_from_db()
    assert (record.status, record.affected_values) == ("closed", 1)
    assert plant.elsewhere == []


def _line_that_measures() -> Line:
    """The line, its instruction asking for a depth gauge; the blocks and the gauge are equipment of it."""
    setup = system_user("setup")
    depth, blocks = (
        places.create_equipment_class(code=code, name=name, actor=setup)
        for code, name in (("DEPTH", "Depth gauge"), ("BLOCKS", "Gauge blocks"))
    )
    line = make_line(stations=("one",), gauge_class=depth)
    for code, name, kind in (("DG-7", "Depth gauge", depth), ("GB-1", "Gauge blocks", blocks)):
        found: EquipmentClass = kind
        places.create_equipment(work_center=line.center, code=code, name=name, equipment_class=found, actor=setup)
    return line


def _is_planned(marta: Screen, code: str, name: str, standard: bool) -> None:
    """Marta makes equipment a gauge with one point at 10 mm, 0.05 each way."""
    marta.go(f"{AT}/gauges/new/")
    marta.fill("main", equipment=code, interval_months="12")
    if standard:
        marta.field("is_standard", "main").check()
    marta.press()
    marta.says(name)
    marta.follow("Add a point", ".tl-head-actions")
    marta.fill("main", nominal="10", uom="Each", tolerance_minus="0.05", tolerance_plus="0.05", label="Middle")
    marta.press()
    marta.says("Middle")
    if not standard:
        marta.follow("Name a standard", ".tl-head-actions")
        marta.fill("main", standard="GB-1")
        marta.press()
        marta.says("GB-1")


def _begun(marta: Screen, code: str) -> CalibrationRecord:
    """A calibration of the gauge in progress."""
    plan = CalibrationPlan.objects.get(equipment__code=code)
    if plan.in_force is None:
        # A gauge that was never calibrated is asked for by itself, by the clock.
        processes.wait_until(plan.records.exists, seconds=90, what=f"The calibration of {code}", alive=lambda: True)
        record = plan.records.get()
    else:
        marta.go(plan.get_absolute_url())
        marta.follow("Calibrate", ".tl-head-actions")
        marta.press()
        record = plan.records.order_by("-pk")[0]
    marta.go(record.get_absolute_url())
    marta.follow("Start", ".tl-head-actions")
    marta.press()
    marta.says("In progress")
    found: CalibrationRecord = record
    return found


def _reads(marta: Screen, record: CalibrationRecord, found: str, left: str = "") -> None:
    """What the gauge showed, against the blocks; the blocks themselves come from a laboratory with its certificate."""
    point = record.plan.points.get()
    marta.go(f"{AT}/calibrations/{record.pk}/readings/")
    marta.fill("main", **{f"found-{point.pk}": found}, **({f"left-{point.pk}": left} if left else {}))
    marta.press()
    if record.plan.is_standard:
        marta.go(f"{AT}/calibrations/{record.pk}/describe/")
        marta.fill("main", laboratory="Alpine Metrology", certificate_number="AM-1")
        marta.press()
        marta.go(f"{AT}/calibrations/{record.pk}/attach/")
        marta.page.locator('[name="file"]').set_input_files(
            {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 certificate"}
        )
        marta.press()
    else:
        marta.go(f"{AT}/calibrations/{record.pk}/standard/")
        marta.fill("main", standard="GB-1")
        marta.press()
    marta.go(record.get_absolute_url())


def _is_calibrated(plant: Plant, code: str, found: str) -> None:
    """Marta calibrates it and signs; Quinn verifies it."""
    marta, quinn = plant.desk("marta"), plant.desk("quinn")
    record = _begun(marta, code)
    _reads(marta, record, found)
    marta.follow("Finish and sign", ".tl-head-actions")
    marta.sign_and_press("marta")
    marta.says("Passed, to be verified")
    quinn.go(f"{AT}/calibrations/{record.pk}/verify/")
    quinn.sign_and_press("quinn")
    quinn.says("Closed")


def _measures(one: Screen, value: str, *, again: bool = False) -> None:
    """Anna enters the depth with the gauge scanned; again with a reason."""
    form = one.page.locator("form", has=one.page.locator('input[name="gauge"]')).first
    fold = form.locator("xpath=ancestor-or-self::details[not(@open)]/summary")
    if fold.count():
        fold.click()
    form.locator('input[type=text][name^="value-"]').fill(value)
    form.locator('input[name="gauge"]').fill("DG-7")
    if again:
        form.locator('[name="reason"]').fill("Measured again")
    with one.page.expect_navigation():
        form.locator("button[type=submit]").click()
