"""Which gauge somebody scanned."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from core.organization.models import Equipment
from core.web.scan import clean
from mes.execution.models import OrderOperation
from qms.calibration.queries import equipment_called


def scanned_gauge(order_operation: OrderOperation, code: str) -> Equipment | None:
    """The gauge at the operation's site with this code; None where nothing was scanned. Raises `Blocked` in words."""
    text = clean(code).text.strip()
    if not text:
        return None
    found = equipment_called(text, order_operation.order.site)
    if found is None:
        raise Blocked(
            Blocker(
                "gauge_unknown",
                _("There is no gauge “%(code)s” at %(site)s.") % {"code": text, "site": order_operation.order.site},
                record=order_operation,
                remedy=_("Scan the code on the gauge, or scan another gauge."),
            )
        )
    return found
