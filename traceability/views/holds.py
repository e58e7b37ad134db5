"""Pages of holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.markup import site_time
from core.web.views import Action, Bulk, BulkMovePage, DetailPage, Fact, ListPage, MovePage, Related
from traceability import services
from traceability.filters import HoldFilters
from traceability.models import Hold
from traceability.queries import plain
from traceability.tables import HoldTable
from traceability.views.recalls import recall_action, recalls_holding

SHOWN = 50
"""How many of the holds that come from one are named."""


def _holds() -> QuerySet[Hold]:
    return Hold.objects.select_related(
        "lot__material__uom", "unit__material__uom", "site", "placed_by", "inherited_from__lot", "inherited_from__unit"
    )


def _facts(hold: Hold) -> list[Fact]:
    held, above = hold.held, hold.inherited_from
    from_where = (
        []
        if above is None
        else [
            Fact(_("Inherited from"), f"{above} · {above.held}", above.get_absolute_url()),
        ]
    )
    return [
        Fact(_("On"), held, held.get_absolute_url()),
        Fact(_("Material"), hold.material, hold.material.get_absolute_url()),
        Fact(_("Covers"), hold.covers),
        Fact(_("Reason"), hold.reason, wide=True),
        *from_where,
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
    lead = gettext_lazy("What is held cannot be used or moved (except into quarantine) until quality releases it.")
    empty_title = gettext_lazy("Nothing is on hold")
    empty_text = gettext_lazy("Place a hold on the page of a lot or unit when something about it is in doubt.")
    empty_offers = ((gettext_lazy("See the lots"), "traceability:lot_list"),)
    empty_icon = "hand"
    bulk = (Bulk(gettext_lazy("Release"), "traceability:hold_release_many", "traceability.release_hold", "signature"),)

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

    def actions(self) -> list[Action]:
        held = self.record.held
        recall = recall_action(held, str(held))
        if self.record.status != "open":
            return [recall]
        address = reverse("traceability:hold_remove", args=[self.record.pk])
        return [Action(_("Destroy or return"), address, "trash", "traceability.remove_hold"), recall]

    def related(self) -> list[Related]:
        removals = self.record.removals.select_related("lot__material__uom", "unit")
        gone = [
            Related(str(one), "", f"{plain(one.quantity)} {one.lot.material.uom.symbol} · {one.reason}")
            for one in removals
        ]
        passed = [
            Related(
                f"{one} · {one.lot}",
                one.get_absolute_url(),
                _("Inherited: %(state)s") % {"state": one.get_status_display()},
            )
            for one in self.record.passed_on.select_related("lot").order_by("pk")[:SHOWN]
        ]
        return gone + passed + recalls_holding(self.record)


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


class HoldReleaseMany(BulkMovePage):
    """Release the chosen holds, all or none, by one signature and for one reason."""

    model, permission, deed_permission = Hold, "traceability.view_hold", "traceability.release_hold"
    move = "release"
    label = gettext_lazy("Release the holds")
    explanation = gettext_lazy(
        "What they held may be used again, unless another hold covers it. Each hold is signed for itself."
    )

    def get_queryset(self) -> QuerySet[Hold]:
        return _holds()

    def told_of(self, record: Hold) -> str:
        return f"{record.held} · {record.covers} · {record.reason}"

    def deed_on_all(self, records: Sequence[Hold], form: Any) -> list[Hold]:
        return services.release_holds(
            holds=records, reason=form.cleaned_data["reason"], signature=self.proof(), actor=self.request.user
        )
