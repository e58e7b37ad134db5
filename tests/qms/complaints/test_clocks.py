"""Statutory clocks, counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from qms.complaints.queries import due_day
from qms.complaints.queries.trees import read_tree
from qms.complaints.services.examples import EXAMPLES

MONDAY = dt.date(2026, 3, 2)


@pytest.mark.requirement("CMP-02")
@pytest.mark.parametrize(
    ("aware", "days", "count", "due"),
    [
        (MONDAY, 5, "work", dt.date(2026, 3, 9)),
        (dt.date(2026, 3, 5), 5, "work", dt.date(2026, 3, 12)),
        (dt.date(2026, 3, 6), 5, "work", dt.date(2026, 3, 13)),
        (dt.date(2026, 3, 7), 5, "work", dt.date(2026, 3, 13)),  # a Saturday: Monday is the first day
        (dt.date(2026, 3, 8), 5, "work", dt.date(2026, 3, 13)),
        (MONDAY, 3, "work", dt.date(2026, 3, 5)),
        (dt.date(2026, 3, 5), 3, "work", dt.date(2026, 3, 10)),
        (MONDAY, 30, "calendar", dt.date(2026, 4, 1)),
        (dt.date(2026, 1, 31), 30, "calendar", dt.date(2026, 3, 2)),
        (MONDAY, 2, "calendar", dt.date(2026, 3, 4)),
        (MONDAY, 10, "calendar", dt.date(2026, 3, 12)),
        (MONDAY, 15, "calendar", dt.date(2026, 3, 17)),
    ],
)
def test_clocks_end_on_the_day_that_a_calendar_shows(aware: dt.date, days: int, count: str, due: dt.date) -> None:
    assert due_day(aware, days, count) == due


def test_days_are_counted_in_two_ways_only() -> None:
    with pytest.raises(ValueError, match="fortnight"):
        due_day(MONDAY, 1, "fortnight")


@pytest.mark.requirement("CMP-02")
def test_the_examples_hold_the_clocks_of_their_clauses() -> None:
    found = {
        (code, end.days, end.count)
        for code, _name, _authority, content in EXAMPLES
        for end in read_tree(content).results.values()
        if end.is_reportable
    }
    assert found == {
        ("FDA-MDR", 5, "work"),
        ("FDA-MDR", 30, "calendar"),
        ("EU-MDR-87", 2, "calendar"),
        ("EU-MDR-87", 10, "calendar"),
        ("EU-MDR-87", 15, "calendar"),
        ("FDA-FAR", 3, "work"),
        ("AS-NOTICE", 3, "work"),
    }
