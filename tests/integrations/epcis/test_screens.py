"""The pages of EPCIS events in a real browser: a planner takes in a supplier's document; accessible in all sizes.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from config.apps import BASE_DIR
from core.kernel.permissions import catalogue
from integrations.models import EpcisCapture, EpcisEvent
from tests.core.web.test_gallery import barriers_of, inline_code_of
from tests.integrations.epcis.test_capture import told_by_supplier
from tests.integrations.epcis.test_refusals import EVENT, document
from tests.support.browser import whole
from tests.support.people import make_user
from tests.support.server import LivePlant
from tests.support.visits import session_of
from tests.traceability.goods import leads, ordered, receive, shipped
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Lot

pytestmark = [pytest.mark.browser, pytest.mark.requirement("EPC-04")]

SIZES = {"desk": (1366, 768), "phone": (390, 844)}


@pytest.fixture
def world(live_plant: LivePlant) -> Iterator[World]:
    yield make_world()


def busy(world: World) -> Lot:
    """Goods that arrive, are used, made and leave, and what a supplier told of them."""
    powder = world.lot(50, world.material(number="RESIN-10", gtin="09506000134352"), number="RE-26-0001")
    receive(world, ordered(world, 10))
    tablets = world.lot(0, world.material(number="PUMP-10"), number="PU-26-0001")
    world.link(powder, tablets, 12)
    services.produce_stock(lot=tablets, quantity=Decimal(40), location=world.store, source=None, actor=world.operator)
    wrong = services.move_stock(
        lot=powder, quantity=Decimal(2), from_location=world.store, to_location=world.production, actor=world.operator
    )
    services.reverse_movement(movement=wrong, reason="Wrong lot", actor=world.system)
    shipped(world, leads(world), powder, 3)
    return powder


def look(page: Page, name: str, size: str, wrong: dict[str, list[str]]) -> None:
    """Barriers, inline code, width; a picture where they are wanted."""
    whole(page)
    complaints = inline_code_of(page) + barriers_of(page)
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    complaints += [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
    if complaints:
        wrong[f"{name} {size}"] = complaints
    if os.environ.get("TRUELINE_SCREENSHOTS"):
        folder = Path(BASE_DIR) / "screenshots"
        folder.mkdir(exist_ok=True)
        page.screenshot(path=folder / f"epcis-{name}-{size}.png", full_page=True)


def test_a_document_is_taken_in_and_found_in_all_sizes(
    world: World, live_plant: LivePlant, chromium: Browser, tmp_path: Path
) -> None:
    lot = busy(world)
    rights = tuple(code for code in catalogue() if code.startswith(("traceability.", "integrations.")))
    session = session_of(make_user(site=world.site, permissions=rights))
    good, bad = tmp_path / "asn.jsonld", tmp_path / "wrong.jsonld"
    good.write_bytes(document(told_by_supplier(lot), EVENT))
    bad.write_bytes(document(EVENT, {**EVENT, "bizStep": "sipping", "epcList": ["https://id.gs1.org/01/1/21/A"]}))
    wrong: dict[str, list[str]] = {}
    for size, theme in (("desk", "light"), ("desk", "dark"), ("phone", "light")):
        width, height = SIZES[size]
        with chromium.new_context(
            base_url=live_plant.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        ) as context:
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_plant.url}])
            page, shown = context.new_page(), f"{size}-{theme}"
            for file, name in ((bad, "refused"), (good, "checked")):
                page.goto(reverse("integrations:epciscapture_create"))
                look(page, "create", shown, wrong)
                page.get_by_label("Who told").fill("Powder Ltd")
                page.get_by_label("Document").set_input_files(file)
                page.get_by_role("button", name="Look at it").click()
                page.wait_for_url("**/check/**")
                look(page, name, shown, wrong)
            page.get_by_role("button", name="Take in these events").click()
            page.wait_for_url("**/captures/**")
            look(page, "captured", shown, wrong)
            page.goto(reverse("integrations:epcisevent_list"))
            look(page, "list", shown, wrong)
            page.get_by_role("link", name="Shipped").first.click()
            look(page, "event", shown, wrong)
            page.locator("summary", has_text="XML").click()
            assert page.locator("pre", has_text="ObjectEvent").last.is_visible()
            page.goto(f"{reverse('integrations:epcisevent_list')}?thing=nothing")
            look(page, "empty", shown, wrong)
            page.goto(reverse("traceability:lot_everything", args=[lot.pk]))
            page.get_by_text("What others told of it").wait_for()
            look(page, "everything", shown, wrong)
    assert not wrong, "\n".join(f"{where}: {what}" for where, whats in wrong.items() for what in sorted(set(whats)))
    assert (EpcisCapture.objects.count(), EpcisEvent.objects.count()) == (1, 2)
