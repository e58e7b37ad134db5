"""Labels in a real browser: a template from nothing to approved, a label printed, a reprint that is asked why.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from config.apps import BASE_DIR
from core.kernel.permissions import catalogue
from core.lifecycle.services import perform
from core.organization.models import User
from core.printing.services.printers import create_printer, use_printer
from tests.core.web.test_gallery import barriers_of, inline_code_of
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.support.browser import whole
from tests.support.people import make_user, proof
from tests.support.server import LivePlant
from tests.support.visits import session_of
from tests.traceability.press import GTIN
from tests.traceability.world import World, make_world
from traceability import services
from traceability.models import Label, LabelTemplate, Lot

pytestmark = pytest.mark.browser

SIZES = {"desk": (1366, 768), "phone": (390, 844)}
ALL = tuple(code for code in catalogue() if code.startswith(("traceability.", "core_printing.")))


@pytest.fixture
def world(live_plant: LivePlant) -> Iterator[World]:
    yield make_world()


def a_lot(world: World, number: str = "L-2026-000123") -> Lot:
    material = services.create_material(
        number="FR-R92R-62", name="HL Road Frame – Red, 62", uom=world.each, gtin=GTIN, actor=world.system
    )
    return world.lot(40, material, number=number, expires_on=dt.date(2028, 2, 29))


def opened(browser: Browser, plant: LivePlant, user: User) -> Page:
    context = browser.new_context(base_url=plant.url, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": plant.url}])
    return context.new_page()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        field = page.locator(f'main form [name="{name}"]')
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def press(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form [data-primary]").click()


@pytest.mark.requirement("LBL-01", "LBL-04", "LBL-07")
def test_a_template_is_made_approved_used_and_a_reprint_is_asked_why(
    world: World, live_plant: LivePlant, chromium: Browser
) -> None:
    lot = a_lot(world)
    writer = make_user(site=world.site, permissions=ALL)
    approver = able_to_sign(make_user(site=world.site, permissions=ALL))
    page = opened(chromium, live_plant, writer)
    page.goto(reverse("traceability:labeltemplate_list"))
    page.locator("[data-primary]").first.click()
    fill(page, code="LOTS", name="Labels of lots", standard="empty-lot")
    press(page)
    page.get_by_role("link", name="Add a symbol").click()
    fill(page, symbology="datamatrix", content="gs1", x="3", y="3", width="4", height="4")
    expect(page.locator("main")).to_contain_text("is too small")
    fill(page, width="25", height="25")
    expect(page.locator("main .tl-label-frame svg path").last).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("is too small")
    press(page)
    page.get_by_role("link", name="Add a text").click()
    fill(page, field="number", x="32", y="4", width="60", height="6", size="4")
    expect(page.locator("main .tl-label-frame svg text")).to_have_text("L-2026-000123")
    press(page)
    assert len(LabelTemplate.objects.get().elements) == 2
    template = LabelTemplate.objects.get()
    approve = reverse("traceability:labeltemplate_move", args=[template.pk, "make_effective"])
    page.goto(approve)
    expect(page.locator("main")).to_contain_text("needs another person")
    other = opened(chromium, live_plant, approver)
    other.goto(template.get_absolute_url())
    other.locator("#tl-moves").get_by_role("link", name="Approve").click()
    # What is counted is counted at once: the form must stand there first.
    expect(other.locator('main form [name="secret"]')).to_be_visible()
    user_field = other.locator('main form [name="user_id"]')
    if user_field.count():
        user_field.fill(approver.username)
    other.locator('main form [name="secret"]').fill(SECRET)
    press(other)
    template.refresh_from_db()
    assert template.status == "effective"
    page.goto(lot.get_absolute_url())
    page.get_by_role("link", name="Print label").click()
    press(page)
    expect(page.get_by_role("link", name="Open the PDF")).to_be_visible()
    assert Label.objects.get().template == template
    page.goto(reverse("traceability:lot_print_label", args=[lot.pk]))
    expect(page.locator("main")).to_contain_text("Printed before")
    press(page)
    expect(page.locator("main")).to_contain_text("this is a reprint")
    fill(page, reason="The first one tore and was destroyed")
    press(page)
    expect(page.get_by_role("link", name="Open the PDF")).to_be_visible()
    page.goto(lot.get_absolute_url())
    expect(page.locator("main")).to_contain_text("The first one tore and was destroyed")
    assert [one.reason for one in Label.objects.order_by("pk")] == ["", "The first one tore and was destroyed"]
    other.context.close()
    page.context.close()


@pytest.mark.requirement("LBL-01", "LBL-06")
def test_the_pages_are_accessible_and_keep_to_the_width(world: World, live_plant: LivePlant, chromium: Browser) -> None:
    lot, visitor = a_lot(world), make_user(site=world.site, permissions=ALL)
    system = world.system
    template = services.create_label_template(
        site=None, code="LOT-100x50", name="Lot, 100 × 50 mm", standard="lot-100x50", actor=visitor
    )
    perform(template, "make_effective", actor=system, signature=proof(system, "approved"))
    draft = services.revise_label_template(template=template, actor=visitor)
    printer = create_printer(site=world.site, code="P1", name="Packing", address="127.0.0.9", actor=system)
    use_printer(printer=printer, actor=system)
    second = world.lot(5, lot.material, number="L-2026-000124")
    job = services.print_labels(records=[second], printer=printer, actor=visitor)
    pdf = services.print_labels(records=[second], reason="Torn", actor=visitor)
    label = Label.objects.latest("pk")
    pages = {
        "templates": reverse("traceability:labeltemplate_list"),
        "template": draft.get_absolute_url(),
        "template-approve": reverse("traceability:labeltemplate_move", args=[draft.pk, "make_effective"]),
        "template-create": reverse("traceability:labeltemplate_create"),
        "element": reverse("traceability:labelelement_change_text", args=[draft.pk, 1]),
        "symbol": reverse("traceability:labelelement_change_code", args=[draft.pk, 3]),
        "lot": lot.get_absolute_url(),
        "print": reverse("traceability:lot_print_label", args=[second.pk]),
        "print-many": f"{reverse('traceability:lot_labels')}?row={lot.pk}&row={second.pk}",
        "reconcile": reverse("traceability:lot_reconcile_labels", args=[second.pk]),
        "labels": reverse("traceability:label_list"),
        "label": label.get_absolute_url(),
        "printers": reverse("core_printing:printer_list"),
        "printer": printer.get_absolute_url(),
        "printer-create": reverse("core_printing:printer_create"),
        "queue": reverse("core_printing:printjob_list"),
        "job": job.get_absolute_url(),
        "job-pdf": pdf.get_absolute_url(),
    }
    session, wrong, folder = session_of(visitor), dict[str, list[str]](), Path(BASE_DIR) / "screenshots"
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
                assert answer is not None and answer.status == 200, name
                complaints = inline_code_of(page) + barriers_of(page)
                sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                complaints += [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
                if complaints:
                    wrong[f"{name} {size} {theme}"] = complaints
                if os.environ.get("TRUELINE_SCREENSHOTS"):
                    folder.mkdir(exist_ok=True)
                    page.screenshot(path=folder / f"label-{name}-{size}-{theme}.png", full_page=True)
    assert not wrong, "\n".join(f"{where}: {what}" for where, whats in wrong.items() for what in sorted(set(whats)))
