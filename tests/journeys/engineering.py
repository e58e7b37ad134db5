"""How a material is made: instructions with steps and pictures, routings, the second person's approval."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.journeys.plant import Plant, Screen

LATE = ("DC-8732", "DC-9824", "PA-361R", "FK-9939")
"""What goes on the frame after it is welded."""


@dataclass(frozen=True)
class Step:
    """One step of an instruction as Paul writes it."""

    title: str
    text: str = ""
    caution: str = ""


def drawing(words: str) -> bytes:
    """A small picture, as an engineer would export it."""
    image = Image.new("RGB", (480, 270), "#eef2f6")
    pen = ImageDraw.Draw(image)
    pen.ellipse((150, 45, 330, 225), outline="#0b5cad", width=14)
    pen.line((240, 20, 240, 250), fill="#9aa5b1", width=2)
    pen.text((16, 240), words, fill="#1f2933")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def write_instruction(plant: Plant, title: str, steps: list[Step]) -> str:
    """Paul writes a work instruction with its steps; returns the document's number. It stays a draft."""
    paul = plant.desk("paul")
    paul.go("/qms/documents/documents/new/")
    paul.fill(kind="Work instruction", title=title, site="Graz", body=f"How to: {title.lower()}.")
    paul.press()
    number = re.search(r"\b[A-Z]+-[\w-]*\d+", paul.page.locator(".tl-head").inner_text())
    assert number is not None, paul.text()
    paul.follow("Begin the work instruction", "main")
    paul.press()
    for step in steps:
        paul.follow("Add a step", ".tl-head-actions")
        paul.fill(title=step.title, text=step.text, caution=step.caution)
        paul.press()
    return number[0]


def add_picture(plant: Plant, title: str, shows: str, file: Path) -> None:
    """A picture at a step of the instruction that Paul has open."""
    paul = plant.desk("paul")
    file.write_bytes(drawing(shows))
    step = paul.page.locator("section.tl-card", has_text=title).get_attribute("id")
    paul.follow("Picture", f"#{step}")
    paul.attach("file", file)
    paul.fill(description=shows)
    paul.press()
    expect(paul.page.get_by_alt_text(shows)).to_be_visible()


def add_value(paul: Screen, title: str, *, code: str, label: str, kind: str, unit: str = "", lower: str = "",
              upper: str = "") -> None:  # fmt: skip
    """Something to record at a step of the instruction that Paul has open."""
    step = paul.page.locator("section.tl-card", has_text=title).get_attribute("id")
    paul.follow("Value to record", f"#{step}")
    paul.fill(code=code, label=label, kind=kind)
    if kind == "Number":
        paul.fill(unit=unit, lower_limit=lower, upper_limit=upper)
    paul.press()
    paul.says(code)


def begin_routing(plant: Plant, material: str) -> None:
    """Paul begins the routing of a material and is at the builder."""
    paul = plant.desk("paul")
    paul.go("/mes/routing/routings/new/")
    paul.fill(site="Graz", material=material)
    paul.press()
    expect(paul.page.locator("#new-name")).to_be_visible()


def add_operation(paul: Screen, name: str, center: str, document: str = "") -> str:
    """One more operation; returns the selector of its card."""
    paul.fill("form[action$='/operations/']", name=name, work_center=center)
    if document:
        paul.fill("form[action$='/operations/']", document=document)
    paul.change("Add", "form[action$='/operations/']")
    card = paul.page.locator("section.rb-operation", has=paul.page.get_by_role("heading", name=name, exact=True))
    expect(card).to_be_visible()
    return f"#{card.get_attribute('id')}"


def require(paul: Screen, card: str, wanted: str) -> None:
    """What an operation asks of its people."""
    paul.fill(f"{card} form[action$='/requirements/']", wanted=wanted)
    paul.change("Require", f"{card} form[action$='/requirements/']")
    expect(paul.page.locator(f"{card} .rb-chips")).to_contain_text(wanted.split(",")[0])


def submit(paul: Screen) -> str:
    """Paul signs what he built as its author; returns the address of the revision."""
    paul.follow("Submit for review", ".tl-head-actions")
    if paul.page.locator("[name=training_impact]").count():
        paul.fill("form[method=post]", training_impact="none", training_rationale="The first of its kind")
    paul.sign_and_press("paul")
    paul.says("In review")
    return paul.page.url


