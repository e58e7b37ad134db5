"""Labels of lots and units: a decoder reads what is printed, and a scan of it finds the record."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image

from core.kernel.gs1 import build, parse
from core.kernel.wiring import ask
from core.web.questions import ResolveScan
from core.web.scan import clean
from tests.api.conftest import MAKE, program_of
from tests.support.people import grant, make_site, make_user
from tests.support.visits import visit_as
from tests.traceability.world import World
from traceability import services

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("GS1-06")]
GTIN = "09506000134352"
SEE = ("traceability.view_lot", "traceability.view_serializedunit", "traceability.view_material")
LOTS, UNITS = "traceability:lot_labels", "traceability:serializedunit_labels"


def printed(world: World, page: str, *records: Any) -> bytes:
    """The PDF of the labels of these records."""
    reader = visit_as(make_user(site=world.site, permissions=SEE))
    answer = reader.get(reverse(page), {"row": [record.pk for record in records]})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return bytes(answer.content)


def words(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def pictures(pdf: bytes, place: Path) -> list[Path]:
    """Each page as a scanner of labels sees it, at 200 dots an inch."""
    (place / "labels.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "200", "-png", str(place / "labels.pdf"), str(place / "page")], check=True)
    return sorted(place.glob("page*.png"))


def decoded(picture: Path) -> str:
    """What the one symbol of a picture says, with its symbology identifier."""
    with Image.open(picture) as image:
        [found] = zxingcpp.read_barcodes(image, text_mode=zxingcpp.TextMode.Plain)
    return str(found.symbology_identifier + found.text)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
def test_what_is_printed_is_read_and_finds_its_record(world: World, tmp_path: Path) -> None:
    material = world.material(gtin=GTIN[1:], tracking="serial")
    lot = world.lot(0, material, number="L/2026-(7)", expires_on=dt.date(2028, 2, 29))
    unit = services.create_unit(site=world.site, material=material, lot=lot, serial="S-0001%A", actor=world.system)
    loose = services.create_unit(site=world.site, material=material, serial="S-0002", actor=world.system)
    plain = world.lot(1, number="LOT-1")
    said: dict[Any, list[tuple[str, str]]] = {
        lot: [("01", GTIN), ("17", "280229"), ("10", lot.number)],
        unit: [("01", GTIN), ("17", "280229"), ("10", lot.number), ("21", unit.serial)],
        loose: [("01", GTIN), ("21", loose.serial)],
    }
    reader = make_user(site=world.site, permissions=SEE)
    sheets: list[tuple[str, list[Any]]] = [(LOTS, [lot]), (UNITS, [unit, loose])]
    for page, records in sheets:
        place = tmp_path / page.partition(":")[2]
        place.mkdir()
        for record, picture in zip(records, pictures(printed(world, page, *records), place), strict=True):
            code = decoded(picture)
            assert code.startswith("]d2") and parse(code) == build(said[record])
            [found] = ask(ResolveScan(clean(code), reader))
            assert (found.url, found.warning) == (record.get_absolute_url(), "")
    [picture] = pictures(printed(world, LOTS, plain), tmp_path)
    assert decoded(picture) == "]d1LOT-1"


@pytest.mark.skipif(shutil.which("dmtxread") is None, reason="dmtx-utils is not installed")
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
def test_another_decoder_reads_the_same(world: World, tmp_path: Path) -> None:
    lot = world.lot(0, world.material(gtin=GTIN), number="L-2026-7", expires_on=dt.date(2028, 2, 29))
    [picture] = pictures(printed(world, LOTS, lot), tmp_path)
    read = subprocess.run(["dmtxread", "-G", "29", str(picture)], check=True, capture_output=True).stdout.decode()
    assert parse(read).pairs == (("01", GTIN), ("17", "280229"), ("10", "L-2026-7"))


def test_a_label_says_in_words_what_its_symbol_says(world: World) -> None:
    material = world.material(gtin=GTIN, tracking="serial")
    lot = world.lot(0, material, number="L-7", expires_on=dt.date(2028, 2, 29))
    unit = services.create_unit(site=world.site, material=material, lot=lot, serial="S-1", actor=world.system)
    [text] = words(printed(world, UNITS, unit))
    for part in (f"(01) {GTIN}", "(17) 280229", "(10) L-7", "(21) S-1", material.number, world.site.name):
        assert part in text
    plain = services.create_unit(site=world.site, material=world.material(), lot=None, serial="S-2", actor=world.system)
    assert "(21)" not in words(printed(world, UNITS, plain))[0]


def test_a_number_that_gs1_does_not_know_is_printed_as_the_houses_own(world: World) -> None:
    lot = world.lot(1, world.material(gtin=GTIN), number="A LOT NUMBER OF MANY LETTERS")
    [text] = words(printed(world, LOTS, lot))
    assert "No GS1 label: (10) BATCH/LOT" in text and "is too long" in text
    assert f"(01) {GTIN}" not in text


def test_nobody_prints_a_label_of_what_they_may_not_see(world: World) -> None:
    lot, stranger = world.lot(1), make_user(site=make_site(), permissions=SEE)
    unit = world.unit(world.lot(0, world.material(tracking="serial")))
    for page, record in ((LOTS, lot), (UNITS, unit)):
        assert visit_as(stranger).get(reverse(page), {"row": record.pk}).status_code == 302
    nobody = make_user(site=world.site)
    assert visit_as(nobody).get(reverse(UNITS), {"row": unit.pk}).status_code == 403


def test_the_pages_offer_the_label(world: World) -> None:
    reader = visit_as(make_user(site=world.site, permissions=SEE))
    unit = world.unit(world.lot(0, world.material(tracking="serial")))
    assert unit.lot is not None
    for page, record in ((UNITS, unit), (LOTS, unit.lot)):
        assert f"{reverse(page)}?row={record.pk}" in reader.get(record.get_absolute_url()).content.decode()
    assert reverse(UNITS) in reader.get(reverse("traceability:serializedunit_list")).content.decode()


def test_a_program_is_told_what_the_label_says(world: World) -> None:
    user = make_user(site=world.site)
    grant(user, world.site, MAKE, *SEE)
    program = program_of(user)
    material = world.material(gtin=GTIN, tracking="serial")
    lot = world.lot(0, material, number="L-7", expires_on=dt.date(2028, 2, 29))
    unit = services.create_unit(site=world.site, material=material, lot=lot, serial="S-1", actor=world.system)
    [told] = program.get(f"traceability/units/{unit.pk}/label/").json()["results"]
    label = build([("01", GTIN), ("17", "280229"), ("10", "L-7"), ("21", "S-1")])
    assert told == {
        "number": "S-1",
        "element_string": label.raw(),
        "readable": f"(01){GTIN}(17)280229(10)L-7(21)S-1",
        "link": f"https://id.gs1.org/01/{GTIN}/10/L-7/21/S-1?17=280229",
        "problem": "",
    }
    [plain] = program.get(f"traceability/lots/{world.lot(1, number='P-1').pk}/label/").json()["results"]
    assert plain == {"number": "P-1", "element_string": "", "readable": "", "link": "", "problem": ""}
    long = world.lot(1, material, number="A LOT NUMBER OF MANY LETTERS")
    [told] = program.get(f"traceability/lots/{long.pk}/label/").json()["results"]
    assert told["element_string"] == "" and "is too long" in told["problem"]
