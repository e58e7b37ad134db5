"""Sealing and verifying, beside what PostgreSQL needs to hand out the same rows.

The seconds are told beside what is aimed at; only what was verified can fail.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
from django.db import connection

from bench.evidence import keep
from core.trail.queries.verifying import verify_trail
from tests.conftest import django_db_setup, plant, postgres
from tests.support import seals
from tools.cluster import Cluster

__all__ = ["django_db_setup", "plant", "postgres"]

ROUNDS, ROWS = 10, 100_000
AIMED_AT = {"seal 100,000 rows": 3.0, "verify 1,000,000 rows": 20.0}
OWN = {
    "id": "1000000 + i",
    "username": "'person' || i",
    "full_name": "'Person Number ' || i",
    "email": "'person' || i || '@example.com'",
    "badge": "'B-' || i",
    "history_txid": "pg_current_xact_id()::text::bigint",
    "history_stamped_at": "clock_timestamp()",
    "history_change_reason": "'imported from the personnel system'",
}
"""What differs between the rows; the rest is as in the first row of history."""


def load(link: psycopg.Connection[Any], table: str, low: int, high: int) -> None:
    """History rows of one transaction, without the triggers that would ask for the records themselves."""
    link.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    found = link.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attname <> 'history_id'",
        [table],
    ).fetchall()
    names = [name for (name,) in found]
    values = ", ".join(OWN.get(name, f"t.{name}") for name in names)
    link.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM generate_series({low}, {high}) i,"
        f" (SELECT * FROM {table} ORDER BY history_id LIMIT 1) t"
    )
    link.execute(f"ANALYZE {table}")


def seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def hand_out(table: str, low: int, high: int) -> None:
    """The floor: PostgreSQL turns the same rows into text, and we read it."""
    with connection.cursor() as cursor:
        copied: Any = cursor
        with copied.copy(f"COPY (SELECT * FROM {table} WHERE id > {low} AND id <= {high}) TO STDOUT") as rows:
            for _part in rows:
                pass


def test_seal_and_verify(plant: str, postgres: Cluster) -> None:
    table = "core_organization_historicaluser"
    seals.write(1)
    seals.seal()
    sealing, floors = [], []
    for number in range(ROUNDS):
        low, high = number * ROWS, (number + 1) * ROWS
        with postgres.connect(plant) as link:
            load(link, table, low + 1, high)
        sealing.append(seconds(seals.seal))
        connection.ensure_connection()
        floors.append(seconds(partial(hand_out, table, 1_000_000 + low, 1_000_000 + high)))
    whole_floor = seconds(lambda: hand_out(table, 0, 1_000_000_000))
    reports = []
    verifying = seconds(lambda: reports.append(verify_trail()))
    assert reports[0].problems == [] and reports[0].rows >= ROUNDS * ROWS
    measured = {
        "seal 100,000 rows": (statistics.median(sealing), statistics.median(floors)),
        "verify 1,000,000 rows": (verifying, whole_floor),
    }
    figures = []
    for name, (took, floor) in measured.items():
        figures.append(f"{name}: {took:.2f} s (target: at most {AIMED_AT[name]:.0f} s)")
        figures.append(f"  COPY of the same rows {floor:.2f} s; ours / COPY {took / floor:.1f}")
    figures.append(f"all rounds of sealing: {', '.join(f'{one:.2f}' for one in sealing)} s")
    about = "Rows of the history of people, all in one table; COPY hands the same rows out as text."
    keep("test_seals", "Sealing and verifying", figures, about=about)
