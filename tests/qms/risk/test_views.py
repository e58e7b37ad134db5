"""The pages of risk matrices and risk files, the same through the API, and the import of a register."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.kernel.permissions import catalogue
from integrations.services import import_records
from qms.risk.models import RiskAssessment, RiskControl, RiskItem, RiskMatrix
from tests.api.conftest import MAKE, program_of
from tests.qms.risk.file import File
from tests.support.people import grant, make_user
from tests.support.visits import seen, visit_as
from tests.traceability.world import make_world

pytestmark = pytest.mark.django_db
MATRIX = {
    "code": "M2",
    "name": "Two by two",
    "severities": "Small\nLarge",
    "probabilities": "Rare\nOften",
    "bands": "Low = acceptable\nHigh = unacceptable",
    "cells": "1 1\n1 2",
}


def url(name: str, *args: object) -> str:
    return reverse(f"qms_risk:{name}", args=args)


@pytest.mark.requirement("RSK-01")
def test_a_matrix_over_the_pages(file: File) -> None:
    client = visit_as(file.writer)
    wrong = client.post(url("riskmatrix_create"), {**MATRIX, "cells": "1 1\n1 9"})
    assert wrong.status_code == 409 and not RiskMatrix.objects.filter(code="M2").exists()
    assert client.post(url("riskmatrix_create"), {**MATRIX, "bands": "Low"}).status_code == 422
    assert client.post(url("riskmatrix_create"), MATRIX).status_code == 302
    matrix = RiskMatrix.objects.get(code="M2")
    page = client.get(matrix.get_absolute_url()).content.decode()
    assert "Not acceptable" in page and "2 Large" in page
    changed = {**MATRIX, "name": "Two", **seen(matrix)}
    assert client.post(url("riskmatrix_change", matrix.pk), changed).status_code == 302


@pytest.mark.requirement("RSK-02")
def test_a_risk_file_over_the_pages(file: File) -> None:
    world = make_world(site=file.site)
    material = world.material()
    grant(file.author, file.site, "traceability.view_material")
    client = visit_as(file.author)
    head = {
        "site": file.site.pk, "kind": "product", "title": "Frame", "matrix": file.matrix.pk, "owner": file.author.pk,
        "review_months": 12, "material": material.number.lower(), "scope": "",
    }  # fmt: skip
    assert client.post(url("riskassessment_create"), head).status_code == 302
    assessment = RiskAssessment.objects.get(title="Frame")
    assert assessment.material == material
    risk = {
        "hazard": "Crack", "cause": "Porosity", "effect": "Fall", "severity": "3", "probability": "3",
        "residual_severity": "3", "residual_probability": "",
    }  # fmt: skip
    assert client.post(url("riskitem_create", assessment.pk), risk).status_code == 422
    assert client.post(url("riskitem_create", assessment.pk), {**risk, "residual_probability": "1"}).status_code == 302
    item = RiskItem.objects.get(assessment=assessment)
    control = {"kind": "inherent", "description": "Double seam", "verification": "Report"}
    assert client.post(url("riskcontrol_create", item.pk), control).status_code == 302
    link = {"kind": "material", "called": material.number}
    assert client.post(url("risklink_create", item.pk), link).status_code == 302
    assert client.post(url("risklink_create", item.pk), {**link, "called": "NONE"}).status_code == 422
    page = client.get(assessment.get_absolute_url()).content.decode()
    assert "High" in page and "Medium" in page and f"#{item.position}" in page
    asked = client.get(url("risks_of"), {"kind": "material", "called": material.number}).content.decode()
    assert "Crack" in asked
    removed = client.post(url("risklink_remove", item.links.get().pk), {"reason": "Wrong one"})
    assert removed.status_code == 302 and not item.links.exists()


@pytest.mark.requirement("RSK-02", "RSK-03")
def test_a_process_by_a_program(file: File) -> None:
    grant(file.author, file.site, MAKE)
    program = program_of(file.author)
    made = program.post(
        "qms/risk/assessments/",
        {"site": file.site.pk, "kind": "process", "title": "Welding", "owner": file.author.pk, "review_months": 6},
    )
    assert made.status_code == 201, made.content
    at = f"qms/risk/assessments/{made.json()['id']}/"
    risk = {
        "hazard": "Pores", "cause": "Gas", "effect": "Crack", "severity": "9", "probability": "5", "detection": "1"
    }  # fmt: skip
    added = program.post(f"{at}risks/new/", risk)
    assert added.status_code == 201, added.content
    row = program.get(f"{at}risks/").json()["results"][0]
    assert (row["before"], row["after"]) == ("reduce", "")
    submitted = program.post(f"{at}submit/", {}, If_Match=f'"{made.json()["version"]}"')
    assert submitted.status_code in (400, 409, 422)


@pytest.mark.requirement("RSK-04")
def test_an_existing_register_is_imported_into_a_draft(file: File) -> None:
    assessment = file.begun()
    keeper = make_user(site=file.site, permissions=_import_rights())
    columns = (
        "assessment,position,hazard,cause,effect,severity,probability,control,control_kind,verification,"
        "residual_severity,residual_probability"
    )

    def imported(rows: str) -> Any:
        return import_records(
            kind="risks", data=f"{columns}\n{rows}".encode(), file_name="risks.csv",
            mapping="columns: {" + ", ".join(f"{name}: {name}" for name in columns.split(",")) + "}",
            actor=keeper, site=file.site, reason="The register we had",
        )  # fmt: skip

    bad = imported(f"{assessment.number},1,Crack,Gas,Fall,4,1,,,,,\nRA-NONE,2,Crack,Gas,Fall,1,1,,,,,")
    assert bad.issues and not RiskItem.objects.filter(assessment=assessment).exists()
    good = imported(f"{assessment.number},1,Crack,Gas,Fall,3,3,Double seam,inherent,Report 7,3,1")
    assert not good.issues
    item = RiskItem.objects.get(assessment=assessment)
    assert (item.hazard, item.residual_probability) == ("Crack", 1)
    assert RiskControl.objects.get(item=item).verification == "Report 7"
    again = imported(f"{assessment.number},1,Crack,Gas,Fall,3,2,Double seam,inherent,Report 7,3,1")
    assert again.totals["changed"] == 1 and RiskItem.objects.get().probability == 2


def _import_rights() -> tuple[str, ...]:
    return tuple(code for code in catalogue() if code.startswith("integrations."))
