"""What stands against the approval and the use of a planned deviation."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.nonconformance.models import PlannedDeviation
from qms.nonconformance.queries import against_using
from traceability.queries import day_at

DEVIATION = "qms_nonconformance.PlannedDeviation"


@guard(DEVIATION, "submit", "approve", title=gettext_lazy("Not over yet"))
def its_time_is_not_over(record: PlannedDeviation, deed: Deed) -> Iterator[Blocker]:
    """Nobody approves afterwards what was planned for earlier: that was a deviation, and is recorded as one."""
    if record.valid_until < day_at(record.site):
        yield Blocker(
            "expired",
            _("Its last day was %(day)s.") % {"day": record.valid_until},
            record=record,
            remedy=_("Return it to draft and change its days; raise a deviation for what was done already."),
        )


@guard(DEVIATION, "use", title=gettext_lazy("May be used"))
def it_may_be_used(record: PlannedDeviation, deed: Deed) -> Iterator[Blocker]:
    """Approved, within its days, for its material, and within its quota. Reads lot and quantity from the deed."""
    yield from against_using(record, deed.params["lot"], deed.params["quantity"], day_at(record.site))


@guard(DEVIATION, "edit", title=gettext_lazy("Still a draft"))
def it_is_still_a_draft(record: PlannedDeviation, deed: Deed) -> Iterator[Blocker]:
    """What others look at or have approved stays as it is."""
    if record.status != "draft":
        yield Blocker(
            "not_editable",
            _("%(deviation)s is “%(status)s” and cannot be changed.")
            % {"deviation": record, "status": record.get_status_display()},
            record=record,
            remedy=_("Have it returned to draft, or draft another one."),
        )
