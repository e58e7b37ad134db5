"""What the floor tells the figures of quality: where a defect was reported, and how much was done by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import answers
from mes.execution.models import OperationRun, OrderOperation, Output
from qms.nonconformance.questions import SourcePlace, SourcePlaces
from qms.reporting.questions import FloorFigures, FloorTotals, Span, VolumeKind, VolumeKinds

ZERO = Decimal(0)


@answers(SourcePlaces)
def operations_stand_at_work_centers(question: SourcePlaces) -> Iterator[SourcePlace]:
    """What is reported at the floor names its operation."""
    yield SourcePlace(OrderOperation, "work_center")


def _outputs(span: Span) -> QuerySet[Output]:
    found = Output.objects.filter(
        order_operation__order__site=span.site,
        stamped_at__gte=span.begins,
        stamped_at__lt=span.until,
        is_sandbox=False,
    )
    return found if span.material is None else found.filter(order_operation__order__material=span.material)


def _is_last() -> Any:
    later = OrderOperation.objects.filter(
        order=OuterRef("order_operation__order"), sequence__gt=OuterRef("order_operation__sequence")
    )
    return ~Exists(later)


def _net(column: str, **only: Any) -> Any:
    """The sum of a column in which reversing facts count against."""
    booked = Sum(F(column), filter=Q(reverses__isnull=True, **only), default=ZERO)
    return booked - Sum(F(column), filter=Q(reverses__isnull=False, **only), default=ZERO)


def _ended(span: Span) -> QuerySet[OperationRun]:
    found = OperationRun.objects.filter(
        order_operation__order__site=span.site,
        order_operation__order__is_sandbox=False,
        order_operation__status="completed",
        ended_at__gte=span.begins,
        ended_at__lt=span.until,
    )
    return found if span.material is None else found.filter(order_operation__order__material=span.material)


def _operations(span: Span) -> Mapping[dt.date, Decimal]:
    """Completed operations by the month in which work on them ended."""
    rows = _ended(span).order_by().annotate(month=TruncMonth("ended_at", tzinfo=span.zone)).values("month")
    counted = rows.annotate(number=Count("order_operation", distinct=True))
    return {row["month"].date(): Decimal(row["number"]) for row in counted}


def _pieces(span: Span) -> Mapping[dt.date, Decimal]:
    """Every piece once: what was good at the last operation of its order, and what was scrapped at any."""
    rows = _outputs(span).annotate(is_last=_is_last(), month=TruncMonth("stamped_at", tzinfo=span.zone))
    sums = rows.order_by().values("month").annotate(number=_net("good", is_last=True) + _net("scrap"))
    return {row["month"].date(): max(row["number"], ZERO) for row in sums}


@answers(VolumeKinds)
def work_by_month(question: VolumeKinds) -> Iterator[VolumeKind]:
    """What the floor completed and made."""
    yield VolumeKind("operations", _("operations completed"), _operations)
    yield VolumeKind("made", _("pieces made"), _pieces)


@answers(FloorFigures)
def totals_of_the_floor(question: FloorFigures) -> Iterator[FloorTotals]:
    """Operations, good and scrapped pieces of a time, in two statements."""
    span = question.span
    operations = _ended(span).order_by().aggregate(number=Count("order_operation", distinct=True))["number"]
    sums = _outputs(span).annotate(is_last=_is_last()).order_by()
    found = sums.aggregate(good=_net("good", is_last=True), scrap=_net("scrap"))
    made, scrapped = max(found["good"], ZERO), max(found["scrap"], ZERO)
    yield FloorTotals(operations, made, scrapped, "mes_execution:productionorder_list")
