"""Labels from a layout: refused where they would not be read, drawn as SVG and ZPL, read back by others."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import biip
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.kernel.gs1 import build
from core.printing.labels import (
    Box,
    Code,
    Encoded,
    Filled,
    Layout,
    LayoutProblem,
    Text,
    Vocabulary,
    Word,
    as_data,
    place,
    read_layout,
    svg,
    zpl,
)
from core.printing.labels.lettering import width_of
from core.printing.labels.zpl import linear_data, matrix_data
from core.printing.services.label_files import labels_as_pdf
from tests.support import zpl as reader

PAIRS = (("01", "09506000134352"), ("17", "280229"), ("10", "L/26-(7)_%"))
WORDS = Vocabulary(
    {"number": Word("Number", "L-1"), "name": Word("Name", "Frame", may_shorten=True)},
    {"gs1": Word("GS1"), "number": Word("Number"), "link": Word("Link")},
    {"gs1": ("datamatrix", "code128"), "number": ("datamatrix", "qr", "code128"), "link": ("qr",)},
)
FILLED = Filled(
    {"number": "L-1", "name": "HL Road Frame – größe 62"},
    {"gs1": Encoded(elements=PAIRS), "number": Encoded("L-1"), "link": Encoded(build(PAIRS).link())},
)
READ = Code(2, 2, 16, 16, "datamatrix", "gs1")


def label(*elements: Any, width: float = 100, height: float = 50, dpmm: int = 8) -> Layout:
    return read_layout(width, height, dpmm, as_data(elements), WORDS)


def against(*elements: Any, filled: Filled = FILLED, **size: Any) -> str:
    """What is said against a layout, or against what is put into it."""
    with pytest.raises(LayoutProblem) as refused:
        place(label(*elements, **size), filled)
    return str(refused.value)


def rastered(pdf: bytes, folder: Path, dpi: int) -> list[Image.Image]:
    (folder / "label.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(folder / "label.pdf"), str(folder / "page")], check=True)
    return [Image.open(io.BytesIO(one.read_bytes())) for one in sorted(folder.glob("page*.png"))]


def scanned(image: Image.Image) -> set[str]:
    found = zxingcpp.read_barcodes(image, text_mode=zxingcpp.TextMode.Plain)
    return {one.symbology_identifier + one.text for one in found}


@pytest.mark.requirement("LBL-02")
@pytest.mark.parametrize("dpi", [203, 300])
def test_a_pdf_is_read_by_another_decoder(tmp_path: Path, dpi: int) -> None:
    layout = label(
        READ, Code(22, 2, 24, 24, "qr", "link"), Code(2, 30, 96, 14, "code128", "gs1"),
        Code(60, 2, 16, 16, "datamatrix", "number"), Text(48, 20, 50, 4, 3, field="name"),
    )  # fmt: skip
    pdf = labels_as_pdf([place(layout, FILLED)], copies=2, title="Labels")
    pages = rastered(pdf, tmp_path, dpi)
    assert len(pages) == 2, "one page for each copy"
    assert abs(pages[0].width - 100 / 25.4 * dpi) <= 1 and abs(pages[0].height - 50 / 25.4 * dpi) <= 1
    raw = build(PAIRS).raw()
    assert scanned(pages[1]) == {f"]d2{raw}", f"]Q1{build(PAIRS).link()}", f"]C1{raw}", "]d1L-1"}
    told = biip.parse(f"]d2{raw}").gs1_message
    assert told is not None
    assert [(one.ai.ai, one.value) for one in told.element_strings] == list(PAIRS)


@pytest.mark.requirement("LBL-03")
def test_zpl_says_what_another_reader_and_decoder_understand() -> None:
    layout = label(
        READ, Code(22, 2, 24, 24, "qr", "link"), Code(2, 30, 96, 14, "code128", "gs1"),
        Text(48, 20, 50, 4, 3, field="name"), Box(1, 1, 98, 48, 0.5),
    )  # fmt: skip
    placed = place(layout, FILLED)
    [printed] = reader.read(zpl(placed, copies=3))
    assert (printed.width, printed.height, printed.copies) == (800, 400, 3)
    assert printed.texts == ["HL Road Frame – größe 62"]
    [matrix] = printed.of("BX")
    assert reader.matrix_text(matrix.data) == (True, build(PAIRS).raw())
    assert matrix.parameters("BX") == ["N", str(placed.codes[0].module_dots), "200", "", "", "", "_"]
    [square] = printed.of("BQ")
    assert square.data == f"MA,{build(PAIRS).link()}"
    [linear] = printed.of("BC")
    assert scanned(reader.bars(linear.data)) == {f"]C1{build(PAIRS).raw()}"}
    [frame] = printed.of("GB")
    assert (frame.x, frame.y, frame.parameters("GB")) == (8, 8, ["784", "384", "4"])


@pytest.mark.requirement("LBL-03")
@pytest.mark.parametrize("text", ["L^XZ^XA^FDx", "L~JR", "L\\5E", "_1x", "a>b", "ÄÖ€", "_5F", "^FH_^FD_5EXZ"])
def test_nothing_that_is_printed_becomes_a_command(text: str) -> None:
    filled = Filled({"number": text, "name": text}, {"number": Encoded(text)})
    layout = label(Text(2, 2, 90, 4, 3, field="number"), Code(2, 10, 30, 30, "datamatrix", "number"))
    [printed] = reader.read(zpl(place(layout, filled)))
    assert printed.texts == [text]
    assert reader.matrix_text(printed.of("BX")[0].data) == (False, text)


@pytest.mark.requirement("LBL-03")
@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=24))
def test_any_plain_text_comes_back_from_its_bars(text: str) -> None:
    assert scanned(reader.bars(linear_data(Encoded(text)))) in ({f"]C0{text}"}, {f"]C1{text}"})


@pytest.mark.requirement("LBL-03")
@settings(max_examples=150, deadline=None)
@given(
    st.from_regex(r"\A[A-Za-z0-9!\"%&'()*+,\-./_:;<=>?]{1,20}\Z"),
    st.from_regex(r"\A[A-Za-z0-9!\"%&'()*+,\-./_:;<=>?]{1,20}\Z"),
)
def test_any_lot_and_serial_number_comes_back_from_both_symbols(lot: str, serial: str) -> None:
    pairs = (("01", "09506000134352"), ("10", lot), ("21", serial))
    raw, encoded = build(pairs).raw(), Encoded(elements=pairs)
    assert reader.matrix_text(matrix_data(encoded)) == (True, raw)
    assert scanned(reader.bars(linear_data(encoded))) == {f"]C1{raw}"}


@pytest.mark.requirement("LBL-01")
@pytest.mark.parametrize(
    ("said", "elements"),
    [
        ("is too small: 26 modules of at least 0.254 mm", [Code(2, 2, 5, 5, "datamatrix", "gs1")]),
        ("need 9.8 mm", [Code(2, 2, 5, 5, "datamatrix", "gs1")]),
        ("at least 12.7 mm high", [Code(2, 2, 96, 12, "code128", "gs1")]),
        ("is too small", [Code(2, 2, 30, 14, "code128", "gs1")]),
        ("does not go into the place", [Text(2, 2, 2, 4, 3, field="number")]),
        ("does not go into the place", [Text(2, 2, 40, 3, 4, field="number")]),
        ("does not lie on the label", [Text(80, 2, 30, 4, 3, field="number")]),
        ("never shortened", [Text(2, 2, 5, 4, 3, field="number", shorten=True)]),
        ("no such field", [Text(2, 2, 50, 4, 3, field="secret")]),
        ("either a field or fixed words", [Text(2, 2, 50, 4, 3)]),
        ("between 1.2 and 40 mm high", [Text(2, 2, 50, 4, 1, field="number")]),
        ("does not carry that content", [Code(2, 2, 30, 30, "qr", "gs1")]),
        ("no such symbology", [Code(2, 2, 30, 30, "aztec", "gs1")]),
        ("choose what the symbol says", [Code(2, 2, 30, 30, "qr", "")]),
        ("thinner than its line", [Box(2, 2, 30, 0.1, 0.3)]),
        ("lies over", [READ, Text(10, 10, 50, 4, 3, field="number")]),
        ("lies over", [READ, Box(4, 4, 30, 0.3, 0.3)]),
    ],
)
def test_a_label_that_would_not_be_read_is_refused(said: str, elements: list[Any]) -> None:
    assert said in against(*elements)


@pytest.mark.requirement("LBL-01")
def test_what_a_layout_may_be_is_a_closed_list() -> None:
    rows: list[Any] = [
        {"kind": "script"},
        {"kind": "text", "x": "1"},
        {"kind": "box", "x": 1, "onload": 1},
        [],
        {"kind": "box"},
    ]
    for row in rows:
        with pytest.raises(LayoutProblem):
            read_layout(100, 50, 8, [row], WORDS)
    for width, dpmm in ((4, 8), (301, 8), (100, 7)):
        with pytest.raises(LayoutProblem):
            read_layout(width, 50, dpmm, [], WORDS)
    kept = as_data(label(READ, Text(30, 2, 50, 4, 3, field="name", shorten=True), Box(1, 1, 98, 48)).elements)
    assert as_data(read_layout(100, 50, 8, kept, WORDS).elements) == kept


@pytest.mark.requirement("LBL-01")
def test_a_symbol_is_as_large_as_whole_dots_allow() -> None:
    for dpmm, dots in ((8, 4), (12, 7), (24, 14)):
        [code] = place(label(READ, dpmm=dpmm), FILLED).codes
        assert code.module_dots == dots and code.module * 26 <= 16
    [largest] = place(label(Code(2, 2, 48, 46, "datamatrix", "gs1")), FILLED).codes
    assert largest.module <= 0.990


@pytest.mark.requirement("LBL-01")
def test_only_what_describes_is_cut_and_shows_it() -> None:
    long = Filled({"name": "A name that goes on and on and on", "number": "L-1"}, FILLED.codes)
    [text] = place(label(Text(2, 2, 30, 4, 3, field="name", shorten=True)), long).texts
    assert text.lines[0].text.endswith("…") and width_of(text.lines[0].text, 3, is_bold=False) <= 30
    [two] = place(label(Text(2, 2, 30, 8, 3, field="name", lines=2)), long).texts
    assert " ".join(line.text for line in two.lines) == long.texts["name"]


@pytest.mark.requirement("LBL-02")
def test_a_drawing_escapes_what_it_says() -> None:
    filled = Filled({"number": "<script>&\"'", "name": ""}, {})
    drawn = svg(place(label(Text(2, 2, 90, 4, 3, field="number")), filled), title='"><b>')
    assert "<script>" not in drawn and "&lt;script&gt;" in drawn and "<b>" not in drawn and "style=" not in drawn
