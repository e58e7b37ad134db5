"""The import screen: dry run, apply, the same again; and whatever file somebody may choose by mistake."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from core.organization.models import Site, User
from integrations.models import ImportBatch
from tests.mes.execution.refusals import everything
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from traceability.models import Material, StorageLocation, UnitOfMeasure

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-01", "REC-18")]

URL = "/integrations/imports/create/"
MAPPING = """
columns:
  code: Code
  name: Name
"""
GOOD = "Code,Name\nEA,Each\nKG,Kilogramm\n"


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def admin(site: Site) -> User:
    return make_user(
        "importer", site=site, permissions=("integrations.apply_importbatch", "integrations.view_importbatch")
    )


@pytest.fixture
def client(admin: User) -> Client:
    return visit_as(admin)


def send(client: Client, data: str | bytes | None, mapping: str = MAPPING, **more: Any) -> Any:
    """Send the form; text is encoded as UTF-8."""
    raw = data.encode() if isinstance(data, str) else data
    name = more.pop("name", "units.csv")
    file = {} if raw is None else {"file": SimpleUploadedFile(name, raw, "text/csv")}
    return client.post(URL, {"kind": "units", "mapping": mapping, **file, **more})


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_dry_run_gives_a_verdict_per_row_and_writes_nothing(client: Client) -> None:
    before = everything()
    answer = send(client, GOOD)
    assert answer.status_code == 200
    report = answer.context["report"]
    assert [(v.line, v.key, v.verdict) for v in report.verdicts] == [(2, "EA", "created"), (3, "KG", "created")]
    assert "2 created, 0 changed, 0 unchanged, 0 skipped." in words(answer) and "Import these rows" in words(answer)
    assert everything() == before


def test_the_same_bytes_are_applied_then_and_a_second_run_changes_nothing(client: Client, admin: User) -> None:
    send(client, GOOD)
    applied = send(client, None, apply="1", reason="opening balance")
    batch = ImportBatch.objects.get()
    assert applied.status_code == 302 and applied.url == batch.get_absolute_url()
    assert (batch.created, batch.rows, batch.file_name, batch.actor) == (2, 2, "units.csv", admin)
    change = UnitOfMeasure.history.get(code="KG")
    assert (change.history_user, change.history_change_reason) == (admin, "opening balance")
    page = client.get(batch.get_absolute_url())
    assert page.status_code == 200 and batch.file_sha256 in words(page)
    before = UnitOfMeasure.history.count()
    assert "0 created, 0 changed, 2 unchanged" in words(send(client, GOOD))
    send(client, None, apply="1")
    assert UnitOfMeasure.history.count() == before and ImportBatch.objects.latest("pk").unchanged == 2


def test_applying_without_a_dry_run_asks_for_the_file(client: Client) -> None:
    before = everything()
    answer = send(client, None, apply="1")
    assert answer.status_code == 422 and "Choose the file to import." in words(answer)
    assert everything() == before


def test_only_what_the_dry_run_was_about_is_applied(client: Client) -> None:
    send(client, GOOD)
    other = GOOD.replace("Each", "Piece")
    answer = send(client, other, apply="1")
    assert answer.status_code == 200 and "Import these rows" in words(answer)
    renamed = MAPPING.replace("name: Name", "name: Code")
    assert send(client, None, renamed, apply="1").status_code == 200
    assert not ImportBatch.objects.exists()
    assert send(client, None, renamed, apply="1").status_code == 302
    assert UnitOfMeasure.objects.get(code="KG").name == "KG"


def test_another_persons_upload_is_not_applied(client: Client, site: Site) -> None:
    send(client, GOOD)
    other = visit_as(make_user(site=site, permissions=("integrations.apply_importbatch",)))
    assert send(other, None, apply="1").status_code == 422
    assert not UnitOfMeasure.objects.filter(code="KG").exists()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 50)
    return buffer.getvalue()


WRONG = {
    "empty": (b"", "empty"),
    "only a header": (b"Code,Name\n", "The file has no rows."),
    "only blank lines": (b"\n\n\n", "no column “Code”"),
    "zip renamed": (zipped(), "archive or a workbook"),
    "workbook of old": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "archive or a workbook"),
    "pdf renamed": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "archive or a workbook"),
    "latin-1": ("Code,Name\nST,Stück\n".encode("latin-1"), "byte 6 is not UTF-8"),
    "utf-16": ("Code,Name\nST,Stück\n".encode("utf-16"), "is not UTF-8"),
    "utf-16 without mark": ("Code,Name\nST,Stueck\n".encode("utf-16-le"), "NUL character"),
    "nul byte": (b"Code,Name\nEA,Ea\0ch\n", "NUL character"),
    "wrong header": (b"Kode,Name\nEA,Each\n", "the header has no column “Code”"),
    "a column twice": (b"Code,Name,Code\nEA,Each,KG\n", "the header names “Code” twice"),
    "too few columns": (b"Code,Name\nEA\n", "the line has 1 columns, not 2"),
    "too many columns": (b"Code,Name\nEA,Each,Piece\n", "the line has 3 columns, not 2"),
    "huge field": (b"Code,Name\nEA," + b"x" * 200_000 + b"\n", "field larger than field limit"),
    "long field": (b"Code,Name\nEA," + b"x" * 100_000 + b"\n", "longer than 80"),
    "open quote": (b'Code,Name\nEA,"Each\nKG,Kilo\n', "the line cannot be read"),
    "one line without end": (b"x" * 1_000_000, "the line cannot be read"),
    "duplicate keys": (b"Code,Name\nEA,Each\nEA,Piece\n", "EA"),
    "required and empty": (b"Code,Name\nEA,\n", "empty"),
    "control characters": (b"Code,Name\nE\x07A,Each\n", "control character"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_refused_in_words_and_nothing_is_written(client: Client, case: str) -> None:
    data, said = WRONG[case]
    before = everything()
    answer = send(client, data, apply="1")
    assert answer.status_code == 422, case
    assert said in words(answer), (case, [vars(i) for i in getattr(answer.context.get("report"), "issues", [])][:3])
    assert everything() == before


def test_an_error_names_line_and_column_and_field(client: Client) -> None:
    answer = send(client, "Code,Name\nEA,Each\nKG," + "y" * 90 + "\n")
    [issue] = answer.context["report"].issues
    assert (issue.line, issue.column, issue.field) == (3, "Name", "name")
    assert "1 error. Nothing was written" in words(answer) and "Import these rows" not in words(answer)


def test_cells_that_look_like_formulas_are_text_here_and_harmless_when_exported(client: Client, admin: User) -> None:
    send(client, 'Code,Name\nX1,"=HYPERLINK(""http://x"")"\nX2,+1\nX3,@SUM(A1)\n')
    send(client, None, apply="1")
    assert UnitOfMeasure.objects.get(code="X1").name == '=HYPERLINK("http://x")'
    send(client, "Code,Name\nX4,Four\n", name='=cmd("x").csv')
    send(client, None, apply="1")
    exported: Any = client.get("/integrations/imports/", {"export": "csv"})
    body = b"".join(exported.streaming_content) if exported.streaming else exported.content
    assert b"cmd(" in body and not any(cell.startswith(b"=") for cell in body.replace(b'"', b"").split(b","))


BAD_MAPPINGS = {
    "no yaml": ("columns: [", "no valid YAML"),
    "a word": ("hello", "must be a table"),
    "empty": ("", "This field is required"),
    "unknown entry": ("colums: {}", "unknown entry “colums”"),
    "unknown field": ("columns: {code: Code, name: Name, price: Price}", "unknown entry “price”"),
    "required field missing": ("columns: {code: Code}", "required field “name”"),
    "column that cannot be one": ("columns: {code: [1], name: 2}", "columns.code"),
    "no such position": ("format: {header: false}\ncolumns: {code: 0, name: 2}", "columns.code"),
    "width in words": ("format: {width: two}\ncolumns: {code: Code, name: Name}", "format.width"),
    "delimiter of two": ("format: {delimiter: '||'}\ncolumns: {code: Code, name: Name}", "one character"),
    "delimiter is a line end": ('format: {delimiter: "\\n"}\ncolumns: {code: Code, name: Name}', "one character"),
    "encoding that is none": ("format: {encoding: klingon}\ncolumns: {code: Code, name: Name}", "unknown here"),
    "encoding of bytes": ("format: {encoding: base64}\ncolumns: {code: Code, name: Name}", "unknown here"),
    "values that are no table": ("columns: {code: {column: Code, values: 7}, name: Name}", "columns.code"),
    "join that is no list": ("columns: {code: {join: 7}, name: Name}", "columns.code"),
    "skip_when that is no table": ("skip_when: 7\ncolumns: {code: Code, name: Name}", "skip_when"),
    "python": ("columns: !!python/object/apply:os.system ['true']", "no valid YAML"),
    "anchors": ("columns: {code: Code, name: {column: Name, values: {a: &a [x, x], b: [*a, *a]}}}", "anchors"),
    "a date that is none": ("columns: {code: Code, name: {value: 2020-13-45}}", "no valid YAML"),
    "a number without end": ("columns: {code: Code, name: {value: " + "9" * 5000 + "}}", "no valid YAML"),
    "nested without end": ("columns: " + "[" * 5000, "no valid YAML"),
    "NUL": ('columns: {code: Code, name: {value: "a\\0b"}}', "NUL"),
    "half a character": ('columns: {code: Code, name: {value: "\\ud800"}}', "no valid YAML"),
    "skipped by a column that is not there": ("skip_when: {9: x}\ncolumns: {code: Code, name: Name}", "no such column"),
    "a position that is not there": ("columns: {code: 9, name: Name}", "no such column"),
}


@pytest.mark.parametrize("case", BAD_MAPPINGS)
def test_a_wrong_mapping_is_refused_in_words(client: Client, case: str) -> None:
    mapping, said = BAD_MAPPINGS[case]
    before = everything()
    answer = send(client, GOOD, mapping)
    assert answer.status_code == 422 and said in words(answer).replace("&quot;", '"'), case
    assert everything() == before


def test_the_chosen_mapping_counts(client: Client) -> None:
    form = "format: {delimiter: ';', header: false, encoding: latin-1}"
    mapping = form + "\ncolumns: {code: 2, name: {column: 1, values: {Stück: Piece, Meter: Meter}}}"
    answer = send(client, "Stück;ST\nMeter;M\n".encode("latin-1"), mapping)
    assert answer.status_code == 200, words(answer)
    send(client, None, mapping, apply="1")
    assert dict(UnitOfMeasure.objects.filter(code__in=("ST", "M")).values_list("code", "name")) == {
        "ST": "Piece", "M": "Meter",
    }  # fmt: skip


def test_rows_of_a_place_ask_for_the_site_and_another_persons_site_is_refused(client: Client, site: Site) -> None:
    mapping = "columns: {code: Code, name: Name, kind: {value: stock}}"
    answer = send(client, "Code,Name\nST1,Store\n", mapping, kind="locations")
    assert answer.status_code == 409 and "These rows belong to a site." in words(answer)
    elsewhere = make_site("ELSE")
    before = everything()
    answer = send(client, "Code,Name\nST1,Store\n", mapping, kind="locations", site=str(elsewhere.pk))
    assert answer.status_code == 422 and everything() == before
    send(client, "Code,Name\nST1,Store\n", mapping, kind="locations", site=str(site.pk))
    send(client, None, mapping, kind="locations", site=str(site.pk), apply="1")
    assert StorageLocation.objects.get().site == site


def test_nobody_imports_without_the_right(site: Site) -> None:
    stranger = visit_as(make_user(site=site, permissions=("integrations.view_importbatch",)))
    assert stranger.get(URL).status_code == 403
    before = everything()
    assert send(stranger, GOOD).status_code == 403
    assert send(stranger, GOOD, apply="1").status_code == 403
    assert everything() == before
    assert Client().get(URL).status_code == 302


def test_a_file_beyond_the_limit_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.views.MAX_BYTES", 10)
    answer = send(client, GOOD)
    assert answer.status_code == 422 and "larger than" in words(answer)


def test_many_errors_are_counted_and_the_first_are_shown(client: Client) -> None:
    answer = send(client, "Code,Name\n" + "".join(f"U{n},\n" for n in range(500)))
    assert answer.status_code == 422
    assert "500 errors" in words(answer) and "and 300 more." in words(answer)
    assert words(answer).count("<tr>") == 201 and not Material.objects.exists()


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 301])
def test_a_reason_that_cannot_be_kept_is_said_and_nothing_is_written(client: Client, reason: str) -> None:
    assert send(client, GOOD).status_code == 200
    answer = send(client, None, apply="1", reason=reason)
    assert answer.status_code == 422 and "Reason, for the trail" in answer.content.decode()
    assert not ImportBatch.objects.exists() and not UnitOfMeasure.objects.filter(code="EA").exists()


def test_a_file_with_a_character_that_no_column_keeps_is_refused(client: Client) -> None:
    assert send(client, "Code,Name\nEA,Ea\x00ch\n").status_code in (409, 422)
    assert not UnitOfMeasure.objects.filter(code="EA").exists()
