"""Key figures of quality: what each is, its value in a time at a site, and what is counted for it.

All that lies in the quality storey is read by one statement of scalar subqueries; the floor is asked for the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.lifecycle.models import Transition
from core.organization.models import Site
from qms.calibration.models import CalibrationPlan, CalibrationRecord
from qms.calibration.queries import standing_is
from qms.capa.lifecycle import OPEN_STATES as CAPA_OPEN
from qms.capa.models import Capa, CapaClosing, CapaDecision, EffectivenessResult, Extension
from qms.complaints.models import Complaint, RegulatoryReport
from qms.documents.models import PeriodicReview
from qms.nonconformance.models import Disposition, NonConformance
from qms.nonconformance.queries import DECIDED, OPEN_STATES
from qms.reporting.queries.charts import Asked, counted
from qms.reporting.questions import FloorFigures, FloorTotals, ReleaseFigures, ReleaseTimes, Span
from qms.training.lifecycle import UNDONE
from qms.training.models import TrainingAssignment
from traceability.models import ShipmentLine

REPAIRED = (Disposition.Kind.REWORK, Disposition.Kind.REPAIR)


class Median(Aggregate):
    """The value in the middle (PostgreSQL interpolates between two)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Read:
    """What was read for the figures: the scalars by name, the floor's totals, the times of releases."""

    values: Mapping[str, Any]
    floor: FloorTotals | None
    releases: ReleaseTimes | None

    def number(self, name: str) -> int:
        """A count; none found is zero."""
        return int(self.values.get(name) or 0)

    def days(self, name: str) -> float | None:
        """A time in days."""
        found = self.values.get(name)
        return None if found is None else found.total_seconds() / 86400

    def share(self, part: str, whole: str) -> float | None:
        """A part of a whole in per cent; None where there is nothing."""
        return 100 * self.number(part) / self.number(whole) if self.number(whole) else None


def _scalar(rows: QuerySet[Any], found: Any) -> Any:
    """One number of some rows, as a subquery of another statement: grouped by nothing, so it is one row."""
    return Subquery(rows.order_by().annotate(all=Value(1)).values("all").annotate(found=found).values("found"))


def _count(rows: QuerySet[Any]) -> Any:
    return _scalar(rows, Count("pk"))


def reached(asked: Asked, status: str) -> QuerySet[NonConformance]:
    """The nonconformances of the site that came to a state in the time."""
    moves = Transition.objects.filter(
        subject_type=ContentType.objects.get_for_model(NonConformance),
        to_status=status,
        stamped_at__gte=asked.span.begins,
        stamped_at__lt=asked.span.until,
    )
    return NonConformance.objects.filter(site=asked.site, pk__in=moves.order_by().values("subject_id"))


def _time_to(asked: Asked, status: str) -> Any:
    """The median from the report to a state, of those that came to it in the time."""
    kind = ContentType.objects.get_for_model(NonConformance)
    reported = NonConformance.objects.filter(pk=OuterRef("subject_id"), site=asked.site).values("reported_at")
    moves = Transition.objects.filter(
        subject_type=kind, to_status=status, stamped_at__gte=asked.span.begins, stamped_at__lt=asked.span.until
    )
    took = ExpressionWrapper(F("stamped_at") - Subquery(reported), output_field=DurationField())
    return _scalar(moves, Median(took))


def _nonconformance_scalars(asked: Asked) -> dict[str, Any]:
    here = NonConformance.objects.filter(site=asked.site)
    waiting = here.filter(status__in=OPEN_STATES)
    reworked = Disposition.objects.filter(
        affected_item__nonconformance__in=counted(asked).values("pk"), kind__in=REPAIRED, status__in=DECIDED
    )
    return {
        "nc": _count(counted(asked)),
        "nc_open": _count(waiting),
        "nc_overdue": _count(waiting.filter(due_at__lt=now())),
        "nc_dispositioned": _count(reached(asked, "dispositioned")),
        "nc_closed": _count(reached(asked, "closed")),
        "nc_to_disposition": _time_to(asked, "dispositioned"),
        "nc_to_close": _time_to(asked, "closed"),
        "reworked": _scalar(reworked, Sum("quantity")),
    }


def closings(asked: Asked) -> QuerySet[CapaClosing]:
    """The CAPAs of the site that were closed in the time."""
    return CapaClosing.objects.filter(
        capa__site=asked.site, stamped_at__gte=asked.span.begins, stamped_at__lt=asked.span.until
    )


