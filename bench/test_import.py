"""Importing 10,000 materials beside the same rows by COPY and INSERT … SELECT with their history and nothing else.

Both are taken in one run, in turns. Only counts can fail; the seconds are told.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from bench.evidence import keep
from integrations.services import import_records
from tests.support.people import make_site, make_user
from traceability.models import Material, MaterialRevision

pytestmark = pytest.mark.requirement("PERF-IMPORT")
MAPPINGS = Path(__file__).parents[1] / "tests" / "data" / "adventureworks" / "mappings"
ROWS, ROUNDS = 10_000, 4
WRITTEN = {
    "traceability_material": "id",
    "traceability_historicalmaterial": "history_id",
    "traceability_materialrevision": "id",
    "traceability_historicalmaterialrevision": "history_id",
    "core_lifecycle_transition": "id",
}


def newest() -> dict[str, int]:
    """The newest id of every table that the import writes."""
    with connection.cursor() as cursor:
        found = {}
        for table, key in WRITTEN.items():
            cursor.execute(f"SELECT coalesce(max({key}), 0) FROM {table}")
            found[table] = int(cursor.fetchone()[0])
    return found


def remember(before: dict[str, int]) -> dict[str, int]:
    """Keep what one import wrote, numbered by the line of the file; returns how many rows each table got."""
    counts = {}
    with connection.cursor() as cursor:
        for table, key in WRITTEN.items():
            cursor.execute(
                f"CREATE TEMPORARY TABLE kept_{table} AS SELECT row_number() OVER (ORDER BY {key}) AS line, t.*"
                f" FROM {table} t WHERE {key} > %s",
                [before[table]],
            )
            cursor.execute(f"SELECT count(*) FROM kept_{table}")
            counts[table] = int(cursor.fetchone()[0])
            cursor.execute(f"CREATE TEMPORARY TABLE plain_{table} (LIKE kept_{table})")
        cursor.execute(
            "CREATE TEMPORARY TABLE plain_stage (line integer, external text, name text, number text, kind text)"
        )
    return counts


def write_plainly(data: str) -> None:
    """COPY the file, then INSERT … SELECT of every table's rows, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE plain_stage")
        copied: Any = cursor
        with copied.copy("COPY plain_stage (line, external, name, number, kind) FROM STDIN") as target:
            target.write("".join(f"{n}\t{line}\n" for n, line in enumerate(data.splitlines(), start=1)))
        for table in WRITTEN:
            cursor.execute(
                f"INSERT INTO plain_{table} SELECT k.* FROM plain_stage s JOIN kept_{table} k ON k.line = s.line"
            )


def file_of(run: int) -> str:
    return "".join(f"{run}-{n}\tPart {n}\tP{run}-{n:06d}\t{n % 2}\n" for n in range(ROWS))


def test_ten_thousand_materials_beside_plain_sql(plant: str) -> None:
    admin = make_user(site=make_site(), permissions=("integrations.apply_importbatch",))
    units = (MAPPINGS.parent / "UnitMeasure.csv").read_bytes()
    import_records(kind="units", data=units, file_name="u", mapping=(MAPPINGS / "units.yaml").read_text(), actor=admin)
    mapping = (MAPPINGS / "materials.yaml").read_text()

    def ours(run: int) -> float:
        began = time.perf_counter()
        report = import_records(
            kind="materials", data=file_of(run).encode(), file_name="m.csv", mapping=mapping, actor=admin
        )
        spent = time.perf_counter() - began
        assert report.totals["created"] == ROWS
        return spent

    def plainly(run: int) -> float:
        began = time.perf_counter()
        write_plainly(file_of(run))
        return time.perf_counter() - began

    before = newest()
    first = ours(0)
    counts = remember(before)
    plainly(0)
    taken, floors = [], []
    for run in range(1, ROUNDS + 1):
        taken.append(ours(run))
        floors.append(plainly(run))
    median, plain = statistics.median(taken), statistics.median(floors)
    keep(
        "test_import",
        "Importing 10,000 materials",
        [
            f"import, validated, trailed, enforced: {median:.2f} s, {ROWS / median:,.0f} rows/s"
            f" (all rounds {', '.join(f'{one:.2f}' for one in [first, *taken])} s)",
            f"the same rows and history by COPY and INSERT … SELECT: {plain:.2f} s, {ROWS / plain:,.0f} rows/s",
            f"import / plain SQL: {median / plain:.1f} ×",
            f"{sum(counts.values()):,} rows are written for {ROWS:,} lines: "
            + ", ".join(f"{table} {count:,}" for table, count in counts.items()),
        ],
        about="Medians of rounds taken in turns. The plain tables are temporary: no log, no key, no trigger.",
    )
    assert set(counts.values()) == {ROWS}
    assert taken[-1] < 4 * first, "an import takes longer the more there is already"
    total = ROWS * (ROUNDS + 1)
    assert Material.objects.count() == MaterialRevision.objects.count() == Material.history.count() == total
