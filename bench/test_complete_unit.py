"""Completing a traceable unit (3 serials, 5 lots, one value, signed) beside the same rows as plain SQL.

Both are taken in one run, in turns, for times on a shared machine drift. Only counts and invariants can fail.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.evidence import keep
from core.lifecycle.queries import policy_revision
from mes.execution import services
from mes.execution.queries import Component, counters
from tests.mes.execution.floor import OPERATOR, Floor, make_floor
from tests.support.people import make_user, proof
from traceability.models import GenealogyLink, StockMovement
from traceability.queries import on_hand

pytestmark = pytest.mark.requirement("PERF-UNIT")
ROUNDS, UNITS, CLIENTS = 4, 5, 8
STATEMENTS = 40
"""BEGIN and COMMIT included."""
TOUCHED = (
    "traceability_serializedunit",
    "traceability_historicalserializedunit",
    "core_lifecycle_transition",
    "core_lifecycle_gatedecision",
    "traceability_stockmovement",
    "traceability_genealogylink",
    "mes_execution_output",
    "mes_execution_consumption",
    "mes_execution_datarecord",
    "core_signing_signature",
)


@dataclass
class Spent:
    """Wall and CPU seconds of this process over some units."""

    wall: float = 0.0
    cpu: float = 0.0
    units: int = 0

    def add(self, deed: Callable[[], None], units: int) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        deed()
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        self.units += units

    def __str__(self) -> str:
        return f"{self.units / self.wall:7.1f} unit/s   {1000 * self.cpu / self.units:6.1f} ms CPU in Python per unit"


def rows_now() -> dict[str, int]:
    """The newest id of every table that completing a unit writes."""
    with connection.cursor() as cursor:
        found = {}
        for table in TOUCHED:
            key = "history_id" if "historical" in table else "id"
            cursor.execute(f"SELECT coalesce(max({key}), 0) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
    return found


def plain_rows(before: dict[str, int], after: dict[str, int]) -> dict[str, list[list[Any]]]:
    """The rows that one unit wrote, as text, to be written again into tables of the same columns without any rule."""
    found: dict[str, list[list[Any]]] = {}
    with connection.cursor() as cursor:
        for table in TOUCHED:
            key = "history_id" if "historical" in table else "id"
            cursor.execute(f"SELECT * FROM {table} WHERE {key} > %s AND {key} <= %s", [before[table], after[table]])
            names = [column.name for column in cursor.description or ()]
            casts = ", ".join(f"{name}::text" for name in names)
            cursor.execute(
                f"SELECT {casts} FROM {table} WHERE {key} > %s AND {key} <= %s", [before[table], after[table]]
            )
            found[table] = [list(row) for row in cursor.fetchall()]
            columns = ", ".join(f"{name} text" for name in names)
            cursor.execute(f"CREATE TEMPORARY TABLE plain_{table} ({columns})")
    return found


def write_plainly(rows: dict[str, list[list[Any]]], units: int) -> None:
    """One transaction per unit, with one INSERT per table."""
    for _ in range(units):
        with transaction.atomic(), connection.cursor() as cursor:
            for table, lines in rows.items():
                marks = ", ".join(f"({', '.join(['%s'] * len(lines[0]))})" for _ in lines)
                values = [value for line in lines for value in line]
                cursor.execute(f"INSERT INTO plain_{table} VALUES {marks}", values)


def finish(floor: Floor, operation: Any, actor: Any, kits: list[list[Component]], units: int) -> None:
    for _ in range(units):
        floor.finish_unit(operation, actor=actor, components=kits.pop(), signature=proof(actor, "performed"))


def test_completing_a_unit_beside_plain_sql(plant: str) -> None:
    floor = make_floor(serials=3, lots=5)
    wanted = 2 + ROUNDS * UNITS + CLIENTS * UNITS
    for part in floor.parts:
        floor.lot(part, quantity=wanted + 10)
    operation = floor.assembling(quantity=wanted)
    kits = [floor.kit() for _ in range(wanted)]
    policy_revision()
    finish(floor, operation, floor.operator, kits, 1)
    signature = proof(floor.operator, "performed")
    before = rows_now()
    with CaptureQueriesContext(connection) as spent:
        floor.finish_unit(operation, components=kits.pop(), signature=signature)
    rows = plain_rows(before, rows_now())
    written = sum(len(lines) for lines in rows.values())

    ours, floors = Spent(), Spent()
    for _ in range(ROUNDS):
        ours.add(lambda: finish(floor, operation, floor.operator, kits, UNITS), UNITS)
        floors.add(lambda: write_plainly(rows, UNITS), UNITS)

    people = [make_user(site=floor.site, permissions=OPERATOR) for _ in range(CLIENTS)]
    for person in people:
        services.start_operation(order_operation=operation, actor=person)
    together = Spent()
    together.add(lambda: at_once(floor, operation, people, kits), CLIENTS * UNITS)

    keep(
        "test_complete_unit",
        "Completing a unit",
        [
            f"{len(spent)} SQL statements (BEGIN and COMMIT included), {written} rows",
            f"1 client, our service        {ours}",
            f"1 client, the rows alone     {floors}",
            f"{CLIENTS} clients on one order       {together}   (threads of one process)",
            f"our service / the rows alone {ours.wall / floors.wall:.1f} × time, {ours.cpu / floors.cpu:.1f} × CPU",
        ],
        about="3 serials, 5 lots, one value, signed. The rows alone: the same columns as text in tables without rules.",
    )
    assert len(spent) <= STATEMENTS
    assert counters(operation).good == on_hand(floor.finished(operation)) == wanted
    assert GenealogyLink.objects.count() == wanted * 8
    assert StockMovement.objects.filter(kind="issue").count() == wanted * 8


def at_once(floor: Floor, operation: Any, people: list[Any], kits: list[list[Component]]) -> None:
    """Every person finishes their units in a thread with a connection of its own; the first failure is raised."""
    shares = [[kits.pop() for _ in range(UNITS)] for _ in people]
    failures: list[Exception] = []

    def work(person: Any, share: list[list[Component]]) -> None:
        try:
            finish(floor, operation, person, share, UNITS)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in zip(people, shares, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
