"""Eight stations finish units of ONE order at the same time, through HTTP: signed on, with CSRF, as their browsers do.

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

from bench.evidence import keep
from core.organization.views.middleware import DEVICE_COOKIE
from mes.execution import services
from mes.execution.models import Output
from mes.execution.queries import counters
from tests.mes.execution.floor import OPERATOR, make_floor
from tests.mes.execution.station import make_station
from tests.support.people import make_user
from tests.support.server import LivePlant
from traceability.models import GenealogyLink
from traceability.queries import on_hand

pytestmark = pytest.mark.requirement("ORD-13", "PERF-UNIT")
CLIENTS, UNITS = 8, 12
LONGEST_WAIT = 60
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


def test_eight_stations_on_one_order(live_plant: LivePlant) -> None:
    floor = make_floor(serials=3, lots=5)
    wanted = CLIENTS * (UNITS + 1)
    for part in floor.parts:
        floor.lot(part, quantity=wanted + 10)
    operation = floor.assembling(quantity=wanted)
    browsers = []
    for _client in range(CLIENTS):
        person = make_user(site=floor.site, permissions=OPERATOR)
        station = make_station(floor.work_center, person)
        services.start_operation(order_operation=operation, actor=person, terminal=station.terminal)
        address = station.address(operation, "dialog/unit/")
        browsers.append(Browser(urlsplit(live_plant.url).netloc, address, f"{DEVICE_COOKIE}={station.cookie}"))
    kits = [[str(part.unit.serial if part.unit else part.lot.number) for part in floor.kit()] for _ in range(wanted)]
    for number, browser in enumerate(browsers):
        browser.finish(f"WARM-{number}", kits.pop(), floor.torque.pk)
        browser.line.close()
    shares = [[kits.pop() for _ in range(UNITS)] for _ in browsers]

    def work(number: int) -> None:
        for unit, codes in enumerate(shares[number]):
            browsers[number].finish(f"C{number}-{unit}", codes, floor.torque.pk)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began

    answers = [status for browser in browsers for status in browser.answers]
    finished = Output.objects.filter(order_operation=operation, good=1).count()
    times = sorted(second for browser in browsers for second in browser.seconds[1:])
    made, total = CLIENTS * UNITS, counters(operation).good
    median, slow = 1000 * times[len(times) // 2], 1000 * times[int(len(times) * 0.95)]
    keep(
        "test_complete_unit_http",
        "Eight stations finish units of one order through HTTP",
        [
            f"{made} units (3 serials, 5 lots, a value each) in {took:.1f} s: {made / took:.1f} unit/s",
            f"a station waits {median:.0f} ms (median), {slow:.0f} ms (p95)",
            f"answers {len(answers)}, successes {answers.count(302)}, 5xx {sum(status >= 500 for status in answers)}",
            f"finished {finished}, counter {total:f}, on hand {on_hand(floor.finished(operation)):f}",
        ],
        about="One web process (uvicorn), stations and PostgreSQL on the same machine. Target: at least 40 unit/s.",
    )
    assert answers.count(302) == len(answers) == finished == wanted
    assert counters(operation).good == on_hand(floor.finished(operation)) == wanted
    assert GenealogyLink.objects.count() == wanted * 8
    assert "deadlock" not in live_plant.log.read_text(encoding="utf-8")
