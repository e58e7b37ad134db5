"""Numbers of records: unique per site and kind, never given twice, whoever draws at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core.organization.models import NumberSeries
from core.organization.services import draw_numbers, next_number
from tests.support.people import make_site

pytestmark = pytest.mark.requirement("REC-11")


@pytest.mark.django_db
def test_each_site_and_kind_counts_for_itself() -> None:
    one, other = make_site(), make_site()
    assert [next_number(one, "NC") for _ in range(3)] == ["NC-000001", "NC-000002", "NC-000003"]
    assert next_number(one, "PO") == "PO-000001"
    assert next_number(other, "NC") == "NC-000001"
    assert next_number(None, "DOC") == "DOC-000001"
    assert next_number(None, "DOC") == "DOC-000002"


@pytest.mark.django_db
def test_a_block_of_numbers_is_drawn_at_once_and_the_next_begins_behind_it() -> None:
    site = make_site()
    assert draw_numbers(site, "LOT", 10) == 1
    assert next_number(site, "LOT") == "LOT-000011"


def test_people_who_draw_at_the_same_time_get_different_numbers(plant: str) -> None:
    site = make_site()

    def draw(_turn: int) -> str:
        try:
            with transaction.atomic():
                return next_number(site, "NC")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        drawn = list(people.map(draw, range(24)))
    assert sorted(drawn) == [f"NC-{number:06d}" for number in range(1, 25)]
    assert NumberSeries.objects.get(site=site, prefix="NC").last_number == 24


def test_a_number_is_not_drawn_outside_of_a_deed(plant: str) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        next_number(make_site(), "NC")
