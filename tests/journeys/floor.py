"""Planning and making: the order and its papers, and what operators do at their terminals."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from pathlib import Path

import zxingcpp
from PIL import Image

from core.kernel.clock import now
from integrations.services.demo import PIN
from tests.journeys import quality
from tests.journeys.plant import Papers, Plant, Screen
from traceability.models import Lot

ANNA, BEN, LEO = "B-1001", "B-1002", "B-1003"


def printed(screen: Screen, label: str, file: Path) -> list[str]:
    """Open a sheet by its button, print it, and read its barcodes with a scanner."""
    link = screen.page.locator(".tl-head-actions a", has_text=label)
    if not link.is_visible():
        screen.page.locator(".tl-head-actions summary").first.click()
    with screen.page.context.expect_page() as opening:
        link.click()
    opening.value.close()
    got = screen.page.request.get(str(link.get_attribute("href")))
    assert got.headers["content-type"] == "application/pdf"
    file.write_bytes(got.body())
    subprocess.run(["pdftoppm", "-r", "150", "-png", str(file), str(file.with_suffix(""))], check=True)
    codes = []
    for page in sorted(file.parent.glob(f"{file.stem}-*.png")):
        with Image.open(page) as image:
            codes += [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]
    return codes


def order_is_released(plant: Plant, material: str, quantity: str) -> Papers:
    """Petra creates an order, releases it and prints the traveler and the barcode sheet."""
    petra = plant.desk("petra")
    petra.go("/mes/execution/production-orders/create/")
    petra.fill(site="Graz", material=material, quantity=quantity)
    petra.press()
    number = petra.page.locator(".tl-head-number").inner_text()
    petra.says("Draft")
    petra.follow("Release", ".tl-head-actions")
    petra.press()
    petra.says("Released", "Routing as pinned")
    petra.picture(f"order-{material}")
    files = [plant.folder / f"{kind}-{number}.pdf" for kind in ("traveler", "barcodes")]
    papers = Papers(
        number,
        petra.page.url,
        traveler=printed(petra, "Traveler", files[0]),
        barcodes=printed(petra, "Barcode sheet", files[1]),
    )
    assert number in papers.traveler
    assert {ANNA, BEN, LEO} <= set(papers.barcodes)
    return papers


def operation_address(screen: Screen) -> str:
    """The address of the operation at hand."""
    return re.sub(r"(operations/\d+/).*", r"\1", screen.page.url)


def start(screen: Screen, papers: Papers, index: int = 0) -> None:
    """Scan the operation's code from the traveler and start."""
    screen.scan(papers.operation(index))
    screen.press("Start", "nav")
    screen.accepted()
    screen.says("Pause")


def use(screen: Screen, code: str) -> None:
    """Scan a component's label; the quantity that is still needed stands there already; one tap books it."""
    screen.scan(code)
    screen.press("Use it")


def use_all(screen: Screen, papers: Papers, *first: str) -> None:
    """Scan every component of the operation at hand from the barcode sheet (or, if made here, from `first`)."""
    screen.go(f"{operation_address(screen)}dialog/consume/")
    for line in screen.page.locator(".tl-list > li").all_inner_texts():
        material, needed = line.split()[0], re.search(r"· ([0-9.]+) / ([0-9.]+)", line)
        assert needed is not None, line
        if needed[1] == needed[2]:
            continue
        made_here = Lot.objects.filter(number__in=first, material__number=material).first()
        code = made_here.number if made_here is not None else papers.component(material)
        use(screen, code)
        screen.accepted()
        papers.used.append(code)
    screen.go(operation_address(screen))


def measure(screen: Screen, value: str, reason: str = "") -> None:
    """Enter the value that the shown step asks for."""
    form = screen.page.locator("form", has=screen.page.locator('input[type=text][name^="value-"]')).first
    again = form.locator("xpath=ancestor-or-self::details[not(@open)]/summary")
    if again.count():
        again.click()
    form.locator('input[type=text][name^="value-"]').fill(value)
    if reason:
        form.locator('[name="reason"]').fill(reason)
    with screen.page.expect_navigation():
        form.locator("button[type=submit]").click()


def report(screen: Screen, good: str, scrap: str = "", reason: str = "") -> None:
    """Good and scrap in one dialog."""
    if "dialog/output" not in screen.page.url:
        screen.follow("Good + scrap", "nav")
    screen.fill(good=good, **({"scrap": scrap} if scrap else {}), **({"scrap_reason": reason} if reason else {}))
    screen.press("Report", "nav")


def complete(screen: Screen, badge: str = ANNA) -> None:
    """Complete the operation at hand, with the signature that the routing asks for."""
    screen.follow("Complete", "nav")
    screen.sign(badge, PIN)
    screen.press("Complete", "nav")


