"""Exports: every filtered row, safe in a spreadsheet, and told to the trail before they leave."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import io
import warnings
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import AsyncRequestFactory, Client, RequestFactory
from openpyxl import load_workbook

from core.kernel.deeds import acting
from core.organization.models import Site, User, WorkCenter
from core.organization.services import system_user
from core.trail.models import TrailEvent
from core.web.export import LINES_AT_ONCE, csv_lines, neutral, streamed
from core.web.workbook import xlsx_file
from tests.core.web.test_lists import fill
from tests.support.people import work_center_of

ATTACKS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    "\n=1",
    " =1+1",
    '=HYPERLINK("http://x","y")',
    "|calc",
    "%0A=1",
    "\uff1d1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_text_that_would_be_a_formula_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"
    line = list(csv.reader(io.StringIO("".join(csv_lines(["a"], [[text]])).lstrip("\ufeff"))))[1]
    assert line == [f"'{text}"]


@pytest.mark.parametrize("value", [-3, Decimal("-3.5"), 2.5, True, dt.date(2026, 11, 22), "L-26-0417", "Grün", "a=b"])
def test_figures_dates_and_plain_words_pass_unchanged(value: Any) -> None:
    assert neutral(value) == value


def test_a_sheet_holds_no_formula_and_no_character_that_breaks_it() -> None:
    rows = [[text, -3, Decimal("1.5"), "a\x00b"] for text in ATTACKS]
    sheet = load_workbook(xlsx_file("Lots: all/[x]", ["=name", "n", "d", "c"], rows)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in sheet[2]][1:] == [-3, 1.5, "a\ufffdb"]


@pytest.mark.django_db
@pytest.mark.urls("tests.core.web.pages")
def test_an_export_has_every_filtered_row_and_is_kept_in_the_trail(client: Client, visitor: User, site: Site) -> None:
    fill(site, 35)
    before = TrailEvent.objects.count()
    response = client.get("/places/?is_active=true&sort=-code&export=csv&columns=code,name")
    body = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(body.lstrip("\ufeff"))))
    assert rows[0] == ["Code", "Name"]
    assert [row[0] for row in rows[1:]] == ["WC1", *(f"W{n:04}" for n in range(34, -1, -2))]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    event = TrailEvent.objects.latest("id")
    assert TrailEvent.objects.count() == before + 1
    assert (event.kind, event.actor_id, event.data["rows"]) == ("list_exported", visitor.pk, 19)
    assert "is_active=true" in event.data["query"]


@pytest.mark.django_db
@pytest.mark.urls("tests.core.web.pages")
def test_a_sheet_of_the_list_opens(client: Client, visitor: User, site: Site) -> None:
    center = work_center_of(site)
    with transaction.atomic(), acting(system_user("test")):
        WorkCenter(area=center.area, code="EVIL", name="=cmd|' /C calc'!A0").save()
    response = client.get("/places/?export=xlsx&q=evil")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet is not None
    assert sheet["B2"].value == "'=cmd|' /C calc'!A0"
    assert sheet["B2"].data_type == "s"


def test_a_file_is_sent_while_it_is_written_whoever_serves_it() -> None:
    """Under ASGI Django would collect a plain iterator in memory first, and warn."""
    made: list[int] = []

    def lines() -> Any:
        for number in range(3 * LINES_AT_ONCE):
            made.append(number)
            yield f"{number}\n"

    wanted = "".join(f"{number}\n" for number in range(3 * LINES_AT_ONCE)).encode()
    served = streamed(lines(), AsyncRequestFactory().get("/"), content_type="text/csv", name="a.csv")
    assert served.is_async and served["Content-Disposition"] == 'attachment; filename="a.csv"'

    async def received() -> list[bytes]:
        parts = []
        async for part in served:
            parts.append(part)
            assert len(made) <= len(parts) * LINES_AT_ONCE
        return parts

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert b"".join(asyncio.run(received())) == wanted
        plain = streamed(lines(), RequestFactory().get("/"), content_type="text/csv", name="a.csv")
        assert b"".join(plain) == wanted
