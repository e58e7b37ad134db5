"""XLSX: typed cells, no formulas, and no workbook that is bigger than it looks."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from core.organization.models import Partner, Site, User
from core.web.workbook import xlsx_file
from integrations.services import ImportReport, import_records, workbooks
from integrations.services.looking import look_at, proposed_format
from tests.integrations.test_mapping import upload
from tests.integrations.test_screen import RIGHTS, able_to_sign, apply, words
from tests.support.people import make_site, make_user
from tests.support.visits import visit_as
from traceability.models import PurchaseOrder, UnitOfMeasure

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("IMP-05")]
MAPPING = "columns: {number: Number, supplier: Supplier, ordered_on: Ordered, state: {value: open}}"


def book(*rows: list[Any], sheet: str = "Orders") -> bytes:
    """A workbook with these rows."""
    made = Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def admin(site: Site) -> User:
    return able_to_sign(make_user("importer", site=site, permissions=RIGHTS))


def bring(data: bytes, admin: User, site: Site, mapping: str = MAPPING) -> ImportReport:
    return import_records(
        kind="purchase_orders", data=data, file_name="o.xlsx", mapping=mapping, actor=admin, site=site
    )


def test_dates_and_numbers_come_as_the_cells_are_typed(admin: User, site: Site) -> None:
    told = import_records(
        kind="partners", data=b"code,name\nV1,=1+1\n", file_name="p.csv", actor=admin,
        mapping="columns: {code: code, name: name, role: {value: supplier}}",
    )  # fmt: skip
    assert told.batch is not None and Partner.objects.get().name == "=1+1"
    data = book(
        ["Number", "Supplier", "Ordered", "Note"],
        [4711, "V1", dt.datetime(2026, 1, 31)],  # noqa: DTZ001 - a workbook's days have no zone
        [7.5, "V1", dt.date(2026, 2, 1), "x"],
    )
    report = bring(data, admin, site)
    assert report.issues == []
    assert set(PurchaseOrder.objects.values_list("number", "ordered_on")) == {
        ("4711", dt.date(2026, 1, 31)), ("7.5", dt.date(2026, 2, 1)),
    }  # fmt: skip
    assert bring(data, admin, site).totals["unchanged"] == 2


def test_a_formula_is_refused_where_a_field_needs_it_and_named(admin: User, site: Site) -> None:
    data = book(["code", "name", "Sum"], ["QA", "Each", "=1+1"], ["QB", '=CONCATENATE("a","b")', 1])
    mapping = "columns: {code: code, name: name}"
    report = import_records(kind="units", data=data, file_name="u.xlsx", mapping=mapping, actor=admin)
    assert [(issue.line, issue.column) for issue in report.issues] == [(3, "name")]
    assert "is a formula" in report.issues[0].message and "paste it as a value" in report.issues[0].message
    assert not UnitOfMeasure.objects.filter(code="QA").exists()


def test_by_the_screen_a_workbook_is_as_a_csv(admin: User) -> None:
    client = visit_as(admin)
    page = upload(client, book(["code", "name"], ["QA", "Each"], sheet="Units"), "units", name="units.xlsx")
    assert page.context["look"].sheets == ("Units",) and "Units" in words(page)
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    checked = client.post(f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}", sent, follow=True)
    assert apply(client, checked).status_code == 302 and UnitOfMeasure.objects.get(code="QA").name == "Each"


def test_our_own_export_comes_back_as_it_went(admin: User) -> None:
    rows = [["QA", "Each"], ["QB", "-5 text"]]
    data = xlsx_file("Units", ["code", "name"], rows).read()
    mapping = "columns: {code: code, name: name}"
    report = import_records(kind="units", data=data, file_name="u.xlsx", mapping=mapping, actor=admin)
    assert report.issues == [] and UnitOfMeasure.objects.get(code="QB").name == "'-5 text"  # neutralised on the way out


def packed(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def test_what_is_no_workbook_or_too_much_of_one_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed(xl__workbook_xml=b"<workbook/>", xl__worksheets__sheet1_xml=b"0" * (3 * 1024 * 1024))
    declared = packed(xl__workbook_xml=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><workbook/>')
    cases = {
        "packed more tightly": bomb,
        "declares a document type": declared,
        "is an archive, no workbook": packed(readme=b"hello"),
        "damaged": b"PK\x03\x04 and nothing more",
        "old format": bytes.fromhex("d0cf11e0a1b11ae1"),
    }
    assert {said: said in workbooks.foreign(data) for said, data in cases.items()} == dict.fromkeys(cases, True)
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 1000)
    assert "unpacks to more than" in workbooks.foreign(book(["a"], ["b"]))


def test_more_rows_or_columns_than_a_table_has_are_refused(monkeypatch: pytest.MonkeyPatch, admin: User) -> None:
    monkeypatch.setattr(workbooks, "MAX_ROWS", 3)
    monkeypatch.setattr(workbooks, "MAX_COLUMNS", 4)
    mapping = "columns: {code: code, name: name}"
    long = "code,name\n" + "".join(f"Q{n},Unit\n" for n in range(6))
    for data in (long.encode(), book(["code", "name"], *(["Q", "U"] for _ in range(6))), book(["a"] * 9)):
        report = import_records(kind="units", data=data, file_name="u", mapping=mapping, actor=admin)
        assert any("a table has at most 3 rows and 4 columns" in issue.message for issue in report.issues)
        assert report.batch is None


def test_a_sheet_that_is_not_there_is_said() -> None:
    data = book(["a", "b"], ["1", "2"])
    assert proposed_format(data) == {"header": True}
    look = look_at(data, {"header": True, "sheet": "Nowhere"})
    assert "there is no sheet “Nowhere”" in look.issues[0].message
