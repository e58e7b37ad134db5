"""Rework on the floor and its decision: neither is done without the other (ISO 13485 8.3.4; IATF 16949 8.7.1.4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.guards.order import OPERATION
from mes.execution.models import DataRecord, OrderOperation
from mes.execution.queries.context import context_of
from mes.execution.queries.rework import reinspection_of, rework_order_of
from qms.nonconformance.models import Disposition
from traceability.queries import plain

LINE = "qms_nonconformance.Disposition"
ENDED = ("completed", "closed")


@guard(LINE, "complete", title=gettext_lazy("Reworked, and passed its re-inspection"))
def rework_passed_its_reinspection(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """What is reworked by a routing is done when every operation is completed and all of it passed."""
    if record.route_id is None:
        return
    order = rework_order_of(record.pk)
    if order is None or order.status == "cancelled":
        yield Blocker(
            "rework_missing",
            _("No rework order carries out “%(line)s”.") % {"line": record},
            record=record,
            remedy=_("Decide anew about this quantity."),
        )
        return
    if order.status not in ENDED:
        yield Blocker(
            "rework_open",
            _("Rework order %(order)s is “%(state)s”.") % {"order": order, "state": order.get_status_display()},
            record=order,
            remedy=_("Complete its operations at their work centers, the re-inspection last."),
            remedy_url=order.get_absolute_url(),
        )
        return
    found = reinspection_of(order)
    if found is None or not found.is_passed:
        passed, planned = (Decimal(0), order.quantity) if found is None else (found.passed, found.planned)
        yield Blocker(
            "reinspection_failed",
            _("%(passed)s of %(planned)s passed the re-inspection of %(order)s.")
            % {"passed": plain(passed), "planned": plain(planned), "order": order},
            record=order,
            remedy=_("Decide anew: rework it again, or scrap it."),
            remedy_url=order.get_absolute_url(),
        )


@guard(LINE, "redispose", title=gettext_lazy("Nobody reworks it now"))
def nobody_reworks_it(record: Disposition, deed: Deed) -> Iterator[Blocker]:
    """A decision is not taken back while somebody works by it."""
    order = rework_order_of(record.pk) if record.route_id is not None else None
    if order is not None and order.status in ("released", "in_progress"):
        yield Blocker(
            "rework_open",
            _("Rework order %(order)s is “%(state)s”.") % {"order": order, "state": order.get_status_display()},
            record=order,
            remedy=_("Complete it with what its re-inspection shows, or cancel it while nothing is reported."),
            remedy_url=order.get_absolute_url(),
        )


@guard(OPERATION, "report", title=gettext_lazy("Nothing passes with a value out of limits"))
def nothing_passes_out_of_limits(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """What a re-inspection measured out of limits did not pass, and is reported as failed (ISO 13485 8.2.6, 8.3.4)."""
    context = context_of(operation, deed)
    if context.order.rework_of_id is None or deed.params.get("good", Decimal(0)) <= 0:
        return
    for record in context.values:
        is_standing = not hasattr(record, "superseded_by")
        if record.judgement == DataRecord.Verdict.OUT and is_standing and not record.is_covered:
            yield Blocker(
                "reinspection_failed",
                _("“%(value)s” is out of limits.") % {"value": record},
                record=record,
                remedy=_("Report what failed as scrap of this operation; quality then decides anew."),
            )


@guard(OPERATION, "consume", "complete_unit", title=gettext_lazy("Rework takes no stock"))
def rework_takes_no_stock(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A rework order makes no new goods: components that are replaced are replaced in the unit itself."""
    if context_of(operation, deed).order.rework_of_id is not None:
        yield Blocker(
            "rework",
            _("%(operation)s reworks goods that are there already.") % {"operation": operation},
            record=operation,
            remedy=_("Report the quantity; replace a built-in component on the page of its unit."),
        )
