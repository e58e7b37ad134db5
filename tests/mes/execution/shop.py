"""A served floor with a tablet that is one of its stations."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route
from pytest_django.plugin import DjangoDbBlocker

from core.kernel.deeds import acting
from core.organization.services import system_user
from core.organization.views.middleware import DEVICE_COOKIE
from mes.execution import services
from tests.mes.execution.floor import make_floor
from tests.mes.execution.station import make_station
from tests.settings import TEST_DATABASE
from tests.support import database, server
from tests.support.people import grant
from tools.cluster import Cluster

LANDSCAPE, PHONE = {"width": 1024, "height": 768}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Shop:
    """A served floor: the station's cookie, and the pages that operators see."""

    url: str
    database: str
    cookie: str
    home: str
    waiting: str
    running: str
    out_of_limits: str
    entering: str
    pictured: str
    witnessed: str
    lot: str
    material: str

    def pages(self) -> dict[str, str]:
        """Every page of a terminal."""
        dialogs = {name: f"{self.running}dialog/{name}/" for name in ("consume", "output", "defect", "complete")}
        return {
            "list": self.home,
            "waiting": self.waiting,
            "step": self.running,
            "out-of-limits": self.out_of_limits,
            "pictured": self.pictured,
            "known": f"{self.home}scan/?code={self.material}",
            "unit": f"{self.out_of_limits}dialog/unit/",
            "sign": f"{self.witnessed}dialog/sign/",
            "handover": f"{self.home}handover/",
            "station": f"{self.home}station/",
            "sign-on": f"{self.home}sign-on/",
            "unknown": f"{self.home}scan/?code=NOWHERE",
            **dialogs,
        }


@pytest.fixture(scope="module")
def shop(
    postgres: Cluster,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shop]:
    """One floor and one server for all tests of this file."""
    folder, name = tmp_path_factory.mktemp("terminal"), f"{TEST_DATABASE}_terminal"
    with database.clone(postgres, name), django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            found = _floor(name)
            with server.served(name, folder / "web.log", folder / "data") as live:
                yield Shop(live.url, name, *found)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = TEST_DATABASE


def ordinary_picture() -> io.BytesIO:
    """A photograph as a camera takes it, far larger than the place that a step has for it."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "peru").save(file, "PNG")
    file.name = "weld.png"
    file.seek(0)
    return file


def _floor(name: str) -> tuple[str, ...]:
    floor = make_floor()
    station = make_station(floor.work_center, floor.operator)
    with transaction.atomic(), acting(system_user("test")):
        station.terminal.idle_lock_seconds = 3600
        station.terminal.save()
    for right in ("mes_execution.view_floornote", "traceability.view_material"):
        grant(floor.operator, floor.site, right)
    services.leave_note(work_center=floor.work_center, kind="handover", text="Change the bit", actor=floor.colleague)
    floor.stock[floor.parts[1].pk] = floor.world.lot(100, floor.parts[1], number="LOT-2026-1")
    out = floor.assembling()
    services.record_value(order_operation=out, data_point=floor.torque, value="12.6", actor=floor.operator)
    services.call_lead(order_operation=out, actor=floor.operator)
    entering = floor.assembling()
    services.call_lead(order_operation=entering, actor=floor.operator)
    services.consume_lot(order_operation=entering, lot=floor.lot(floor.parts[1]), actor=floor.operator)
    running = floor.start(floor.first(floor.order(50)))
    services.report_output(order_operation=running, good=running.order.quantity / 2, actor=floor.operator)
    waiting = floor.last(running.order)
    tape = floor.world.material(number="TT-2044-7")
    other = make_floor(world=floor.world, must_be_confirmed=True, picture=ordinary_picture())
    pictured = other.assembling()
    services.start_operation(order_operation=pictured, actor=floor.operator)
    witnessed = make_floor(world=floor.world, requirements=[{"meaning": "witnessed", "witness": True}]).assembling()
    lot = floor.lot(floor.parts[1])
    at = station.address
    return (
        station.cookie,
        at(),
        at(waiting),
        at(running),
        at(out),
        at(entering),
        at(pictured),
        at(witnessed),
        lot.number,
        tape.number,
    )


def _picture(route: Route) -> None:
    """The served house keeps its files elsewhere than the test that attached them."""
    route.fulfill(body=ordinary_picture().getvalue(), content_type="image/png")


@pytest.fixture
def context(chromium: Browser, shop: Shop) -> Iterator[BrowserContext]:
    """A tablet that is this station, with touch."""
    with chromium.new_context(base_url=shop.url, viewport=LANDSCAPE, has_touch=True) as made:  # type: ignore[arg-type]
        made.add_cookies([{"name": DEVICE_COOKIE, "value": shop.cookie, "url": shop.url}])
        made.route("**/core/files/**", _picture)
        made.add_init_script(
            "addEventListener('DOMContentLoaded', () => { document.body.dataset.scanGapMs = '1500'; });"
        )
        yield made


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