def make_simply(plant: Plant, papers: Papers, station: str, quantity: str, *first: str) -> None:
    """An order of one operation, from badge to signature."""
    screen = plant.terminal(station)
    screen.sign_on(ANNA)
    start(screen, papers)
    use_all(screen, papers, *first)
    report(screen, quantity)
    screen.accepted()
    complete(screen)
    screen.accepted()


def try_out(plant: Plant, builder: str) -> None:
    """Before the approval Paul has his draft tried: Anna runs it at the terminal, and nothing counts."""
    paul = plant.desk("paul")
    paul.go(builder)
    paul.follow("Try as operator", ".tl-head-actions")
    paul.press()
    paul.says("Try-out", "Released")
    number = paul.page.locator(".tl-head-number").inner_text()
    paul.picture("try-out")
    lots = Lot.objects.count()
    welding = plant.terminal("welding")
    welding.sign_on(ANNA)
    welding.says(number, "Try-out")
    welding.follow(number, ".tl-tiles")
    welding.press("Start", "nav")
    welding.says("Try-out: nothing leaves stock, nothing counts.", "Clamp the tubes in the jig", "Wear gloves")
    welding.picture("try-out-terminal")
    operation = operation_address(welding)
    welding.press("Step done", "main")
    measure(welding, "34.5")
    welding.says("Out of limits")
    welding.does_not_say("was raised")
    welding.go(operation)
    welding.press("Pause", "nav")
    assert Lot.objects.count() == lots
    welding.follow("List", "nav")
    welding.press("Sign off", "nav")


def unqualified_is_refused(plant: Plant, papers: Papers) -> None:
    """Ben reads why he cannot start: in the list, when he tries, and the planner on a page of its own."""
    welding = plant.terminal("welding")
    welding.sign_on(BEN)
    welding.says(papers.number, "Not ready", "WELD-1")
    welding.picture("dispatch-not-ready")
    welding.scan(papers.operation(0))
    welding.press("Start", "nav")
    welding.refuses("Ben Okafor", "WELD-1")
    welding.picture("gates-refused")
    petra = plant.desk("petra")
    petra.go(papers.address)
    petra.follow("Weld frame", "main tbody")
    petra.fill("main", person="Ben Okafor")
    petra.press("Ask", "main")
    petra.says("Ben Okafor cannot go on", "WELD-1", "Denied")
    petra.picture("why-not")
    petra.fill("main", person="Anna Kowalska")
    petra.press("Ask", "main")
    petra.says("Anna Kowalska can go on: nothing is in the way.")


def out_of_sequence_is_refused(plant: Plant, papers: Papers) -> None:
    """Nobody paints what is not welded."""
    final = plant.terminal("final")
    final.sign_on(ANNA)
    final.scan(papers.operation(1))
    final.press("Start", "nav")
    final.refuses("Weld frame", "comes before", "Complete the earlier operation first.")


def frame_is_started(plant: Plant, papers: Papers) -> Screen:
    """Anna starts welding, pauses and goes on; the instruction shows its picture and its caution."""
    welding = plant.terminal("welding")
    welding.sign_on(ANNA)
    start(welding, papers)
    welding.says("Clamp the tubes in the jig", "Wear gloves")
    image = welding.page.get_by_role("button", name="The jig from above, tubes in place").locator("img")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 480
    welding.picture("step")
    welding.press("Pause", "nav")
    welding.says("Resume")
    welding.press("Resume", "nav")
    welding.says("Pause")
    return welding


def unusable_material_is_refused(plant: Plant, papers: Papers) -> None:
    """Not of this operation, not released and expired, on hold, of an old revision, too much: each is refused."""
    welding = plant.terminal("welding")
    petra = plant.desk("petra")
    petra.go("/traceability/lots/receive/")
    petra.fill(site="Graz", material="DT-2377", number="DT-OLD", quantity="5", expires_on="2024-01-31", reason="Found")
    petra.press()
    petra.says("DT-OLD")
    use(welding, "DT-OLD")
    welding.refuses("“Quarantine”, not released", "was usable until")
    welding.picture("component-refused")
    (fork_part,) = Lot.objects.filter(material__number="BL-2036").order_by("pk")[:1]
    use(welding, fork_part.number)
    welding.refuses("does not belong to")
    head = papers.component("HT-8019")
    hold = quality.hold_on_a_lot(plant, head, "Suspected crack")
    use(welding, head)
    welding.refuses("is on hold: Suspected crack")
    quality.hold_is_released(plant, hold)
    old_revision_is_used_up(plant, welding, papers.component("ST-9828"))
    welding.scan(papers.component("TO-2301"))
    welding.fill(quantity="2")
    welding.press("Use it")
    welding.refuses("2 would be used, the order needs 1")


