"""Traces, pages and the recall of a million lots and units in data set M, each beside plain SQL in the same run.

The plant is made once and kept (`large`); what is measured is rolled back, people and stations stay.
"""

from __future__ import annotations

import random
import statistics
import time
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.urls import reverse

from bench.conftest import LARGE
from bench.evidence import keep
from bench.measuring import Row, all_measured, call_of, page_of
from bench.recalls import drilled
from core.organization.models import Site, User, WorkCenter
from integrations.services.scale import CODE, PROFILES
from mes.execution.models import OrderOperation, ProductionOrder
from qms.nonconformance.models import NonConformance
from tests.api.conftest import MAKE, program_of
from tests.mes.execution.floor import OPERATOR, PLANNER
from tests.mes.execution.station import make_station
from tests.support.people import make_user
from tests.support.visits import visit_as
from tests.traceability.recalled import HEAD
from traceability.models import GenealogyLink, Lot, SerializedUnit
from traceability.queries import trace
from traceability.queries.genealogy import LOT, node_of, reach_sql
from traceability.queries.traces import DIRECTIONS, Sides

pytestmark = pytest.mark.requirement("PERF-SCALE")
UNITS, LOTS, PAGES = 160, 40, 8
"""Drawn for the traces, two hundred in all; so many of each kind are also opened as a page."""
SEES = (
    *(f"traceability.view_{name}" for name in ("material", "lot", "serializedunit", "hold", "genealogylink")),
    *PLANNER, *HEAD, "core_trail.view_trailevent", "qms_nonconformance.view_nonconformance",
    "qms_documents.view_document", "qms_documents.view_documentrevision", MAKE,
)  # fmt: skip
SIZE = PROFILES[LARGE]


@pytest.fixture(scope="module")
def reader(large: str) -> User:
    return make_user(site=Site.objects.get(code=CODE), permissions=tuple(dict.fromkeys(SEES)))


def plainly(record: Lot | SerializedUnit, direction: Sides) -> int:
    """The recursive statement alone, counted by PostgreSQL."""
    kind, pk = node_of(record)
    reached = 0
    with connection.cursor() as cursor:
        for side in DIRECTIONS[direction]:
            cursor.execute(
                "WITH RECURSIVE origins(origin, kind, id) AS (VALUES (0::bigint, %s::int, %s::bigint)),"
                f" {reach_sql(side)} SELECT kind, id FROM reach",
                [kind, pk],
            )
            reached += len(cursor.fetchall())
    return reached


def percentile(times: list[float], part: float) -> float:
    return 1000 * sorted(times)[min(len(times) - 1, int(len(times) * part))]


