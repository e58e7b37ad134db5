"""Guarantee 4 at the table of consumptions, attacked in raw SQL as the app role."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from core.kernel.deeds import acting
from mes.execution.models import Consumption
from tests.support.stock import issue_stock
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Lot, SerializedUnit


@pytest.fixture
def world(db: None) -> World:
    """A small plant, rolled back at the end."""
    return make_world()


class Undone(Exception):
    """Ends a transaction whose other foreign keys lead nowhere."""


def consume(
    world: World, quantity: int | str, lot: Lot, unit: SerializedUnit | None = None, movement: int | None = None
) -> str:
    """Try to write a consumption by plain SQL: the constraint that refused it, or an empty text. Nothing stays.

    The keys to order and run lead nowhere; PostgreSQL would look at them at the commit only, the hold at once.
    """
    columns: dict[str, Any] = {
        field.column: ""
        for field in Consumption._meta.concrete_fields
        if field.column is not None and field.get_internal_type() in ("CharField", "TextField")
    }
    columns |= {
        "actor_id": world.operator.pk,
        "stamped_at": "2026-01-01T00:00:00Z",
        "stamped_txid": 0,
        "order_operation_id": -1,
        "run_id": -1,
        "material_id": lot.material_id,
        "lot_id": lot.pk,
        "unit_id": None if unit is None else unit.pk,
        "quantity": Decimal(quantity),
        "movement_id": movement,
        "is_sandbox": movement is None,
    }
    sql = f"INSERT INTO {Consumption._meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
    try:
        with transaction.atomic(), acting(world.operator), connection.cursor() as cursor:
            cursor.execute(sql, list(columns.values()))
            raise Undone
    except Undone:
        return ""
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg.Error)
        return cause.diag.constraint_name or str(cause)


@pytest.mark.requirement("REC-05")
def test_of_a_held_lot_nothing_is_consumed(world: World) -> None:
    lot = world.lot(10)
    assert consume(world, 1, lot) == ""
    services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    assert consume(world, "0.000001", lot) == "traceability_hold"


@pytest.mark.requirement("REC-05")
def test_of_a_partly_held_lot_only_the_free_part_is_consumed(world: World) -> None:
    lot = world.lot(10)
    services.place_hold(lot=lot, quantity=Decimal(7), reason="part", actor=world.operator)
    assert consume(world, 3, lot) == ""
    assert consume(world, "3.000001", lot) == "traceability_hold"


@pytest.mark.requirement("REC-05")
def test_the_movement_of_something_else_is_no_excuse(world: World) -> None:
    lot, other = world.lot(10), world.lot(10)
    services.place_hold(lot=lot, quantity=Decimal(7), reason="part", actor=world.operator)
    elsewhere = issue_stock(lot=other, quantity=Decimal(5), actor=world.operator)
    assert consume(world, 5, lot, movement=elsewhere.pk) == "traceability_hold"
    assert consume(world, 5, lot, movement=-1) == "traceability_hold"
    own = issue_stock(lot=lot, quantity=Decimal(3), actor=world.operator)
    assert consume(world, 3, lot, movement=own.pk) == ""


@pytest.mark.requirement("REC-05")
def test_a_held_unit_is_not_consumed_under_its_own_or_another_lot(world: World) -> None:
    lot = world.lot(0)
    held, free = world.unit(lot), world.unit(lot)
    services.place_hold(unit=held, reason="scratch", actor=world.operator)
    assert consume(world, 1, lot, held) == "traceability_hold"
    assert consume(world, 1, world.lot(5), held) == "traceability_hold"
    assert consume(world, 1, lot, free) == ""
    services.place_hold(lot=lot, reason="all of them", actor=world.operator)
    assert consume(world, 1, lot, free) == "traceability_hold"
    assert consume(world, 1, world.lot(5), free) == "traceability_hold"
