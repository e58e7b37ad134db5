"""The action priority, the import of a register and the periodic review through their doors: pages and programs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.fixtures import Settings

from core.organization.models import User
from qms.risk.models import RiskAssessment, RiskItem
from qms.risk.tasks import ask_for_reviews
from tests.api.conftest import MAKE, program_of
from tests.integrations.test_screen import SECRET, URL, able_to_sign
from tests.qms.risk.file import File
from tests.support.people import grant, make_user
from tests.support.visits import seen, visit_as

pytestmark = pytest.mark.django_db
FMEA = {"hazard": "Pores", "cause": "Gas", "effect": "Crack"}
RANKS = {"severity": "10", "probability": "6", "detection": "2"}
COLUMNS = ("assessment", "position", "hazard", "cause", "effect", "severity", "probability")
MAPPING = "columns: {" + ", ".join(f"{name}: {name}" for name in COLUMNS) + "}"
IMPORTER = ("integrations.apply_importbatch", "integrations.view_importbatch", MAKE)


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"


@pytest.mark.requirement("RSK-03")
def test_the_risks_of_a_process_are_judged_by_the_table_on_the_page(file: File) -> None:
    assessment = file.begun(kind="process", matrix=None, title="Welding")
    client = visit_as(file.author)
    url = reverse("qms_risk:riskitem_create", args=[assessment.pk])
    assert client.post(url, {**FMEA, **RANKS, "severity": "11"}).status_code == 422
    assert client.post(url, {**FMEA, **RANKS}).status_code == 302
    # 10 × 6 × 2 and 2 × 6 × 10 are the same product, and not the same priority.
    assert (
        client.post(url, {**FMEA, "hazard": "Scratch", **RANKS, "severity": "2", "detection": "10"}).status_code == 302
    )
    page = client.get(assessment.get_absolute_url()).content.decode()
    cards = {
        name: [card for card in page.split("<section") if name in card and "Before the controls" in card]
        for name in ("Pores", "Scratch")
    }
    assert "High" in cards["Pores"][0] and "High" not in cards["Scratch"][0]


@pytest.mark.requirement("RSK-03")
def test_a_program_reads_the_same_judgement(file: File) -> None:
    grant(file.author, file.site, MAKE)
    program = program_of(file.author)
    assessment = file.begun(kind="process", matrix=None, title="Welding")
    at = f"qms/risk/assessments/{assessment.pk}/risks/"
    for severity, detection in (("10", "2"), ("2", "10")):
        made = program.post(f"{at}new/", {**FMEA, **RANKS, "severity": severity, "detection": detection})
        assert made.status_code == 201, made.content
    before = [row["before"] for row in program.get(at).json()["results"]]
    assert len(set(before)) == 2 and before[0] == "unacceptable"
    assert program.post(f"{at}new/", {**FMEA, **RANKS, "detection": "0"}).status_code == 422
    assert RiskItem.objects.count() == 2


def _importer(file: File) -> User:
    return able_to_sign(make_user("keeper", site=file.site, permissions=IMPORTER))


def _file(assessment: RiskAssessment, severity: int = 3) -> SimpleUploadedFile:
    row = f"{assessment.number},1,Crack,Gas,Fall,{severity},3"
    return SimpleUploadedFile("risks.csv", f"{','.join(COLUMNS)}\n{row}".encode(), "text/csv")


@pytest.mark.requirement("RSK-04")
def test_a_register_is_imported_over_the_pages(file: File) -> None:
    assessment, client = file.begun(), visit_as(_importer(file))

    def send(severity: int) -> Any:
        values = {"kind": "risks", "site": file.site.pk, "mapping": MAPPING, "file": _file(assessment, severity)}
        return client.post(URL, values, follow=True)

    assert send(4).context["report"].issues, "the matrix has three severities"
    answer = send(3)
    assert "1 created" in answer.content.decode() and not RiskItem.objects.exists()
    signed = {"reason": "The register we had", "user_id": "keeper", "secret": SECRET}
    assert client.post(answer.context["apply_url"], signed).status_code == 302
    assert "Crack" in visit_as(file.author).get(assessment.get_absolute_url()).content.decode()


@pytest.mark.requirement("RSK-04")
def test_a_register_is_imported_by_a_program(file: File) -> None:
    assessment, program = file.begun(), program_of(_importer(file))

    def check(severity: int) -> Any:
        values = {"kind": "risks", "site": file.site.pk, "mapping": MAPPING, "file": _file(assessment, severity)}
        return program.upload("integrations/imports/check/", values).json()

    assert check(4)["confirm"] is None
    body = {"confirm": check(3)["confirm"], "reason": "The register we had",
            "signature": {"user_name": "keeper", "secret": SECRET, "meaning": "approved"}}  # fmt: skip
    made = program.post("integrations/imports/", body)
    assert made.status_code == 201, made.content
    assert RiskItem.objects.get(assessment=assessment).hazard == "Crack"


@pytest.fixture
def due(file: File, time_machine_at: Any) -> RiskAssessment:
    """An approved assessment whose day of review has come."""
    assessment = file.approved()
    assert assessment.review_on is not None
    time_machine_at(dt.datetime.combine(assessment.review_on, dt.time(12), tzinfo=dt.UTC))
    ask_for_reviews()
    assessment.refresh_from_db()
    return assessment


@pytest.mark.requirement("RSK-05")
def test_a_due_assessment_is_confirmed_with_a_signature_on_its_page(file: File, due: RiskAssessment) -> None:
    able_to_sign(file.head)
    client = visit_as(file.head)
    assert "To be looked at again" in client.get(due.get_absolute_url()).content.decode()
    url = reverse("qms_risk:riskassessment_move", args=[due.pk, "confirm"])
    signed = {"user_id": file.head.username, "secret": SECRET, **seen(due)}
    assert client.post(url, {**signed, "secret": "wrong"}).status_code == 409
    due.refresh_from_db()
    assert due.status == "periodic_review"
    assert client.post(url, signed).status_code == 302
    due.refresh_from_db()
    assert due.status == "approved" and due.review_on is not None


@pytest.mark.requirement("RSK-05")
def test_a_program_opens_a_due_assessment_for_change(file: File, due: RiskAssessment) -> None:
    grant(file.author, file.site, MAKE)
    program = program_of(file.author)
    at = f"qms/risk/assessments/{due.pk}/revise/"
    version = f'"{due.row_version}"'
    assert program.post(at, {}, If_Match=version).status_code in (409, 422), "it takes a reason"
    opened = program.post(at, {"reason": "Two complaints"}, If_Match=version)
    assert opened.status_code == 200, opened.content
    due.refresh_from_db()
    assert due.status == "draft"
