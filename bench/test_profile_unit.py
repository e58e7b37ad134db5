"""Where the CPU of completing a unit goes: in the service alone, and through HTTP from a signed-on station.

The profiler itself costs time, so its seconds are shares, not milliseconds; those without it stand above them.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import time
import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.evidence import ROOT, backend_cpu, keep
from core.lifecycle.queries import policy_revision
from mes.execution.queries import counters
from tests.mes.execution.floor import make_floor
from tests.mes.execution.station import make_station
from tests.support.people import proof

pytestmark = pytest.mark.requirement("PERF-UNIT")
UNITS, LINES = 12, 45


def shares(deed: Callable[[], None], order: str = "cumulative") -> list[str]:
    """The functions that took most, as cProfile counts; paths from the root of the product."""
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    deed()
    profile.disable()
    told = io.StringIO()
    pstats.Stats(profile, stream=told).sort_stats(order).print_stats(LINES)
    lines = [line.rstrip().replace(f"{ROOT}/", "") for line in told.getvalue().splitlines()]
    start = next(number for number, line in enumerate(lines) if line.lstrip().startswith("ncalls"))
    kept = []
    for line in lines[start : start + LINES + 1]:
        head, found, tail = line.partition("site-packages/")
        kept.append(f"{head[: -len(head.split()[-1])] if found else head}{tail}")
    return kept


def repeated(deed: Callable[[], None], times: int) -> None:
    for _ in range(times):
        deed()


def test_where_the_time_of_a_unit_goes(plant: str) -> None:
    floor = make_floor(serials=3, lots=5)
    wanted = 2 * (UNITS + 1 + UNITS // 2 * 2)
    for part in floor.parts:
        floor.lot(part, quantity=wanted + 10)
    operation = floor.assembling(quantity=wanted)
    station = make_station(floor.work_center, floor.operator)
    kits = [floor.kit() for _ in range(wanted)]
    policy_revision()

    def by_service() -> None:
        floor.finish_unit(operation, components=kits.pop(), signature=proof(floor.operator, "performed"))

    def by_station() -> None:
        codes = [str(part.unit.serial if part.unit else part.lot.number) for part in kits.pop()]
        entered = {"serial": f"H-{uuid.uuid4()}", "components": "\n".join(codes), f"value-{floor.torque.pk}": "11.0"}
        assert station.ask(operation, "unit", **entered).status_code == 302

    figures = []
    for name, deed in {"the service, signed": by_service, "through HTTP, at a station": by_station}.items():
        deed()
        wall, cpu, behind = time.perf_counter(), time.process_time(), backend_cpu()
        for _ in range(UNITS - 1):
            deed()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        behind = backend_cpu() - behind
        with CaptureQueriesContext(connection) as spent:
            deed()
        statements = [f"{query['time']} {query['sql'][:150]}" for query in spent.captured_queries]
        figures.append(
            f"{name}: {len(spent)} SQL, {1000 * cpu / (UNITS - 1):.1f} ms CPU in Python,"
            f" {1000 * behind / (UNITS - 1):.1f} ms CPU in PostgreSQL,"
            f" {1000 * wall / (UNITS - 1):.1f} ms in all"
        )
        for order in ("cumulative", "tottime"):
            lines = shares(partial(repeated, deed, UNITS // 2), order)
            figures += ["", f"{name}, {UNITS // 2} units, by {order}", *lines, ""]
        figures += statements
    keep(
        "test_profile_unit",
        "Where the CPU of completing a unit goes",
        figures,
        about="3 serials, 5 lots, one value. HTTP: Django's test client, that is every middleware without the sockets.",
    )
    assert counters(operation).good == 2 * (UNITS + 1 + UNITS // 2 * 2)
