"""Several people at once at one lot: nothing is taken twice, everybody else reads why."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from core.kernel.errors import Blocked
from tests.support.stock import issue_stock
from tests.traceability.world import make_world
from traceability import services
from traceability.models import StockMovement
from traceability.queries import on_hand


def at_once(count: int, act: Callable[[int], Any]) -> list[str]:
    """Run the deed in so many threads at the same moment; the codes of each refusal, "done", or the error's name."""
    start, outcomes = threading.Barrier(count), [""] * count

    def run(number: int) -> None:
        try:
            start.wait(timeout=20)
            act(number)
            outcomes[number] = "done"
        except Blocked as refusal:
            outcomes[number] = ",".join(refusal.codes)
        except Exception as error:  # the test shows whatever else went wrong
            outcomes[number] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@pytest.mark.requirement("ORD-13")
def test_eight_stations_at_one_lot_never_take_more_than_there_is(plant: str) -> None:
    world = make_world()
    lot = world.lot(10)
    outcomes = at_once(8, lambda _: issue_stock(lot=lot, quantity=Decimal(3), actor=world.operator))
    assert Counter(outcomes) == {"done": 3, "quantity": 5}
    assert on_hand(lot) == 1


@pytest.mark.requirement("ORD-13")
def test_one_unit_is_built_in_once(plant: str) -> None:
    world = make_world()
    lot = world.lot(0, world.material(tracking="serial"))
    unit, products = world.unit(lot), [world.lot(0) for _ in range(4)]

    def build_in(number: int) -> None:
        services.link(
            parent_unit=unit, child_lot=products[number], quantity=Decimal(1), uom=world.each, actor=world.operator
        )

    assert Counter(at_once(4, build_in)) == {"done": 1, "state": 3}


@pytest.mark.requirement("ORD-13")
def test_lots_taken_in_opposite_order_do_not_block_each_other(plant: str) -> None:
    world = make_world()
    first, second = world.lot(100), world.lot(100)

    def take(number: int) -> None:
        pair = (first, second) if number % 2 else (second, first)
        services.issue_many(
            demands=[services.Demand(lot, Decimal(1)) for lot in pair], source=None, actor=world.operator
        )

    assert set(at_once(8, take)) == {"done"}
    assert {on_hand(first), on_hand(second)} == {Decimal(92)}


@pytest.mark.requirement("ORD-13")
def test_a_movement_is_taken_back_once(plant: str) -> None:
    world = make_world()
    lot = world.lot(10)
    movement = issue_stock(lot=lot, quantity=Decimal(4), actor=world.operator)
    outcomes = at_once(4, lambda _: services.reverse_movement(movement=movement, actor=world.operator))
    assert Counter(outcomes) == {"done": 1, "reversed": 3}
    assert StockMovement.objects.filter(reverses=movement).count() == 1
    assert on_hand(lot) == 10
