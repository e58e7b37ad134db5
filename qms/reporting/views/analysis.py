"""Nonconformances counted: Pareto and rates, each figure with the list behind it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.queries import sites_of
from core.web.export import csv_lines, streamed
from core.web.services import report_export
from core.web.views.record import Page
from qms.complaints.queries.trend import Point, Trend, months_until
from qms.nonconformance.models import NonConformance
from qms.nonconformance.queries import TRAITS
from qms.reporting.forms import AnalysisForm
from qms.reporting.queries import Asked, Bar, Pareto, pareto, rates, volume_kinds
from traceability.queries import day_at

SEE = "qms_nonconformance.view_nonconformance"
MONTHS = 12


def nonconformances(asked: Asked, **more: Any) -> str:
    """The list of exactly what is meant, with further conditions; a later one replaces the same of before."""
    query: dict[str, Any] = {
        "counts": "yes", "site": asked.site.pk, "reported_after": asked.first.isoformat(),
        "reported_before": asked.last.isoformat(), "kind": asked.kind, "cause_category": asked.cause,
        "detection_point": asked.detection,
        "defect_code": asked.defect_code.pk if asked.defect_code is not None else "",
        "material": asked.material.number if asked.material is not None else "",
        "supplier": asked.supplier.code if asked.supplier is not None else "",
        "work_center": asked.work_center.pk if asked.work_center is not None else "",
    }  # fmt: skip
    kept = {name: value for name, value in (query | more).items() if value not in ("", None)}
    return f"{reverse('qms_nonconformance:nonconformance_list')}?{urlencode(kept)}"


@dataclass(frozen=True)
class BarRow:
    """A value of the chart and the list behind it; shares in per cent."""

    bar: Bar
    share: float
    cumulative: float
    url: str


@dataclass(frozen=True)
class PointRow:
    """A month and the list behind it."""

    point: Point
    url: str


class Analysis(Page):
    """How often what happens, and whether it happens more often than chance explains."""

    permission = SEE
    model = NonConformance
    template_name = "qms/reporting/analysis.html"
    title = _("Nonconformances counted")

    @cached_property
    def form(self) -> AnalysisForm:
        """What is asked for."""
        sites = sites_of(self.request.user, SEE)
        kinds = [(code, kind.label) for code, kind in volume_kinds().items()]
        data = self.request.GET.copy()
        data.pop("export", None)
        form = AnalysisForm(data or None, sites=sites, volumes=kinds)
        site = sites.first()
        today = day_at(site) if site is not None else now().date()
        form.initial = {
            "site": site, "first": months_until(today, MONTHS)[0], "last": today, "by": "defect",
            "volume": next((code for code, _label in kinds if code == "operations"), kinds[0][0]),
        }  # fmt: skip
        return form

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values of the form, its first ones where nothing was chosen."""
        chosen = dict(self.form.cleaned_data) if self.form.is_bound and self.form.is_valid() else {}
        return {**chosen, **{name: chosen.get(name) or first for name, first in self.form.initial.items()}}

    @cached_property
    def asked(self) -> Asked | None:
        """What is meant; None where the visitor sees no site or a value is wrong."""
        if self.values["site"] is None or (self.form.is_bound and not self.form.is_valid()):
            return None
        names = ("site", "first", "last", "kind", "defect_code", "material", "supplier", "work_center", "cause",
                 "detection")  # fmt: skip
        asked = Asked(**{name: self.values[name] for name in names if self.values.get(name)})
        return asked if asked.first <= asked.last else None

    @cached_property
    def found(self) -> Pareto | None:
        """The frequencies."""
        return pareto(self.asked, self.values["by"]) if self.asked is not None else None

    @cached_property
    def trend(self) -> Trend | None:
        """The rates by month."""
        return rates(self.asked, self.values["volume"]) if self.asked is not None else None

    def bars(self) -> list[BarRow]:
        """The frequencies with the lists behind them."""
        found, asked = self.found, self.asked
        if found is None or asked is None:
            return []
        name = TRAITS[found.trait].filter_name
        rows = []
        for bar in found.bars:
            more = {"unset": found.trait} if bar.key is None else {name: bar.key}
            rows.append(
                BarRow(bar, 100 * bar.count / found.summed, 100 * bar.cumulative, nonconformances(asked, **more))
            )
        return rows

    def points(self) -> list[PointRow]:
        """The months with the lists behind them, the first one first."""
        trend, asked = self.trend, self.asked
        if trend is None or asked is None:
            return []
        return [PointRow(one, nonconformances(asked, **_days(one.month, asked))) for one in trend.points]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or its figures as a file."""
        if self.form.is_bound and not self.form.is_valid():
            return self.render(status=422)
        if request.GET.get("export") == "csv" and self.asked is not None:
            return self.export()
        return self.render()

    def export(self) -> HttpResponseBase:
        """Both tables as CSV; that they leave is recorded first."""
        lines = list(self.lines())
        query = self.request.GET.copy()
        query.pop("export")
        report_export(
            page=self.request.path, query=query.urlencode(), format="csv", rows=len(lines), actor=self.request.user
        )
        header = [
            _t("Table"),
            _t("Value"),
            _t("Number"),
            _t("Volume"),
            _t("Rate"),
            _t("Lower limit"),
            _t("Upper limit"),
        ]
        name = f"nonconformances-{now():%Y%m%d-%H%M}.csv"
        return streamed(csv_lines(header, lines), self.request, content_type="text/csv; charset=utf-8", name=name)

    def lines(self) -> Iterator[Sequence[Any]]:
        """The rows of the file."""
        trait = str(TRAITS[self.values["by"]].label)
        for row in self.bars():
            yield (trait, row.bar.name or _t("not known"), row.bar.count, "", "", "", "")
        for one in self.points():
            point = one.point
            figures = ("", "", "") if point.rate is None else (point.rate, point.lower, point.upper)
            yield (_t("Month"), f"{point.month:%Y-%m}", point.count, point.shipped, *figures)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Nonconformances"), reverse("qms_nonconformance:nonconformance_list")), (self.title, "")]

    def context(self, **more: Any) -> dict[str, Any]:
        if self.asked is None:
            return super().context(form=self.form, asked=None, **more)
        bars, points = self.bars(), self.points()
        query = self.request.GET.copy()
        query["export"] = "csv"
        return super().context(
            form=self.form,
            asked=self.asked,
            trait=TRAITS[self.values["by"]],
            found=self.found,
            bars=bars,
            bar_urls=[row.url for row in bars],
            trend=self.trend,
            points=points[::-1],
            point_urls=[row.url for row in points],
            volume=volume_kinds()[self.values["volume"]].label,
            csv_url=f"?{query.urlencode()}",
            **more,
        )


def _days(month: dt.date, asked: Asked) -> dict[str, str]:
    """The days of a month that lie within what is asked for."""
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return {
        "reported_after": max(month, asked.first).isoformat(),
        "reported_before": min(last, asked.last).isoformat(),
    }
