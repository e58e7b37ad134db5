"""What retention tells the trail: which missing rows were disposed of on a signature."""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.wiring import answers
from core.retention.models import Disposal
from core.retention.queries import is_signed
from core.trail.questions import DisposedRows, RowsDisposedOf


@answers(RowsDisposedOf)
def what_was_disposed_of(question: RowsDisposedOf) -> Iterator[DisposedRows]:
    """The runs of keys of every disposal that was carried out and whose signature still fits."""
    for disposal in Disposal.objects.filter(table=question.table, status="carried_out").order_by("pk"):
        if is_signed(disposal):
            yield DisposedRows(disposal.pk, tuple((first, last) for first, last in disposal.ranges))
