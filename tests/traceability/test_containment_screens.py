"""Containments in a real browser: found, previewed, placed and ended; accessible, in light and dark, on a phone.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Browser, Page

from config.apps import BASE_DIR
from core.kernel.deeds import acting
from core.kernel.permissions import catalogue
from tests.core.web.test_gallery import barriers_of, inline_code_of
from tests.support.browser import whole
from tests.support.people import make_user
from tests.support.server import LivePlant
from tests.support.visits import session_of
from tests.traceability.goods import leads, shipped
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Containment, Hold
from traceability.queries import on_hand

pytestmark = [pytest.mark.browser, pytest.mark.requirement("HLD-01", "HLD-03")]

SECRET = "correct horse battery staple"
SIZES = {"desk": (1366, 768), "phone": (390, 844)}


@pytest.fixture
def world(live_plant: LivePlant) -> Iterator[World]:
    yield make_world()


def stage(world: World) -> Any:
    """Six lots of a resin, one partly shipped, one built into a housing; and who contains them."""
    resin = services.create_material(number="RESIN-10", name="Resin PA66 GF30", uom=world.each, actor=world.system)
    housing = services.create_material(number="HOUSING-10", name="Pump housing", uom=world.each, actor=world.system)
    lots = [world.lot(40 + 5 * n, resin, number=f"RE-26-{n:04}", supplier_lot="H-4711") for n in range(1, 7)]
    made = world.lot(12, housing, number="HO-26-0001")
    world.link(lots[0], made, 20)
    shipped(world, leads(world), lots[1], 8)
    services.place_hold(lot=lots[2], quantity=Decimal(5), reason="Wet bags", actor=world.operator)
    seeing = tuple(code for code in catalogue() if code.startswith(("traceability.", "core_")))
    person = make_user("quality.head", site=world.site, permissions=seeing)
    with transaction.atomic(), acting(world.system):
        person.set_password(SECRET)
        person.must_change_password = False
        person.save()
    return person


def looked_at(page: Page, name: str, size: str, theme: str) -> list[str]:
    whole(page)
    complaints = inline_code_of(page) + barriers_of(page)
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    complaints += [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
    if os.environ.get("TRUELINE_SCREENSHOTS"):
        folder = Path(BASE_DIR) / "screenshots"
        folder.mkdir(exist_ok=True)
        page.screenshot(path=folder / f"containment-{name}-{size}-{theme}.png", full_page=True)
    return complaints


def test_a_material_is_contained_looked_at_and_the_containment_ended(
    world: World, live_plant: LivePlant, chromium: Browser
) -> None:
    person = stage(world)
    session = session_of(person)
    wrong: dict[str, list[str]] = {}
    for size, theme in (("desk", "light"), ("phone", "light"), ("desk", "dark")):
        width, height = SIZES[size]
        with chromium.new_context(
            base_url=live_plant.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            reduced_motion="reduce",
        ) as context:
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_plant.url}])
            page = context.new_page()

            def look(name: str, size: str = size, theme: str = theme, page: Page = page) -> None:
                complaints = looked_at(page, name, size, theme)
                if complaints:
                    wrong[f"{name} {size} {theme}"] = complaints

            page.goto(reverse("traceability:containment_list"))
            look("list")
            page.goto(reverse("traceability:containment_create"))
            look("chosen")
            page.get_by_role("link", name="Material, made or received in a time").click()
            page.locator('[name="material"]').fill("RESIN-10")
            page.locator('[name="with_descendants"]').check()
            page.locator('[name="reason"]').fill("The supplier reports a wrong alloy in September")
            page.get_by_role("button", name="Show what will be held").click()
            page.get_by_text("lots and units will be held").wait_for()
            assert page.get_by_text("RE-26-0006").count() == 1 and page.get_by_text("HO-26-0001").count() == 1
            look("preview")
            page.get_by_role("button", name="Place the containment").click()
            page.get_by_role("heading", name="What it holds").wait_for()
            look("detail")
            made = Containment.objects.latest("pk")
            assert Hold.objects.filter(source_id=made.pk, status="open").count() >= 7
            late = world.lot(9, made.material, number=f"RE-26-9{made.pk:03}")
            page.reload()
            page.get_by_text(late.number).wait_for()
            hold = Hold.objects.filter(lot=late).latest("pk")
            page.goto(reverse("traceability:hold_remove", args=[hold.pk]))
            look("remove")
            page.goto(made.get_absolute_url())
            page.get_by_role("link", name="End the containment").click()
            page.locator('[name="reason"]').fill("Everything of it is found")
            look("end")
            if page.locator('[name="user_id"]').count():
                page.locator('[name="user_id"]').fill(person.username)
            page.locator('[name="secret"]').fill(SECRET)
            page.locator("[data-primary]").click()
            page.locator(".tl-head-states").get_by_text("Ended").wait_for()
            assert on_hand(late) == 9
    assert not wrong, "\n".join(f"{where}: {what}" for where, whats in wrong.items() for what in sorted(set(whats)))
