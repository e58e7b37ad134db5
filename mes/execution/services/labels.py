"""Labels at the station: of what is being made, at the nearest printer, in one tap."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Terminal
from core.printing.models import PrintJob
from core.printing.queries import default_printer
from mes.execution.models import OrderOperation
from mes.execution.services.results import Outcome
from traceability.models import Lot, SerializedUnit
from traceability.services import print_labels


def _labelled(operation: OrderOperation) -> Lot | SerializedUnit:
    """The unit made last where the order makes units, else its lot."""
    lot = operation.order.lot
    if lot is None:
        said = _("Order %(order)s makes no lot.") % {"order": operation.order}
        raise Blocked(
            Blocker("no_lot", said, record=operation.order, remedy=_("Labels are printed of released orders."))
        )
    if operation.order.is_sandbox:
        said = _("Order %(order)s is only a trial; nothing of it is real.") % {"order": operation.order}
        raise Blocked(Blocker("sandbox", said, record=operation.order, remedy=_("Print labels of real orders.")))
    return lot.units.order_by("-pk").first() or lot


@service
def print_label(
    *, order_operation: OrderOperation, actor: Any, terminal: Terminal | None = None, client_id: uuid.UUID | None = None
) -> Outcome[PrintJob]:
    """Print the label of the unit made last, or of the lot, at the printer of the terminal, work center or site.

    Raises `Blocked` where none is set up, and as `print_labels` does: a second print of the same label is asked for at
    the desk, with its reason.
    """
    record = _labelled(order_operation)
    printer = default_printer(record.site, work_center=order_operation.work_center, terminal=terminal)
    if printer is None:
        raise Blocked(
            Blocker(
                "no_printer",
                _("No printer is set up for %(place)s.") % {"place": terminal or order_operation.work_center},
                record=order_operation,
                remedy=_("Print the label at the desk, or have a printer set up for this work center."),
            )
        )
    job = print_labels(records=[record], printer=printer, actor=actor)
    said = _("%(title)s was sent to printer %(printer)s.") % {"title": job.title, "printer": printer}
    return Outcome(job, said)
