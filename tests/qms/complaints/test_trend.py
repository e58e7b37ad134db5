"""The trend against the u chart as textbooks write it, and against a count by hand."""

from __future__ import annotations

import datetime as dt
import html
import random
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from qms.complaints import services
from qms.complaints.queries.trend import chart, months_until, overview
from tests.qms.complaints.conftest import Desk
from tests.support.visits import visit_as
from tests.traceability import goods


def _by_the_book(counts: list[int], sizes: list[float]) -> list[tuple[float, float, float]]:
    """u-bar: all defects over all inspection units; each sample has limits of its own size (Montgomery 7.3.2)."""
    u_bar = sum(counts) / sum(sizes)
    return [
        (c / n, u_bar + 3 * (u_bar / n) ** 0.5, max(0.0, u_bar - 3 * (u_bar / n) ** 0.5))
        for c, n in zip(counts, sizes, strict=True)
    ]


@pytest.mark.requirement("CMP-06")
@pytest.mark.parametrize("seed", range(20))
def test_rates_and_limits_are_those_of_the_u_chart(seed: int) -> None:
    dice = random.Random(seed)
    months = months_until(dt.date(2026, 2, 15), 12)
    counts = [dice.randrange(0, 40) for _ in months]
    shipped = [Decimal(dice.randrange(200, 9000)) for _ in months]
    found = chart(months, dict(zip(months, counts, strict=True)), dict(zip(months, shipped, strict=True)))
    for point, (rate, upper, lower) in zip(
        found.points, _by_the_book(counts, [float(n) / 1000 for n in shipped]), strict=True
    ):
        assert point.rate == pytest.approx(rate)
        assert (point.upper, point.lower) == (pytest.approx(upper), pytest.approx(lower))
        assert (point.is_high, point.is_low) == (rate > upper, rate < lower)


@pytest.mark.requirement("CMP-06")
def test_months_without_shipments_have_no_rate_and_do_not_move_the_mean() -> None:
    months = months_until(dt.date(2026, 2, 1), 3)
    assert months == [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    counts = {months[0]: 4, months[1]: 9, months[2]: 6}
    found = chart(months, counts, {months[0]: Decimal(2000), months[2]: Decimal(3000)})
    assert found.mean == pytest.approx(2.0)
    assert [point.rate for point in found.points] == [2.0, None, 2.0]
    assert chart(months, counts, {}).mean is None


@pytest.mark.requirement("CMP-06")
def test_the_trend_counts_complaints_by_code_and_what_was_shipped(desk: Desk) -> None:
    lot = desk.world.lot(900)
    goods.shipped(desk.world, goods.leads(desk.world), lot, 500)
    desk.triaged(lot)
    desk.triaged(lot)
    desk.triaged(lot, is_complaint="no")
    desk.received(lot)
    services.create_code(kind="event", code="LEAK", name="Leaks", actor=desk.engineer)
    found = overview(site=desk.world.site, today=desk.today, months=12)
    last = found.trend.points[-1]
    assert (last.count, last.shipped, last.rate) == (3, 500, pytest.approx(6.0))
    assert [(str(line.code or "-"), line.total) for line in found.lines] == [("STUCK Stuck open", 2), ("-", 1)]
    of_code = overview(site=desk.world.site, today=desk.today, months=12, code=desk.code, material=lot.material)
    assert of_code.trend.points[-1].count == 2
    other = overview(site=desk.world.site, today=desk.today, months=12, material=desk.world.material())
    assert other.trend.mean is None


@pytest.mark.requirement("CMP-06")
def test_a_month_leads_to_the_complaints_of_that_month(desk: Desk) -> None:
    lot = desk.world.lot(900)
    goods.shipped(desk.world, goods.leads(desk.world), lot, 500)
    desk.triaged(lot)
    before = desk.today.replace(day=1) - dt.timedelta(days=1)
    desk.received(lot, received_on=before, aware_on=before)
    client = visit_as(desk.engineer)
    page = client.get(reverse("qms_complaints:complaint_trend")).content.decode()
    address = html.unescape(re.findall(r'href="(/qms/complaints/complaints/\?[^"]*)"', page)[0])
    rows = client.get(f"{address}&export=csv").getvalue()
    assert rows.count(b"\r\n") == 1 + 1
