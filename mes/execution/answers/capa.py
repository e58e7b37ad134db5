"""What the floor tells corrective actions: how many pieces were made and scrapped."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import answers
from mes.execution.models import OrderOperation, Output
from mes.routing.models import ScrapReason
from qms.capa.questions import EventKinds, ExposureKinds, MetricKind, Window, whole

ZERO = Decimal(0)


def _outputs(window: Window) -> QuerySet[Output]:
    found = Output.objects.filter(
        order_operation__order__site=window.site,
        stamped_at__gte=window.begins,
        stamped_at__lt=window.until,
        is_sandbox=False,
    )
    if window.material is not None:
        found = found.filter(order_operation__order__material=window.material)
    return found


def _net(rows: QuerySet[Any], column: str) -> Decimal:
    """The sum of a column in which reversing facts count against."""
    sums = rows.order_by().aggregate(
        booked=Sum(F(column), filter=Q(reverses__isnull=True), default=ZERO),
        reversed=Sum(F(column), filter=Q(reverses__isnull=False), default=ZERO),
    )
    net: Decimal = sums["booked"] - sums["reversed"]
    return max(net, ZERO)


def _made(window: Window) -> int:
    """Every piece once: what was good at the last operation of its order, and what was scrapped at any."""
    rows = _outputs(window)
    later = OrderOperation.objects.filter(
        order=OuterRef("order_operation__order"), sequence__gt=OuterRef("order_operation__sequence")
    )
    return whole(_net(rows.filter(~Exists(later)), "good") + _net(rows, "scrap"))


def _scrapped(window: Window) -> int:
    rows = _outputs(window)
    if window.sort:
        rows = rows.filter(scrap_reason__code=window.sort)
    return whole(_net(rows, "scrap"))


def _scrap_reasons() -> list[tuple[str, str]]:
    return [(one.code, str(one)) for one in ScrapReason.objects.order_by("code")]


@answers(ExposureKinds)
def pieces_made(question: ExposureKinds) -> Iterator[MetricKind]:
    """What the floor made."""
    yield MetricKind("made", _("Pieces made"), _made)


@answers(EventKinds)
def pieces_scrapped(question: EventKinds) -> Iterator[MetricKind]:
    """What the floor scrapped, for a reason where one is named."""
    yield MetricKind("scrapped", _("Pieces scrapped"), _scrapped, _scrap_reasons)
