"""Labels drawn from one layout: as SVG for screens and PDFs, and as ZPL II for label printers.

It knows millimetres, dots, texts and symbols, and nothing of what is labelled: fields and contents are named by who
prints (`Vocabulary`, `Filled`).
"""

from core.printing.labels.drawing import svg
from core.printing.labels.layout import (
    DOTS_PER_MM,
    STANDARD_DPMM,
    Box,
    Code,
    Layout,
    LayoutProblem,
    Text,
    Vocabulary,
    Word,
    as_data,
    read_layout,
)
from core.printing.labels.placing import Encoded, Filled, Placed, place
from core.printing.labels.zpl import zpl

__all__ = [
    "DOTS_PER_MM",
    "STANDARD_DPMM",
    "Box",
    "Code",
    "Encoded",
    "Filled",
    "Layout",
    "LayoutProblem",
    "Placed",
    "Text",
    "Vocabulary",
    "Word",
    "as_data",
    "place",
    "read_layout",
    "svg",
    "zpl",
]
