"""Key figures against counts by hand and against the lists they lead to."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.deeds import acting
from core.kernel.permissions import catalogue
from mes.execution import services as floor_services
from qms.nonconformance.models import NonConformance
from qms.reporting.queries import KeyFigure, key_figures
from tests.mes.execution.floor import make_floor
from tests.mes.production_record.story import REVIEWER, Story
from tests.qms.reporting.conftest import Figures
from tests.support.people import make_user
from tests.traceability import goods

EVERYTHING = tuple(sorted(catalogue()))
FIGURES = "qms_reporting:figures"
SHOWN = re.compile(r'id="figure-(\w+)".*?rp-value">(?:<a href="([^"]+)">)?([^<]+)<', re.DOTALL)


def _read(figures: Figures, **values: Any) -> dict[str, KeyFigure]:
    first, last = figures.months[0], figures.today
    groups = key_figures(figures.site, **{"first": first, "last": last, "rights": lambda right: True, **values})
    return {one.code: one for group in groups for one in group.figures}


@pytest.mark.requirement("KPI-01")
def test_nothing_to_compute_from_is_no_figure(figures: Figures) -> None:
    found = _read(figures)
    for code in ("nc_rate", "scrap", "fpy", "nc_to_close", "capa_on_time", "complaint_rate", "release_time"):
        assert found[code].value is None, code
    assert found["nc_open"].value == found["calibration_overdue"].value == 0
    assert all(str(one.definition) and str(one.label) for one in found.values())
    assert len(found) == 20


@pytest.mark.requirement("KPI-01")
def test_nonconformances_are_counted_and_timed(figures: Figures) -> None:
    world = figures.case.world
    figures.found(figures.today)
    figures.case.closed(world.lot(20))
    closed = NonConformance.objects.get(status="closed")
    before = _read(figures)["nc_to_close"]
    assert before.value == pytest.approx(0, abs=0.01)
    with transaction.atomic(), acting(world.system, reason="told later"):
        closed.reported_at -= dt.timedelta(days=4)
        closed.save()
    found = _read(figures)
    assert found["nc_to_close"].value == pytest.approx(4, abs=0.01)
    assert found["nc_to_disposition"].value == pytest.approx(4, abs=0.01)
    assert (found["nc_open"].value, found["nc_overdue"].value) == (1, 0)


@pytest.mark.requirement("KPI-01")
def test_the_floor_is_asked_for_what_it_made(figures: Figures) -> None:
    floor = make_floor(world=figures.case.world)
    story = Story(floor, make_user(site=floor.site, permissions=REVIEWER), floor.order(1))
    story.make("12.00")
    story.complete()
    story.release()
    for number in range(3):
        figures.found(figures.today, title=f"Found {number}")
    found = _read(figures)
    assert found["nc_rate"].value == pytest.approx(3 / 2 * 1000)
    assert found["scrap"].value == 0
    assert found["fpy"].value == 100
    assert found["release_time"].value == pytest.approx(0, abs=0.1)
    assert found["release_time"].made_of == "1"


@pytest.mark.requirement("KPI-01")
def test_scrapped_pieces_are_a_share_of_all_made(figures: Figures) -> None:
    floor = make_floor(world=figures.case.world)
    operation = floor.start(floor.first(floor.order(4)))
    floor_services.report_output(
        order_operation=operation, good=Decimal(3), scrap=Decimal(1), scrap_reason=floor.scrap_reason,
        actor=floor.operator,
    )  # fmt: skip
    assert _read(figures)["scrap"].value == 100


@pytest.mark.requirement("KPI-01")
def test_complaints_are_set_against_what_was_shipped(figures: Figures) -> None:
    world = figures.case.world
    goods.shipped(world, goods.leads(world), world.lot(900), 500)
    found = _read(figures)["complaint_rate"]
    assert (found.value, found.made_of) == (0, "0 / 500")


@pytest.mark.requirement("KPI-01")
def test_every_figure_leads_to_its_list_and_a_count_to_as_many_rows(figures: Figures) -> None:
    world = figures.case.world
    figures.found(figures.today)
    figures.found(figures.months[3])
    figures.case.closed(world.lot(20))
    desk = figures.visit(make_user(site=figures.site, permissions=EVERYTHING))
    page = desk.get(reverse(FIGURES)).content.decode()
    shown = {code: (html.unescape(url), text) for code, url, text in SHOWN.findall(page)}
    assert len(shown) == 20
    for code, (url, text) in shown.items():
        if not url:
            assert text == "–", code
            continue
        listed = desk.get(url)
        assert listed.status_code == 200, code
        assert "so ignored" not in listed.content.decode(), code
        if code in ("nc_open", "nc_overdue", "capa_open", "capa_overdue", "oot", "reviews_overdue"):
            rows = desk.get(f"{url}&export=csv").getvalue()
            assert rows.count(b"\r\n") - 1 == int(text), code
    closed = desk.get(f"{shown['nc_to_close'][0]}&export=csv").getvalue()
    assert closed.count(b"\r\n") == 1 + 1


@pytest.mark.requirement("KPI-01")
def test_a_figure_of_records_that_one_may_not_see_is_not_told(figures: Figures) -> None:
    page = figures.visit().get(reverse(FIGURES)).content.decode()
    codes = {code for code, _url, _text in SHOWN.findall(page)}
    assert "nc_open" in codes
    assert not codes & {"complaint_rate", "reports_on_time", "reviews_overdue", "training_overdue", "oot"}
    only = make_user(site=figures.site, permissions=("qms_reporting.view_reportrun",))
    assert "No figures" in figures.visit(only).get(reverse(FIGURES)).content.decode()
    assert figures.visit(make_user(site=figures.site)).get(reverse(FIGURES)).status_code == 403


@pytest.mark.requirement("KPI-01")
def test_wrong_days_are_said_at_their_field(figures: Figures) -> None:
    page = figures.visit().get(reverse(FIGURES), {"first": "2026-05-01", "last": "2026-04-01"})
    assert page.status_code == 422
    assert "lies before" in page.content.decode()


@pytest.mark.requirement("KPI-01", "PERF-PAGE")
def test_the_page_takes_few_statements(figures: Figures) -> None:
    desk = figures.visit(make_user(site=figures.site, permissions=EVERYTHING))
    desk.get(reverse(FIGURES))
    with CaptureQueriesContext(connection) as spent:
        desk.get(reverse(FIGURES))
    assert len(spent) <= 15, len(spent)
