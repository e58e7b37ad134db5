"""Barcodes: what is drawn is what a reader reads."""

from __future__ import annotations

import io
import re

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from core.kernel import gs1
from core.printing import barcodes
from core.printing.barcodes import Barcode, BarcodeError
from tests.core.kernel.gs1_values import labels

CODE128_TEXT = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30)


def read(symbol: Barcode, mode: zxingcpp.TextMode = zxingcpp.TextMode.Plain) -> tuple[str, str]:
    """Draw the symbol's own path and read it back with a decoder: text and AIM identifier."""
    scale, quiet = 4, 12
    size = ((symbol.columns + 2 * quiet) * scale, (symbol.rows + 2 * quiet) * scale)
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", symbol.path):
        left, top = (int(x) + quiet) * scale, (int(y) + quiet) * scale
        pen.rectangle((left, top, left + int(width) * scale - 1, top + int(height) * scale - 1), fill=0)
    [found] = zxingcpp.read_barcodes(image, text_mode=mode)
    return found.text, found.symbology_identifier


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_qr_reads_back(text: str) -> None:
    assert read(barcodes.qr(text))[0] == text


@given(CODE128_TEXT)
@settings(max_examples=25, deadline=None)
def test_code128_reads_back(text: str) -> None:
    assert read(barcodes.code128(text)) == (text, "]C0")


def test_datamatrix_reads_back() -> None:
    assert read(barcodes.datamatrix("LOT-000123")) == ("LOT-000123", "]d1")


def test_gs1_symbols_say_that_they_are_gs1() -> None:
    elements = [("01", "09506000134352"), ("10", "A(1)/B"), ("21", "S-77")]
    for symbol, identifier in (
        (barcodes.gs1_datamatrix(elements), "]d2"),
        (barcodes.gs1_code128(elements), "]C1"),
    ):
        text, found = read(symbol, zxingcpp.TextMode.HRI)
        assert found == identifier
        assert text.startswith("(01)09506000134352(10)A(1)/B")
        assert text.endswith("(21)S-77")


@pytest.mark.parametrize(
    "elements",
    [
        [("01", "09506000134353")],  # wrong check digit
        [("01", "123")],  # wrong length
        [("10", "")],
        [("10", "A[21]B")],  # would smuggle another element in
        [("xx", "1")],
    ],
)
def test_what_gs1_forbids_is_refused(elements: list[tuple[str, str]]) -> None:
    with pytest.raises(BarcodeError):
        barcodes.gs1_datamatrix(elements)


def test_empty_and_unwritable_texts_are_refused() -> None:
    with pytest.raises(BarcodeError):
        barcodes.qr("")
    with pytest.raises(BarcodeError):
        barcodes.code128("漢字")


def test_the_svg_has_no_style_and_escapes_its_label() -> None:
    svg = barcodes.code128("PO-000123").svg(label='<b>"x"')
    assert "style" not in svg
    assert "&lt;b&gt;&quot;x&quot;" in svg
    assert re.search(r'width="[\d.]+mm" height="12mm"', svg)
    assert io.StringIO(svg).read().startswith("<svg")


@pytest.mark.requirement("GS1-01")
@pytest.mark.parametrize("ai", ["00", "01", "10", "17", "21", "240", "3103", "415", "8003", "8006"])
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_a_gs1_symbol_reads_back_as_what_was_built(ai: str, data: st.DataObject) -> None:
    label = gs1.build(data.draw(labels(ai)))
    for symbol in (barcodes.gs1_datamatrix(label.pairs), barcodes.gs1_code128(label.pairs)):
        text, identifier = read(symbol)
        assert gs1.parse(identifier + text) == label


@given(CODE128_TEXT)
@settings(max_examples=25, deadline=None)
def test_a_data_matrix_is_square(text: str) -> None:
    """Rectangles of ISO/IEC 21471 are symbols that most scanners do not know."""
    symbol = barcodes.datamatrix(text)
    assert (symbol.rows, read(symbol)) == (symbol.columns, (text, "]d1"))
