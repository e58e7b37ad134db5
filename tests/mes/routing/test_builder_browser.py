"""The builder in a real browser: by keyboard alone, without full page loads, accessible, at two sizes, light and dark.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from config.apps import BASE_DIR
from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.models import EquipmentClass
from core.organization.services import system_user
from mes.instructions import services as instructions
from mes.routing import services
from mes.routing.models import Operation
from mes.routing.queries import operations_of, unfinished_revision
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document
from qms.training.models import Curriculum
from tests.core.web.test_gallery import barriers_of, collect_complaints, inline_code_of
from tests.support.people import make_site, make_user, work_center_of
from tests.support.routings import ENGINEER, Shop, make_shop, make_uom
from tests.support.server import LivePlant
from tests.support.visits import session_of

pytestmark = [pytest.mark.browser, pytest.mark.requirement("ORD-02", "SCR-02")]
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
WRITER = (
    *ENGINEER,
    "qms_documents.view_document",
    "qms_documents.add_document",
    "qms_documents.change_documentrevision",
    "mes_instructions.change_workinstruction",
    "traceability.view_material",
)


@pytest.fixture
def shop(live_plant: LivePlant) -> Shop:
    """A shop whose author may also write instructions."""
    made = make_shop(make_site("GRZ"), 1, 4, "0.25", 2)
    made.author = make_user("marta kowalska", site=made.site, permissions=WRITER)
    with transaction.atomic(), acting(system_user("test")):
        Curriculum(code="ESD", name="Handling of electrostatic sensitive parts").save()
        EquipmentClass(code="TORQUE", name="Torque wrench 1–20 Nm").save()
    return made


@pytest.fixture
def page(chromium: Browser, live_plant: LivePlant, shop: Shop) -> Iterator[Page]:
    """The author's browser at desk size."""
    with chromium.new_context(base_url=live_plant.url, viewport={"width": 1366, "height": 768}) as context:
        context.add_cookies([{"name": "sessionid", "value": session_of(shop.author), "url": live_plant.url}])
        yield context.new_page()


