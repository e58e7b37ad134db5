"""Key figures: each with its definition, unit and time, and the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.queries import sites_of
from core.web.access import may
from core.web.links import reachable
from core.web.views.record import Page
from qms.complaints.queries.trend import months_until
from qms.reporting.forms import FiguresForm
from qms.reporting.lifecycle import VIEW_RUN
from qms.reporting.models import ReportRun
from qms.reporting.queries import FigureGroup, KeyFigure, key_figures
from traceability.queries import day_at

MONTHS = 12


@dataclass(frozen=True)
class Shown:
    """A figure and the address of the list behind it; empty where the visitor is not let in."""

    figure: KeyFigure
    url: str


@dataclass(frozen=True)
class ShownGroup:
    """Figures of one field."""

    group: FigureGroup
    figures: Sequence[Shown]


class KeyFigures(Page):
    """How quality stands, in figures that lead to their lists."""

    permission = VIEW_RUN
    model = ReportRun
    template_name = "qms/reporting/figures.html"
    title = _("Key figures")

    @cached_property
    def form(self) -> FiguresForm:
        """What is asked for."""
        sites = sites_of(self.request.user, VIEW_RUN)
        form = FiguresForm(self.request.GET or None, sites=sites)
        site = sites.first()
        today = day_at(site) if site is not None else now().date()
        form.initial = {"site": site, "first": months_until(today, MONTHS)[0], "last": today}
        return form

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The values of the form, its first ones where nothing was chosen."""
        chosen = dict(self.form.cleaned_data) if self.form.is_bound and self.form.is_valid() else {}
        return {name: chosen.get(name) or first for name, first in self.form.initial.items()}

    @cached_property
    def groups(self) -> list[FigureGroup]:
        """The figures that the visitor may see at the site; none where a value is wrong."""
        site = self.asked["site"]
        if site is None or (self.form.is_bound and not self.form.is_valid()):
            return []
        return key_figures(**self.asked, rights=lambda right: may(self.request.user, right, site))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page."""
        return self.render(status=422 if self.form.is_bound and not self.form.is_valid() else 200)

    def _shown(self, figure: KeyFigure) -> Shown:
        query = f"?{urlencode(figure.query)}" if figure.query else ""
        return Shown(figure, reachable(self.request, f"{reverse(figure.list_name)}{query}"))

    def context(self, **more: Any) -> dict[str, Any]:
        shown = [ShownGroup(group, [self._shown(one) for one in group.figures]) for group in self.groups]
        return super().context(form=self.form, asked=self.asked, groups=shown, **more)
