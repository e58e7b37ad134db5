"""Guarantee 4, attacked in raw SQL as the app role: nothing that an open hold covers moves or is consumed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from core.kernel.deeds import acting
from tests.support.people import proof
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Hold, Lot, SerializedUnit, StockMovement

INSERT = """
INSERT INTO traceability_stockmovement
  (actor_id, stamped_at, stamped_txid, stamped_session_user, stamped_client, stamped_source, source_label, note,
   kind, lot_id, unit_id, quantity, uom_id, from_location_id, to_location_id)
VALUES (%(actor)s, now(), 0, '', '', '', '', '',
        %(kind)s, %(lot)s, %(unit)s, %(quantity)s, %(uom)s, %(source)s, %(target)s)
"""

OUTGOING = ("issue", "scrap", "move", "adjust")


def values(
    world: World, lot: Lot, kind: str, quantity: int | str, unit: SerializedUnit | None = None
) -> dict[str, Any]:
    outgoing = kind in OUTGOING
    return {
        "actor": world.operator.pk,
        "kind": kind,
        "lot": lot.pk,
        "unit": None if unit is None else unit.pk,
        "quantity": Decimal(quantity),
        "uom": lot.material.uom_id,
        "source": (world.production.pk if unit else world.store.pk) if outgoing else None,
        "target": world.production.pk if kind == "move" else None if outgoing else world.store.pk,
    }


def book(world: World, *args: Any, **kwargs: Any) -> None:
    """Book a movement by plain SQL, as whoever has the app's password could."""
    with transaction.atomic(), acting(world.operator), connection.cursor() as cursor:
        cursor.execute(INSERT, values(world, *args, **kwargs))


def refused(world: World, *args: Any, **kwargs: Any) -> str:
    """The name of the constraint that refused the movement; nothing was booked."""
    before = StockMovement.objects.count()
    with pytest.raises(DatabaseError) as error:
        book(world, *args, **kwargs)
    assert StockMovement.objects.count() == before
    cause = error.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name or cause.sqlstate or ""


@pytest.mark.requirement("REC-05")
@pytest.mark.parametrize("kind", OUTGOING)
def test_nothing_leaves_a_lot_that_is_held_as_a_whole(world: World, kind: str) -> None:
    lot = world.lot(10)
    services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    assert refused(world, lot, kind, 1) == "traceability_hold"
    assert refused(world, lot, kind, "0.000001") == "traceability_hold"


@pytest.mark.requirement("REC-05")
@pytest.mark.parametrize("kind", ["receipt", "produce", "return"])
def test_stock_may_come_into_a_held_lot_and_is_held_too(world: World, kind: str) -> None:
    lot = world.lot(10)
    services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    book(world, lot, kind, 5)
    assert refused(world, lot, "issue", 1) == "traceability_hold"


@pytest.mark.requirement("REC-05")
@pytest.mark.parametrize("kind", OUTGOING)
def test_of_a_partly_held_lot_only_the_free_part_leaves(world: World, kind: str) -> None:
    lot = world.lot(10)
    services.place_hold(lot=lot, quantity=Decimal(3), reason="first", actor=world.operator)
    services.place_hold(lot=lot, quantity=Decimal(4), reason="second", actor=world.operator)
    assert refused(world, lot, kind, "3.000001") == "traceability_hold"
    book(world, lot, kind, 3)
    if kind != "move":
        assert refused(world, lot, kind, "0.000001") == "traceability_hold"


@pytest.mark.requirement("REC-05")
def test_several_rows_of_one_statement_do_not_slip_through_together(world: World) -> None:
    lot = world.lot(10)
    services.place_hold(lot=lot, quantity=Decimal(5), reason="half", actor=world.operator)
    before = StockMovement.objects.count()
    one = StockMovement(
        kind="issue",
        lot=lot,
        quantity=Decimal(3),
        uom=lot.material.uom,
        from_location=world.store,
        actor=world.operator,
    )
    other = StockMovement(
        kind="issue",
        lot=lot,
        quantity=Decimal(3),
        uom=lot.material.uom,
        from_location=world.store,
        actor=world.operator,
    )
    with pytest.raises(DatabaseError), transaction.atomic(), acting(world.operator):
        StockMovement.objects.bulk_create([one, other])
    assert StockMovement.objects.count() == before


