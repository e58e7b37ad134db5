"""Containers, splits and replacements in a real browser: packed by scan; axe finds nothing, nothing runs over."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from tests.support.people import make_site, make_user
from tests.support.server import LivePlant
from tests.support.visits import session_of
from tests.traceability.test_containers import box, put_in
from tests.traceability.test_replacing import built, unit_of
from tests.traceability.test_views import ALL
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Container, Lot, SerializedUnit, Transformation
from traceability.queries import in_container

SHOTS = os.environ.get("TRUELINE_SHOTS", "")
SIZES = {"desk": (1366, 768), "phone": (390, 844)}


def furnish(world: World) -> tuple[Container, Lot, SerializedUnit]:
    """A pallet with a box in it, a lot that was split, a unit of which a component was replaced."""
    actor = world.system
    services.set_company_prefix(site=world.site, company_prefix="0614141", extension=1, actor=actor)
    paint = world.material(number="P-100", revision="")
    lot = world.lot(120, paint, number="L-2026-0042", supplier_lot="S-77")
    pallet, carton = box(world, kind="pallet"), box(world)
    put_in(carton, lot, actor, 24)
    put_in(carton, world.lot(10, number="L-2026-0043"), actor, 6)
    put_in(pallet, lot, actor, 12)
    services.nest_container(container=pallet, child=carton, actor=actor)
    services.place_hold(lot=lot, quantity=Decimal(20), reason="Runs at the edge", actor=actor)
    child = services.split_lot(lot=lot, quantity=Decimal(20), held=False, actor=actor)
    services.split_lot(lot=lot, quantity=Decimal(5), held=True, reason="For the laboratory", actor=actor)
    machine = unit_of(world)
    link = built(world, child, machine, 4)
    services.replace_component(
        genealogy_link=link, quantity=Decimal(1), new_lot=child, outcome="keep", reason="Worn at the seal", actor=actor
    )
    return pallet, lot, machine


@pytest.mark.browser
@pytest.mark.requirement("CNT-02", "SCR-15")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_at_desk_and_phone(live_plant: LivePlant, browser_page: Page, scheme: str) -> None:
    world = make_world(site=make_site("GRZ"))
    user = make_user("Anna Kowalska-Wittgenstein", site=world.site, permissions=ALL)
    pallet, lot, machine = furnish(world)

    def address(name: str, *records: Any) -> str:
        return reverse(f"traceability:{name}", args=[record.pk for record in records])

    child = Lot.objects.get(number=f"{lot.number}.1")
    deed = Transformation.objects.order_by("pk")[0]
    pages = {
        "containers": address("container_list"),
        "container": address("container_detail", pallet),
        "create": address("container_create"),
        "pack": address("container_pack", pallet),
        "unpack": address("container_unpack", pallet),
        "transfer": address("container_transfer", pallet),
        "prefix": address("companyprefix_create"),
        "lot": address("lot_detail", lot),
        "child": address("lot_detail", child),
        "split": address("lot_split", lot),
        "merge": address("lot_merge", lot),
        "undo": address("transformation_undo", deed),
        "unit": address("serializedunit_detail", machine),
        "replace": address("serializedunit_replace", machine),
    }
    browser_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    browser_page.context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_plant.url}])
    problems: dict[str, object] = {}
    for size, (width, height) in SIZES.items():
        browser_page.set_viewport_size({"width": width, "height": height})
        for name, where in pages.items():
            answer = browser_page.goto(where)
            assert answer is not None and answer.status == 200, name
            if SHOTS:
                browser_page.screenshot(path=f"{SHOTS}/{name}-{size}-{scheme}.png", full_page=True)
            if size == "desk" or scheme == "light":  # colours change with the scheme, structure with the size
                found = Axe().run(browser_page)
                if found.violations_count:
                    problems[f"{name} {size}"] = [violation["id"] for violation in found.response["violations"]]
            if browser_page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                problems[f"{name} {size} runs over"] = True
    assert problems == {}


@pytest.mark.browser
@pytest.mark.requirement("CNT-02")
def test_a_box_is_begun_packed_by_scan_and_closed(live_plant: LivePlant, browser_page: Page) -> None:
    world = make_world(site=make_site("GRZ"))
    user = make_user(site=world.site, permissions=ALL)
    lot = world.lot(10, number="L-77")
    browser_page.context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_plant.url}])
    browser_page.goto(reverse("traceability:container_list"))
    browser_page.get_by_role("link", name="Begin a container").first.click()
    browser_page.get_by_label("Kind").select_option("box")
    browser_page.get_by_label("Storage location").fill(world.store.code)
    browser_page.get_by_role("button", name="Begin").click()
    browser_page.get_by_role("link", name="Pack").first.click()
    for quantity in ("4", "3"):
        browser_page.get_by_label("Lot, serial or container number").fill("L-77")
        browser_page.get_by_label("Quantity").fill(quantity)
        browser_page.get_by_role("button", name="Put in").click()
        browser_page.get_by_text("L-77 is in.").wait_for()
    made = Container.objects.get()
    assert in_container(made, lot) == 7
    browser_page.goto(made.get_absolute_url())
    browser_page.get_by_role("link", name="Close").first.click()
    browser_page.get_by_role("button", name="Close").click()
    browser_page.get_by_text("Closed").first.wait_for()
    made.refresh_from_db()
    assert made.status == "closed"
