"""Scenario K in a real browser, and the pages of complaints at desk and phone: axe finds nothing, nothing runs over."""

from __future__ import annotations

import os
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.kernel.deeds import acting
from core.organization.models import User
from qms.complaints.models import Complaint, DecisionTreeVersion
from tests.qms.complaints.conftest import FIVE_DAY, HEAD, Desk, make_desk
from tests.support.browser import whole
from tests.support.people import make_site, make_user
from tests.support.server import LivePlant
from tests.support.visits import session_of
from tests.traceability import goods
from tests.traceability.world import make_world

SHOTS = os.environ.get("TRUELINE_SHOTS", "")
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
SECRET = "correct horse battery staple"


def visit(page: Page, live: LivePlant, user: User) -> None:
    """The browser belongs to this person from now on."""
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live.url}])


def furnish() -> tuple[Desk, Complaint]:
    """A reportable complaint about a lot that was shipped, and more of the same lot."""
    desk = make_desk(make_world(site=make_site("GRZ")))
    lot = desk.world.lot(4000, desk.world.material(number="PUMP-20", gtin="09506000134352"), number="L-2026-0042")
    goods.shipped(desk.world, goods.leads(desk.world), lot, 1200)
    found = desk.investigated(lot, FIVE_DAY)
    desk.reply(found)
    desk.received(lot)
    desk.received(title="Label torn", nature="The label of the carton is torn.")
    return desk, found


@pytest.mark.browser
@pytest.mark.requirement("CMP-01", "CMP-02", "CMP-06", "SCR-15")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_at_desk_and_phone(live_plant: LivePlant, browser_page: Page, scheme: str) -> None:
    desk, found = furnish()
    user = make_user("Anna Kowalska-Wittgenstein", site=desk.world.site, permissions=HEAD)
    waiting = Complaint.objects.filter(status="received").latest("pk")

    def address(name: str, *keys: Any, query: str = "") -> str:
        return reverse(f"qms_complaints:{name}", args=keys) + query

    report = found.reports.get()
    pages = {
        "list": address("complaint_list"),
        "intake": address("complaint_create", query="?code=(01)09506000134352(10)L-2026-0042"),
        "complaint": address("complaint_detail", found.pk),
        "triage": address("complaint_triage", waiting.pk),
        "judge": address("complaint_judge", found.pk, desk.version.pk, query="?answers=yes,no"),
        "judged": address("complaint_judge", found.pk, desk.version.pk, query=f"?answers={FIVE_DAY}"),
        "raise": address("complaint_raise", found.pk),
        "report": address("regulatoryreport_detail", report.pk),
        "report-write": address("regulatoryreport_change", report.pk),
        "reports": address("regulatoryreport_list"),
        "trees": address("decisiontree_list"),
        "version": address("decisiontreeversion_detail", DecisionTreeVersion.objects.get().pk),
        "trend": address("complaint_trend"),
    }
    browser_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    visit(browser_page, live_plant, user)
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


@pytest.mark.browser
@pytest.mark.requirement("CMP-08")
def test_a_complaint_is_found_reportable_in_five_days(live_plant: LivePlant, browser_page: Page) -> None:
    desk = make_desk(make_world(site=make_site("GRZ")))
    lot = desk.world.lot(40, desk.world.material(gtin="09506000134352"), number="L-900")
    people = {name: make_user(name, site=desk.world.site, permissions=HEAD) for name in ("petra", "quinn")}
    with transaction.atomic(), acting(desk.world.system):
        for person in people.values():
            person.set_password(SECRET)
            person.save()
    page = browser_page

    def sign(user: str) -> None:
        expect(page.get_by_label("Password")).to_be_visible()
        if page.get_by_label("User name or badge").count():
            page.get_by_label("User name or badge").fill(user)
        page.get_by_label("Password").fill(SECRET)

    visit(page, live_plant, people["petra"])
    page.goto(reverse("qms_complaints:complaint_create"))
    page.get_by_label("Scan the label").fill("(01)09506000134352(10)L-900")
    page.get_by_role("button", name="Fill in from it").click()
    page.get_by_text("It names:").wait_for()
    page.get_by_label("Title").fill("Valve stuck open")
    page.get_by_label("What is complained of").fill("The infusion did not stop.")
    page.locator("#id_channel").select_option("phone")
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_text("Received").first.wait_for()
    found = Complaint.objects.get()
    assert found.lot == lot
    page.get_by_role("link", name="Triage").first.click()
    page.get_by_label("Yes, a complaint").check()
    page.locator("#id_assessment").fill("The valve does not close.")
    page.locator("#id_harm").select_option("serious")
    sign("petra")
    page.get_by_role("button", name="Triage").click()
    page.get_by_text("Not decided").first.wait_for()

    visit(page, live_plant, people["quinn"])
    page.goto(found.get_absolute_url())
    page.get_by_role("link", name="Decide", exact=True).click()
    for answer in FIVE_DAY.split(","):
        page.get_by_role("link", name=answer.capitalize(), exact=True).click()
    page.get_by_text("MDR 5-day report").wait_for()
    page.locator("#id_rationale").fill("By the hospital's report.")
    sign("quinn")
    page.get_by_role("button", name="Sign the decision").click()
    page.get_by_text("Has to be reported").first.wait_for()
    found.refresh_from_db()
    assert found.status == "decided"
    assert found.reports.get().status == "draft"