def test_operations_are_built_by_keyboard_without_loading_the_page(page: Page, shop: Shop) -> None:
    revision = unfinished_revision(shop.routing())
    assert revision is not None
    page.goto(f"/mes/routing/revisions/{revision.pk}/build/")
    page.evaluate("window.stillHere = true")
    page.locator("#new-name").focus()
    for name in ("Cut", "Weld", "Test"):
        page.keyboard.type(name, delay=50)  # slower than a scanner
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(page.locator("#new-name")).to_be_focused()
        expect(page.locator("#new-name")).to_have_value("")
    test = revision.operations.get(name="Test")
    up = page.locator(f"#up-{test.pk}")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rb-operation h3").nth(1)).to_have_text("Test")
    expect(page.locator(f"#up-{test.pk}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".rb-operation h3").first).to_have_text("Test")
    assert [o.name for o in operations_of(revision)] == ["Test", "Cut", "Weld"]
    page.get_by_role("button", name="Assign all 4 open BOM lines").first.click()
    expect(page.get_by_text("4 of 4 lines have their place")).to_be_visible()
    quantity = page.locator(".rb-quantity input[inputmode]").first
    quantity.fill("0")
    quantity.press("Enter")
    expect(page.locator(".rb-quantity .tl-error").first).to_be_visible()
    assert page.evaluate("window.stillHere") is True


def built(shop: Shop) -> int:
    """A draft with something in every part of the page."""
    revision = unfinished_revision(shop.routing())
    assert revision is not None
    document = create_document(
        kind="work_instruction", title="Assemble the pump head", site=shop.site, actor=shop.author
    )
    written = DocumentRevision.objects.get(document=document)
    instruction = instructions.create_instruction(revision=written, actor=shop.author)
    step = instructions.add_step(work_instruction=instruction, title="Tighten the four screws", actor=shop.author)
    instructions.add_data_point(
        step=step,
        code="TORQUE-1",
        label="Torque of the first screw",
        unit=make_uom("Nm"),
        lower_limit=Decimal(8),
        upper_limit=Decimal(12),
        actor=shop.author,
    )
    first = services.add_operation(
        revision=revision,
        name="Assemble the pump head and tighten it to the housing",
        work_center=work_center_of(shop.site),
        document=document,
        run_minutes=Decimal(12),
        actor=shop.author,
    )
    last = shop.operation(revision, "Leak test")
    services.assign_line(operation=first, bom_line=shop.product.lines[0], actor=shop.author)
    services.assign_line(operation=first, bom_line=shop.product.lines[1], quantity=Decimal(3), actor=shop.author)
    services.omit_line(
        revision=revision, bom_line=shop.product.lines[2], why="Filled by the customer", actor=shop.author
    )
    services.add_requirement(operation=first, curriculum=Curriculum.objects.get(), actor=shop.author)
    services.add_requirement(operation=last, meaning="verified", witness=True, actor=shop.author)
    services.add_requirement(operation=last, equipment_class=EquipmentClass.objects.get(), actor=shop.author)
    return revision.pk


def test_it_is_accessible_at_every_size_and_in_both_modes(page: Page, shop: Shop) -> None:
    pk = built(shop)
    first = Operation.objects.filter(routing_revision=pk)[0].pk
    second = shop.effective("Cut", "Weld")
    third = services.new_revision(routing=second.routing, summary="A test at the end", actor=shop.author)
    shop.operation(third, "Test")
    addresses = {
        "build": f"/mes/routing/revisions/{pk}/build/",
        "build-edit": f"/mes/routing/revisions/{pk}/build/?edit={first}",
        "read": f"/mes/routing/revisions/{pk}/",
        "routing": second.routing.get_absolute_url(),
        "list": "/mes/routing/routings/",
        "compare": f"/mes/routing/revisions/{third.pk}/compare/",
        "new": "/mes/routing/routings/new/",
        "submit": f"/mes/routing/revisions/{third.pk}/submit/",
        "scrap": "/mes/routing/scrap-reasons/",
    }
    problems = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for name, address in addresses.items():
                page.goto(address)
                page.wait_for_load_state("networkidle")
                found = inline_code_of(page)
                if (size, scheme) != ("phone", "dark"):  # colours do not depend on the size, nor layout on the colours
                    found += barriers_of(page)
                problems += [f"{name} {size} {scheme}: {what}" for what in found]
                wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
                problems += [f"{name} {size}: scrolls sideways"] if wide else []
                keep(page, f"routing-{name}-{size}-{scheme}")
    assert not problems, "\n".join(problems)


def test_an_approved_routing_is_read_only(page: Page, shop: Shop) -> None:
    revision = shop.approve(shop.submitted("Cut"))
    perform(revision, "make_effective", actor=shop.approver)
    page.goto(f"/mes/routing/revisions/{revision.pk}/build/")
    expect(page).to_have_url(re.compile(rf"/mes/routing/revisions/{revision.pk}/$"))
    assert page.locator("form[hx-post]").count() == 0


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page, when somebody wants to look."""
    if os.environ.get("TRUELINE_SCREENSHOTS"):
        directory = Path(BASE_DIR) / "screenshots"
        directory.mkdir(exist_ok=True)
        page.screenshot(path=directory / f"{name}.png", full_page=True)


def test_saving_leaves_no_complaint_in_the_console(page: Page, shop: Shop) -> None:
    """Fields keep styles that the browser gave them: the height that somebody pulled, a caret hidden for a picture.

    A swap that copies them to the new fields, as htmx does by default, is refused by the policy once for each field.
    """
    pk = built(shop)
    first = Operation.objects.filter(routing_revision=pk)[0].pk
    complaints: list[str] = []
    collect_complaints(page, complaints)
    page.goto(f"/mes/routing/revisions/{pk}/build/?edit={first}")
    page.screenshot()
    page.locator("#summary-summary").evaluate("field => { field.style.height = '200px'; }")
    assert page.locator("#builder [style]").count() > 8
    page.locator(f"#operation-{first}-run_minutes").fill("14")
    page.locator(".rb-edit").get_by_role("button", name="Save").first.click()
    expect(page.locator(f"#operation-{first}-run_minutes")).to_have_count(0)
    expect(page.locator("#builder.htmx-settling")).to_have_count(0)
    assert page.locator("#builder [style]").count() == 0
    assert complaints == []
