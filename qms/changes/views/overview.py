"""Changes at a glance: board, calendar, dashboard; and what a release will meet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.web.markup import Text
from core.web.views import DetailPage, Fact
from core.web.views.parts import Part
from core.web.views.record import Page, zone_of
from qms.changes.lifecycle import VIEW, WAY
from qms.changes.models import ChangeItem, ChangeOrder
from qms.changes.queries import board, figures, items_of, order_lines, planned_releases
from qms.changes.questions import PreviewLine, ReleasePreview

WEEKS = 8


class ChangeBoard(Page):
    """The open changes by state."""

    permission, template_name, title = VIEW, "qms/changes/board.html", _("Changes by state")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(columns=board(request.user), list_url=reverse("qms_changes:changeorder_list"))


@dataclass(frozen=True)
class Figure:
    """A figure of the dashboard and the list behind it."""

    label: Text
    value: int
    url: str
    tone: str = ""


class ChangeDashboard(Page):
    """Where changes stand, in figures that lead to their lists."""

    permission, template_name, title = VIEW, "qms/changes/dashboard.html", _("Changes in figures")

    def get(self, request: HttpRequest) -> HttpResponse:
        found, base = figures(request.user), reverse("qms_changes:changeorder_list")
        shown = [
            Figure(_("Open changes"), found.open, f"{base}?work=open"),
            Figure(
                _("Not released by their date"), found.overdue, f"{base}?work=overdue", "bad" if found.overdue else ""
            ),
            Figure(
                _("Emergencies to be approved"), found.emergencies_unapproved, f"{base}?work=unapproved",
                "warn" if found.emergencies_unapproved else "",
            ),
            Figure(_("Temporary and in force"), found.temporary, f"{base}?work=in_force"),
            Figure(
                _("of these, expire within 7 days"), found.expiring, f"{base}?work=in_force",
                "warn" if found.expiring else "",
            ),
            Figure(_("Old revisions still in use or to be closed"), found.in_monitoring, f"{base}?status=monitoring"),
            Figure(_("Released within 30 days"), found.released, f"{base}?sort=-released_at"),
        ]  # fmt: skip
        return self.render(figures=shown)


@dataclass(frozen=True)
class Moment:
    """Something of a change on a day."""

    at: dt.datetime
    what: Text
    change: ChangeOrder


@dataclass(frozen=True)
class Week:
    """A week of the calendar with what falls into it."""

    begins: dt.date
    moments: Sequence[Moment]


class ChangeCalendar(Page):
    """Releases, wishes and expiries of the coming weeks."""

    permission, template_name, title = VIEW, "qms/changes/calendar.html", _("Calendar of changes")

    def get(self, request: HttpRequest) -> HttpResponse:
        zone = zone_of(request)
        today = now().astimezone(zone).date()
        monday = today - dt.timedelta(days=today.weekday() + 7)
        begin = dt.datetime.combine(monday, dt.time.min, tzinfo=zone)
        until = begin + dt.timedelta(weeks=WEEKS)
        moments = sorted(self._moments(planned_releases(request.user, since=begin, until=until), begin, until),
                         key=lambda one: one.at)  # fmt: skip
        weeks = []
        for number in range(WEEKS):
            first = monday + dt.timedelta(weeks=number)
            last = first + dt.timedelta(weeks=1)
            weeks.append(Week(first, [one for one in moments if first <= one.at.astimezone(zone).date() < last]))
        return self.render(weeks=weeks, today=today, count=len(moments))

    def _moments(self, changes: QuerySet[ChangeOrder], begin: dt.datetime, until: dt.datetime) -> list[Moment]:
        found = []
        for change in changes:
            wish = change.due_at if change.released_at is None and change.release_at is None else None
            for moment, what in (
                (change.release_at if change.released_at is None else None, _("planned release")),
                (change.released_at, _("released")),
                (wish, _("to be released")),
                (change.expires_at, _("expires")),
            ):
                if moment is not None and begin <= moment < until:
                    found.append(Moment(moment, what, change))
        return found


class ChangePreview(DetailPage):
    """What a release will meet: open orders, pieces in work, untrained people, stations without equipment."""

    model, permission = ChangeOrder, VIEW
    template_name = "qms/changes/preview.html"
    show_timeline = False
    stepper_path = WAY

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeOrder.objects.select_related("site", "change_type", "owner")

    def page_title(self) -> Text:
        return _t("What the release will meet")

    def move_urls(self) -> dict[str, str]:
        return {}

    def crumbs(self) -> list[tuple[Text, str]]:
        record = self.record
        found = [(_t("Changes"), self.list_url()), (record.number, record.get_absolute_url()), (self.page_title(), "")]
        return found

    def signatures(self) -> Sequence[Any]:
        return ()

    @cached_property
    def lines(self) -> list[Any]:
        """The open orders with what is decided about them."""
        return order_lines(self.record, self.items)

    @cached_property
    def items(self) -> list[ChangeItem]:
        """What the change names, with its revisions."""
        return items_of(self.record)

    def facts(self) -> Sequence[Fact]:
        ends = ChangeItem.Action.OBSOLETE
        return [
            Fact(_("Revisions that become effective"), sum(one.action != ends for one in self.items)),
            Fact(_("Revisions that become obsolete"), sum(one.action == ends for one in self.items)),
            Fact(_("Open orders"), len(self.lines)),
            Fact(_("Pieces in these orders"), sum(line.demand.pieces for line in self.lines)),
        ]

    def missing(self) -> list[PreviewLine]:
        """What the release would lack: people, equipment."""
        return ask(ReleasePreview(tuple(found for one in self.items if (found := one.to_revision) is not None)))

    def parts(self) -> Sequence[Part]:
        return [
            *super().parts(),
            Part(
                "missing",
                _("What will be missing"),
                "qms/changes/_missing.html",
                lambda: {"missing": self.missing()},
                _("Looking for people and equipment…"),
                is_announced=True,
            ),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(lines=self.lines, **more)
