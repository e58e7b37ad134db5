"""Labels by templates: printed once, again only with a reason, read back by others, all accounted for."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import biip
import pytest
import zxingcpp
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from core.files import blobs
from core.kernel.errors import Blocked
from core.kernel.gs1 import build
from core.lifecycle.services import perform
from core.printing.models import PrintJob
from core.printing.services.printers import use_printer
from core.signing.models import Signature
from core.signing.queries import is_intact
from tests.api.conftest import MAKE, program_of
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.support import zpl
from tests.support.kept import made_once
from tests.support.people import grant, proof
from tests.support.printer import FakePrinter, fake_printer
from tests.support.visits import visit_as
from tests.traceability.press import (
    GTIN,
    PAIRS,
    Press,
    a_lot,
    approved,
    drafted,
    in_force,
    make_press,
    printed,
    printer_of,
    refused_with,
    sent,
)
from tests.traceability.world import make_world
from traceability import services
from traceability.models import Label, LabelReconciliation, LabelTemplate

kept_press = made_once(make_press)


@pytest.fixture
def press(kept_press: Callable[[], Press], db: None) -> Press:
    return kept_press()


@pytest.fixture
def device(settings: Any) -> Iterator[FakePrinter]:
    with fake_printer() as found:
        settings.TRUELINE_PRINTER_NETWORKS = [ip_network("127.0.0.0/8")]
        settings.TRUELINE_PRINTER_PORTS = {found.port}
        settings.TRUELINE_PRINTER_TIMEOUT = 2.0
        yield found


@pytest.mark.requirement("LBL-07")
def test_a_second_print_of_a_label_is_a_reprint_with_its_reason(press: Press) -> None:
    template, lot = in_force(press), a_lot(press)
    job = printed(press, lot, copies=3)
    [label] = Label.objects.all()
    assert (label.subject, label.template, label.copies, label.print_job) == (lot, template, 3, job)
    assert (label.actor, label.reprint_of, label.content) == (press.printing, None, build(PAIRS).bracketed())
    assert label.texts["lot"] == lot.number
    with refused_with("reprint"):
        printed(press, lot)
    with refused_with("reprint"):
        printed(press, lot, reason="  ")
    again = printed(press, lot, reason="Torn, the first one was destroyed")
    newest = Label.objects.latest("pk")
    assert (newest.reprint_of, newest.reason, newest.print_job) == (label, "Torn, the first one was destroyed", again)
    with refused_with("reprint"):
        printed(press, a_lot(press, "L-8"), lot)
    small = in_force(press, "lot-57x32")
    assert printed(press, lot, template=small).labels == 1, "another label of the same lot is not a reprint"
    services.revise_label_template(template=template, actor=press.writer)
    approved(press, LabelTemplate.objects.get(code=template.code, version=2))
    with refused_with("reprint"):
        printed(press, lot, template=LabelTemplate.objects.get(code=template.code, version=2))


@pytest.mark.requirement("LBL-07")
def test_what_was_taken_back_before_it_was_sent_does_not_count(press: Press, device: FakePrinter) -> None:
    in_force(press)
    lot, printer = a_lot(press), printer_of(press, device)
    job = printed(press, lot, printer=printer)
    with refused_with("reprint"):
        printed(press, lot, printer=printer)
    perform(job, "cancel", actor=press.printing)
    job = printed(press, lot, printer=printer)
    assert sent(job).status == "sent"
    with refused_with("reprint"):
        printed(press, lot, printer=printer)
    perform(job, "report_failure", actor=press.printing, reason="Ribbon empty")
    before = Label.objects.count()
    perform(job, "retry", actor=press.printing, reason="Ribbon changed, the first one destroyed")
    newest = Label.objects.latest("pk")
    assert Label.objects.count() == before + 1
    assert (newest.reason, newest.reprint_of_id) == ("Ribbon changed, the first one destroyed", newest.pk - 1)


@pytest.mark.requirement("LBL-07")
def test_labels_are_not_printed_by_who_may_not_nor_by_what_is_not_in_force(press: Press, device: FakePrinter) -> None:
    draft, lot = drafted(press), a_lot(press)
    unit = press.world.unit(press.world.lot(0, press.world.material(tracking="serial")))
    with refused_with("permission"):
        printed(press, lot, actor=press.writer)
    with refused_with("template_status"):
        printed(press, lot, template=draft)
    with refused_with("no_template"):
        printed(press, lot, printer=printer_of(press, device))
    with refused_with("no_template"):
        printed(press, press.world.store)
    approved(press, draft)
    with refused_with("template_kind"):
        printed(press, unit, template=draft)
    with refused_with("kinds"):
        printed(press, lot, unit)
    with refused_with("nothing"):
        printed(press)
    with refused_with("copies"):
        printed(press, lot, copies=501)
    with refused_with("copies"):
        printed(press, lot, copies=0)
    with refused_with("sites"):
        printed(press, lot, make_world().lot(0), actor=press.world.system)


@pytest.mark.requirement("LBL-02")
def test_what_does_not_go_on_the_label_is_refused_by_name(press: Press) -> None:
    in_force(press, "lot-57x32")
    long = press.world.lot(0, number="A-LOT-NUMBER-OF-VERY-MANY-LETTERS-123")
    with pytest.raises(Blocked) as refused:
        printed(press, a_lot(press), long)
    assert refused.value.codes == ("layout",) and str(long.number) in refused.value.blockers[0].message
    assert not Label.objects.exists()
    strict = drafted(press, "empty-lot", code="UDI", site=press.site)
    code = {
        "kind": "code",
        "x": 2.0,
        "y": 2.0,
        "width": 20.0,
        "height": 20.0,
        "symbology": "datamatrix",
        "content": "gs1",
    }
    approved(press, services.add_label_element(template=strict, element=code, actor=press.writer))
    with pytest.raises(Blocked) as refused:
        printed(press, press.world.lot(0), template=strict)
    assert "no GTIN" in refused.value.blockers[0].message


@pytest.mark.requirement("LBL-02")
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
def test_a_label_by_template_is_read_back_and_parsed_by_others(press: Press, tmp_path: Path) -> None:
    in_force(press, "unit-57x32")
    lot = a_lot(press, tracking="serial")
    unit = services.create_unit(
        site=press.site, material=lot.material, lot=lot, serial="S-0001%A", actor=press.world.system
    )
    job = printed(press, unit)
    (tmp_path / "label.pdf").write_bytes(blobs.load(job.sha256))
    subprocess.run(["pdftoppm", "-r", "203", "-png", str(tmp_path / "label.pdf"), str(tmp_path / "page")], check=True)
    [page] = sorted(tmp_path.glob("page*.png"))
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.read_bytes())), text_mode=zxingcpp.TextMode.Plain)
    told = biip.parse(found.symbology_identifier + found.text).gs1_message
    assert told is not None
    assert [(one.ai.ai, one.value) for one in told.element_strings] == [*PAIRS, ("21", "S-0001%A")]


@pytest.mark.requirement("LBL-03")
def test_a_label_printer_gets_the_same_label(press: Press, device: FakePrinter) -> None:
    in_force(press)
    good, evil = a_lot(press), press.world.lot(0, press.world.material(), number="L^XZ^XA~JR")
    job = sent(printed(press, good, evil, printer=printer_of(press, device), copies=2))
    assert job.status == "sent" and device.came.acquire(timeout=5)
    first, second = zpl.read(device.prints[0])
    assert (first.copies, second.copies) == (2, 2)
    assert zpl.matrix_text(first.of("BX")[0].data) == (True, build(PAIRS).raw())
    assert evil.number in second.texts and zpl.matrix_text(second.of("BX")[0].data) == (False, evil.number)


@pytest.mark.requirement("LBL-07")
def test_places_and_materials_have_labels_too(press: Press) -> None:
    in_force(press, "location-100x50")
    in_force(press, "material-100x50")
    assert printed(press, press.world.store).labels == 1
    material = press.world.material(gtin=GTIN)
    printed(press, material, site=press.site)
    contents = set(Label.objects.values_list("content", flat=True))
    assert contents == {press.world.store.code, f"(01){GTIN}"}
    with refused_with("sites"):
        printed(press, material)


@pytest.mark.requirement("LBL-08")
def test_printed_labels_are_accounted_for_with_a_signature(press: Press) -> None:
    lot = a_lot(press)

    def count(**values: int | str) -> LabelReconciliation:
        given: Any = {"used": 8, "spoiled": 1, "returned": 1, **values}
        return services.reconcile_labels(
            record=lot, **given, actor=press.approver, signature=proof(press.approver, "verified")
        )

    with refused_with("no_labels"):
        count()
    printed(press, lot, copies=8)
    printed(press, lot, copies=2, reason="Two were torn")
    made = count()
    assert (made.printed, made.difference) == (10, 0)
    assert is_intact(Signature.objects.get(subject_id=made.pk, meaning="verified"))
    with refused_with("difference"):
        count(used=7)
    assert count(used=7, remark="One fell into the drain").difference == 1
    with refused_with("permission"):
        services.reconcile_labels(record=lot, used=10, spoiled=0, returned=0, actor=press.printing, signature=None)


@pytest.mark.requirement("LBL-07")
def test_the_pages_print_and_ask_why_again(press: Press) -> None:
    in_force(press)
    lot, visitor = a_lot(press), visit_as(press.printing)
    page = reverse("traceability:lot_print_label", args=[lot.pk])
    assert page in visitor.get(lot.get_absolute_url()).content.decode()
    assert "<svg" in visitor.get(page).content.decode()
    assert visitor.post(page, {"copies": 1}).status_code == 302
    job = PrintJob.objects.get()
    assert (
        reverse("core_printing:printjob_document", args=[job.pk])
        in visitor.get(job.get_absolute_url()).content.decode()
    )
    again = visitor.post(page, {"copies": 1})
    assert again.status_code == 409 and "this is a reprint" in again.content.decode()
    assert "Printed before" in visitor.get(page).content.decode()
    assert visitor.post(page, {"copies": 1, "reason": "Torn"}).status_code == 302
    shown = visitor.get(f"{lot.get_absolute_url()}?part=labels").content.decode()
    assert "Label printed again" in shown and "Torn" in shown
    label = Label.objects.latest("pk")
    assert "Torn" in visitor.get(label.get_absolute_url()).content.decode()
    assert lot.number in visitor.get(reverse("traceability:label_list")).content.decode()
    assert visit_as(press.writer).post(page, {"copies": 1, "reason": "x"}).status_code == 403


@pytest.mark.requirement("LBL-07")
def test_the_sheet_of_a_list_asks_too(press: Press) -> None:
    lot, other, visitor = a_lot(press), a_lot(press, "L-2"), visit_as(press.printing)
    page = f"{reverse('traceability:lot_labels')}?row={lot.pk}&row={other.pk}"
    assert visitor.get(page).status_code == 200 and not Label.objects.exists(), "looking prints nothing"
    assert visitor.post(page, {"copies": 1}).status_code == 302
    assert Label.objects.count() == 2 and PrintJob.objects.get().labels == 2
    assert "were printed before" in visitor.get(page).content.decode()
    assert visitor.post(page, {"copies": 1}).status_code == 422
    assert visitor.post(page, {"copies": 1, "reason": "Torn"}).status_code == 302
    assert Label.objects.count() == 4
    specimen = visit_as(press.writer).get(page)
    assert specimen["Content-Type"] == "application/pdf" and Label.objects.count() == 4
    assert visit_as(press.writer).post(page, {"copies": 1, "reason": "Torn"}).status_code == 409
    assert Label.objects.count() == 4


@pytest.mark.requirement("LBL-06")
def test_the_default_printer_is_offered_first(press: Press, device: FakePrinter) -> None:
    in_force(press)
    printer, lot, visitor = printer_of(press, device), a_lot(press), visit_as(press.printing)
    use_printer(printer=printer, actor=press.world.system)
    shown = visitor.get(f"{lot.get_absolute_url()}?part=labels").content.decode()
    assert f'name="printer" value="{printer.pk}"' in shown, "one tap prints it"
    page = reverse("traceability:lot_print_label", args=[lot.pk])
    assert f'<option value="{printer.pk}" selected' in visitor.get(page).content.decode()
    answer = visitor.post(page, {"printer": printer.pk, "copies": 1})
    assert answer.status_code == 302 and answer["Location"] == lot.get_absolute_url()
    assert PrintJob.objects.get().printer == printer
    shown = visitor.get(f"{lot.get_absolute_url()}?part=labels").content.decode()
    assert 'name="printer" value=' not in shown, "a reprint asks why"


@pytest.mark.requirement("LBL-07")
def test_programs_write_approve_and_print(press: Press) -> None:
    for user in (press.writer, press.approver, press.printing):
        grant(user, press.site, MAKE)
    able_to_sign(press.approver)
    writer, approver, printing = (program_of(one) for one in (press.writer, press.approver, press.printing))
    values = {"site": None, "code": "T1", "name": "Lots", "standard": "lot-100x50", "dpmm": "8"}
    made = writer.post("traceability/label-templates/", values)
    assert made.status_code == 201 and made.json()["template_version"] == 1
    where = f"traceability/label-templates/{made.json()['id']}"
    box = {"x": 1, "y": 1, "width": 98, "height": 48, "thickness": 0.3}
    version = writer.get(f"{where}/")["ETag"]
    assert writer.post(f"{where}/box/", box, if_match=version).status_code == 201
    version = approver.get(f"{where}/")["ETag"]
    signed = {"signature": {"user_name": press.approver.username, "secret": SECRET, "meaning": "approved"}}
    assert approver.post(f"{where}/make-effective/", signed, if_match=version).json()["status"] == "effective"
    lot = a_lot(press)
    asked = f"traceability/lots/{lot.pk}/print-label/"
    job = printing.post(asked, {"copies": 2})
    assert job.status_code == 201 and (job.json()["labels"], job.json()["status"]) == (2, "queued")
    refused = printing.post(asked, {"copies": 1})
    assert refused.status_code == 409 and "reprint" in refused.content.decode()
    assert printing.post(asked, {"copies": 1, "reason": "Torn"}).status_code == 201
    [newest, _first] = printing.get("traceability/labels/").json()["results"]
    assert (newest["reason"], newest["content"]) == ("Torn", build(PAIRS).bracketed())
    pdf = printing.get(f"core/printing/print-jobs/{job.json()['id']}/document/")
    assert b"".join(pdf).startswith(b"%PDF")
    others = approver.get(f"core/printing/print-jobs/{job.json()['id']}/document/")
    assert others.status_code == 409 and "not handed out to you" in others.content.decode()
    counted = {"used": 3, "spoiled": 0, "returned": 0}
    signed = {"signature": {"user_name": press.approver.username, "secret": SECRET, "meaning": "verified"}}
    done = approver.post(f"traceability/lots/{lot.pk}/reconcile-labels/", {**counted, **signed})
    assert done.status_code == 201 and done.json()["printed"] == 3


@pytest.mark.requirement("LBL-07")
def test_the_pages_cost_the_same_with_more_on_them(press: Press) -> None:
    in_force(press)
    lot, visitor = a_lot(press), visit_as(press.printing)
    template = LabelTemplate.objects.get()
    pages = [
        reverse("traceability:label_list"), reverse("traceability:labeltemplate_list"), template.get_absolute_url(),
        reverse("traceability:lot_print_label", args=[lot.pk]), lot.get_absolute_url(),
        f"{lot.get_absolute_url()}?part=labels",
    ]  # fmt: skip

    def costs() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as counted:
                assert visitor.get(page).status_code == 200
            found.append(len(counted))
        return found

    printed(press, lot)
    costs()
    few = costs()
    for number in range(4):
        printed(press, lot, reason=f"Torn {number}")
        drafted(press, code=f"T{number}")
    assert costs() == few and max(few) <= 15, few


@pytest.mark.requirement("LBL-09")
def test_a_logistic_label_carries_the_sscc(press: Press, device: FakePrinter) -> None:
    services.set_company_prefix(site=press.site, company_prefix="950600013", actor=press.world.system)
    box = services.create_container(site=press.site, location=press.world.store, actor=press.world.system)
    in_force(press, "container-105x148")
    printed(press, box)
    label = Label.objects.get(subject_id=box.pk, subject_type__model="container")
    assert label.content == f"(00) {box.sscc}" or box.sscc in label.content
    job = sent(printed(press, box, printer=printer_of(press, device), reason="At the dock"))
    assert job.status == "sent"
    grant(press.printing, press.site, MAKE)
    grant(press.printing, press.site, "traceability.view_container")
    refusal = program_of(press.printing).post(f"traceability/containers/{box.pk}/print-label/", {"copies": 1})
    assert refusal.status_code in (409, 422), "printed before, and no reason"
    page = visit_as(press.printing).get(reverse("traceability:container_print_label", args=[box.pk]))
    assert "Printed before" in page.content.decode()
