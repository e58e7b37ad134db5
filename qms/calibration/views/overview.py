"""How the gauges stand, and what falls due when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.lifecycle import State
from core.organization.queries import scoped
from core.web.views.record import Page
from qms.calibration.lifecycle import VIEW
from qms.calibration.models import CalibrationPlan
from qms.calibration.queries import STANDINGS, gauges, standing_is

MONTHS = 12
PER_MONTH = 20
FIRST = ("overdue", "failed", "never", "due_soon", "out_of_service", "lost", "good")


@dataclass(frozen=True)
class Figure:
    """How many gauges stand so."""

    state: State
    number: int


@dataclass
class Month:
    """What falls due in a month."""

    first: dt.date
    plans: list[CalibrationPlan] = field(default_factory=list)
    number: int = 0


class Overview(Page):
    """Figures that lead to the list behind them, and the calendar of the next months."""

    permission = VIEW
    template_name = "qms/calibration/overview.html"
    title = _("Calibration")

    def get(self, request: HttpRequest) -> HttpResponse:
        today = now().date()
        seen = scoped(CalibrationPlan.objects.all(), request.user, VIEW)
        counted: dict[str, Any] = {f"of_{code}": Count("pk", filter=standing_is(code, today)) for code in FIRST}
        numbers = seen.aggregate(**counted)
        by_code = {state.code: state for state in STANDINGS}
        return self.render(
            figures=[Figure(by_code[code], numbers[f"of_{code}"]) for code in FIRST],
            is_empty=not any(numbers.values()),
            months=self.calendar(today),
        )

    def calendar(self, today: dt.date) -> Sequence[Month]:
        """The months with what falls due in each; the overdue stand in the list."""
        months: dict[tuple[int, int], Month] = {}
        for ahead in range(MONTHS):
            year, number = divmod(today.year * 12 + today.month - 1 + ahead, 12)
            months[year, number + 1] = Month(dt.date(year, number + 1, 1))
        last = max(months)
        until = dt.date(last[0] + last[1] // 12, last[1] % 12 + 1, 1)
        due = gauges().filter(due_on__gte=today, due_on__lt=until, status="in_service")
        for plan in scoped(due, self.request.user, VIEW).order_by("due_on", "equipment__code"):
            if plan.due_on is None:
                continue
            month = months[plan.due_on.year, plan.due_on.month]
            month.number += 1
            if len(month.plans) < PER_MONTH:
                month.plans.append(plan)
        return list(months.values())
