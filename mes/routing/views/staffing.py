"""Who could do planned orders by a routing revision."""

from __future__ import annotations

from typing import Any

from core.kernel.clock import now
from mes.routing.models import RoutingRevision
from mes.routing.queries.staffing import staffing_for_routing
from qms.training.queries import Staffing
from qms.training.views import StaffingPage


class RoutingRevisionStaffing(StaffingPage):
    """What planned work nobody could do by this routing revision, and the waiver by signature."""

    model, permission = RoutingRevision, "mes_routing.view_routing"

    def get_queryset(self) -> Any:
        return RoutingRevision.objects.select_related("routing__site")

    def read(self) -> Staffing:
        return staffing_for_routing(self.record, now())