def drawn() -> dict[str, list[Any]]:
    """Finished units, components, bought lots and lots that were made, drawn by their numbers."""
    chance = random.Random(7)
    components = SIZE.serials + 3 * SIZE.finished
    wanted = {
        "finished units": (SerializedUnit, "serial", "F-", SIZE.finished, UNITS // 2),
        "components": (SerializedUnit, "serial", "S-", components, UNITS // 2),
        "bought lots": (Lot, "number", "L-", SIZE.lots, LOTS // 2),
        "lots that were made": (Lot, "number", "P-", SIZE.families * 18, LOTS // 2),
    }
    found: dict[str, list[Any]] = {}
    for name, (model, column, prefix, count, how_many) in wanted.items():
        numbers = {f"{prefix}{chance.randint(2, count):08d}" for _one in range(how_many)}
        found[name] = list(model._base_manager.filter(**{f"{column}__in": numbers}))
    return found


def test_traces(large: str, reader: User) -> None:
    desk = visit_as(reader)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM traceability_genealogylink")
        links = cursor.fetchone()[0]
    figures, typical = [], 0.0
    for name, records in drawn().items():
        for direction in DIRECTIONS:
            ours, floors, sizes, pages = [], [], [], []
            for record in records:
                began = time.perf_counter()
                rows = trace(record, direction)
                ours.append(time.perf_counter() - began)
                began = time.perf_counter()
                plainly(record, direction)
                floors.append(time.perf_counter() - began)
                sizes.append(len({row.node for row in rows}))
            kind = "lot" if node_of(records[0])[0] == LOT else "serializedunit"
            for record in records[:PAGES]:
                address = reverse(f"traceability:{kind}_trace", args=[record.pk])
                ask = page_of(desk, f"{address}?direction={direction}")
                ask()
                began = time.perf_counter()
                ask()
                pages.append(time.perf_counter() - began)
            figures.append(
                f"{name:<20}{direction:<9}{statistics.median(sizes):6.0f} nodes (most {max(sizes):6d})"
                f"  queries.py p50 {percentile(ours, 0.5):6.1f} p95 {percentile(ours, 0.95):7.1f} ms;"
                f" recursive statement p50 {percentile(floors, 0.5):6.1f} p95 {percentile(floors, 0.95):7.1f} ms;"
                f" page p50 {percentile(pages, 0.5):6.1f} p95 {percentile(pages, 0.95):7.1f} ms"
            )
            if name == "finished units" and direction == "backward":
                typical = percentile(ours, 0.95)
    keep(
        "large_traces",
        f"Traces in data set {LARGE}",
        [
            *figures,
            "",
            f"typical: backward trace of a finished unit, p95 {typical:.1f} ms (target 10 ms, page 50 ms)",
        ],
        about=f"{links:,} genealogy links; units and lots drawn. In one process, in turns, one statement each."
        " Written by `TRUELINE_EVIDENCE=1 pytest -s bench/test_large.py`.",
    )


def board(reader: User, center: WorkCenter) -> Any:
    """The list of work of a station."""
    person = make_user(site=center.area.site, permissions=OPERATOR)
    station = make_station(center, person)
    return page_of(station.client, station.address())


def test_pages(large: str, reader: User) -> None:
    desk, program = visit_as(reader), program_of(reader)
    page, call = partial(page_of, desk), partial(call_of, program)
    order = ProductionOrder.objects.filter(status="in_progress").order_by("pk")[0]
    center = WorkCenter.objects.filter(area__site__code=CODE).order_by("pk")[0]
    finding = NonConformance.objects.order_by("-pk")[0]
    lot = Lot.objects.get(number="L-00000777" if LARGE == "M" else "L-00000007")
    unit = SerializedUnit.objects.get(serial="F-00000005")
    operations, orders = OrderOperation._meta.db_table, ProductionOrder._meta.db_table
    site = center.area.site_id

    def newest(table: str) -> tuple[str, list[Any]]:
        return f"SELECT * FROM {table} WHERE site_id = %s ORDER BY id DESC LIMIT 51", [site]

    def one(table: str, pk: int) -> tuple[str, list[Any]]:
        return f"SELECT * FROM {table} WHERE id = %s", [pk]

    open_here = (
        f"SELECT * FROM {operations} o JOIN {orders} p ON p.id = o.order_id"
        " WHERE o.work_center_id = %s AND o.status <> 'completed' AND p.status IN ('released', 'in_progress')",
        [center.pk],
    )
    by_center = f"SELECT work_center_id, status, count(*) FROM {operations} WHERE status <> 'completed' GROUP BY 1, 2"
    aggregate: tuple[str, list[Any]] = (by_center, [])

    def live_board() -> Any:
        found = OrderOperation.objects.exclude(status="completed").order_by().values("work_center", "status")
        return list(found.annotate(count=Count("pk")))

    units, lots, found_table = (m._meta.db_table for m in (SerializedUnit, Lot, NonConformance))
    findings, documents = reverse("qms_nonconformance:nonconformance_list"), reverse("qms_documents:document_list")
    rows = [
        Row("board of a work center, HTML", board(reader, center), open_here, 15, "15 SQL"),
        Row("board aggregate over all operations", live_board, aggregate, 1, "8.7 ms"),
        Row("list of orders, HTML", page(reverse("mes_execution:productionorder_list")), newest(orders), 15, "15 SQL"),
        Row("an order, HTML", page(order.get_absolute_url()), one(orders, order.pk), 15, "15 SQL"),
        Row("list of lots with stock, HTML", page(reverse("traceability:lot_list")), newest(lots), 15, "15 SQL"),
        Row("list of lots with stock, API", call("traceability/lots/?limit=50"), newest(lots), 10, "30 ms CPU"),
        Row("a lot, HTML", page(lot.get_absolute_url()), one(lots, lot.pk), 15, "15 SQL"),
        Row("list of units, HTML", page(reverse("traceability:serializedunit_list")), newest(units), 15, "60 ms CPU"),
        Row("list of units, API", call("traceability/units/?limit=50"), newest(units), 10, "30 ms CPU"),
        Row("a lot by its number, API", call(f"traceability/lots/?number={lot.number}"),
            (f"SELECT * FROM {lots} WHERE number = %s", [lot.number]), 10, "10 ms"),
        Row("a unit with its timeline, HTML", page(unit.get_absolute_url()), one(units, unit.pk), 15, "40 ms CPU"),
        Row("list of nonconformances, HTML", page(findings), newest(found_table), 15, "15 SQL"),
        Row("a nonconformance, HTML", page(finding.get_absolute_url()), one(found_table, finding.pk), 15, "15 SQL"),
        Row("list of documents, HTML", page(documents), newest("qms_documents_document"), 15, "15 SQL"),
        Row("an unknown filter, API", call("traceability/lots/?colour=red", 400), ("SELECT 1", []), 10, "400"),
    ]  # fmt: skip
    figures, over = all_measured(rows)
    keep(
        "large_pages",
        f"Boards, lists and pages in data set {LARGE}",
        figures,
        about=f"{SIZE.serials + 4 * SIZE.finished:,} units, {SIZE.orders:,} orders,"
        f" {SIZE.on_floor * SIZE.operations:,} operations, {SIZE.nonconformances:,} nonconformances,"
        f" {SIZE.documents:,} documents. In one process, without sockets."
        " Written by `TRUELINE_EVIDENCE=1 pytest -s bench/test_large.py`.",
    )
    assert over == []


def test_the_recall_of_nearly_everything(large: str, reader: User) -> None:
    origin = Lot.objects.select_related("site").get(number="L-00000001")
    with transaction.atomic():
        done = drilled(origin, reader)
        assert GenealogyLink.objects.filter(parent_lot=origin).exists()
        desk = visit_as(reader)
        lines = reverse("traceability:recallline_list")
        table = "traceability_recallline"
        first = (f"SELECT * FROM {table} WHERE recall_id = %s ORDER BY id LIMIT 51", [done.drill.pk])
        groups = (f'SELECT "where", count(*) FROM {table} WHERE recall_id = %s GROUP BY 1', [done.drill.pk])
        rows = [
            Row("page of the recall", page_of(desk, done.drill.get_absolute_url()), groups, 30, "quick"),
            Row("its worklist", page_of(desk, f"{lines}?recall={done.drill.pk}"), first, 15, "15 SQL"),
            Row("its open lines", page_of(desk, f"{lines}?recall={done.drill.pk}&is_open=true"), first, 15, "15 SQL"),
        ]  # fmt: skip
        figures, over = all_measured(rows, rounds=2)
        transaction.set_rollback(True)
    keep(
        "large_recall",
        f"The recall of nearly everything in data set {LARGE}",
        [*done.figures, "", f"{done.nodes:,} lots and units", "", *figures],
        about="One supplier's lot that went nearly everywhere. In one process. Memory: growth of the process's largest"
        " size; PostgreSQL holds the sets. Written by `TRUELINE_EVIDENCE=1 pytest -s bench/test_large.py`.",
    )
    assert over == []