def old_revision_is_used_up(plant: Plant, screen: Screen, lot: str) -> None:
    """A new revision of the seat tube takes effect: lots of the old one are refused until Quinn allows their use."""
    paul, quinn = plant.desk("paul"), plant.desk("quinn")
    material = Lot.objects.get(number=lot).material
    paul.go(material.get_absolute_url())
    paul.follow("revision", ".tl-head-actions")
    paul.fill(revision="B", description="Wall 0.1 mm thicker")
    paul.press()
    quinn.go(material.get_absolute_url())
    quinn.follow("Make effective", "main")
    quinn.press()
    use(screen, lot)
    screen.refuses("is of revision A, which is “Superseded”")
    quinn.go(material.get_absolute_url())
    quinn.follow("Allow using up", "main")
    quinn.fill(until=f"{now() + dt.timedelta(days=30):%Y-%m-%d}", reason="Both walls fit.")
    quinn.press()


def component_is_taken_back(plant: Plant, papers: Papers) -> None:
    """Anna booked the wrong lot: she takes it back at once, and books all components."""
    welding = plant.terminal("welding")
    code = papers.component("CS-2812")
    use(welding, code)
    welding.accepted()
    welding.go(operation_address(welding))
    welding.says(code)
    welding.press("Undo", "main")
    welding.accepted()
    welding.says("0 / 2")
    use_all(welding, papers)


def incomplete_is_refused(plant: Plant) -> None:
    """Whoever completes too early reads everything that is missing, at once."""
    welding = plant.terminal("welding")
    complete(welding)
    welding.refuses("“Head tube bore” is not recorded.", "Record it in step", "0 of 1 are reported.")
    welding.picture("complete-refused")
    welding.go(operation_address(welding))


def value_out_of_limits_holds_the_lot(plant: Plant) -> str:
    """A bore that is too wide: nonconformance and hold at once. Returns the nonconformance's number."""
    welding = plant.terminal("welding")
    welding.press("Step done", "main")
    welding.says("Weld, let cool, measure the head tube bore")
    measure(welding, "34.5")
    welding.says("Head tube bore 34.5 mm recorded.", "was raised", "is on hold", "Out of limits")
    welding.picture("out-of-limits")
    found = re.search(r"NC-[\w-]+", welding.text())
    assert found is not None
    report(welding, "1")
    welding.refuses("is on hold")
    welding.go(operation_address(welding))
    complete(welding)
    welding.refuses("is out of limits", found[0])
    welding.go(operation_address(welding))
    return found[0]


def welding_is_completed(plant: Plant) -> None:
    """Anna measures again and says why, reports one good frame, and signs."""
    welding = plant.terminal("welding")
    welding.go(f"{operation_address(welding)}?step=2")
    measure(welding, "34.00", "Reamed as quality decided.")
    welding.says("recorded.", "In limits")
    report(welding, "1")
    welding.says("1 of 1")
    complete(welding)
    welding.accepted()


def defect_is_reported(plant: Plant, papers: Papers, fork: str, photo: Path) -> str:
    """While painting Anna reports a defect: two taps, three inputs, one of them a photo. Returns its number."""
    final = plant.terminal("final")
    final.sign_on(ANNA)
    start(final, papers, 1)
    use_all(final, papers, fork)
    final.follow("Report defect", "nav")
    final.fill(title="Spot on the head tube", severity="Minor")
    final.attach("photo", photo)
    final.picture("defect")
    final.press("Report and hold", "nav")
    final.says("On hold")
    final.picture("defect-reported")
    found = re.search(r"NC-[\w-]+", final.text())
    assert found is not None
    return found[0]


def finishing_needs_a_witness(plant: Plant) -> None:
    """Anna finishes and reports; she cannot complete before Leo has signed as witness."""
    final = plant.terminal("final")
    operation = operation_address(final)
    final.go(f"{operation}?step=1")
    measure(final, "0.11")
    final.says("In limits")
    final.go(f"{operation}?step=2")
    final.press("Confirm", "main")
    final.go(operation)
    report(final, "1")
    complete(final)
    final.refuses("“Witnessed” is missing", "A second person signs.")
    final.sign_on(LEO)
    final.go(operation)
    final.page.locator("main details summary", has_text="Signatures").click()
    final.follow("Sign as second person", "main")
    final.fill(meaning="itness")
    final.sign(LEO, PIN)
    final.press("Sign", "nav")
    final.accepted()
    final.sign_on(ANNA)
    final.go(operation)
    complete(final)
    final.accepted()


def blades_are_made_with_scrap(plant: Plant, papers: Papers) -> None:
    """Two good blades and one scrapped, in one dialog; without its reason it is refused."""
    forming = plant.terminal("forming")
    forming.sign_on(ANNA)
    forming.picture("dispatch")
    start(forming, papers)
    use_all(forming, papers)
    report(forming, "2", "1")
    forming.refuses("The scrapped quantity needs a reason.")
    report(forming, "2", "1", "Color incorrect")
    forming.accepted()
    forming.says("2 of 3", "1 scrap")
    complete(forming)
    forming.accepted()
