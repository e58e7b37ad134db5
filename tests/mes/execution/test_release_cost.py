"""What releasing an order costs, and that it is one change."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.lifecycle.services import perform_many
from mes.execution import services
from mes.execution.models import ProductionOrder
from mes.routing import services as routings
from tests.mes.execution.floor import Floor, make_floor, make_instruction, put_into_force

RELEASE = 25
"""BEGIN and COMMIT included."""


def statements_of_release(floor: Floor) -> int:
    """Of the second release: the first one of a process reads what every later one knows."""
    floor.order(3)
    order = floor.order(3, release=False)
    with CaptureQueriesContext(connection) as spent:
        released = services.release_order(order=order, actor=floor.planner)
    assert (released.status, released.lot is not None) == ("released", True)
    stored = ProductionOrder.objects.get(pk=order.pk)
    assert (stored.lot_id, stored.routing_hash) == (released.lot_id, floor.revision.content_hash)
    assert len(spent) <= RELEASE, "\n".join(query["sql"][:200] for query in spent)
    return len(spent)


@pytest.mark.requirement("PERF-ORDER", "ORD-03")
def test_an_order_is_released_in_few_statements_however_long_its_route(plant: str) -> None:
    floor = make_floor(serials=3, lots=5)
    short = statements_of_release(floor)
    routing, system = floor.revision.routing, floor.world.system
    longer = routings.new_revision(routing=routing, summary="More operations", actor=system)
    for number in range(6):
        document = make_instruction(floor.world)[0].document
        routings.add_operation(
            revision=longer, name=f"Check {number}", work_center=floor.work_center, document=document, actor=system
        )
    put_into_force(longer, system)
    longer.refresh_from_db()
    floor.revision = longer
    assert statements_of_release(floor) == short


@pytest.mark.requirement("ORD-03")
def test_a_release_is_one_change_of_the_order(plant: str) -> None:
    """What the release pins is saved with the status: no version says "released" without lot and routing digest."""
    order = make_floor().order(1)
    versions = list(order.history.order_by("row_version").values_list("status", "lot_id", "routing_hash"))
    assert versions == [("draft", None, ""), ("released", order.lot_id, order.routing_hash)]
    assert order.lot_id and order.routing_hash and order.quantity == Decimal(1)


def test_orders_are_not_released_set_based(plant: str) -> None:
    """Each release makes a lot of its own before the order is saved; many at once would skip that."""
    floor = make_floor()
    order = floor.order(1, release=False)
    with pytest.raises(ValueError, match="use perform"):
        perform_many([order], "release", actor=floor.planner)
    order.refresh_from_db()
    assert order.status == "draft"
