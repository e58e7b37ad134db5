"""Certificates and the import of gauges through their other doors: pages and programs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.fixtures import Settings

from core.jobs.models import BackgroundJob
from core.organization.models import User
from core.printing.models import PrintedRecord
from qms.calibration.models import CalibrationPlan
from qms.calibration.queries import standing, today_at
from tests.api.conftest import MAKE, program_of
from tests.integrations.test_screen import SECRET, URL, able_to_sign
from tests.qms.calibration.lab import VIEW, Lab, make_lab
from tests.support.people import grant, make_user, work_center_of
from tests.support.visits import seen, visit_as

COLUMNS = (
    "code", "name", "equipment_class", "work_center", "interval_months", "calibrated_on", "good_until", "laboratory",
    "certificate_number",
)  # fmt: skip
MAPPING = "columns: {" + ", ".join(f"{name}: {name}" for name in COLUMNS) + "}"
IMPORTER = ("integrations.apply_importbatch", "integrations.view_importbatch", MAKE)


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"


@pytest.mark.requirement("CAL-06")
def test_the_certificate_is_asked_for_and_found_on_the_page(plant: str) -> None:
    lab = make_lab()
    user = make_user(site=lab.site, permissions=(VIEW, "qms_calibration.perform_calibrationrecord"))
    client = visit_as(user)
    open_one = lab.started(lab.gauge())
    seal = reverse("qms_calibration:calibrationrecord_certificate", args=[open_one.pk])
    refused = client.post(seal, seen(open_one))
    assert refused.status_code == 409 and not BackgroundJob.objects.exists()
    record = lab.verified(lab.gauge())
    printed = PrintedRecord.objects.get(subject_id=record.pk)
    page = client.get(record.get_absolute_url()).content.decode()
    assert "Seal the certificate" not in page and printed.get_absolute_url() in page
    pdf = client.get(reverse("core_printing:printedrecord_download", args=[printed.pk]))
    assert pdf.status_code == 200 and b"".join(pdf).startswith(b"%PDF")


@pytest.mark.requirement("CAL-06")
def test_a_program_asks_for_the_certificate(plant: str) -> None:
    lab = make_lab()
    grant(lab.performer, lab.site, MAKE)
    program = program_of(lab.performer)
    record = lab.verified(lab.gauge())
    at = f"qms/calibration/calibrations/{record.pk}/"
    asked = program.post(f"{at}certificate/", {})
    assert asked.status_code == 200, asked.content
    job = BackgroundJob.objects.get(pk=asked.json()["id"])
    assert job.status == "done" and job.subject_id == record.pk
    assert PrintedRecord.objects.filter(subject_id=record.pk).count() == 1


def _rows(lab: Lab, *codes: str, kind: str = "") -> bytes:
    today = today_at(lab.site)
    done, until = today - dt.timedelta(days=30), today + dt.timedelta(days=335)
    center = work_center_of(lab.site).code
    lines = [",".join(COLUMNS)]
    lines += [f"{code},Caliper,{kind or lab.kind.code},{center},12,{done},{until},Alpine,A-{code}" for code in codes]
    return "\n".join(lines).encode()


def _importer(lab: Lab) -> User:
    return able_to_sign(make_user("keeper", site=lab.site, permissions=IMPORTER))


def _file(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("gauges.csv", data, "text/csv")


@pytest.mark.django_db
@pytest.mark.requirement("CAL-07")
def test_a_list_of_gauges_is_imported_over_the_pages(lab: Lab) -> None:
    client = visit_as(_importer(lab))

    def send(data: bytes) -> Any:
        values = {"kind": "gauges", "site": lab.site.pk, "mapping": MAPPING, "file": _file(data)}
        return client.post(URL, values, follow=True)

    wrong = send(_rows(lab, "CL-1", kind="NOKIND"))
    assert wrong.context["report"].issues and "NOKIND" in wrong.content.decode()
    answer = send(_rows(lab, "CL-1", "CL-2"))
    assert "2 created, 0 changed, 0 unchanged, 0 skipped." in answer.content.decode()
    assert not CalibrationPlan.objects.exists()
    signed = {"reason": "The list we had", "user_id": "keeper", "secret": SECRET}
    assert client.post(answer.context["apply_url"], signed).status_code == 302
    reader = visit_as(make_user(site=lab.site, permissions=(VIEW,)))
    listed = reader.get(reverse("qms_calibration:calibrationplan_list")).content.decode()
    assert "CL-1" in listed and "CL-2" in listed and "In calibration" in listed


@pytest.mark.django_db
@pytest.mark.requirement("CAL-07")
def test_a_list_of_gauges_is_imported_by_a_program(lab: Lab) -> None:
    program = program_of(_importer(lab))

    def check(data: bytes) -> Any:
        values = {"kind": "gauges", "site": lab.site.pk, "mapping": MAPPING, "file": _file(data)}
        return program.upload("integrations/imports/check/", values).json()

    told = check(_rows(lab, "CL-1", kind="NOKIND"))
    assert told["confirm"] is None and told["issues"][0]["line"] == 2
    told = check(_rows(lab, "CL-1"))
    body = {"confirm": told["confirm"], "reason": "The list we had",
            "signature": {"user_name": "keeper", "secret": SECRET, "meaning": "approved"}}  # fmt: skip
    made = program.post("integrations/imports/", body)
    assert made.status_code == 201, made.content
    plan = CalibrationPlan.objects.get(equipment__code="CL-1")
    assert standing(plan, today_at(lab.site)).code == "good"


@pytest.mark.django_db
@pytest.mark.requirement("CAL-02")
def test_what_the_closing_of_a_failure_asks_for_does_not_stand_against_it(lab: Lab) -> None:
    record, client = lab.confirmed(lab.good(), "12", "10"), visit_as(lab.quality)
    text = client.get(reverse("qms_calibration:calibrationrecord_close", args=[record.pk])).content.decode()
    assert "How this was judged" in text and "Not possible yet" not in text
    page = client.get(record.get_absolute_url()).content.decode()
    assert "Answer and close" in page and "Impact in question" in page and "Passed, to be verified" not in page
