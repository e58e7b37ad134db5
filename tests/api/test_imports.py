"""A file imported by a program: a dry run with a verdict for every line, then exactly that is applied."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from core.kernel.clock import now
from core.organization.models import Site, User
from integrations.models import ImportBatch
from integrations.services import ImportReport
from integrations.services.reading import Issue
from tests.api.conftest import MAKE, Program, program_of
from tests.api.test_kit import refused
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.support.people import grant, make_site, make_user
from traceability.models import UnitOfMeasure

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("API-13", "ORD-01")]
AT = "integrations/imports/"
RIGHTS = ("integrations.apply_importbatch", "integrations.view_importbatch", MAKE)
MAPPING = "columns:\n  code: Code\n  name: Name\n"
SIGNED = {"user_name": "erp", "secret": SECRET, "meaning": "approved"}
GOOD = "Code,Name\nEA,Each\nKG,Kilogramm\n"


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def erp(site: Site, settings: Settings, tmp_path: Path) -> Program:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    return program_of(able_to_sign(make_user("erp", site=site, permissions=RIGHTS)), days=5)


def check(program: Program, data: str = GOOD, mapping: str = MAPPING, **headers: str) -> Any:
    file = SimpleUploadedFile("units.csv", data.encode(), "text/csv")
    return program.upload(f"{AT}check/", {"kind": "units", "mapping": mapping, "file": file}, **headers)


def test_what_the_dry_run_was_about_is_applied_once(erp: Program) -> None:
    checked = check(erp)
    assert checked.status_code == 200, checked.content
    told = checked.json()
    assert told["totals"]["created"] == 2 and told["issues"] == [] and told["error_count"] == 0
    assert told["verdicts"][0] == {"line": 2, "key": "EA", "verdict": "created", "changes": [["name", None, "Each"]]}
    assert not UnitOfMeasure.objects.filter(code="KG").exists() and not ImportBatch.objects.exists()

    body = {"confirm": told["confirm"], "reason": "opening balance", "signature": SIGNED}
    made = erp.post(AT, body, Idempotency_Key="import-1")
    assert made.status_code == 201, made.content
    batch = ImportBatch.objects.get()
    assert made["Location"] == f"/api/v1/{AT}{batch.pk}/" and made.json()["created"] == 2
    assert erp.post(AT, body, Idempotency_Key="import-1").content == made.content
    unit = UnitOfMeasure.objects.get(code="KG")
    assert unit.name == "Kilogramm" and unit.history.get().history_change_reason == "opening balance"
    assert ImportBatch.objects.count() == 1
    assert erp.get(f"{AT}{batch.pk}/").json() == made.json() and made.json()["is_signed"] is True
    assert check(erp).json()["totals"]["unchanged"] == 2


def test_errors_are_told_by_line_and_cannot_be_confirmed(erp: Program) -> None:
    told = check(erp, "Code,Name\nEA,Each\n,Nameless\n").json()
    assert told["confirm"] is None and told["error_count"] == 1
    assert told["issues"][0]["line"] == 3 and told["issues"][0]["message"]
    assert refused(check(erp, mapping="columns: ["), 422)["errors"][0]["field"] == "mapping"
    assert not ImportBatch.objects.exists()


def test_only_ones_own_dry_run_of_the_last_day_is_applied(erp: Program, site: Site) -> None:
    body = {"confirm": check(erp).json()["confirm"], "reason": "", "signature": SIGNED}
    other = program_of(able_to_sign(make_user("other", site=site, permissions=RIGHTS)))
    for program, name, confirm in (
        (other, "other", body["confirm"]), (erp, "erp", "made up"), (erp, "erp", body["confirm"] + "x"),
    ):  # fmt: skip
        told = refused(program.post(AT, {"confirm": confirm, "signature": {**SIGNED, "user_name": name}}), 422)
        assert told["errors"][0]["field"] == "confirm"
    with time_machine.travel(now() + timedelta(hours=25)):
        assert refused(erp.post(AT, body), 422)["errors"][0]["field"] == "confirm"
    reader = program_of(make_user("reader", site=site, permissions=RIGHTS[1:]))
    refused(reader.post(AT, body), 403)
    refused(check(reader), 403)
    assert not ImportBatch.objects.exists()


def test_what_became_wrong_since_the_dry_run_is_refused_by_line(erp: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm = check(erp).json()["confirm"]
    wrong = ImportReport("units", rows=2, issues=[Issue(3, "Name", "name", "is taken by now")])
    monkeypatch.setattr("integrations.services.approving.import_records", lambda **asked: wrong)
    blocker = refused(erp.post(AT, {"confirm": confirm, "signature": {**SIGNED, "user_name": "erp"}}), 409)["blockers"][
        0
    ]
    assert "3" in blocker["message"] and "is taken by now" in blocker["message"] and blocker["remedy"]
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"mapping": MAPPING, "kind": "units"}, 422),
        ({"mapping": MAPPING, "kind": "units", "file": "no file"}, 400),
        ({"mapping": MAPPING, "kind": "nothing"}, 422),
        ({"mapping": MAPPING, "kind": "units", "colour": "red"}, 400),
        ({"mapping": "a\x00b", "kind": "units"}, 400),
        ({"mapping": [MAPPING, MAPPING], "kind": "units"}, 400),
    ],
)
def test_bad_parts_are_refused_in_words(erp: Program, values: dict[str, Any], status: int) -> None:
    refused(erp.upload(f"{AT}check/", values), status)


def test_a_body_that_is_no_form_is_refused(erp: Program) -> None:
    headers = {**erp.headers, "Idempotency-Key": "broken"}
    broken = erp.client.generic(
        "POST", f"/api/v1/{AT}check/", b"--x\r\n", content_type="multipart/form-data", headers=headers
    )
    refused(broken, 400)
    refused(erp.post(f"{AT}check/", {"kind": "units", "mapping": MAPPING}), 422)
    refused(erp.upload(AT, {"confirm": "x"}), 415)  # only where a file is taken


def test_a_key_is_for_one_file(erp: Program) -> None:
    first = check(erp, Idempotency_Key="file-1")
    assert check(erp, Idempotency_Key="file-1").content == first.content
    refused(check(erp, GOOD + "M,Metre\n", Idempotency_Key="file-1"), 422)


@pytest.mark.requirement("IMP-03", "IMP-04")
def test_an_import_is_signed_and_taken_back_by_a_program(erp: Program) -> None:
    confirm = check(erp).json()["confirm"]
    refused(erp.post(AT, {"confirm": confirm}), 422)
    refused(erp.post(AT, {"confirm": confirm, "signature": {**SIGNED, "secret": "wrong"}}), 409)
    made = erp.post(AT, {"confirm": confirm, "signature": SIGNED}).json()
    undo = f"{AT}{made['id']}/undo/"
    refused(erp.post(undo, {"reason": "wrong file", "signature": SIGNED}), 403)
    grant(User.objects.get(username="erp"), Site.objects.get(), "integrations.undo_importbatch")
    able = program_of(User.objects.get(username="erp"), days=5)
    done = able.post(undo, {"reason": "wrong file", "signature": SIGNED})
    assert done.status_code == 200 and done.json()["is_undone"] is True, done.content
    assert not UnitOfMeasure.objects.filter(code="KG").exists()
    assert refused(able.post(undo, {"reason": "again", "signature": SIGNED}), 409)["blockers"][0]["code"] == "undone"
