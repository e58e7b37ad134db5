"""Gauges: is there one to measure with, and may this one be used?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.organization.models import Equipment
from mes.execution.guards.order import BEGINNING, OPERATION
from mes.execution.models import OrderOperation
from mes.execution.queries.context import context_of
from mes.instructions.models import DataPoint
from qms.calibration.models import CalibrationPlan
from qms.calibration.queries import gauge_blockers


@guard(OPERATION, *BEGINNING, title=gettext_lazy("Gauges in calibration"))
def gauges_are_at_hand(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """For each class of gauge that required values ask for, the site has one in calibration (ISO 13485 7.6)."""
    context = context_of(operation, deed)
    for kind in context.gauge_classes:
        if kind.pk not in context.gauge_classes_at_hand:
            yield Blocker(
                "gauge_none",
                _("No gauge of class %(kind)s is in calibration at %(site)s.")
                % {"kind": kind, "site": context.order.site},
                record=kind,
                remedy=_("Have one calibrated, or put back in service."),
            )


@guard(OPERATION, "record", "complete_unit", title=gettext_lazy("Measured with a gauge in calibration"))
def gauge_may_be_used(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A value that takes a gauge names it, of the right class and in calibration now (ISO 13485 7.6; 9001 7.1.5.1)."""
    context = context_of(operation, deed)
    scanned = deed.params.get("gauges") or {}
    asked = {point.pk: point for point in context.data_points}
    told = set()
    for given in deed.params.get("data_points", ()):
        point, gauge = asked.get(given.pk, given), scanned.get(given.pk)
        if gauge is None and point.gauge_class_id is not None:
            yield Blocker(
                "gauge_missing",
                _("“%(point)s” is measured with a gauge of class %(kind)s; none was scanned.")
                % {"point": point.label, "kind": point.gauge_class},
                record=point,
                remedy=_("Scan the gauge you measure with."),
            )
        elif gauge is not None and (gauge.pk, point.gauge_class_id) not in told:
            told.add((gauge.pk, point.gauge_class_id))
            yield from _against(gauge, context.gauge_plans(scanned.values()).get(gauge.pk), point, context.today)


def _against(gauge: Equipment, plan: CalibrationPlan | None, point: DataPoint, day: dt.date) -> Iterator[Blocker]:
    """Why this point is not measured with this gauge."""
    if point.gauge_class_id is not None and gauge.equipment_class_id != point.gauge_class_id:
        yield Blocker(
            "gauge_class",
            _("%(gauge)s is not of class %(kind)s, with which “%(point)s” is measured.")
            % {"gauge": gauge, "kind": point.gauge_class, "point": point.label},
            record=gauge,
            remedy=_("Scan another gauge."),
        )
    if plan is None or not gauge.is_active:
        yield Blocker(
            "gauge_unplanned",
            _("%(gauge)s is not kept in calibration.") % {"gauge": gauge},
            record=gauge,
            remedy=_("Scan another gauge."),
        )
    else:
        yield from gauge_blockers(plan, day)
