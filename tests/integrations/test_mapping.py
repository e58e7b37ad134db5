"""The mapping screen: the AdventureWorks files without YAML, proposals that are seen, mappings that are remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from core.organization.models import Partner, Site
from integrations.models import ImportBatch, ImportMapping
from tests.integrations.test_adventureworks import DATA, SOURCES, run
from tests.integrations.test_screen import RIGHTS, URL, able_to_sign, apply, words
from tests.mes.execution.refusals import everything
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from traceability.models import Material, PurchaseOrder, UnitOfMeasure

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("IMP-01")]
STAMP = "%Y-%m-%d %H:%M:%S.%f"
UNITS = "code,Description,Physical unit\nQA,First,\nQB,Second,gram\n"


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def client(site: Site) -> Client:
    return visit_as(able_to_sign(make_user("importer", site=site, permissions=RIGHTS)))


def upload(client: Client, data: bytes, kind: str, site: Site | None = None, name: str = "file.csv") -> Any:
    """Choose a file without a mapping; returns the mapping page, or the form again."""
    file = SimpleUploadedFile(name, data, "text/csv")
    place = {} if site is None else {"site": str(site.pk)}
    return client.post(URL, {"kind": kind, "file": file, **place}, follow=True)


def here(answer: Any) -> str:
    return f"{answer.request['PATH_INFO']}?{answer.request['QUERY_STRING']}"


def shown(page: Any) -> dict[str, Any]:
    """What a browser would send back: the form as it is shown."""
    form = page.context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in found.items() if value not in (None, [])}


def choose(client: Client, page: Any, **values: Any) -> Any:
    """Fill the mapping page in, and press."""
    return client.post(here(page), {**shown(page), **values}, follow=True)


CHOICES: dict[str, dict[str, Any]] = {
    "units": {"code__from": "1", "name__from": "2", "external_id__from": "1"},
    "materials": {
        "number__from": "3", "name__from": "2", "kind__from": "4", "kind__values": "0 = component\n1 = assembly",
        "uom__from": "constant", "uom__value": "EA", "tracking__from": "constant", "tracking__value": "lot",
        "revision__from": "constant", "revision__value": "A", "external_id__from": "1",
    },
    "locations": {
        "code__from": "1", "code__prefix": "L", "name__from": "2", "kind__from": "2",
        "kind__values": "Finished Goods Storage = released", "kind__else": "word", "kind__otherwise": "stock",
        "external_id__from": "1",
    },
    "partners": {
        "code__from": "2", "name__from": "3", "role__from": "constant", "role__value": "supplier",
        "in_use__from": "6", "in_use__values": "0 = no\n1 = yes", "external_id__from": "1",
    },
    "boms": {
        "skip_column": "2", "skip_value": "", "assembly__from": "2", "component__from": "3", "quantity__from": "8",
        "uom__from": "6", "valid_from__from": "4", "valid_from__date_format": STAMP, "valid_to__from": "5",
        "valid_to__date_format": STAMP, "level__from": "7", "external_id__from": "1",
    },
    "lots": {
        "number__from": "1", "number__join": ["2", "3", "4"], "number__prefix": "AW-", "material__from": "1",
        "location__from": "2", "quantity__from": "5", "external_id__from": "6",
    },
}  # fmt: skip
"""What a person chooses for each real file; the files have no header, so every column goes by its number."""


def test_the_real_files_are_imported_by_the_screen_without_yaml(client: Client, site: Site) -> None:
    for kind, chosen in CHOICES.items():
        page = upload(client, (DATA / f"{SOURCES[kind]}.csv").read_bytes(), kind, site)
        assert page.context["look"].form["header"] is False and page.context["look"].form["delimiter"] == "\t"
        checked = choose(client, page, origin="adventureworks", **chosen)
        if "job" in checked.request["PATH_INFO"]:  # more rows than a request waits for: the worker does the same
            continue
        assert "No error" in words(checked), (kind, words(checked)[:3000])
        assert apply(client, checked, reason="opening balance").status_code == 302
    made = {batch.kind: batch.created for batch in ImportBatch.objects.all()}
    assert made == {"units": 38, "materials": 504, "locations": 14, "partners": 104, "lots": 1069}
    assert Material.objects.filter(kind="assembly").count() == 239 and Partner.objects.count() == 104


def test_a_field_that_is_needed_and_not_mapped_is_named_and_nothing_is_guessed(client: Client) -> None:
    page = upload(client, UNITS.encode(), "units")
    assert words(page).count("proposed by its name") == 2  # the code, and the physical unit
    before = everything()
    answer = choose(client, page)
    assert answer.status_code == 422 and "name is needed: choose its column" in words(answer)
    assert everything() == before
    twice = choose(client, page, name__from="constant")
    assert "Give the value for name." in words(twice) and twice.status_code == 422
    badly = choose(client, page, name__from="2", name__values="First")
    assert "Line 1 has no “=”" in words(badly)


def test_the_first_rows_say_at_once_what_does_not_fit(client: Client) -> None:
    page = upload(client, b"number,name,kind\nP1,Part,7\n", "materials")
    answer = choose(client, page, uom__from="constant", uom__value="EA")
    assert "“7” is none of component, assembly, product." in words(answer)
    page = upload(
        client, b"number,supplier,ordered on,state\n1,V1,31.01.2026,open\n", "purchase_orders", Site.objects.get()
    )
    assert page.context["form"]["ordered_on__date_format"].value() == "%d.%m.%Y"
    answer = choose(client, page, ordered_on__date_format="%Y-%m-%d")
    assert "looks like this, as in “31.01.2026”" in words(answer) and not PurchaseOrder.objects.exists()


def test_one_wrong_date_among_right_ones_is_named_by_its_line_in_the_dry_run(client: Client) -> None:
    lines = "number,supplier,ordered on,state\n1,V1,31.01.2026,open\n2,V1,13/45/2026,open\n"
    page = upload(client, lines.encode(), "purchase_orders", Site.objects.get())
    assert page.context["form"]["ordered_on__date_format"].value() == "%d.%m.%Y"
    checked = choose(client, page)
    assert (3, "ordered on") in [(i.line, i.column) for i in checked.context["report"].issues]


def test_bytes_that_broke_within_utf_8_are_named_and_not_read_as_something_else(client: Client) -> None:
    broken = "code,name\nQA,Grün\nQB,".encode() + b"\xff\xfe\n"
    page = upload(client, broken, "units")
    assert page.status_code == 422 and "byte 4 is not UTF-8" in words(page), words(page)[:2000]
    assert not UnitOfMeasure.objects.exists()


def test_another_encoding_is_a_guess_that_the_page_asks_to_look_at(client: Client) -> None:
    page = upload(client, "code,name\nQA,Stück\n".encode("cp1252"), "units")
    assert "The file is not UTF-8, so it is read as Windows" in words(page)
    assert "The file is not UTF-8" not in words(upload(client, "code,name\nQA,Stück\n".encode(), "units"))


def test_whoever_signs_sees_what_a_new_row_would_hold(client: Client) -> None:
    checked = choose(client, upload(client, b"code,name,physical unit\nQA,Quart,L\nQB,Box,\n", "units"))
    assert [v.changes for v in checked.context["report"].verdicts] == [
        [["name", None, "Quart"], ["pint_unit", None, "L"]], [["name", None, "Box"]]
    ]  # fmt: skip
    assert "name: Quart" in words(checked) and "physical unit: L" in words(checked)


@pytest.mark.requirement("IMP-02")
def test_a_mapping_is_remembered_with_its_changes_and_offered_for_the_same_columns(client: Client) -> None:
    page = upload(client, UNITS.encode(), "units")
    choose(client, page, name__from="2", name="ERP units")
    found = ImportMapping.objects.get()
    assert (found.name, found.columns, found.mapping["columns"]["name"]) == (
        "ERP units", ["code", "Description", "Physical unit"], "Description",
    )  # fmt: skip
    again = upload(client, b"Description,code,Physical unit\nThird,QC,\n", "units")
    assert "the mapping “ERP units” is filled in" in words(again)
    assert "proposed by its name" not in words(again)
    checked = choose(client, again)
    assert [v.key for v in checked.context["report"].verdicts] == ["QC"]
    other = client.get(checked.context["map_url"])
    choose(client, other, name__from="constant", name__value="Unit")
    assert ImportMapping.objects.count() == 1
    assert [h.mapping["columns"]["name"] for h in ImportMapping.history.order_by("history_id")][-1] == {"value": "Unit"}
    detail = client.get(found.get_absolute_url())
    assert detail.status_code == 200 and "always “Unit”" in words(detail)
    assert "ERP units" in words(client.get("/integrations/imports/mappings/"))
    elsewhere = upload(client, b"code,Description\nQD,Fourth\n", "units")
    assert "is filled in" not in words(elsewhere)


def test_how_the_file_is_written_is_proposed_and_can_be_said(client: Client) -> None:
    page = upload(client, "code;name\nQA;Stück\n".encode("cp1252"), "units")
    assert [column.name for column in page.context["look"].columns] == ["code", "name"]
    assert page.context["look"].form["encoding"] == "cp1252" and "Stück" in words(page)
    wrong = client.get(f"{here(page)}&read=1&delimiter=,&encoding=cp1252")
    assert len(wrong.context["look"].columns) == 1
    again = client.get(f"{here(page)}&read=1&delimiter=;&encoding=cp1252&header=on")
    checked = choose(client, again)
    apply(client, checked)
    assert UnitOfMeasure.objects.get(code="QA").name == "Stück"


PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def test_what_is_no_table_is_refused_at_the_upload(client: Client, site: Site) -> None:
    compressed = b"\x1f\x8b\x08\0\0"
    for data, said in ((b"%PDF-1.7 ...", "is a PDF, no table"), (compressed, "unpack it"), (PICTURE, "is a picture")):
        answer = upload(client, data, "units")
        assert answer.status_code == 422 and said in words(answer)
    assert upload(client, b"a,b\n", "locations").status_code == 409  # at which site?
    assert run("units", make_user("x", site=site, permissions=RIGHTS), site).totals["created"] == 38


def test_somebody_elses_upload_is_not_there(client: Client, site: Site) -> None:
    page = upload(client, UNITS.encode(), "units")
    other = visit_as(make_user("other", site=site, permissions=RIGHTS))
    assert other.get(here(page)).status_code == 410
    assert other.post(here(page), shown(page)).status_code == 410
