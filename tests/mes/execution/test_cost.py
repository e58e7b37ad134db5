"""How many SQL statements a deed costs, whatever else the plant holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.lifecycle.queries import policy_revision
from mes.execution.queries import dispatch_list, progress
from tests.mes.execution.floor import make_floor
from tests.support.people import proof

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("PERF-UNIT")]


def test_completing_a_unit_of_three_serials_and_five_lots_costs_a_fixed_number_of_statements() -> None:
    floor = make_floor(serials=3, lots=5)
    operation = floor.assembling(quantity=3)
    floor.finish_unit(operation)
    kit, signature = floor.kit(), proof(floor.operator, "performed")
    policy_revision()
    with CaptureQueriesContext(connection) as spent:
        floor.finish_unit(operation, "U-SQL", components=kit, signature=signature)
    # One more than where the deed is its own transaction: inside the test's, the actor before it is declared again.
    assert len(spent) <= 41


def test_listing_work_does_not_grow_with_the_list() -> None:
    floor = make_floor()
    spent = []
    for _order in range(2):
        for _one in range(3):
            floor.order()
        with CaptureQueriesContext(connection) as queries:
            dispatch_list(floor.work_center, floor.operator)
        spent.append(len(queries))
    assert spent[0] == spent[1] <= 14


def test_the_progress_of_an_order_is_cheap() -> None:
    floor = make_floor()
    order = floor.order()
    with CaptureQueriesContext(connection) as spent:
        progress(order)
    assert len(spent) == 2
