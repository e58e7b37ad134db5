"""From a row of a file to a sealed PDF: one frame is planned, built, held, decided, released and handed to an auditor.

Every part is done by its own person in a browser, on the demonstration plant.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings

from core.printing.queries import chains
from core.printing.verify import verify_pdf
from integrations.services import demo
from mes.execution.models import ProductionOrder
from tests.journeys.plant import Plant, Screen, opened
from tests.support.server import LivePlant
from traceability.models import Lot

PARTS = demo.data_directory()
FRAME = "FR-R92R-62"


def scrap_reasons_are_imported_again(plant: Plant, folder: Path) -> None:
    """A second import changes nothing; a broken row is named by line and column, and nothing is written."""
    ada = plant.desk("ada")
    mapping = (PARTS / "mappings" / "scrap_reasons.yaml").read_text(encoding="utf-8")
    good = PARTS / "ScrapReason.csv"
    rows = good.read_text(encoding="utf-8").splitlines()
    broken = folder / "broken.csv"
    broken.write_text("\n".join([*rows[:2], "3\t\t2019-04-30", *rows[3:]]) + "\n", encoding="utf-8")
    for file in (good, broken):
        ada.go("/integrations/imports/create/")
        ada.page.locator('[name="kind"]').select_option("scrap_reasons")
        ada.fill(mapping=mapping)
        ada.page.locator('[name="file"]').set_input_files(file)
        ada.press("Dry run", "main")
        if file == good:
            ada.says(f"0 created, 0 changed, {len(rows)} unchanged, 0 skipped.")
        else:
            ada.says("1 error. Nothing was written", "Line", "Column")
            assert ada.page.locator("main tbody tr td").all_inner_texts()[:2] == ["3", "2"]


def planner_releases_an_order(plant: Plant) -> str:
    """Petra creates an order for one frame, releases it, and opens its traveler. Returns the order's number."""
    petra = plant.desk("petra")
    petra.go("/mes/execution/production-orders/create/")
    petra.fill(site="Graz", material=FRAME, quantity="1")
    petra.press()
    number = petra.page.locator(".tl-head-number").inner_text()
    petra.says("Draft")
    petra.follow("Release", ".tl-head-actions")
    petra.press()
    petra.says("Weld frame", "Paint and finish", "Released")
    address = petra.page.locator("main a, .tl-head a", has_text="Traveler").first.get_attribute("href")
    traveler = petra.page.request.get(str(address))
    assert traveler.headers["content-type"] == "application/pdf"
    assert traveler.body().startswith(b"%PDF-")
    return number


def scan_components(screen: Screen, *first: str) -> list[str]:
    """Take every component that the dialog asks for, by the links of the lots it offers (`first` before others)."""
    taken = []
    dialog = screen.page.url.split("?")[0].removesuffix("dialog/consume/") + "dialog/consume/"
    screen.go(dialog)
    for index in range(screen.page.locator(".tl-list > li").count()):
        line = screen.page.locator(".tl-list > li").nth(index)
        needed = re.search(r"· 0 / ([0-9.]+)", line.inner_text())
        assert needed is not None, line.inner_text()
        links = line.locator("a.tl-mono")
        wanted = [links.nth(at) for at in range(links.count()) if links.nth(at).inner_text() in first]
        link = wanted[0] if wanted else links.first
        taken.append(link.inner_text())
        with screen.page.expect_navigation():
            link.click()
        screen.fill(quantity=needed[1])
        screen.press()
        assert "dialog/consume" in screen.page.url
        assert not screen.page.locator("text=This was not done").count(), screen.page.locator("body").inner_text()
    return taken


def unqualified_is_refused(welding: Screen, order: str) -> None:
    """Ben is signed on, but nobody has qualified him: he reads why, before and after he tries."""
    welding.sign_on("welding", "B-1002")
    welding.says("Ben Okafor")
    welding.follow(order, ".tl-tiles")
    welding.press("Start", "nav")
    welding.says("This was not done", "Ben Okafor", "WELD-1")