def approve_and_make_effective(plant: Plant, address: str) -> None:
    """Quinn, the second person, signs the approval and makes it effective."""
    quinn = plant.desk("quinn")
    quinn.go(address)
    quinn.follow("Approve", ".tl-head-actions")
    quinn.says("Approve")
    quinn.sign_and_press("quinn")
    quinn.says("Approved")
    quinn.follow("Make effective", ".tl-head-actions")
    quinn.press()
    quinn.says("Effective")


def author_cannot_approve(paul: Screen, address: str) -> None:
    """Whoever wrote it reads that another person has to approve it."""
    paul.go(f"{address.rstrip('/')}/approve/")
    paul.says("another person")


def frame_routing(plant: Plant) -> tuple[str, list[str]]:
    """Paul builds the routing of the frame; returns the builder's address and its two instructions."""
    paul = plant.desk("paul")
    welding = write_instruction(
        plant,
        "Weld a road frame",
        [
            Step(
                "Clamp the tubes in the jig",
                "Top, down, seat and head tube; then seat stays and chain stays. Tighten by hand.",
                "The jig is hot after a weld. Wear gloves.",
            ),
            Step("Weld, let cool, measure the head tube bore", "Let the frame cool to room temperature first."),
        ],
    )
    add_picture(plant, "Clamp the tubes", "The jig from above, tubes in place", plant.folder / "jig.png")
    add_value(
        paul, "measure the head tube bore",
        code="BORE", label="Head tube bore", kind="Number", unit="mm · Millimeter", lower="33.98", upper="34.02",
    )  # fmt: skip
    paul.picture("instruction")
    finishing = write_instruction(plant, "Paint and finish a frame", [Step("Paint"), Step("Fit the fork")])
    add_value(paul, "Fit the fork", code="LOOK", label="No runs, no scratches", kind="Confirmation")

    begin_routing(plant, "FR-R92R-62")
    weld = add_operation(paul, "Weld frame", "WC20", welding)
    paint = add_operation(paul, "Paint and finish", "WC60", finishing)
    for component in LATE:
        line = paul.page.locator("#bom li", has_text=component)
        action = line.locator("form[action$='/assign/']").get_attribute("action")
        form = f"form[action='{action}']"
        paul.fill(form, operation="Paint and finish")
        paul.change("Assign", form)
        expect(paul.page.locator(paint)).to_contain_text(component)  # the page shows it before the rest is assigned
    paul.change("Assign", weld)
    paul.says("10 of 10 lines have their place")
    paul.page.locator(f"{paint} summary", has_text="Data point").click()
    form = f"{paint} form[action$='/records/']"
    paul.fill(form, step="Paint", label="Paint thickness", code="THICK", kind="Number", unit="mm · Millimeter")
    paul.fill(form, lower_limit="0.08", upper_limit="0.14")
    paul.change("Add", form)
    paul.says("0.08 to 0.14 mm")
    require(paul, weld, "WELD-1")
    require(paul, weld, "Performed")
    require(paul, paint, "Performed")
    require(paul, paint, "Witnessed, by a second person")
    paul.picture("builder")
    return paul.page.url, [welding, finishing]


def documents_are_approved(plant: Plant, numbers: list[str]) -> None:
    """Paul signs each instruction as its author; Quinn approves it as the second person and makes it effective."""
    paul = plant.desk("paul")
    for number in numbers:
        paul.go(f"/qms/documents/documents/?q={number}")
        paul.follow(number, "main tbody")
        paul.follow("Revision 1", "main")
        submit(paul)
        approve_and_make_effective(plant, paul.page.url)


def routing_is_submitted(plant: Plant, builder: str) -> str:
    """The builder says what is still open; when nothing is, Paul signs. Returns the address of the revision."""
    paul = plant.desk("paul")
    paul.go(builder)
    expect(paul.page.locator("main")).not_to_contain_text("no revision is approved or effective")
    return submit(paul)


def simple_routing(plant: Plant, material: str, operation: str, center: str) -> None:
    """A routing of one operation that takes every line of the bill, made effective by two people."""
    paul = plant.desk("paul")
    begin_routing(plant, material)
    card = add_operation(paul, operation, center)
    paul.change("Assign", card)
    require(paul, card, "Performed")
    approve_and_make_effective(plant, submit(paul))


def draft_is_not_ready(plant: Plant, builder: str) -> None:
    """The builder says why the draft cannot be submitted: nobody has approved its instructions."""
    paul = plant.desk("paul")
    paul.go(builder)
    paul.says("of which no revision is approved or effective")
    paul.picture("builder-not-ready")
