"""Recalls in a real browser: accessible in light and dark and on a phone; a drill held by one person against the clock.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.plugin import DjangoDbBlocker

from config.apps import BASE_DIR
from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.models import User
from core.printing.models import PrintedRecord
from tests.core.web.test_gallery import barriers_of, inline_code_of
from tests.settings import TEST_DATABASE
from tests.support import database
from tests.support.browser import whole
from tests.support.house import House, running_house
from tests.support.people import make_user
from tests.support.server import LivePlant
from tests.support.stock import issue_stock
from tests.support.visits import session_of
from tests.traceability.goods import leads, partner, put
from tests.traceability.recalled import begun, make_head
from tests.traceability.test_views import ALL
from tests.traceability.world import World, make_world
from tools.cluster import Cluster
from traceability import services
from traceability.models import Lot, Recall, Shipment

pytestmark = [pytest.mark.browser, pytest.mark.requirement("RCL-02", "RCL-05", "RCL-08")]

SIZES = {"desk": (1366, 768), "phone": (390, 844)}
PASSWORD = "correct horse battery"
THREE_MINUTES = 180


def resin(world: World, head: User) -> Lot:
    """Resin that went into housings, these into pumps with serial numbers; some at customers, some lost."""
    lead = leads(world)
    serial: Any = {"tracking": "serial"}
    materials = {
        name: services.create_material(
            number=f"{name.upper()}-10", name=long, uom=world.each, actor=world.system, **more
        )
        for name, long, more in (
            ("resin", "Resin PA66 GF30, natural, dried and bagged at the supplier", {}),
            ("housing", "Pump housing", {}),
            ("pump", "Infusion pump", serial),
        )
    }  # fmt: skip
    bag = world.lot(100, materials["resin"], number="RE-26-0001", supplier_lot="BASF-77-1042")
    pumps = world.lot(0, materials["pump"], number="PU-26-0001")
    customers = [
        partner(world, code=code, name=name, is_supplier=False, is_customer=True)
        for code, name in (("C-100", "Landesklinikum Graz"), ("C-200", "St. Elsewhere Hospital, Boston"))
    ]
    for number in range(1, 5):
        housing = world.lot(20, materials["housing"], number=f"HO-26-000{number}")
        issue_stock(lot=bag, quantity=Decimal(15), actor=world.operator)
        world.link(bag, housing, 15)
        for _ in range(3):
            pump = services.create_unit(
                site=world.site, material=materials["pump"], lot=pumps, status="completed", actor=world.system
            )
            services.produce_stock(
                lot=pumps, unit=pump, quantity=Decimal(1), location=world.production, actor=world.system
            )
            issue_stock(lot=housing, quantity=Decimal(1), actor=world.operator)
            world.link(housing, pump)
        shipment = services.create_shipment(site=world.site, customer=customers[number % 2], actor=lead)
        put(shipment, lead, housing, 10)
        perform(shipment, "ship", actor=lead)
    issue_stock(lot=bag, quantity=Decimal(2), actor=world.operator)
    return bag


@pytest.fixture
def world(live_plant: LivePlant) -> Iterator[World]:
    yield make_world()


def test_the_pages_are_accessible_and_keep_to_the_width(world: World, live_plant: LivePlant, chromium: Browser) -> None:
    head = make_head(world)
    bag = resin(world, head)
    session = session_of(make_user(site=world.site, permissions=ALL))
    drill = begun(world, head, bag, title="Yearly drill: resin RE-26-0001 to the patient")  # traced at once here
    recall = begun(
        world, head, bag, kind="recall", title="Brittle resin", reason="Cracks in five housings, see NC-000012"
    )
    line = drill.lines.filter(where="customer")[0]
    services.decide_line(line=line, disposition="confirmed", note="Answered by phone", actor=head)
    services.decide_line(line=line, disposition="with_customer", note="Letter", reason="They use them up", actor=head)
    services.request_letters(recall=drill, actor=head)
    lines = reverse("traceability:recallline_list")
    pages = {
        "list": reverse("traceability:recall_list"),
        "create": reverse("traceability:recall_create") + f"?site={world.site.pk}&goods={bag.number}",
        "drill": drill.get_absolute_url(),
        "draft": recall.get_absolute_url(),
        "lines": f"{lines}?recall={drill.pk}",
        "line": line.get_absolute_url(),
        "decide": reverse("traceability:recall_decide", args=[drill.pk]) + "?where=site",
        "decide-one": reverse("traceability:recallline_decide", args=[line.pk]),
        "start": reverse("traceability:recall_move", args=[recall.pk, "start"]),
        "close": reverse("traceability:recall_finish", args=[drill.pk]),
        "widen": reverse("traceability:recall_widen", args=[drill.pk]),
    }
    wrong: dict[str, list[str]] = {}
    folder = Path(BASE_DIR) / "screenshots"
    for size, theme in (("desk", "light"), ("desk", "dark"), ("phone", "light")):
        width, height = SIZES[size]
        with chromium.new_context(
            base_url=live_plant.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        ) as context:
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_plant.url}])
            page = context.new_page()
            for name, place in pages.items():
                answer = page.goto(place)
                whole(page)
                assert answer is not None and answer.status == 200, place
                complaints = inline_code_of(page) + barriers_of(page)
                sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                complaints += [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
                if complaints:
                    wrong[f"{name} {size} {theme}"] = complaints
                if os.environ.get("TRUELINE_SCREENSHOTS"):
                    folder.mkdir(exist_ok=True)
                    page.screenshot(path=folder / f"recall-{name}-{size}-{theme}.png", full_page=True)
    assert not wrong, "\n".join(f"{where}: {what}" for where, whats in wrong.items() for what in sorted(set(whats)))


# --- a drill by one person, with a worker of its own


@pytest.fixture(scope="module")
def house(
    postgres: Cluster,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[House]:
    """A running house (web process, broker, worker, beat) on a database of its own."""
    name, folder = f"{TEST_DATABASE}_recall", tmp_path_factory.mktemp("recall")
    with database.clone(postgres, name), django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        try:
            with running_house(name, folder) as running:
                yield running
        finally:
            connection.close()
            connection.settings_dict["NAME"] = TEST_DATABASE


def pressed(page: Page, label: str) -> None:
    """Press a button, and wait for the next page."""
    whole(page)
    with page.expect_navigation():
        page.locator("form button", has_text=label).locator("visible=true").first.click()
    assert "please correct" not in page.inner_text("body"), page.inner_text("body")


def test_one_person_holds_signs_and_prints_a_drill_in_three_minutes(house: House, chromium: Browser) -> None:
    world = make_world()
    head = make_head(world)
    bag = resin(world, head)
    with transaction.atomic(), acting(world.system):
        head.password = make_password(PASSWORD)
        head.save()
    with chromium.new_context(
        base_url=house.url, viewport={"width": 1366, "height": 768}, accept_downloads=True
    ) as context:
        context.add_cookies([{"name": "sessionid", "value": session_of(head), "url": house.url}])
        page = context.new_page()
        page.goto(reverse("traceability:recall_list"))
        began = time.monotonic()
        page.locator("a", has_text="Begin a recall or drill").first.click()
        page.locator('[name="goods"]').fill(bag.number)
        page.locator('[name="title"]').fill("Yearly drill")
        page.locator('[name="reason"]').fill("Practised once a year")
        pressed(page, "Begin")
        expect(page.locator("body")).to_contain_text("DRILL")
        # The page loads itself anew once the worker has traced it.
        expect(page.locator("body")).to_contain_text("Accounted for")
        while page.locator("a", has_text="Decide all").count():
            page.locator("a", has_text="Decide all").first.click()
            if page.locator('[name="where"]').input_value() == "unknown":
                page.locator('[name="disposition"]').select_option("not_found")
                page.locator('[name="note"]').fill("Looked for in production: nobody knows")
            pressed(page, "Decide about all of them")
        page.locator("a", has_text="Close and sign").first.click()
        page.locator('[name="conclusion"]').fill("Two kilograms were issued and not booked")
        if page.locator('[name="user_id"]').count():
            page.locator('[name="user_id"]').fill(head.username)
        page.locator('[name="secret"]').fill(PASSWORD)
        pressed(page, "Close and sign")
        report = page.locator("a", has_text="Signed report")
        expect(report.first).to_be_visible()
        report.first.click()
        with page.expect_download() as download:
            page.locator("a", has_text="Download").first.click()
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
        took = time.monotonic() - began
    recall = Recall.objects.get()
    printed = PrintedRecord.objects.get(kind="recall-report")
    assert (recall.status, printed.subject_id) == ("closed", recall.pk)
    assert recall.report.figures["unresolved"] == "1" and Shipment.objects.count() == 4
    assert took < THREE_MINUTES, took