def value_out_of_limits_holds_the_lot(welding: Screen, order: str) -> tuple[str, list[str]]:
    """Anna starts, uses components and records a bore that is too wide. Returns the NC's number and the lots used."""
    welding.sign_on("welding", "B-1001")
    welding.says("Anna Kowalska")
    welding.follow(order, ".tl-tiles")
    welding.press("Start", "nav")
    welding.says("Clamp the tubes in the jig", "Pause")
    operation = welding.page.url.split("?")[0]
    used = scan_components(welding)
    welding.go(operation)
    welding.press("Step done", "main")
    welding.says("Weld, let cool, measure the head tube bore")
    welding.measure("34.5")
    welding.says("Head tube bore 34.5 MM recorded.", "was raised", "is on hold", "Out of limits")
    found = re.search(r"NC-[\w-]+", welding.page.locator("body").inner_text())
    assert found is not None
    welding.go(f"{operation}dialog/complete/")
    welding.sign("B-1001", demo.PIN)
    welding.press()
    welding.says("This was not done", "is out of limits", found[0])
    return found[0], used


def quality_decides(plant: Plant, nonconformance: str) -> Screen:
    """Marta triages and proposes, is refused as the second person, and Quinn signs: the hold lifts."""
    marta = plant.desk("marta")
    marta.go("/qms/nonconformance/nonconformances/")
    marta.follow(nonconformance, "main")
    page = marta.page.url
    marta.follow("Triage", ".tl-head-actions")
    marta.fill(defect_code="DIM", owner="Marta Lind")
    marta.press()
    marta.says("Open", "Held")
    marta.follow("Count again", "main")
    marta.fill(quantity="1", reason="One frame is in work.")
    marta.sign("marta", demo.PASSWORD)
    marta.press()
    marta.go(page)
    marta.page.locator('[name="recurrence"][value="no"]').check()
    marta.press("Answer", "#recurrence")
    marta.go(page)
    marta.page.locator("details.nc-propose summary").click()
    marta.fill("details.nc-propose", kind="Use as is", quantity="1", justification="The fork's seat is reamed to fit.")
    marta.press("Propose", "details.nc-propose")
    marta.says("Proposed")
    marta.go(page)
    marta.follow("Send to review board", ".tl-head-actions")
    marta.press()
    marta.says("Under review")
    marta.go(f"{page}sign/")
    marta.sign("marta", demo.PASSWORD)
    marta.press()
    marta.says("another person has to approve it")

    quinn = plant.desk("quinn")
    quinn.go(page)
    quinn.says("Held")
    quinn.follow("Sign 1 disposition", ".tl-head-actions")
    quinn.sign("quinn", demo.PASSWORD)
    quinn.press()
    quinn.says("Free", "Done", "Dispositioned", "Finish the review")
    return marta


def nonconformance_is_closed(marta: Screen, nonconformance: str) -> None:
    """Marta states the cause and closes with her signature."""
    marta.go("/qms/nonconformance/nonconformances/")
    marta.follow(nonconformance, "main")
    page = marta.page.url
    marta.fill("#cause", cause="The jig was worn.")
    marta.press("Save", "#cause")
    marta.go(f"{page}close/")
    marta.sign("marta", demo.PASSWORD)
    marta.press()
    marta.says("Closed")


def welding_is_completed(welding: Screen, order: str) -> None:
    """Anna measures again, reports one good frame, and signs."""
    welding.sign_on("welding", "B-1001")
    welding.follow(order, ".tl-tiles")
    operation = welding.page.url.split("?")[0]
    welding.go(f"{operation}?step=2")
    welding.measure("34.00", "Reamed as quality decided.")
    welding.says("recorded.", "In limits")
    report_and_complete(welding, operation)


def report_and_complete(screen: Screen, operation: str) -> None:
    """One good piece; completed with Anna's signature."""
    screen.go(f"{operation}dialog/output/")
    screen.fill(good="1")
    screen.press()
    screen.says("1 of 1")
    complete(screen, operation)


def complete(screen: Screen, operation: str) -> None:
    """Anna's signature completes the operation."""
    screen.go(f"{operation}dialog/complete/")
    screen.sign("B-1001", demo.PIN)
    screen.press()
    screen.does_not_say("This was not done")