@pytest.mark.requirement("REC-05")
def test_a_held_unit_stays_while_its_sister_leaves(world: World) -> None:
    lot = world.lot(0)
    held, sister = world.unit(lot), world.unit(lot)
    services.place_hold(unit=held, reason="scratch", actor=world.operator)
    assert refused(world, lot, "issue", 1, unit=held) == "traceability_hold"
    book(world, lot, "issue", 1, unit=sister)
    # The held unit is all that is left: leaving out its serial number does not help.
    assert refused(world, lot, "issue", 1) == "traceability_hold"


@pytest.mark.requirement("REC-05")
def test_a_unit_of_a_held_lot_cannot_leave_under_the_name_of_another_lot(world: World) -> None:
    lot = world.lot(0)
    unit, other = world.unit(lot), world.lot(10, lot.material)
    services.place_hold(lot=lot, reason="suspect", actor=world.operator)
    assert refused(world, other, "issue", 1, unit=unit) == "traceability_hold"
    free = world.unit(world.lot(0))
    assert refused(world, other, "issue", 1, unit=free) == "traceability_unit_of_lot"


@pytest.mark.requirement("REC-05")
def test_another_unit_of_measure_does_not_make_a_quantity_small(world: World) -> None:
    lot = world.lot(10)
    other = services.create_uom(code="BOX", name="Box", actor=world.system)
    given = {**values(world, lot, "issue", 1), "uom": other.pk}
    with (
        pytest.raises(DatabaseError) as error,
        transaction.atomic(),
        acting(world.operator),
        connection.cursor() as cursor,
    ):
        cursor.execute(INSERT, given)
    cause = error.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == "traceability_movement_uom"


@pytest.mark.requirement("REC-05")
def test_a_released_hold_lets_exactly_its_own_part_go(world: World) -> None:
    lot = world.lot(10)
    first = services.place_hold(lot=lot, quantity=Decimal(6), reason="first", actor=world.operator)
    services.place_hold(lot=lot, quantity=Decimal(4), reason="second", actor=world.operator)
    assert refused(world, lot, "issue", 1) == "traceability_hold"
    services.release_hold(hold=first, reason="measured", actor=world.system, signature=_proof(world))
    book(world, lot, "issue", 6)
    assert refused(world, lot, "issue", 1) == "traceability_hold"


def _proof(world: World) -> Any:
    return proof(world.system, "hold_released")


@pytest.mark.requirement("REC-05")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE traceability_hold SET quantity = 1, row_version = row_version + 1",
        "UPDATE traceability_hold SET lot_id = %(other)s, row_version = row_version + 1",
        "DELETE FROM traceability_hold",
    ],
)
def test_a_hold_can_neither_shrink_nor_wander_nor_vanish(world: World, change: str) -> None:
    lot, other = world.lot(10), world.lot(10)
    hold = services.place_hold(lot=lot, quantity=Decimal(9), reason="suspect", actor=world.operator)
    with (
        pytest.raises(DatabaseError) as error,
        transaction.atomic(),
        acting(world.operator),
        connection.cursor() as cursor,
    ):
        cursor.execute(change, {"other": other.pk})
    cause = error.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.sqlstate == "42501"
    hold.refresh_from_db()
    assert (hold.lot_id, hold.quantity, hold.status) == (lot.pk, Decimal(9), "open")


@pytest.mark.requirement("REC-05")
def test_the_app_role_cannot_switch_the_guarantee_off(world: World) -> None:
    for command in (
        "ALTER TABLE traceability_stockmovement DISABLE TRIGGER traceability_movement_held",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION traceability_held(wanted bigint) RETURNS numeric LANGUAGE sql AS 'SELECT 0.0'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(command)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgname LIKE 'traceability_%%' AND NOT tgisinternal"
        )
        enabled = dict(cursor.fetchall())
    assert set(enabled) >= {
        "traceability_movement_held",
        "traceability_hold_placed",
        "traceability_hold_fixed",
        "traceability_hold_kept",
    }
    assert set(enabled.values()) == {"A"}


# --- two sessions at once, on a database of their own


