"""What quality does: triage, dispositions line by line, escalation, genealogy, release, and the sealed record."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from config.apps import BASE_DIR
from core.jobs.models import BackgroundJob
from core.kernel.clock import now
from core.organization.models import User
from core.worklist.models import Assignment, Escalation
from core.worklist.services import reschedule
from mes.execution.models import ProductionOrder
from qms.nonconformance.models import ContainmentCheck
from qms.nonconformance.queries import is_on_hold
from tests.journeys.plant import Papers, Plant, Screen
from tests.support.ladders import raised_by
from traceability.models import Lot

CLOSED_DOORS = (
    "/mes/execution/production-orders/",
    "/mes/production_record/production-records/",
    "/qms/nonconformance/nonconformances/",
    "/traceability/lots/",
    "/integrations/imports/",
)


def open_nonconformance(screen: Screen, number: str) -> str:
    """Find it in the list; returns its address."""
    screen.go(f"/qms/nonconformance/nonconformances/?q={number}")
    screen.follow(number, "main tbody")
    return screen.page.url


def lot_is_released(plant: Plant, papers: Papers) -> None:
    """Marta reviews the production record and releases the lot, signed."""
    marta = plant.desk("marta")
    open_record(marta, papers)
    marta.follow("Release the lot", ".tl-head-actions")
    marta.says("Values in limits", "Nonconformances open", "Meaning of your signature")
    marta.sign_and_press("marta")
    marta.says("Released", "Exceptions")


def open_record(screen: Screen, papers: Papers) -> None:
    """The production record of the order."""
    screen.go(f"/mes/production_record/production-records/?q={papers.number}")
    screen.follow(papers.number, "main tbody")
    screen.says(papers.number)


def release_is_refused(plant: Plant, papers: Papers, *reasons: str) -> None:
    """Marta wants to release and reads everything that stands against it."""
    marta = plant.desk("marta")
    open_record(marta, papers)
    marta.go(f"{marta.page.url}review/")
    marta.says(*reasons)
    marta.picture("release-refused")


def hold_on_a_lot(plant: Plant, lot: str, reason: str) -> str:
    """Marta puts a lot on hold; returns the address of the hold."""
    marta = plant.desk("marta")
    marta.go(f"/traceability/lots/?q={lot}")
    marta.follow(lot, "main tbody")
    marta.follow("Place a hold", ".tl-head-actions")
    marta.fill(reason=reason)
    if marta.page.locator('[name="secret"]').count():
        marta.sign("marta", "trueline demo 2026")
    marta.press()
    marta.says("Open", reason, "Placed by", "Marta Lind")
    return marta.page.url


def hold_is_released(plant: Plant, hold: str) -> None:
    """Marta releases the hold, signed."""
    marta = plant.desk("marta")
    marta.go(hold)
    marta.follow("Release", ".tl-head-actions")
    marta.fill(reason="Checked, nothing wrong.")
    marta.sign_and_press("marta")


def second_item_is_added(marta: Screen, page: str, lot: str, quantity: str) -> None:
    """The material that may have caused it is affected, too."""
    marta.go(f"{page}items/new/")
    marta.fill(thing=lot, quantity=quantity)
    marta.press()
    marta.go(page)
    marta.says(lot)


def triaged(plant: Plant, number: str) -> str:
    """Marta triages on one page: what it is, whose, how much is affected, has it happened before."""
    marta = plant.desk("marta")
    page = open_nonconformance(marta, number)
    marta.picture("nc-draft")
    marta.follow("Triage", ".tl-head-actions")
    marta.fill(defect_code="DIM", owner="Marta Lind")
    marta.press()
    marta.says("Open", "Held")
    marta.follow("Count", "main")
    marta.fill(quantity="1", reason="One frame is in work.")
    marta.sign_and_press("marta")
    marta.go(page)
    marta.page.locator('[name="recurrence"][value="no"]').check()
    marta.press("Answer", "#recurrence")
    return page


def proposed(marta: Screen, page: str, item: str, kind: str, quantity: str, why: str) -> None:
    """Marta proposes what is done with one of the affected items."""
    marta.go(page)
    marta.page.locator("main tr", has_text=item).locator("details.nc-propose summary").click()
    scope = "details.nc-propose[open]"
    marta.fill(scope, kind=kind, quantity=quantity, justification=why)
    marta.press("Propose", scope)
    marta.says("Proposed")


def contained(marta: Screen, page: str) -> None:
    """Marta says of every place where affected goods may be what was found there."""
    nonconformance = int(page.rstrip("/").rpartition("/")[2])
    for check in ContainmentCheck.objects.filter(nonconformance=nonconformance, result="").order_by("pk"):
        marta.go(f"/qms/nonconformance/containment/{check.pk}/answer/")
        result = "contained" if is_on_hold(check) else "not_affected"
        marta.page.locator(f'[name="result"][value="{result}"]').check()
        marta.fill(evidence="Counted on the floor, marked red.")
        marta.press()
    marta.go(page)
    marta.says("Contained")


def proposer_cannot_approve(marta: Screen, page: str) -> None:
    """Marta sends it to the review board; her own signature does not do."""
    contained(marta, page)
    marta.follow("Send to review board", ".tl-head-actions")
    marta.press()
    marta.says("Under review")
    marta.go(f"{page}sign/")
    marta.sign_and_press("marta")
    marta.says("another person has to approve it")
    marta.picture("nc-second-person")


def line_is_signed(plant: Plant, page: str, item: str) -> None:
    """Quinn signs the disposition of one item only."""
    quinn = plant.desk("quinn")
    quinn.go(page)
    quinn.follow("Sign ", ".tl-head-actions")
    for line in quinn.page.locator("label", has=quinn.page.locator('[name="lines"]')).all():
        line.locator("input").set_checked(item in line.inner_text())
    quinn.sign_and_press("quinn")


def nonconformance_is_closed(plant: Plant, page: str) -> None:
    """Marta states the cause and closes with her signature."""
    marta = plant.desk("marta")
    marta.go(page)
    marta.fill("#cause", cause="The jig was worn.")
    marta.press("Save", "#cause")
    marta.go(f"{page}capa/")
    marta.page.locator('[name="decision"][value="not_needed"]').check()
    marta.fill(rationale="One jig, replaced.")
    marta.press()
    marta.go(f"{page}close/")
    marta.sign_and_press("marta")
    marta.says("Closed")


def overdue_goes_to_the_next_person_once(plant: Plant, number: str) -> None:
    """Nobody triages in time: beat's escalation, in the real worker, asks Quinn; the next rounds ask nobody again."""
    triage = Assignment.objects.get(kind="triage", subject_label__contains=number)
    reschedule(
        assignment=triage,
        due_at=now() - dt.timedelta(hours=1),
        reason="Time passes.",
        actor=User.objects.get(username="quinn"),
    )
    wait_for(lambda: Escalation.objects.filter(assignment=triage).exists(), "the escalation", plant.house.worker_log)
    rounds = escalation_rounds(plant.house.worker_log)
    log = plant.house.worker_log
    wait_for(lambda: escalation_rounds(log) > rounds + 2, "two more rounds of beat", log)
    escalation = Escalation.objects.get(assignment=triage)
    assert raised_by(escalation).to_user == User.objects.get(username="quinn")
    quinn = plant.desk("quinn")
    quinn.go("/core/worklist/inbox/?kind=escalation")
    quinn.says(number, "Overdue")
    assert quinn.page.locator("main .tl-choosable").inner_text().count(number) == 1
    quinn.picture("escalated")


