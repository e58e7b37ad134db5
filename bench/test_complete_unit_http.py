"""Eight stations finish units at the same time, of ONE order and of their own, through HTTP: signed on, with CSRF.

What must hold is asserted (finished = counter = successes, no deadlock, no 5xx); units per second are only told.
"""

from __future__ import annotations

import http.client
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pytest

from bench.evidence import cluster_cpu, keep, process_cpu
from core.organization.views.middleware import DEVICE_COOKIE
from mes.execution import services
from mes.execution.models import OrderOperation, Output
from mes.execution.queries import counters
from tests.mes.execution.floor import OPERATOR, Floor, make_floor
from tests.mes.execution.station import make_station
from tests.support.people import make_user
from tests.support.server import LivePlant
from tools.cluster import Cluster
from traceability.models import GenealogyLink
from traceability.queries import on_hand

pytestmark = pytest.mark.requirement("ORD-13", "PERF-UNIT")
CLIENTS, UNITS = 8, 12
LONGEST_WAIT = 60
TARGETS = {"one order": "at least 40", "own orders": "at least 60"}
TOKEN = re.compile(r"csrftoken=([^;]+)")


@dataclass
class Browser:
    """One station's browser: a kept connection, its cookies, and what it was answered."""

    host: str
    address: str
    cookie: str
    token: str = ""
    answers: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.line = http.client.HTTPConnection(self.host, timeout=LONGEST_WAIT)
        self.line.request("GET", self.address, headers={"Cookie": self.cookie})
        answer = self.line.getresponse()
        answer.read()
        self.line.close()  # The server ends a connection that is idle for some seconds; the next request opens another.
        assert answer.status == 200
        found = TOKEN.search(answer.headers.get("Set-Cookie", ""))
        assert found is not None
        self.token = found[1]

    def finish(self, serial: str, codes: list[str], point: int) -> None:
        """Send the form of a finished unit."""
        entered = {
            "serial": serial, "components": "\n".join(codes), f"value-{point}": "11.0", "client_id": str(uuid.uuid4()),
            "csrfmiddlewaretoken": self.token,
        }  # fmt: skip
        headers = {
            "Cookie": f"{self.cookie}; csrftoken={self.token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        began = time.perf_counter()
        self.line.request("POST", self.address, urlencode(entered), headers)
        answer = self.line.getresponse()
        answer.read()
        self.seconds.append(time.perf_counter() - began)
        self.answers.append(answer.status)


@dataclass
class Ended:
    """What came of a run."""

    took: float
    web: float
    database: float
    answers: list[int]
    seconds: list[float]


def run(live: LivePlant, postmaster: int, floor: Floor, operations: list[OrderOperation]) -> Ended:
    """Each client at a station of its own, with an operation of its own or the one of all; warmed up with one unit."""
    browsers = []
    for operation in operations:
        person = make_user(site=floor.site, permissions=OPERATOR)
        station = make_station(floor.work_center, person)
        services.start_operation(order_operation=operation, actor=person, terminal=station.terminal)
        address = station.address(operation, "dialog/unit/")
        browsers.append(Browser(urlsplit(live.url).netloc, address, f"{DEVICE_COOKIE}={station.cookie}"))
    wanted = CLIENTS * (UNITS + 1)
    kits = [[str(part.unit.serial if part.unit else part.lot.number) for part in floor.kit()] for _ in range(wanted)]
    for browser in browsers:
        browser.finish(f"WARM-{uuid.uuid4()}", kits.pop(), floor.torque.pk)
        browser.line.close()
    shares = [[kits.pop() for _ in range(UNITS)] for _ in browsers]

    def work(number: int) -> None:
        for codes in shares[number]:
            browsers[number].finish(f"C-{uuid.uuid4()}", codes, floor.torque.pk)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    web, database, began = process_cpu(live.pid), cluster_cpu(postmaster), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    return Ended(
        took,
        process_cpu(live.pid) - web,
        cluster_cpu(postmaster) - database,
        [status for browser in browsers for status in browser.answers],
        sorted(second for browser in browsers for second in browser.seconds[1:]),
    )


def test_eight_stations(pooled_plant: LivePlant, postgres: Cluster) -> None:
    floor = make_floor(serials=3, lots=5)
    wanted, made = CLIENTS * (UNITS + 1), CLIENTS * UNITS
    for part in floor.parts:
        floor.lot(part, quantity=2 * wanted + 10)
    shared = floor.assembling(quantity=wanted)
    own = [floor.assembling(quantity=UNITS + 1) for _ in range(CLIENTS)]
    postmaster = int((postgres.data / "postmaster.pid").read_text().split()[0])
    figures = []
    for name, operations in {"one order": [shared] * CLIENTS, "own orders": own}.items():
        ended = run(pooled_plant, postmaster, floor, operations)
        answers, times = ended.answers, ended.seconds
        among = set(operations)
        finished = Output.objects.filter(order_operation__in=among, good=1).count()
        total = sum(counters(operation).good for operation in among)
        there = sum(on_hand(floor.finished(operation)) for operation in among)
        figures += [
            f"{name}: {made} units (3 serials, 5 lots, a value each) in {ended.took:.1f} s:"
            f" {made / ended.took:.1f} unit/s (target {TARGETS[name]})",
            f"  per unit: web {1000 * ended.web / made:.1f} ms CPU, PostgreSQL {1000 * ended.database / made:.1f} ms;"
            f" with both cores to itself at most {2 * made / (ended.web + ended.database):.0f} unit/s",
            f"  a station waits {1000 * times[len(times) // 2]:.0f} ms (median),"
            f" {1000 * times[int(len(times) * 0.95)]:.0f} ms (p95)",
            f"  answers {len(answers)}, successes {answers.count(302)}, 5xx {sum(status >= 500 for status in answers)};"
            f" finished {finished}, counter {total:f}, on hand {there:f}",
        ]
        assert answers.count(302) == len(answers) == finished == total == there == wanted
    # A run is short: each connection of the pool has yet to plan its statements and compile the triggers' functions.
    keep(
        "test_complete_unit_http",
        "Eight stations finish units through HTTP",
        figures,
        about="One web process (uvicorn), the stations and PostgreSQL on the same machine. CPU is what they used of it;"
        " the rate also depends on who else uses it.",
    )
    assert GenealogyLink.objects.count() == 2 * wanted * 8
    assert "deadlock" not in pooled_plant.log.read_text(errors="replace")
