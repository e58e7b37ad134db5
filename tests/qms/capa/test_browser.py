"""The pages of CAPAs in a browser at desk, touch and phone: axe finds nothing, nothing runs over."""

from __future__ import annotations

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from core.kernel.permissions import catalogue
from qms.capa.models import Capa
from tests.qms.capa.plant import capas_everywhere
from tests.support.browser import whole
from tests.support.people import make_site, make_user
from tests.support.server import LivePlant
from tests.support.visits import session_of
from tests.traceability.world import make_world

SHOTS = os.environ.get("TRUELINE_SHOTS", "")
SIZES = {"desk": (1366, 768), "touch": (1024, 768), "phone": (390, 844)}


@pytest.mark.browser
@pytest.mark.requirement("CAPA-03", "CAPA-05", "CAPA-08", "SCR-15")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_at_every_size(live_plant: LivePlant, browser_page: Page, scheme: str) -> None:
    world = make_world(site=make_site("GRZ"))
    capas_everywhere(world)
    user = make_user("Anna Kowalska-Wittgenstein", site=world.site, permissions=tuple(sorted(catalogue())))

    def address(name: str, *keys: Any, query: str = "") -> str:
        return reverse(f"qms_capa:{name}", args=keys) + query

    tree, fish = (Capa.objects.get(title=title).pk for title in ("Frames are scratched", "Bores are too wide"))
    late, asked = (Capa.objects.get(title=title).pk for title in ("Screws are short", "Glue is late"))
    done = Capa.objects.get(title="Bolts loosen").pk
    pages = {
        "list": address("capa_list"),
        "actions": address("capaaction_list"),
        "raise": address("capa_create"),
        "triage": address("capa_open", asked),
        "capa": address("capa_detail", tree),
        "tree": address("capa_detail", tree, query="?tab=causes"),
        "fish": address("capa_detail", fish, query="?tab=causes"),
        "plan": address("capa_detail", tree, query="?tab=actions"),
        "action": Capa.objects.get(pk=done).actions.order_by("pk")[0].get_absolute_url(),
        "new-cause": address("rootcause_create", tree),
        "new-action": address("capaaction_create", tree),
        "check": address("capa_check", tree),
        "verify": address("capa_verify", done),
        "effect": address("capa_detail", late, query="?tab=effectiveness"),
        "story": address("capa_detail", late, query="?tab=story"),
    }
    browser_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    browser_page.context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_plant.url}])
    problems: dict[str, object] = {}
    for size, (width, height) in SIZES.items():
        browser_page.set_viewport_size({"width": width, "height": height})
        for name, where in pages.items():
            answer = browser_page.goto(where)
            assert answer is not None and answer.status == 200, name
            whole(browser_page)
            if SHOTS:
                browser_page.screenshot(path=f"{SHOTS}/{name}-{size}-{scheme}.png", full_page=True)
            if size == "desk" or scheme == "light":  # colours change with the scheme, structure with the size
                seen = Axe().run(browser_page)
                if seen.violations_count:
                    problems[f"{name} {size}"] = [violation["id"] for violation in seen.response["violations"]]
            if browser_page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                problems[f"{name} {size} runs over"] = True
    assert problems == {}
