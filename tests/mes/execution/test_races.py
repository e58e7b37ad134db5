"""Several stations at once, on a committed database: counters, lots and locks hold."""

import threading
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from core.kernel.errors import Blocked
from core.lifecycle.models import GateDecision
from mes.execution import services
from mes.execution.models import Consumption, Output
from mes.execution.queries import Component, counters
from tests.mes.execution.floor import OPERATOR, Floor, make_floor
from tests.support.people import make_user
from traceability.models import GenealogyLink
from traceability.queries import on_hand

pytestmark = pytest.mark.requirement("ORD-13")
CLIENTS = 8


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run each deed in a thread with a connection of its own, all released together; results or exceptions."""
    barrier = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(index: int, deed: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            results[index] = deed()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, deed)) for index, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def clients(floor: Floor, operation: Any) -> list[Any]:
    """Eight operators, all clocked on."""
    people = [make_user(site=floor.site, permissions=OPERATOR) for _ in range(CLIENTS)]
    for person in people:
        services.start_operation(order_operation=operation, actor=person)
    return people


def test_eight_clients_finish_units_of_one_order(plant: str) -> None:
    floor = make_floor(serials=1, lots=2)
    each = 3
    operation = floor.assembling(quantity=CLIENTS * each)
    people = clients(floor, operation)
    kits = [[floor.kit() for _ in range(each)] for _ in people]

    def work(person: Any, mine: list[list[Component]]) -> list[Any]:
        return [floor.finish_unit(operation, actor=person, components=kit) for kit in mine]

    results = at_once(*(lambda p=p, k=k: work(p, k) for p, k in zip(people, kits, strict=True)))
    errors = [result for result in results if isinstance(result, Exception)]
    assert errors == []
    answers = sum(len(result) for result in results)
    finished = Output.objects.filter(order_operation=operation, good=1).count()
    assert answers == finished == counters(operation).good == CLIENTS * each
    assert on_hand(floor.finished(operation)) == CLIENTS * each
    for part in floor.parts[1:]:
        assert on_hand(floor.lot(part)) == 100 - CLIENTS * each
    assert GenealogyLink.objects.count() == Consumption.objects.count() == CLIENTS * each * 3


def test_two_stations_race_for_one_lot_and_the_loser_reads_why(plant: str) -> None:
    floor = make_floor()
    lot = floor.lot(floor.parts[1], quantity=1)
    operations = [floor.assembling(quantity=1), floor.assembling(quantity=1)]
    results = at_once(
        *(
            lambda o=operation: services.consume_lot(
                order_operation=o, lot=lot, quantity=Decimal(1), actor=floor.operator, client_id=uuid.uuid4()
            )
            for operation in operations
        )
    )
    lost = [result for result in results if isinstance(result, Blocked)]
    won = [result for result in results if isinstance(result, services.Outcome)]
    assert (len(won), len(lost)) == (1, 1)
    assert lost[0].codes == ("quantity",) and "0 EA left" in str(lost[0].blockers[0].message)
    assert on_hand(lot) == 0 and Consumption.objects.count() == 1
    denied = GateDecision.objects.get(action="consume", allowed=False)
    assert denied.subject_id in {operation.pk for operation in operations}


def test_eight_clients_on_a_short_lot_take_what_there_is_and_not_more(plant: str) -> None:
    floor = make_floor(serials=0, lots=1)
    operation = floor.assembling(quantity=CLIENTS)
    people = clients(floor, operation)
    lot = floor.lot(floor.parts[0], quantity=5)
    results = at_once(
        *(lambda p=person: floor.finish_unit(operation, actor=p, components=[Component(lot)]) for person in people)
    )
    lost = [result for result in results if isinstance(result, Blocked)]
    won = [result for result in results if isinstance(result, services.Outcome)]
    assert (len(won), len(lost)) == (5, 3)
    assert all("quantity" in refusal.codes for refusal in lost)
    assert on_hand(lot) == 0
    assert counters(operation).good == on_hand(floor.finished(operation)) == 5


def test_a_double_tap_is_one_unit(plant: str) -> None:
    floor = make_floor()
    operation = floor.assembling(quantity=2)
    kit, once = floor.kit(), uuid.uuid4()
    results = at_once(*[lambda: floor.finish_unit(operation, "U-1", components=kit, client_id=once)] * 4)
    assert all(isinstance(result, services.Outcome) for result in results), results
    assert len({result.record.pk for result in results}) == 1
    assert sorted(result.repeated for result in results) == [False, True, True, True]
    assert counters(operation).good == 1
