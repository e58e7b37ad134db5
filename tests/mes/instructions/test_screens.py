"""The pages of documents, training and instructions in a real browser: axe finds nothing, nothing runs over."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from core.lifecycle.services import perform
from core.organization.models import Site, User
from mes.instructions.models import WorkInstruction
from mes.instructions.services import add_data_point, add_picture, add_step, create_instruction
from qms.documents.services import create_document, revise_document
from qms.training.services import create_curriculum, grant_qualification
from tests.core.web.test_gallery import barriers_of
from tests.mes.instructions.conftest import RIGHTS, approve, submit
from tests.mes.instructions.test_services import png
from tests.support.people import make_site, make_user
from tests.support.server import LivePlant
from tests.support.visits import session_of
from traceability.services import create_uom

SHOTS = os.environ.get("TRUELINE_SHOTS", "")
TRAINING = ("view_qualification", "add_qualification", "change_qualification", "change_curriculum")
SIZES = {"desk": (1366, 768), "phone": (390, 844)}


def furnish() -> tuple[Site, User]:
    """A site with an effective instruction, a second revision in the making, and people qualified or not."""
    site = make_site("GRZ")
    rights = (*RIGHTS, *(f"qms_training.{right}" for right in TRAINING))
    author = make_user("Anna Kowalska-Wittgenstein", site=site, permissions=rights)
    approver = make_user("Bert Huber", site=site, permissions=rights)
    torque = create_uom(code="N·m", name="Newton metre", pint_unit="newton * meter", actor=author)
    table = "| Tool | Size |\n|---|---|\n| Torque wrench | 5 mm |\n"
    text = f"# Purpose\n\nMount the front wheel of the **Mountain-200**.\n\n{table}"
    document = create_document(
        kind="work_instruction", title="Mount the front wheel", site=site, body=text, actor=author
    )
    revision = document.revisions.get()
    instruction = create_instruction(revision=revision, actor=author)
    pick = add_step(
        work_instruction=instruction, title="Pick the wheel and check its bearing",
        text="1. Take the wheel from the rack\n2. Turn it: **no** play, no noise", actor=author,
    )  # fmt: skip
    add_data_point(step=pick, code="PLAY", label="Bearing runs freely", kind="check", actor=author)
    add_picture(step=pick, file=png("silver", 320), description="Bearing seen from the left", actor=author)
    tighten = add_step(
        work_instruction=instruction, title="Tighten both axle nuts", text="Alternate between left and right.",
        caution="Pinch point between fork and wheel: keep fingers clear.", actor=author,
    )  # fmt: skip
    limits: dict[str, Any] = {"lower_limit": Decimal(34), "lower_warning": Decimal(35), "upper_limit": Decimal(40)}
    for side in ("left", "right"):
        add_data_point(
            step=tighten, code=f"TORQUE-{side.upper()}", label=f"Torque, {side} nut", unit=torque, decimals=1,
            **limits, actor=author,
        )  # fmt: skip
    submit(revision, author)
    approve(revision, approver)
    perform(revision, "make_effective", actor=approver)
    revise_document(document=document, change_summary="Higher torque for the carbon fork", actor=author)
    create_document(kind="procedure", title="Handling of nonconforming product " * 4, actor=approver)
    curricula = [create_curriculum(code=code, name=f"{code} work", actor=author) for code in ("WHEEL", "PAINT")]
    for number, name in enumerate(("Chen Li", "Dora Maar", "Emil Zatopek")):
        person = make_user(name, site=site, permissions=("qms_training.view_qualification",))
        for curriculum in curricula[: 1 + number % 2]:
            grant_qualification(user=person, curriculum=curriculum, basis="Observed 20 pieces", actor=author)
    return site, author


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_at_desk_and_phone(
    live_plant: LivePlant, browser_page: Page, scheme: str, tmp_path: Path, settings: Settings
) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "data" / "files"
    _site, author = furnish()
    effective, draft = WorkInstruction.objects.order_by("pk")
    pages = {
        "document_list": "/qms/documents/documents/",
        "document": effective.document_revision.document.get_absolute_url(),
        "revision": effective.document_revision.get_absolute_url(),
        "draft": draft.document_revision.get_absolute_url(),
        "submit": f"{draft.document_revision.get_absolute_url()}submit/",
        "write": f"{draft.document_revision.get_absolute_url()}change/",
        "instruction": effective.get_absolute_url(),
        "step": f"{effective.get_absolute_url()}?step=2",
        "build": f"{draft.get_absolute_url()}build/",
        "data_point": f"/mes/instructions/steps/{draft.steps.order_by('sequence')[1].pk}/data-point/",
        "matrix": "/qms/training/qualifications/matrix/",
        "qualifications": "/qms/training/qualifications/",
        "grant": "/qms/training/qualifications/new/",
        "curriculum": "/qms/training/curricula/1/",
    }
    browser_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    browser_page.context.add_cookies([{"name": "sessionid", "value": session_of(author), "url": live_plant.url}])
    problems: dict[str, object] = {}
    for size, (width, height) in SIZES.items():
        browser_page.set_viewport_size({"width": width, "height": height})
        for name, address in pages.items():
            answer = browser_page.goto(address)
            assert answer is not None
            assert answer.status == 200, name
            if SHOTS:
                browser_page.screenshot(path=f"{SHOTS}/{name}-{size}-{scheme}.png", full_page=True)
            # Colours change with the scheme, structure with the size.
            if (size == "desk" or scheme == "light") and (found := barriers_of(browser_page)):
                problems[f"{name} {size}"] = found
            broken = "[...document.images].filter(image => image.complete && !image.naturalWidth).length"
            if browser_page.evaluate(broken):
                problems[f"{name} {size} lacks a picture"] = True
            if browser_page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                problems[f"{name} {size} runs over"] = True
    assert problems == {}
