"""Traveler and barcode sheet: what is printed can be scanned, long names wrap, and both papers fit."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from django.db import transaction
from django.urls import reverse
from PIL import Image
from pytest_django.fixtures import Settings

from core.kernel.deeds import acting
from core.organization.services import system_user
from tests.mes.execution.floor import Floor
from tests.support.visits import visit_as

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.requirement("ORD-03"),
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed"),
]
NAME = "Gehäuse für Schwungrad, geschweißt, größer – Корпус маховика – Περίβλημα " + "überlang" * 12


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_what_is_printed_can_be_scanned(
    floor: Floor, settings: Settings, tmp_path: Path, paper: str, size: tuple[int, int]
) -> None:
    settings.TRUELINE_PAPER = paper
    with transaction.atomic(), acting(system_user("test"), reason="long"):
        floor.product.name = NAME[:200]
        floor.product.save()
    order = floor.order()
    for part in floor.parts:
        floor.piece(part)
    assert order.lot is not None
    codes = {f"^OP^{operation.pk}" for operation in order.operations.all()} | {order.number}
    lots = {floor.lot(part).number for part in floor.parts if part.tracking == "lot"}
    wanted = {"traveler": codes | {order.lot.number}, "barcodes": codes | lots | {str(floor.operator.badge)}}
    for name, texts in wanted.items():
        answer = visit_as(floor.planner).get(reverse(f"mes_execution:productionorder_{name}", args=[order.pk]))
        assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
        reader = pypdf.PdfReader(io.BytesIO(answer.content))
        assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in reader.pages} == {size}
        told = "".join("".join(page.extract_text() for page in reader.pages).split())
        assert "".join(NAME[:200].split()) in told
        (tmp_path / f"{name}.pdf").write_bytes(answer.content)
        subprocess.run(["pdftoppm", "-r", "150", "-png", f"{name}.pdf", name], cwd=tmp_path, check=True)
        found = set()
        for page in sorted(tmp_path.glob(f"{name}-*.png")):
            found |= {code.text for code in zxingcpp.read_barcodes(Image.open(page))}
        assert texts <= found, f"{name}: {texts - found} cannot be read"
