"""A value out of limits under a planned deviation: may this person use it, and does it cover this value now?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.permissions import catalogue
from core.kernel.wiring import guard
from core.organization.queries import may
from mes.execution.guards.order import OPERATION
from mes.execution.models import OrderOperation
from mes.execution.queries.context import context_of
from mes.execution.queries.deviations import Deviating, deviation_blockers

USE = "qms_nonconformance.use_planneddeviation"
RECORDING = ("record", "complete_unit")


def _found(deed: Deed) -> Sequence[Deviating]:
    found: Sequence[Deviating] = deed.params.get("deviating", ())
    return found


@guard(OPERATION, *RECORDING, title=gettext_lazy("Right to use planned deviations"))
def person_may_use_deviations(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Only people with the right at this work center work under a planned deviation (21 CFR 11.10(g))."""
    if _found(deed) and not may(deed.actor, USE, operation):
        yield Blocker(
            "permission",
            _("%(who)s has no right to do this at %(where)s: %(right)s.")
            % {"who": deed.actor, "where": operation.work_center, "right": catalogue()[USE].label},
            record=operation,
            remedy=_("Ask your lead, or record the value without the deviation: quality decides then."),
        )


@guard(OPERATION, *RECORDING, title=gettext_lazy("Planned deviation in force, for this value, with quota left"))
def planned_deviation_covers_the_value(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Approved before, within its days, its range and its quota (21 CFR 211.100(b); IATF 16949 8.5.6.1.1)."""
    yield from deviation_blockers(context_of(operation, deed), _found(deed))
