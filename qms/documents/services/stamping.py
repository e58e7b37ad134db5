"""The stamp on every page of a controlled copy: the page is made smaller, the stamp stands around it."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from django.conf import settings

from core.printing.barcodes import qr
from core.printing.services import render_sheet
from qms.documents.models import ControlledCopy

TOP, BOTTOM, SIDE = 40.0, 74.0, 14.0
"""Points at the edges that belong to the stamp."""
POINTS_PER_MM = 72 / 25.4


def stamped(pdf: bytes, copy: ControlledCopy) -> bytes:
    """The PDF with the stamp of a copy on each page; links and forms inside the pages are flattened to pictures."""
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as target:
        sizes = [_size(page) for page in source.pages]
        stamps = {size: _stamps(copy, size, len(sizes)) for size in dict.fromkeys(sizes)}
        opened = {size: pikepdf.open(io.BytesIO(data)) for size, data in stamps.items()}
        for number, (page, size) in enumerate(zip(source.pages, sizes, strict=True)):
            width, height = size
            made = target.add_blank_page(page_size=size)
            place = pikepdf.Rectangle(SIDE, BOTTOM, width - SIDE, height - TOP)
            made.add_overlay(page, place)
            made.add_overlay(opened[size].pages[number], pikepdf.Rectangle(0, 0, width, height))
        written = io.BytesIO()
        target.save(written, deterministic_id=True)
        for one in opened.values():
            one.close()
        return written.getvalue()


def _size(page: Any) -> tuple[float, float]:
    box = [float(edge) for edge in page.trimbox]
    width, height = round(abs(box[2] - box[0]), 1), round(abs(box[3] - box[1]), 1)
    turned = int(page.obj.get("/Rotate", 0)) % 180 != 0
    return (height, width) if turned else (width, height)


def _stamps(copy: ControlledCopy, size: tuple[float, float], pages: int) -> bytes:
    """A stamp for each page, of the size of the page."""
    address = f"{settings.TRUELINE_PUBLIC_URL}{copy.get_status_page_url()}"
    context = {
        "copy": copy,
        "revision": copy.revision,
        "site": copy.revision.document.site,
        "address": address,
        "qr": qr(address).svg(module_mm=0.42),
        "numbers": range(1, pages + 1),
        "pages": pages,
        "width": f"{size[0] / POINTS_PER_MM:.2f}",
        "height": f"{size[1] / POINTS_PER_MM:.2f}",
        "organization": settings.TRUELINE_ORGANIZATION,
    }
    return render_sheet("qms/documents/print/stamp.html", context, title=str(copy))