def escalation_rounds(log: Path) -> int:
    """How often the worker has carried out beat's escalation."""
    return len(re.findall(r"core\.worklist\.escalate_due\[[^\]]+\] succeeded", log.read_text()))


def wait_for(ready: Callable[[], bool], what: str, log: Path, seconds: float = 60) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"{what} did not come within {seconds:.0f} s:\n{log.read_text()[-4000:]}"
        time.sleep(0.2)


def false_alarm_is_cancelled(plant: Plant, number: str) -> None:
    """Quinn, who was asked, looks and cancels it with a reason: its hold lifts, the work is done."""
    quinn = plant.desk("quinn")
    page = open_nonconformance(quinn, number)
    quinn.go(f"{page}cancel/")
    quinn.fill(reason="It was dust; it wiped off.")
    quinn.sign_and_press("quinn")
    quinn.says("Cancelled")
    assert not Assignment.objects.filter(subject_label__contains=number, status="open").exists()


def genealogy_is_shown(plant: Plant, frame: Papers, fork: Papers, blade: Papers) -> None:
    """Backward: frame, fork, blade, sheet metal, level by level. Forward: where the sheet went."""
    marta = plant.desk("marta")
    lot = ProductionOrder.objects.get(number=frame.number).lot_id
    marta.go(f"/traceability/lots/{lot}/trace/")
    rows = {row[1]: row[0] for row in table_of(marta)}
    levels = dict.fromkeys(frame.used, "1") | dict.fromkeys(fork.used, "2") | dict.fromkeys(blade.used, "3")
    shown = {name.split()[0]: re.sub(r"\D", "", level) for name, level in rows.items()}
    assert shown == levels, (shown, levels)
    marta.says("3 levels")
    marta.picture("genealogy-backward")
    (sheet,) = blade.used
    marta.go(f"/traceability/lots/{Lot.objects.get(number=sheet).pk}/trace/?direction=forward")
    assert [row[1].split()[0] for row in table_of(marta)] == [blade.lot, fork.lot, frame.lot]
    marta.picture("genealogy-forward")