def finishing_needs_a_witness(final: Screen, order: str, fork: str) -> list[str]:
    """Anna paints, builds in the fork and reports; she cannot complete before Leo has signed as witness."""
    final.sign_on("final", "B-1001")
    final.follow(order, ".tl-tiles")
    final.press("Start", "nav")
    final.says("Pause")
    operation = final.page.url.split("?")[0]
    used = scan_components(final, fork)
    final.go(f"{operation}?step=1")
    final.measure("0.11")
    final.says("In limits")
    final.go(f"{operation}?step=2")
    final.press("Confirm", "main")
    final.go(f"{operation}dialog/output/")
    final.fill(good="1")
    final.press()
    final.go(f"{operation}dialog/complete/")
    final.sign("B-1001", demo.PIN)
    final.press()
    final.says("This was not done", "A second person signs.")
    final.sign_on("final", "B-1003")
    final.says("Leo Gruber")
    final.go(operation)
    final.follow("Sign as second person", "main")
    final.fill(meaning="itness")
    final.sign("B-1003", demo.PIN)
    final.press()
    final.does_not_say("This was not done")
    final.sign_on("final", "B-1001")
    complete(final, operation)
    return used


def genealogy_is_complete(marta: Screen, order: str, lots: list[str], fork: str) -> None:
    """The page shows what went into the lot, and below its fork what went into that."""
    lot = ProductionOrder.objects.get(number=order).lot_id
    marta.go(f"/traceability/lots/{lot}/trace/")
    marta.says(*lots)
    rows = [row.split("\t") for row in marta.page.locator("main table").first.locator("tbody tr").all_inner_texts()]
    at = next(index for index, row in enumerate(rows) if fork in row[1])
    assert [rows[at][0].strip()[-1], rows[at + 1][0].strip()[-1]] == ["1", "2"]


def record_is_released_and_handed_over(plant: Plant, marta: Screen, order: str) -> None:
    """Marta's signature releases the lot and seals the PDF; Otto gets the file, and nothing else."""
    marta.go(f"/mes/production_record/production-records/?q={order}")
    marta.page.locator("main tbody a").first.click()
    marta.says(order, "Waits for review")
    marta.follow("Release the lot", ".tl-head-actions")
    marta.says("Values in limits", "Nonconformances open", "Meaning of your signature")
    marta.sign("marta", demo.PASSWORD)
    marta.press()
    marta.says("Released", "Sealed PDF")

    otto = plant.desk("otto")
    assert otto.page.request.get("/mes/execution/production-orders/").status == 403
    otto.go("/core/printing/printedrecords/")
    otto.page.locator("main tbody a").first.click()
    otto.says("Sealed", "SHA-256 of the file")
    found = otto.page.request.get(f"{otto.page.url}download/")
    assert found.status == 200
    pdf = found.body()
    assert verify_pdf(pdf, chains()).is_good
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    assert not verify_pdf(bytes(changed), chains()).is_good
    file = plant.folder / "record.pdf"
    file.write_bytes(pdf)
    if shutil.which("pdfsig"):
        told = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" in told
        assert "Total document signed" in told


def tell(plant: Plant) -> None:
    """The whole story."""
    fork = Lot.objects.get(material__number="FK-9939", production_record__isnull=False).number
    scrap_reasons_are_imported_again(plant, plant.folder)
    welding = plant.terminal("welding")
    order = planner_releases_an_order(plant)
    unqualified_is_refused(welding, order)
    nonconformance, used = value_out_of_limits_holds_the_lot(welding, order)
    marta = quality_decides(plant, nonconformance)
    welding_is_completed(welding, order)
    nonconformance_is_closed(marta, nonconformance)
    used += finishing_needs_a_witness(plant.terminal("final"), order, fork)
    assert fork in used
    genealogy_is_complete(marta, order, used, fork)
    record_is_released_and_handed_over(plant, marta, order)


@pytest.mark.browser
@pytest.mark.requirement("ORD-01", "ORD-08")
def test_a_frame_from_the_row_of_a_file_to_the_sealed_pdf(
    live_plant: LivePlant, chromium: Browser, tmp_path: Path, settings: Settings
) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "data" / "files"
    settings.TRUELINE_KEY_DIR = tmp_path / "data" / "keys"
    demo.seed(lambda said: None)
    with opened(live_plant, chromium, tmp_path) as plant:
        tell(plant)
