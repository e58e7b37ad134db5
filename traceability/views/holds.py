"""Pages of holds."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.markup import site_time
from core.web.views import DetailPage, Fact, ListPage, MovePage
from traceability.filters import HoldFilters
from traceability.models import Hold
from traceability.tables import HoldTable


def _holds() -> QuerySet[Hold]:
    return Hold.objects.select_related("lot__material__uom", "unit__material__uom", "site", "placed_by")


def _facts(hold: Hold) -> list[Fact]:
    held = hold.held
    return [
        Fact(_("On"), held, held.get_absolute_url()),
        Fact(_("Material"), hold.material, hold.material.get_absolute_url()),
        Fact(_("Covers"), hold.covers),
        Fact(_("Reason"), hold.reason, wide=True),
        Fact(_("Raised by"), hold.source_label or "–"),
        Fact(_("Placed by"), hold.placed_by),
        Fact(_("Placed at"), site_time(hold.placed_at, ZoneInfo(hold.site.time_zone))),
    ]


class HoldList(ListPage):
    """All holds, the open ones by `?status=open`."""

    model = Hold
    permission = "traceability.view_hold"
    table_class = HoldTable
    filterset_class = HoldFilters
    search_fields = ("reason", "lot__number", "unit__serial")
    lead = gettext_lazy("What is held cannot be used, moved or scrapped until quality releases each hold.")
    empty_title = gettext_lazy("Nothing is on hold")
    empty_text = gettext_lazy("Place a hold on the page of a lot or unit when something about it is in doubt.")
    empty_offers = ((gettext_lazy("See the lots"), "traceability:lot_list"),)
    empty_icon = "hand"

    def get_queryset(self) -> QuerySet[Hold]:
        return _holds()


class HoldDetail(DetailPage):
    """One hold: on what, why, and who may release it."""

    model = Hold
    permission = "traceability.view_hold"
    timeline_later = True

    def get_queryset(self) -> QuerySet[Hold]:
        return _holds()

    def page_title(self) -> str:
        return str(self.record)

    def facts(self) -> list[Fact]:
        return _facts(self.record)


class HoldRelease(MovePage):
    """Release one hold, signed, with a reason."""

    model = Hold
    permission = "traceability.view_hold"
    move = "release"
    title = gettext_lazy("Release the hold")

    def get_queryset(self) -> QuerySet[Hold]:
        return _holds()

    def covered(self) -> list[Fact]:
        return _facts(self.record)
