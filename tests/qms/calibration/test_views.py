"""The pages of gauges and calibrations, and the same through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.organization.services import places, system_user
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from tests.api.conftest import MAKE, program_of
from tests.qms.calibration.lab import Lab, fresh
from tests.support.people import grant, make_user, work_center_of
from tests.support.visits import seen, visit_as

pytestmark = pytest.mark.django_db
SECRET = "correct horse battery staple"


def url(name: str, *args: object) -> str:
    return reverse(f"qms_calibration:{name}", args=args)


def signer(user: Any) -> dict[str, str]:
    """What somebody types to sign, the first time in a session."""
    user.set_password(SECRET)
    type(user).objects.filter(pk=user.pk).update(password=user.password)
    return {"user_id": user.username, "secret": SECRET}


@pytest.mark.requirement("CAL-01")
def test_a_gauge_is_planned_over_the_pages(lab: Lab) -> None:
    equipment = places.create_equipment(
        work_center=work_center_of(lab.site), code="CAL-7", name="Caliper", equipment_class=lab.kind,
        actor=system_user("test"),
    )  # fmt: skip
    client = visit_as(lab.quality)
    answer = client.post(
        url("calibrationplan_create"), {"equipment": equipment.pk, "interval_months": 6, "responsible": ""}
    )
    plan = CalibrationPlan.objects.get(equipment=equipment)
    assert answer["Location"] == plan.get_absolute_url()
    point = {"nominal": "10", "tolerance_minus": "0.5", "tolerance_plus": "0,5", "uom": lab.uom.pk, "label": ""}
    assert client.post(url("calibrationpoint_create", plan.pk), point).status_code == 302
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Not yet calibrated" in page and "10 N·m" in page
    changed = {"interval_months": 12, "reason": "Stable", **seen(plan)}
    assert client.post(url("calibrationplan_change", plan.pk), changed).status_code == 302
    assert fresh(plan).interval_months == 12
    standard = lab.gauge("STD-9", is_standard=True)
    assert client.post(url("plannedstandard_create", plan.pk), {"standard": "std-9"}).status_code == 302
    assert plan.standards.get().standard == standard


@pytest.mark.requirement("CAL-01")
def test_a_calibration_over_the_pages(lab: Lab) -> None:
    plan = lab.gauge()
    performing, verifying = signer(lab.performer), signer(lab.quality)
    client = visit_as(lab.performer)
    assert client.post(url("calibrationrecord_create", plan.pk), {}).status_code == 302
    record = CalibrationRecord.objects.get(plan=plan)
    assert client.post(url("calibrationrecord_move", record.pk, "start"), {}).status_code == 302
    point = plan.points.get()
    entered = {f"found-{point.pk}": "10,2", f"left-{point.pk}": ""}
    assert client.post(url("calibrationrecord_readings", record.pk), entered).status_code == 302
    described = {"laboratory": "Lab Ltd", "certificate_number": "C-9", "temperature": "20.5", "humidity": "45"}
    assert client.post(url("calibrationrecord_describe", record.pk), described).status_code == 302
    file = SimpleUploadedFile("c.pdf", b"%PDF-1.4", "application/pdf")
    assert client.post(url("calibrationrecord_attach", record.pk), {"file": file}).status_code == 302
    assert "Finish and sign" in client.get(record.get_absolute_url()).content.decode()
    signed = client.post(url("calibrationrecord_finish", record.pk), performing)
    assert signed.status_code == 302
    record.refresh_from_db()
    assert record.status == "passed"
    second = visit_as(lab.quality)
    verified = second.post(url("calibrationrecord_move", record.pk, "verify"), verifying)
    assert verified.status_code == 302
    page = second.get(plan.get_absolute_url()).content.decode()
    assert "In calibration" in page or "In service" in page


@pytest.mark.requirement("CAL-02")
def test_a_failure_is_answered_over_the_pages(lab: Lab) -> None:
    record = lab.confirmed(lab.good(), "12", "10")
    closing = signer(lab.quality)
    client = visit_as(lab.quality)
    assert "Nothing was measured with it" in client.get(url("calibrationrecord_look_back", record.pk)).content.decode()
    answer = {"impact": "none", "impact_note": "Nothing measured.", **closing}
    assert client.post(url("calibrationrecord_close", record.pk), answer).status_code == 302
    record.refresh_from_db()
    assert record.status == "closed"
    file = client.get(f"{url('calibrationplan_values', record.plan_id)}?export=csv")
    assert b"Measured at" in b"".join(file.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.requirement("CAL-04", "CAL-05")
def test_the_dashboard_counts_and_the_list_filters(lab: Lab) -> None:
    plan, other = lab.good(), lab.gauge()
    out = {"reason": "Dropped", **signer(lab.performer)}
    client = visit_as(lab.performer)
    assert client.post(url("calibrationplan_move", plan.pk, "take_out"), out).status_code == 302
    page = client.get(url("overview")).content.decode()
    assert "Out of service" in page and "Not yet calibrated" in page
    listed = client.get(url("calibrationplan_list"), {"standing": "out_of_service"}).content.decode()
    assert plan.number in listed and f">{other.number}<" not in listed


@pytest.mark.requirement("CAL-01", "CAL-06")
def test_a_calibration_by_a_program(lab: Lab) -> None:
    at = "qms/calibration/"
    grant(lab.performer, lab.site, MAKE)
    program = program_of(lab.performer)
    plan = lab.gauge()
    assert program.get(f"{at}gauges/{plan.pk}/").json()["code"] == plan.number
    made = program.post(f"{at}gauges/{plan.pk}/calibrate/", {}).json()
    record = CalibrationRecord.objects.get(pk=made["id"])
    started = program.post(f"{at}calibrations/{record.pk}/start/", {}, If_Match=f'"{made["version"]}"')
    assert started.status_code == 200, started.content
    point = program.get(f"{at}gauges/{plan.pk}/points/").json()["results"][0]
    entered = program.post(f"{at}calibrations/{record.pk}/enter-readings/", {f"found-{point['id']}": "10.4"})
    assert entered.status_code == 200, entered.content
    rows = program.get(f"{at}calibrations/{record.pk}/readings/").json()["results"]
    assert rows[0]["as_found"].startswith("10.4")
    assert program.get(f"{at}calibrations/{record.pk}/look-back/").json()["results"] == []
    refused = program.post(f"{at}calibrations/{record.pk}/certificate/", {})
    assert refused.status_code == 409


def test_who_may_not_see_gauges_sees_none(lab: Lab) -> None:
    plan = lab.gauge()
    stranger = make_user(site=lab.site, permissions=("traceability.view_lot",))
    assert visit_as(stranger).get(plan.get_absolute_url()).status_code == 403
