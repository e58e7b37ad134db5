"""The trend: complaints per 1,000 shipped, by month and event code."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.organization.queries import sites_of
from core.web.views.record import Page
from qms.complaints.forms import TrendForm
from qms.complaints.models import Complaint
from qms.complaints.queries import Overview, overview
from qms.complaints.queries.trend import MONTHS, CodeLine, Point
from qms.complaints.views.common import SEE
from traceability.queries import day_at


@dataclass(frozen=True)
class Row:
    """A month of the trend, with the list behind its figure."""

    point: Point
    url: str


@dataclass(frozen=True)
class Line:
    """An event code, with its own trend and the lists behind its months."""

    line: CodeLine
    url: str
    cells: Sequence[tuple[int, str]]


class ComplaintTrend(Page):
    """How often customers complain of what, measured by what was shipped."""

    permission = SEE
    model = Complaint
    template_name = "qms/complaints/trend.html"
    title = _("Complaint trend")

    @cached_property
    def form(self) -> TrendForm:
        """What is asked for."""
        sites = sites_of(self.request.user, SEE)
        form = TrendForm(self.request.GET or None, sites=sites)
        form.initial = {"site": sites.first(), "months": MONTHS[0]}
        return form

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The values of the form; its first ones where it was not sent or does not fit."""
        values = dict(self.form.cleaned_data) if self.form.is_bound and self.form.is_valid() else {}
        return {
            "site": values.get("site") or self.form.initial["site"],
            "code": values.get("code"),
            "material": values.get("material"),
            "months": values.get("months") or MONTHS[0],
        }

    @cached_property
    def found(self) -> Overview | None:
        """The trend; None where the visitor may see complaints of no site."""
        site = self.asked["site"]
        return None if site is None else overview(today=day_at(site), **self.asked)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Complaints"), reverse("qms_complaints:complaint_list")), (self.title, "")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page."""
        return self.render(status=422 if self.form.is_bound and not self.form.is_valid() else 200)

    def _list(self, month: dt.date, code: int | None) -> str:
        last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        query: dict[str, Any] = {
            "site": self.asked["site"].pk, "counts": "yes", "received_on_after": month.isoformat(),
            "received_on_before": last.isoformat(),
        }  # fmt: skip
        if code is not None:
            query["code"] = code
        if self.asked["material"] is not None:
            query["product"] = self.asked["material"].number
        return f"{reverse('qms_complaints:complaint_list')}?{urlencode(query)}"

    def _of_code(self, code: int | None) -> str:
        kept = {
            "site": self.asked["site"].pk, "months": self.asked["months"],
            "material": self.asked["material"].number if self.asked["material"] is not None else "",
            "code": code or "",
        }  # fmt: skip
        return f"?{urlencode(kept)}"

    def _line(self, one: CodeLine, months: Sequence[dt.date]) -> Line:
        key = one.code.pk if one.code is not None else None
        urls = [self._list(month, key) if key is not None else "" for month in months]
        return Line(one, self._of_code(key) if key is not None else "", list(zip(one.counts, urls, strict=True)))

    def context(self, **more: Any) -> dict[str, Any]:
        found = self.found
        code = self.asked["code"].pk if self.asked["code"] is not None else None
        rows = [Row(one, self._list(one.month, code)) for one in found.trend.points] if found is not None else []
        lines = [self._line(one, found.months) for one in found.lines] if found is not None else []
        return super().context(form=self.form, asked=self.asked, found=found, rows=rows[::-1], lines=lines, **more)
