"""Traces in a real browser: accessible as table, tree and picture, no inline code, in light and dark, on a phone.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from config.apps import BASE_DIR
from core.kernel.permissions import catalogue
from tests.core.web.test_gallery import barriers_of, inline_code_of
from tests.support.browser import whole
from tests.support.people import make_site, make_user
from tests.support.server import LivePlant
from tests.support.visits import session_of
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Lot
from traceability.services import LinkInput

pytestmark = [pytest.mark.browser, pytest.mark.requirement("TRC-04", "TRC-05")]

SIZES = {"desk": (1366, 768), "phone": (390, 844)}


@pytest.fixture
def world(live_plant: LivePlant) -> Iterator[World]:
    yield make_world()


def pump(world: World) -> tuple[Lot, Lot]:
    """A pump's lot with three levels below it and two above; and the resin that went into most of it."""
    names = {
        "resin": "Resin PA66 GF30, natural, dried and bagged at the supplier",
        "housing": "Pump housing",
        "seal": "Seal ring 12×2",
        "rotor": "Rotor",
        "magnet": "Magnet",
        "pump": "Infusion pump",
        "pack": "Pump, packed",
        "case": "Shipping case",
    }
    made = {
        name: services.create_material(number=f"{name.upper()}-10", name=long, uom=world.each, actor=world.system)
        for name, long in names.items()
    }

    def lots(name: str, count: int) -> list[Lot]:
        return [world.lot(0, made[name], number=f"{name[:2].upper()}-26-{n:04}") for n in range(1, count + 1)]

    resin, housing, seal, rotor, magnet = (lots(*one) for one in
        (("resin", 2), ("housing", 3), ("seal", 9), ("rotor", 2), ("magnet", 4)))  # fmt: skip
    (top,), packs, (case,) = lots("pump", 1), lots("pack", 4), lots("case", 1)
    foreign = world.lot(0, made["seal"], site=make_site(), number="OTHER-SITE")
    pairs = [
        *((resin[n % 2], one) for n, one in enumerate([*housing, *rotor])),
        *((one, rotor[n % 2]) for n, one in enumerate(magnet)),
        *((one, top) for one in [*housing, *seal, *rotor, foreign, resin[0]]),
        *((top, one) for one in packs),
        *((one, case) for one in packs),
    ]
    links = [LinkInput(a, b, Decimal(n + 1), world.each) for n, (a, b) in enumerate(pairs)]
    services.link_many(links=links, source=None, actor=world.system)
    services.place_hold(lot=magnet[1], reason="Cracks seen at goods-in", actor=world.operator)
    return top, resin[0]


def test_traces_are_accessible_and_keep_to_the_width(world: World, live_plant: LivePlant, chromium: Browser) -> None:
    top, resin = pump(world)
    seeing = tuple(code for code in catalogue() if code.startswith("traceability."))
    session = session_of(make_user(site=world.site, permissions=seeing))
    address = reverse("traceability:lot_trace", args=[top.pk])
    pages = {
        "table": f"{address}?direction=both",
        "tree": f"{address}?direction=both&show=tree",
        "graph": f"{address}?direction=both&show=graph",
        "forward": f"{reverse('traceability:lot_trace', args=[resin.pk])}?direction=forward&show=graph",
        "filtered": f"{address}?material=RESIN-10&show=graph",
        "wrong": f"{address}?depth=many&colour=red",
        "empty": f"{address}?status=quarantine",
        "everything": reverse("traceability:lot_everything", args=[top.pk]),
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
                assert answer is not None and answer.status == (400 if name == "wrong" else 200)
                complaints = inline_code_of(page) + barriers_of(page)
                sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                complaints += [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
                if complaints:
                    wrong[f"{name} {size} {theme}"] = complaints
                if os.environ.get("TRUELINE_SCREENSHOTS"):
                    folder.mkdir(exist_ok=True)
                    page.screenshot(path=folder / f"trace-{name}-{size}-{theme}.png", full_page=True)
    assert not wrong, "\n".join(f"{where}: {what}" for where, whats in wrong.items() for what in sorted(set(whats)))


def test_the_tree_and_the_picture_work_by_keyboard(world: World, live_plant: LivePlant, chromium: Browser) -> None:
    top, _resin = pump(world)
    seeing = tuple(code for code in catalogue() if code.startswith("traceability."))
    session = session_of(make_user(site=world.site, permissions=seeing))
    with chromium.new_context(base_url=live_plant.url, viewport={"width": 1366, "height": 768}) as context:
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_plant.url}])
        page = context.new_page()
        address = reverse("traceability:lot_trace", args=[top.pk])
        page.goto(f"{address}?show=tree")
        branch = page.locator(".tl-tree details").first
        assert branch.get_attribute("open") is not None
        branch.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert branch.get_attribute("open") is None
        page.goto(f"{address}?show=graph")
        page.locator("svg.tg a").filter(has_text="9 lots").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**level=1**")
        assert page.locator(".tl-table tbody tr").filter(has_text="SE-26-").count() >= 9
