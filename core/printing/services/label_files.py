"""Files of placed labels: one PDF with a page for each, or one stream of ZPL."""

from __future__ import annotations

from collections.abc import Sequence

from core.printing.labels import Placed, svg, zpl
from core.printing.services import render_sheet


def labels_as_pdf(labels: Sequence[Placed], *, copies: int, title: str) -> bytes:
    """A PDF with the vector drawing of each label on pages of its own size, one for each copy. All are of one size."""
    layout = labels[0].layout
    drawings = [drawing for placed in labels for drawing in [svg(placed)] * copies]
    context = {"width": f"{layout.width:g}", "height": f"{layout.height:g}", "drawings": drawings}
    return render_sheet("core/printing/print/label_run.html", context, title=title)


def labels_as_zpl(labels: Sequence[Placed], *, copies: int) -> bytes:
    """The labels one after the other, as ZPL II."""
    return b"".join(zpl(placed, copies=copies) for placed in labels)
