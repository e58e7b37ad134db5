"""Pages of serialized units."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.views import Action, DetailPage, Fact, ListPage, MovePage, Related
from traceability import services
from traceability.filters import SerializedUnitFilters
from traceability.models import Hold, SerializedUnit
from traceability.queries import movements_of, open_holds
from traceability.tables import SerializedUnitTable


class UnitList(ListPage):
    """All serialized units."""

    model = SerializedUnit
    permission = "traceability.view_serializedunit"
    table_class = SerializedUnitTable
    filterset_class = SerializedUnitFilters
    search_fields = ("serial", "material__number", "material__name", "lot__number")
    empty_title = gettext_lazy("No serialized units yet")
    empty_text = gettext_lazy("They appear here when an order of a material tracked by serial number makes them.")
    empty_icon = "barcode"

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("material", "lot", "site")


class UnitDetail(DetailPage):
    """One unit: what it is, its holds, its movements."""

    model = SerializedUnit
    permission = "traceability.view_serializedunit"
    timeline_later = True
    template_name = "traceability/serializedunit_detail.html"
    stepper_path = ("in_process", "completed", "released")

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("material__uom", "lot", "site")

    def number(self) -> str:
        return str(self.record.serial)

    def page_title(self) -> str:
        return str(self.record.material)

    @cached_property
    def holds(self) -> list[Hold]:
        """The open holds that cover the unit."""
        return list(open_holds(unit=self.record).order_by("pk"))

    def badges(self) -> list[tuple[str, str, str]]:
        return [(_("On hold"), "bad", "hand")] if self.holds else []

    def facts(self) -> list[Fact]:
        lot = self.record.lot
        return [
            Fact(_("Material"), self.record.material, self.record.material.get_absolute_url()),
            Fact(_("Lot"), lot or "–", lot.get_absolute_url() if lot else ""),
            Fact(_("Site"), self.record.site),
            Fact(_("Made by"), self.record.source_label or "–"),
            Fact(_("Key in another system"), self.record.other_key or "–"),
        ]

    def actions(self) -> list[Action]:
        pk = self.record.pk
        return [
            Action(
                _("Trace"),
                reverse("traceability:serializedunit_trace", args=[pk]),
                "sitemap",
                "traceability.view_genealogylink",
            ),
            Action(
                _("Place a hold"),
                reverse("traceability:serializedunit_hold", args=[pk]),
                "hand",
                "traceability.place_hold",
            ),
        ]

    def related(self) -> list[Related]:
        return [Related(f"{hold} · {hold.reason}", hold.get_absolute_url(), hold.lot or "") for hold in self.holds]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(movements=movements_of(self.record), one_unit=True, **more)


class UnitMove(MovePage):
    """A move of a unit: release, scrap."""

    model = SerializedUnit
    permission = "traceability.view_serializedunit"

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("material", "lot", "site")

    def covered(self) -> list[Fact]:
        return [Fact(_("Material"), self.record.material), Fact(_("Lot"), self.record.lot or "–")]


class UnitHold(MovePage):
    """Place a hold on one unit."""

    model = SerializedUnit
    permission = "traceability.view_serializedunit"
    deed_permission = "traceability.place_hold"
    label = gettext_lazy("Place the hold")
    title = gettext_lazy("Place a hold")
    explanation = gettext_lazy("Nobody can use, move or scrap the unit until quality releases exactly this hold.")
    asks_reason = True

    def deed(self, form: Any) -> SerializedUnit:
        services.place_hold(unit=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)
        unit: SerializedUnit = self.record
        return unit
