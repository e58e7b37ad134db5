"""The import screen: dry run, signature, the same again; and whatever file somebody may choose by mistake."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from pytest_django.fixtures import Settings

from core.files.queries import attachments_of
from core.kernel.deeds import acting
from core.organization.models import Site, User
from core.signing.queries import is_intact, signatures_of
from integrations.models import ImportBatch
from tests.mes.execution.refusals import everything
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from traceability.models import Material, StorageLocation, UnitOfMeasure

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("ORD-01", "REC-18")]

SECRET = "a-long-enough-secret"
RIGHTS = ("integrations.apply_importbatch", "integrations.view_importbatch", "integrations.undo_importbatch")
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


def able_to_sign(user: User) -> User:
    """Give the person a password to sign with."""
    user.set_password(SECRET)
    with transaction.atomic(), acting(user):
        user.save()
    return user


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def admin(site: Site) -> User:
    return able_to_sign(make_user("importer", site=site, permissions=RIGHTS))


@pytest.fixture
def client(admin: User) -> Client:
    return visit_as(admin)


def send(client: Client, data: str | bytes | None, mapping: str = MAPPING, **more: Any) -> Any:
    """Send the form as an expert does, with the mapping; returns the result of the dry run, or the form again."""
    raw = data.encode() if isinstance(data, str) else data
    name = more.pop("name", "units.csv")
    file = {} if raw is None else {"file": SimpleUploadedFile(name, raw, "text/csv")}
    return client.post(URL, {"kind": "units", "mapping": mapping, **file, **more}, follow=True)


def apply(client: Client, answer: Any, reason: str = "", secret: str = SECRET) -> Any:
    """Sign what a dry run found, as its page leads there."""
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return client.post(answer.context["apply_url"], {"reason": reason, "user_id": user.username, "secret": secret})


def words(answer: Any) -> str:
    return str(answer.content.decode())


def wrong(answer: Any) -> bool:
    """Whether the file or the mapping was refused: by the form, or by the dry run."""
    return answer.status_code == 422 or bool(answer.context["report"].issues)


def test_a_dry_run_gives_a_verdict_per_row_and_writes_nothing(client: Client) -> None:
    before = everything()
    answer = send(client, GOOD)
    assert answer.status_code == 200
    report = answer.context["report"]
    assert [(v.line, v.key, v.verdict) for v in report.verdicts] == [(2, "EA", "created"), (3, "KG", "created")]
    assert "2 created, 0 changed, 0 unchanged, 0 skipped." in words(answer) and "Import these rows" in words(answer)
    assert everything() == before


@pytest.mark.requirement("IMP-03")
def test_what_was_signed_is_applied_and_a_second_run_changes_nothing(client: Client, admin: User) -> None:
    answer = send(client, GOOD)
    page = client.get(answer.context["apply_url"])
    assert "New rows" in words(page) and "Approved" in words(page)
    applied = apply(client, answer, reason="opening balance")
    batch = ImportBatch.objects.get()
    assert applied.status_code == 302 and applied.url == batch.get_absolute_url()
    assert (batch.created, batch.rows, batch.file_name, batch.actor) == (2, 2, "units.csv", admin)
    change = UnitOfMeasure.history.get(code="KG")
    assert (change.history_user, change.history_change_reason) == (admin, "opening balance")
    assert batch.approval is not None
    [signed] = signatures_of(batch.approval)
    assert (signed.signer, signed.meaning, is_intact(signed)) == (admin, "approved", True)
    assert attachments_of(batch)[0].sha256 == batch.file_sha256
    page = client.get(batch.get_absolute_url())
    assert page.status_code == 200 and batch.file_sha256 in words(page) and "Unsigned" not in words(page)
    assert client.get(f"{batch.get_absolute_url()}sheet/")["Content-Type"] == "application/pdf"
    before = UnitOfMeasure.history.count()
    again = send(client, GOOD)
    assert "0 created, 0 changed, 2 unchanged" in words(again) and "Import these rows" not in words(again)
    apply(client, again)
    assert UnitOfMeasure.history.count() == before and ImportBatch.objects.latest("pk").unchanged == 2


@pytest.mark.requirement("IMP-03")
def test_without_a_signature_that_fits_nothing_is_imported(client: Client) -> None:
    answer = send(client, GOOD)
    assert apply(client, answer, secret="wrong").status_code == 409  # the first wrong one makes who tells of it
    before = everything()
    assert apply(client, answer, secret="wrong").status_code == 409
    assert apply(client, answer, secret="").status_code == 422
    assert everything() == before


@pytest.mark.requirement("IMP-02")
def test_a_changed_row_says_old_and_new_and_rows_are_found_by_verdict(client: Client) -> None:
    apply(client, send(client, GOOD))
    answer = send(client, "Code,Name\nEA,Each one\nKG,Kilogramm\nM,Metre\n")
    report = answer.context["report"]
    assert [(v.verdict, v.changes) for v in report.verdicts] == [
        ("changed", [["name", "Each", "Each one"]]), ("unchanged", []), ("created", [["name", None, "Metre"]]),
    ]  # fmt: skip
    assert "<del>Each</del> → <ins>Each one</ins>" in words(answer)
    address = answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]
    only = client.get(f"{address}&verdict=changed")
    assert [row[0].key for row in only.context["rows"]] == ["EA"]
    bad = send(client, "Code,Name\nEA,Each one\nKG,\nM,Metre\n")
    told = {line.line: line.verdict for line, *_rest in client.get(_all_of(bad)).context["rows"]}
    assert told == {2: "changed", 3: "wrong", 4: "created"}


def _all_of(answer: Any) -> str:
    return f"{answer.request['PATH_INFO']}?{answer.request['QUERY_STRING']}&verdict=all"


def test_without_a_file_there_is_nothing_to_look_at(client: Client) -> None:
    before = everything()
    answer = send(client, None)
    assert answer.status_code == 422 and "This field is required" in words(answer)
    for step in ("map", "check", "apply"):
        assert "No file was chosen" in words(client.get(f"/integrations/imports/{step}/"))
        assert client.get(f"/integrations/imports/{step}/?check=made-up&draft=made-up").status_code == 410
    assert everything() == before


def test_what_became_different_since_the_dry_run_is_not_imported(client: Client) -> None:
    answer, other = send(client, GOOD), send(client, "Code,Name\nEA,Each\n")
    apply(client, other)
    before = everything()
    late = apply(client, answer)
    assert late.status_code == 409 and "no longer become what was signed" in words(late)
    assert everything() == before


def test_another_persons_dry_run_is_not_applied(client: Client, site: Site) -> None:
    answer = send(client, GOOD)
    other = visit_as(make_user(site=site, permissions=("integrations.apply_importbatch",)))
    assert apply(other, answer).status_code == 410
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
    "zip renamed": (zipped(), "the workbook is damaged"),
    "workbook of old": (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "save it as .xlsx"),
    "pdf renamed": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "is a PDF, no table"),
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
    answer = send(client, data)
    assert wrong(answer), case
    assert said in words(answer), (case, [vars(i) for i in getattr(answer.context.get("report"), "issues", [])][:3])
    if answer.status_code == 200:
        assert "Import these rows" not in words(answer) and apply(client, answer).status_code == 409
    assert everything() == before


def test_an_error_names_line_and_column_and_field(client: Client) -> None:
    answer = send(client, "Code,Name\nEA,Each\nKG," + "y" * 90 + "\n")
    [issue] = answer.context["report"].issues
    assert (issue.line, issue.column, issue.field) == (3, "Name", "name")
    assert "1 error. Nothing was written" in words(answer) and "Import these rows" not in words(answer)


def test_cells_that_look_like_formulas_are_text_here_and_harmless_when_exported(client: Client, admin: User) -> None:
    seen = send(client, 'Code,Name\nX1,"=HYPERLINK(""http://x"")"\nX2,+1\nX3,@SUM(A1)\n')
    apply(client, seen)
    assert UnitOfMeasure.objects.get(code="X1").name == '=HYPERLINK("http://x")'
    apply(client, send(client, "Code,Name\nX4,Four\n", name='=cmd("x").csv'))
    exported: Any = client.get("/integrations/imports/", {"export": "csv"})
    body = b"".join(exported.streaming_content) if exported.streaming else exported.content
    assert b"cmd(" in body and not any(cell.startswith(b"=") for cell in body.replace(b'"', b"").split(b","))


BAD_MAPPINGS = {
    "no yaml": ("columns: [", "no valid YAML"),
    "a word": ("hello", "must be a table"),
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
    assert wrong(answer) and said in words(answer).replace("&quot;", '"'), case
    assert everything() == before


def test_the_chosen_mapping_counts(client: Client) -> None:
    form = "format: {delimiter: ';', header: false, encoding: latin-1}"
    mapping = form + "\ncolumns: {code: 2, name: {column: 1, values: {Stück: Piece, Meter: Meter}}}"
    answer = send(client, "Stück;ST\nMeter;M\n".encode("latin-1"), mapping)
    assert answer.status_code == 200, words(answer)
    apply(client, answer)
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
    apply(client, send(client, "Code,Name\nST1,Store\n", mapping, kind="locations", site=str(site.pk)))
    assert StorageLocation.objects.get().site == site


def test_nobody_imports_without_the_right(site: Site) -> None:
    stranger = visit_as(make_user(site=site, permissions=("integrations.view_importbatch",)))
    assert stranger.get(URL).status_code == 403
    before = everything()
    assert send(stranger, GOOD).status_code == 403
    assert stranger.get("/integrations/imports/apply/").status_code == 403
    assert everything() == before
    assert Client().get(URL).status_code == 302


def test_a_file_beyond_the_limit_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.views.dry_run.MAX_BYTES", 10)
    answer = send(client, GOOD)
    assert answer.status_code == 422 and "larger than" in words(answer)


def test_many_errors_are_counted_and_the_first_are_shown(client: Client) -> None:
    answer = send(client, "Code,Name\n" + "".join(f"U{n},\n" for n in range(500)))
    assert "500 errors" in words(answer) and "page 1 of 5" in words(answer)
    assert words(answer).count("<tr>") == 101 and not Material.objects.exists()


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 301])
def test_a_reason_that_cannot_be_kept_is_said_and_nothing_is_written(client: Client, reason: str) -> None:
    answer = apply(client, send(client, GOOD), reason=reason)
    assert answer.status_code == 422 and "Reason, for the trail" in answer.content.decode()
    assert not ImportBatch.objects.exists() and not UnitOfMeasure.objects.filter(code="EA").exists()


def test_a_file_with_a_character_that_no_column_keeps_is_refused(client: Client) -> None:
    assert wrong(send(client, "Code,Name\nEA,Ea\x00ch\n"))
    assert not UnitOfMeasure.objects.filter(code="EA").exists()