@contextmanager
def session(name: str, actor: int, isolation: str = "read committed") -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own as the app role, inside a transaction with a declared actor."""
    given = connection.get_connection_params()
    options = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    with psycopg.connect(dbname=name, **options) as own:
        own.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        own.execute("SELECT set_config('trueline.actor', %s, true)", [str(actor)])
        yield own
        own.rollback()


class Race:
    """A statement in a thread, so that a test can see it wait."""

    def __init__(self, own: psycopg.Connection[Any], sql: str, given: dict[str, Any]) -> None:
        self.error: psycopg.Error | None = None
        self._thread = threading.Thread(target=self._run, args=(own, sql, given))
        self._thread.start()

    def _run(self, own: psycopg.Connection[Any], sql: str, given: dict[str, Any]) -> None:
        try:
            own.execute(sql, given)
        except psycopg.Error as error:
            self.error = error

    def waits(self) -> bool:
        self._thread.join(timeout=0.7)
        return self._thread.is_alive()

    def end(self) -> psycopg.Error | None:
        self._thread.join(timeout=10)
        assert not self._thread.is_alive()
        return self.error


HOLD = """
WITH placed AS (
  INSERT INTO traceability_hold (row_version, source_label, site_id, lot_id, quantity, reason, status, placed_by_id,
                                 placed_at)
  VALUES (1, '', %(site)s, %(lot)s, %(quantity)s, 'suspect', 'open', %(actor)s, now()) RETURNING *
), history AS (
  INSERT INTO traceability_historicalhold (id, row_version, source_label, site_id, lot_id, quantity, reason, status,
    placed_by_id, placed_at, history_user_id, history_type, history_date, history_change_reason, history_txid,
    history_session_user, history_client, history_source, history_stamped_at)
  SELECT id, 1, '', site_id, lot_id, quantity, reason, status, placed_by_id, placed_at, placed_by_id, '+', now(), '',
         0, '', '', '', now() FROM placed
)
INSERT INTO core_lifecycle_transition (subject_type_id, subject_id, subject_label, move, from_status, to_status,
  record_version, reason, actor_id, stamped_at, stamped_txid, stamped_session_user, stamped_client, stamped_source)
SELECT (SELECT id FROM django_content_type WHERE app_label = 'traceability' AND model = 'hold'), id, 'Hold', 'begin',
       NULL, 'open', 1, '', placed_by_id, now(), 0, '', '', '' FROM placed
"""


@pytest.fixture
def plant_world(plant: str) -> tuple[str, World, Lot]:
    """A committed world with a lot of 10, on a database of its own."""
    world = make_world()
    return plant, world, world.lot(10)


@pytest.mark.requirement("REC-05")
def test_an_issue_waits_for_a_hold_that_is_being_placed_and_is_then_refused(
    plant_world: tuple[str, World, Lot],
) -> None:
    name, world, lot = plant_world
    given = {"site": world.site.pk, "lot": lot.pk, "quantity": None, "actor": world.operator.pk}
    with session(name, world.operator.pk) as placing, session(name, world.operator.pk) as issuing:
        placing.execute(HOLD, given)
        race = Race(issuing, INSERT, values(world, lot, "issue", 1))
        assert race.waits()
        placing.commit()
        error = race.end()
    assert error is not None
    assert error.diag.constraint_name == "traceability_hold"
    assert Hold.objects.get().status == "open"
    assert not StockMovement.objects.filter(kind="issue").exists()


@pytest.mark.requirement("REC-05")
def test_two_issues_at_once_do_not_reach_into_the_held_part(plant_world: tuple[str, World, Lot]) -> None:
    name, world, lot = plant_world
    services.place_hold(lot=lot, quantity=Decimal(5), reason="half", actor=world.operator)
    with session(name, world.operator.pk) as one, session(name, world.operator.pk) as other:
        one.execute(INSERT, values(world, lot, "issue", 5))
        race = Race(other, INSERT, values(world, lot, "issue", 5))
        assert race.waits()
        one.commit()
        error = race.end()
    assert error is not None
    assert error.diag.constraint_name == "traceability_hold"
    assert StockMovement.objects.filter(kind="issue").count() == 1


@pytest.mark.requirement("REC-05")
@pytest.mark.parametrize("isolation", ["repeatable read", "serializable"])
def test_a_transaction_that_reads_the_past_may_not_move_stock(
    plant_world: tuple[str, World, Lot], isolation: str
) -> None:
    name, world, lot = plant_world
    with session(name, world.operator.pk, isolation) as stale:
        stale.execute("SELECT count(*) FROM traceability_hold")
        services.place_hold(lot=lot, reason="meanwhile", actor=world.operator)
        with pytest.raises(psycopg.Error) as error:
            stale.execute(INSERT, values(world, lot, "issue", 1))
    assert error.value.sqlstate == "25001"
    assert not StockMovement.objects.filter(kind="issue").exists()
