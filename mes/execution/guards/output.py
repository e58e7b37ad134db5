"""Good and scrapped quantity: plausible, explained, identified."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.guards.order import OPERATION
from mes.execution.models import OrderOperation, Output
from mes.execution.queries.context import context_of
from traceability.models import SerializedUnit
from traceability.queries import fraction_blockers, plain

REPORTING = ("report", "complete_unit")
ZERO = Decimal(0)


@guard(OPERATION, *REPORTING, title=gettext_lazy("Quantity above zero"))
def quantity_is_positive(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A report says how much became good and how much scrap; a mistake is undone instead of counted down."""
    good, scrap = deed.params.get("good", ZERO), deed.params.get("scrap", ZERO)
    if good < 0 or scrap < 0 or good + scrap == 0:
        yield Blocker(
            "quantity",
            _("Good and scrap together must be above zero, and neither below."),
            remedy=_("Enter the quantities. To take something back, undo the entry."),
        )


@guard(OPERATION, "report", title=gettext_lazy("Whole pieces"))
def pieces_are_whole(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """What is counted in pieces becomes good or scrap piece by piece (21 CFR 211.103)."""
    uom = context_of(operation, deed).order.material.uom
    for quantity in (deed.params.get("good", ZERO), deed.params.get("scrap", ZERO)):
        yield from fraction_blockers(quantity, uom, operation)


@guard(OPERATION, *REPORTING, title=gettext_lazy("Not more than ordered, or explained"))
def quantity_is_explained(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """More than ordered, or than came from the operation before, happens and is explained (21 CFR 211.103, 211.192)."""
    if str(deed.params.get("explanation", "")).strip():
        return
    context = context_of(operation, deed)
    good, scrap = deed.params.get("good", ZERO), deed.params.get("scrap", ZERO)
    present = context.counters
    after = present.good + present.scrap + good + scrap
    if after > present.planned:
        yield Blocker(
            "over_completion",
            _("%(after)s would be reported in total, %(planned)s are ordered.")
            % {"after": plain(after), "planned": plain(present.planned)},
            record=operation,
            remedy=_("Check the quantity, or explain why there are more."),
        )
        return
    if context.arrived is not None and after > context.arrived[1]:
        previous, arrived = context.arrived
        yield Blocker(
            "more_than_arrived",
            _("%(after)s would be reported in total, but only %(arrived)s came from %(previous)s.")
            % {"after": plain(after), "arrived": plain(arrived), "previous": previous},
            record=previous,
            remedy=_("Report the earlier operation first, or explain the difference."),
        )


@guard(OPERATION, "report", title=gettext_lazy("Scrap has a reason"))
def scrap_has_a_reason(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Scrap is reported with a reason from the plant's list, or it cannot be reduced (ISO 13485 8.4)."""
    reason = deed.params.get("scrap_reason")
    if deed.params.get("scrap", ZERO) > 0 and reason is None:
        yield Blocker(
            "scrap_reason",
            _("The scrapped quantity needs a reason."),
            remedy=_("Choose why it was scrapped."),
        )
    elif reason is not None and not reason.is_active:
        yield Blocker(
            "scrap_reason",
            _("Scrap reason %(reason)s is no longer used.") % {"reason": reason},
            record=reason,
            remedy=_("Choose another reason."),
        )


@guard(OPERATION, "report", title=gettext_lazy("Serialized units one by one"))
def units_are_completed_one_by_one(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Good pieces of a serialized material get their serial number when they are finished (ISO 13485 7.5.8)."""
    if context_of(operation, deed).order.rework_of_id is not None:
        return  # The units have their numbers already.
    serialized = operation.operation.yields_unit and context_of(operation, deed).order.material.tracking == "serial"
    if serialized and deed.params.get("good", ZERO) > 0:
        yield Blocker(
            "serial",
            _("%(material)s is tracked by serial number.") % {"material": operation.order.material},
            record=operation,
            remedy=_("Complete the units one by one, each with its serial number."),
        )


@guard(OPERATION, "complete_unit", title=gettext_lazy("Serial number is free"))
def serial_number_is_free(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """One serial number, one unit, once; only the operation that finishes units gives them (ISO 13485 7.5.8)."""
    context = context_of(operation, deed)
    order = context.order
    serial = str(deed.params.get("serial", "")).strip()
    if not operation.operation.yields_unit or order.material.tracking != "serial":
        yield Blocker(
            "no_units",
            _("%(operation)s finishes no serialized units.") % {"operation": operation},
            record=operation,
            remedy=_("Report the quantity instead."),
        )
    elif not serial:
        yield Blocker("serial", _("The unit needs a serial number."), remedy=_("Scan or enter it."))
    elif order.is_sandbox:
        taken = Output.objects.filter(
            order_operation=operation, serial=serial, reverses__isnull=True, reversed_by__isnull=True
        )
        if taken.exists():
            yield _taken(serial)
    elif (unit := context.begun_unit(serial)) is not None and (
        unit.status != "in_process" or unit.lot_id != order.lot_id
    ):
        yield _taken(serial, unit)


def _taken(serial: str, unit: SerializedUnit | None = None) -> Blocker:
    return Blocker(
        "serial_taken",
        _("Serial number %(serial)s exists already.") % {"serial": serial},
        record=unit,
        remedy=_("Check the number on the piece; take the next free one."),
    )
