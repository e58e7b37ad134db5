"""A recall is told which open orders have the affected lots: what makes them, used them, and would use them next."""

import pytest

from core.kernel.wiring import ask
from core.lifecycle.services import perform
from tests.mes.execution.floor import Floor
from tests.support.people import proof
from tests.traceability.recalled import begun, make_head, told, worked
from traceability.models import Hold
from traceability.questions import OpenOrdersWith

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("RCL-01")]


def test_open_orders_that_make_used_and_want_it_are_told(floor: Floor) -> None:
    assembling = floor.assembling(quantity=2)
    floor.finish_unit(assembling)
    bulk = floor.lot(floor.parts[1])
    waiting = floor.order(1)
    sandbox = floor.order(1, is_sandbox=True)
    head = make_head(floor.world)
    recall = worked(begun(floor.world, head, bulk))
    made = floor.finished(assembling)
    found = {(one.source, one.how, one.lot) for one in recall.orders.select_related("lot")}
    assert found == {
        (assembling.order, "used", bulk),
        (assembling.order, "makes", made),
        (assembling.order, "wants", bulk),
        (waiting, "wants", bulk),
    }
    assert sandbox not in {order for order, _how, _lot in found}
    assert {(where, trouble) for _goods, where, _quantity, trouble in told(recall)} <= {
        ("site", ""), ("production", ""), ("consumed", "consumed"), ("none", "units"),
    }  # fmt: skip
    before = recall.orders.count()
    worked(begun(floor.world, head, bulk))
    assert recall.orders.count() == before


def test_what_is_made_of_it_stops_at_the_floor(floor: Floor) -> None:
    assembling = floor.assembling(quantity=2)
    floor.finish_unit(assembling)
    head = make_head(floor.world)
    recall = begun(floor.world, head, floor.lot(floor.parts[1]), kind="recall")
    perform(recall, "start", actor=head, signature=proof(head, "approved"))
    worked(recall)
    unit = floor.finished(assembling).units.get()
    assert {hold.held for hold in Hold.objects.all()} == {floor.lot(floor.parts[1]), unit}, "its sisters go on"


def test_an_order_of_another_site_wants_nothing_of_it(floor: Floor) -> None:
    floor.order(1)
    bulk = floor.lot(floor.parts[1])
    assert [one.how for one in ask(OpenOrdersWith((bulk.pk,), (bulk.pk,)))] == ["wants"]
    assert list(ask(OpenOrdersWith((bulk.pk,)))) == []
