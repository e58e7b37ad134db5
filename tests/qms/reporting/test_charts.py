"""Pareto and rates against counts by hand, against numpy, and against the lists they lead to."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import random
import re
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.lifecycle.services import perform
from mes.execution import services as floor_services
from qms.complaints.queries.trend import chart, months_until
from qms.nonconformance import services as quality
from qms.nonconformance.models import NonConformance
from qms.nonconformance.queries import TRAITS
from qms.reporting.queries import pareto, rates
from tests.mes.execution.floor import make_floor
from tests.qms.reporting.conftest import Figures
from tests.support.people import make_user, proof
from tests.support.visits import visit_as
from tests.traceability import goods
from tests.traceability.world import make_world

ANALYSIS = "qms_reporting:analysis"
LISTED = re.compile(r'href="(/qms/nonconformance/nonconformances/\?[^"]*)"[^>]*>(\d+)</a>')


def _varied(figures: Figures) -> None:
    """Fourteen nonconformances that differ in everything by which they are counted."""
    case, world = figures.case, figures.case.world
    other = quality.create_defect_code(code="SURF-02", name="Scratched", severity="minor", actor=case.engineer)
    steel, brass = world.material(), world.material()
    supplied = goods.receive(world, goods.ordered(world, 1000, number="PO-R", position="1")).lot
    days = [figures.months[-1 - n % 4] + dt.timedelta(days=n % 5) for n in range(14)]
    days = [min(day, figures.today) for day in days]
    for n in range(6):
        figures.found(days[n], (world.lot(10, steel), 2), cause_category="machine", detection_point="in_process")
    for n in range(6, 9):
        figures.found(days[n], (world.lot(10, steel), 2), (world.lot(10, brass), 1), defect_code=other)
    for n in range(9, 11):
        figures.found(days[n], (supplied, 1), defect_code=other, detection_point="incoming", kind="deviation")
        supplied = goods.receive(world, goods.ordered(world, 1000, number=f"PO-R{n}", position="1")).lot
    for n in range(11, 14):
        figures.found(days[n], defect_code=None)
    cancelled = figures.found(days[0])
    sign = proof(case.engineer, "hold_released")
    perform(cancelled, "cancel", actor=case.engineer, reason="Entered twice", signature=sign)


@pytest.mark.requirement("TRD-01")
def test_bars_are_what_is_counted_one_by_one(figures: Figures) -> None:
    _varied(figures)
    rows = list(NonConformance.objects.filter(site=figures.site).exclude(status="cancelled"))
    assert len(rows) == 14
    found = pareto(figures.asked(), "defect")
    assert [(bar.short, bar.count) for bar in found.bars] == [("DIM-01", 6), ("SURF-02", 5), ("", 3)]
    assert found.total == 14
    shares = np.cumsum([6, 5, 3]) / 14
    assert [bar.cumulative for bar in found.bars] == pytest.approx(list(shares))
    assert [(bar.key, bar.count) for bar in pareto(figures.asked(), "cause").bars] == [(None, 8), ("machine", 6)]
    points = {bar.key: bar.count for bar in pareto(figures.asked(), "detection").bars}
    assert points == {"in_process": 6, "incoming": 2, None: 6}
    by_material = pareto(figures.asked(), "material")
    assert by_material.total == 14
    assert by_material.summed == sum(max(1, len({i.material for i in one.items.all()})) for one in rows)
    suppliers = {bar.key: bar.count for bar in pareto(figures.asked(), "supplier").bars}
    assert sum(number for key, number in suppliers.items() if key is not None) == 2
    only = pareto(figures.asked(kind="deviation"), "defect")
    assert [(bar.short, bar.count) for bar in only.bars] == [("SURF-02", 2)]


@pytest.mark.requirement("TRD-01")
@pytest.mark.parametrize("trait", sorted(TRAITS))
def test_every_figure_leads_to_as_many_records(figures: Figures, trait: str) -> None:
    _varied(figures)
    desk = figures.visit()
    page = desk.get(reverse(ANALYSIS), {"by": trait, "volume": "made"})
    assert page.status_code == 200
    links = [(html.unescape(url), int(number)) for url, number in LISTED.findall(page.content.decode())]
    assert len(links) >= 13
    for url, number in links:
        listed = desk.get(url)
        assert listed.status_code == 200
        assert "ignored" not in listed.content.decode()
        rows = desk.get(f"{url}&export=csv").getvalue()
        assert rows.count(b"\r\n") - 1 == number, url


@pytest.mark.requirement("TRD-01")
def test_work_centers_are_those_of_the_operations_they_were_raised_from(figures: Figures) -> None:
    floor = make_floor(world=figures.case.world)
    operation = floor.start(floor.first(floor.order(2)))
    for number in range(3):
        floor_services.report_defect(order_operation=operation, title=f"Defect {number}", actor=floor.operator)
    figures.found(figures.today)
    found = pareto(figures.asked(), "work_center")
    assert [(bar.key, bar.count) for bar in found.bars] == [(floor.work_center.pk, 3), (None, 1)]
    assert pareto(figures.asked(work_center=floor.work_center), "defect").total == 3
    narrowed = pareto(figures.asked(work_center=floor.work_center), "work_center")
    assert [bar.count for bar in narrowed.bars] == [3]


@pytest.mark.requirement("TRD-02")
@pytest.mark.parametrize("seed", range(10))
def test_limits_of_the_u_chart_are_those_of_numpy(seed: int) -> None:
    dice = random.Random(seed)
    months = months_until(dt.date(2026, 11, 1), 18)
    counts = np.array([dice.randrange(0, 60) for _ in months])
    sizes = np.array([dice.randrange(100, 20_000) for _ in months])
    found = chart(
        months, dict(zip(months, counts.tolist(), strict=True)),
        {month: Decimal(size) for month, size in zip(months, sizes.tolist(), strict=True)},
    )  # fmt: skip
    thousands = sizes / 1000
    mean = counts.sum() / thousands.sum()
    spread = 3 * np.sqrt(mean / thousands)
    assert found.mean == pytest.approx(mean)
    assert [one.rate for one in found.points] == pytest.approx(list(counts / thousands))
    assert [one.upper for one in found.points] == pytest.approx(list(mean + spread))
    assert [one.lower for one in found.points] == pytest.approx(list(np.maximum(0, mean - spread)))


@pytest.mark.requirement("TRD-02")
def test_limits_are_those_that_a_textbook_prints() -> None:
    """Nonconformities of 20 samples of 5 computers each: Montgomery, Statistical Quality Control, example 7.4."""
    counts = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
    months = months_until(dt.date(2026, 11, 1), len(counts))
    found = chart(months, dict(zip(months, counts, strict=True)), dict.fromkeys(months, Decimal(5000)))
    assert found.mean == pytest.approx(1.93)
    assert (round(found.points[0].upper, 2), round(found.points[0].lower, 2)) == (3.79, 0.07)
    assert found.alarms == []


@pytest.mark.requirement("TRD-02")
def test_rates_are_set_against_what_was_done_in_the_month_at_the_site(figures: Figures) -> None:
    world = figures.case.world
    goods.shipped(world, goods.leads(world), world.lot(900), 500)
    this, before = figures.months[-1], figures.months[-2]
    figures.found(this, hour=0)
    figures.found(this, hour=1)
    figures.found(this - dt.timedelta(days=1), hour=23)
    found = rates(figures.asked(), "shipped")
    assert [(one.month, one.count) for one in found.points[-2:]] == [(before, 1), (this, 2)]
    assert found.points[-1].rate == pytest.approx(4.0)
    assert found.points[-2].rate is None
    floor = make_floor(world=world)
    order = floor.order(2)
    floor.finish_first(order)
    assert rates(figures.asked(), "operations").points[-1].shipped == 1


@pytest.mark.requirement("TRD-02")
def test_the_figures_are_downloaded_and_that_is_recorded(figures: Figures) -> None:
    figures.found(figures.today)
    answer = figures.visit().get(reverse(ANALYSIS), {"export": "csv"})
    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][:3] == ["Defect code", "DIM-01 Dimension out of limit", "1"]
    assert len(rows) == 2 + 12


@pytest.mark.requirement("TRD-01")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"first": "2026-05-01", "last": "2026-04-01"}, "lies before"),
        ({"first": "2001-05-01", "last": "2026-04-01"}, "At most 36 months"),
        ({"by": "colour"}, "valid choice"),
        ({"site": "abc"}, "valid choice"),
        ({"material": "NO-SUCH"}, "no material with this number"),
        ({"first": "yesterday"}, "valid date"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(figures: Figures, query: dict[str, str], words: str) -> None:
    page = figures.visit().get(reverse(ANALYSIS), query)
    assert page.status_code == 422
    assert words in html.unescape(page.content.decode())


@pytest.mark.requirement("TRD-01")
def test_another_sites_records_are_not_counted(figures: Figures) -> None:
    figures.found(figures.today)
    other = make_world()
    stranger = make_user(site=other.site, permissions=("qms_nonconformance.view_nonconformance",))
    page = visit_as(stranger).get(reverse(ANALYSIS))
    assert "None in this time" in page.content.decode()
    assert visit_as(stranger).get(reverse(ANALYSIS), {"site": figures.site.pk}).status_code == 422


@pytest.mark.requirement("TRD-01", "PERF-PAGE")
@pytest.mark.parametrize("trait", sorted(TRAITS))
def test_the_page_takes_few_statements(figures: Figures, trait: str) -> None:
    _varied(figures)
    desk = figures.visit()
    address = f"{reverse(ANALYSIS)}?by={trait}"
    desk.get(address)
    with CaptureQueriesContext(connection) as spent:
        desk.get(address)
    assert len(spent) <= 15, len(spent)
