"""The pages of the seals in a real browser: readable for everybody, at every size."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from core.kernel.clock import now
from core.organization.services import system_user
from core.trail.queries.report import Report
from core.trail.services import note
from core.trail.services.verification import keep_outcome
from tests.support import people, seals
from tests.support.server import LivePlant
from tests.support.visits import session_of

RIGHTS = ("core_trail.view_seal", "core_trail.verify_seal", "core_trail.view_trailevent")
SIZES = {"desk": (1366, 768), "terminal": (1024, 768), "phone": (390, 844)}


@pytest.mark.browser
@pytest.mark.requirement("SEAL-08")
def test_the_pages_are_accessible_and_fit(live_plant: LivePlant, chromium: Browser, tmp_path: Path) -> None:
    auditor = people.make_user("auditor", site=people.make_site(), permissions=RIGHTS)
    for number in range(3):
        seals.write(number + 1)
        sealed = seals.seal()
    assert sealed is not None
    keep_outcome(report=Report(started_at=now(), seals=3, rows=6), actor=auditor)
    note(
        kind="trail_alarm", actor=system_user("trail"), text="x",
        data={"codes": ["trigger"], "findings": ["The trigger trail_stamp of core_trail_trailevent is not always on."]},
    )  # fmt: skip
    cookie = {"name": "sessionid", "value": session_of(auditor), "url": live_plant.url}
    found, wide = [], []
    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            with chromium.new_context(
                base_url=live_plant.url,
                viewport={"width": width, "height": height},
                color_scheme=scheme,
            ) as context:
                context.add_cookies([cookie])  # type: ignore[list-item]
                page = context.new_page()
                for name, path in {"list": "", "seal": f"{sealed.pk}/", "verify": "verify/"}.items():
                    page.goto(f"/core/trail/seals/{path}")
                    page.screenshot(path=tmp_path / f"{name}-{size}-{scheme}.png", full_page=True)
                    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                        wide.append((name, size))
                    if size == "desk":
                        result = Axe().run(page)
                        found += [(name, scheme, violation["id"]) for violation in result.response["violations"]]
    assert (found, wide) == ([], [])