def table_of(screen: Screen) -> list[list[str]]:
    """The cells of the page's first table, row by row."""
    rows = screen.page.locator("main table").first.locator("tbody tr").all()
    return [row.locator("td").all_inner_texts() for row in rows]


def record_is_sealed(plant: Plant, papers: Papers) -> None:
    """Marta watches the job until the worker has rendered and sealed the record, and comes to the sealed PDF."""
    marta = plant.desk("marta")
    job = BackgroundJob.objects.get(subject_label__contains=papers.number)
    marta.go(job.get_absolute_url())
    marta.picture("job")
    expect(marta.page.locator("main")).to_contain_text("Done", timeout=60_000)
    marta.picture("job-done")
    open_record(marta, papers)
    marta.follow("Sealed PDF", ".tl-head-actions")
    marta.says("Sealed", "SHA-256 of the file")
    log = plant.house.worker_log.read_text()
    assert re.search(r"core\.jobs\.run\[[^\]]+\] succeeded", log), log[-4000:]


def auditor_gets_the_file(plant: Plant, papers: Papers) -> bytes:
    """Otto finds the sealed record and downloads it; every other door is closed to him."""
    otto = plant.desk("otto")
    for address in (*CLOSED_DOORS, papers.address):
        assert otto.page.request.get(address).status in (403, 404), address
    otto.go(f"/core/printing/printedrecords/?q={papers.number}")
    otto.follow(papers.number, "main tbody")
    otto.says("Sealed", "SHA-256 of the file")
    otto.picture("auditor")
    with otto.page.expect_download() as downloading:
        otto.page.locator("a[href$='/download/']").first.click()
    return Path(downloading.value.path()).read_bytes()


def file_is_verified(plant: Plant, pdf: bytes) -> None:
    """`manage.py verify_pdf` and pdfsig accept the file; a changed byte and appended bytes are refused."""
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    files = {"good": pdf, "changed": bytes(changed), "appended": pdf + b"\n% one more line\n"}
    told = {}
    for name, content in files.items():
        file = plant.folder / f"{name}.pdf"
        file.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "manage.py", "verify_pdf", str(file)],
            cwd=BASE_DIR,
            env=plant.house.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        told[name] = (done.returncode, done.stdout.split(":")[1].split(",")[0].split()[0])
    assert told == {"good": (0, "GOOD"), "changed": (1, "REFUSED"), "appended": (1, "REFUSED")}
    if shutil.which("pdfsig") or os.environ.get("TRUELINE_ALL_TESTS"):
        says = {name: pdfsig(plant.folder / f"{name}.pdf") for name in files}
        assert "Signature is Valid" in says["good"]
        assert "Total document signed" in says["good"]
        assert "Signature is Valid" not in says["changed"]
        assert "Total document signed" not in says["appended"]


def pdfsig(file: Path) -> str:
    """What poppler says about the signature."""
    return subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False).stdout


def held(plant: Plant, page: str, wanted: dict[str, str]) -> None:
    """Which of the affected items are held and which are free."""
    marta = plant.desk("marta")
    marta.go(page)
    for item, word in wanted.items():
        expect(marta.page.locator("main tr", has_text=item).first.locator("td").nth(3)).to_contain_text(word)