def _capa_scalars(asked: Asked) -> dict[str, Any]:
    here = Capa.objects.filter(site=asked.site, status__in=CAPA_OPEN)
    closed = closings(asked)
    opened = CapaDecision.objects.filter(capa=OuterRef("capa")).order_by("stamped_at").values("stamped_at")[:1]
    took = ExpressionWrapper(F("stamped_at") - Subquery(opened), output_field=DurationField())
    failed = EffectivenessResult.objects.filter(capa=OuterRef("capa"), result=EffectivenessResult.Result.INEFFECTIVE)
    longer = Extension.objects.filter(capa=OuterRef("capa"), status="approved")
    return {
        "capa_open": _count(here),
        "capa_overdue": _count(here.filter(due_at__lt=now())),
        "capa_closed": _count(closed),
        "capa_on_time": _count(closed.filter(stamped_at__lte=F("capa__due_at"))),
        "capa_cycle": _scalar(closed, Median(took)),
        "capa_first_time": _count(closed.filter(~Exists(failed))),
        "capa_extended": _count(closed.filter(Exists(longer))),
    }


def _complaint_scalars(asked: Asked) -> dict[str, Any]:
    received = Complaint.objects.filter(site=asked.site, received_on__range=(asked.first, asked.last))
    reports = RegulatoryReport.objects.filter(complaint__site=asked.site, submitted_on__range=(asked.first, asked.last))
    lines = ShipmentLine.objects.filter(
        shipment__site=asked.site, shipment__status="shipped", movement__stamped_at__gte=asked.span.begins,
        movement__stamped_at__lt=asked.span.until,
    )  # fmt: skip
    return {
        "complaints": _count(received.exclude(is_complaint="no")),
        "shipped": _scalar(lines, Sum("quantity")),
        "reports": _count(reports),
        "reports_on_time": _count(reports.filter(submitted_on__lte=F("due_on"))),
    }


def _document_scalars(asked: Asked) -> dict[str, Any]:
    late = PeriodicReview.objects.filter(document__site=asked.site, status="open", due_on__lt=now().date())
    return {"reviews_overdue": _count(late)}


def _training_scalars(asked: Asked) -> dict[str, Any]:
    waiting = TrainingAssignment.objects.filter(user__home_site=asked.site, status__in=UNDONE)
    return {"training_open": _count(waiting), "training_overdue": _count(waiting.filter(due_at__lt=now()))}


def _calibration_scalars(asked: Asked) -> dict[str, Any]:
    plans = CalibrationPlan.objects.filter(equipment__work_center__area__site=asked.site)
    out = CalibrationRecord.objects.filter(
        plan__equipment__work_center__area__site=asked.site, found_in_tolerance=False,
        performed_on__range=(asked.first, asked.last),
    )  # fmt: skip
    return {"calibration_overdue": _count(plans.filter(standing_is("overdue", now().date()))), "oot": _count(out)}


SCALARS: Mapping[str, Callable[[Asked], dict[str, Any]]] = {
    "qms_nonconformance.view_nonconformance": _nonconformance_scalars,
    "qms_capa.view_capa": _capa_scalars,
    "qms_complaints.view_complaint": _complaint_scalars,
    "qms_documents.view_periodicreview": _document_scalars,
    "qms_training.assign_trainingassignment": _training_scalars,
    "qms_calibration.view_calibrationplan": _calibration_scalars,
}
"""What is read by which right: nobody is told a figure of records that they may not see."""


def read_figures(site: Site, first: dt.date, last: dt.date, rights: Callable[[str], bool]) -> Read:
    """Read what all figures need for which somebody has the rights, in one statement and those of the floor."""
    asked = Asked(site, first, last)
    scalars: dict[str, Any] = {}
    for right, made in SCALARS.items():
        if rights(right):
            scalars |= made(asked)
    named = {f"{name}_figure": found for name, found in scalars.items()}
    row: dict[str, Any] = {}
    if named:
        row = Site.objects.filter(pk=site.pk).annotate(**named).values(*named).get()
    found = {name: row[f"{name}_figure"] for name in scalars}
    span: Span = asked.span
    floor = next(iter(ask(FloorFigures(span))), None) if rights("qms_nonconformance.view_nonconformance") else None
    releases = next(iter(ask(ReleaseFigures(span))), None) if rights("traceability.view_lot") else None
    return Read(found, floor, releases)


def per_thousand(part: int, whole: Decimal | int | None) -> float | None:
    """Events for each thousand; None where there is nothing to set them against."""
    return 1000 * part / float(whole) if whole else None
