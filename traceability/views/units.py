"""Pages of serialized units."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.access import may
from core.web.views import Action, Bulk, DetailPage, Fact, ListPage, MovePage, Related
from core.web.views.parts import Part
from traceability import services
from traceability.filters import SerializedUnitFilters
from traceability.models import Hold, SerializedUnit
from traceability.queries import (
    BuiltIn,
    Missing,
    as_built,
    built_into,
    in_which_container,
    missing_in,
    movements_of,
    open_holds,
)
from traceability.tables import SerializedUnitTable
from traceability.views.labels import label_actions, labels_part
from traceability.views.recalls import recall_action
from traceability.views.shipping import shipped_related

ROWS_SHOWN = 200


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
    bulk = (
        Bulk(
            gettext_lazy("Print labels"),
            "traceability:serializedunit_labels",
            "traceability.view_serializedunit",
            "printer",
            True,
        ),
    )

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("material", "lot", "site")


class UnitDetail(DetailPage):
    """One unit: what it is, its holds, its movements."""

    model = SerializedUnit
    permission = "traceability.view_serializedunit"
    timeline_later = True
    signatures_later = True
    template_name = "traceability/serializedunit_detail.html"
    stepper_path = ("in_process", "completed", "released")

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return in_which_container(SerializedUnit.objects.select_related("material__uom", "lot", "site"))

    def number(self) -> str:
        return str(self.record.serial)

    def page_title(self) -> str:
        return str(self.record.material)

    @cached_property
    def holds(self) -> list[Hold]:
        """The open holds that cover the unit."""
        return list(open_holds(unit=self.record).order_by("pk"))

    @cached_property
    def components(self) -> list[BuiltIn]:
        """What it is made of and was made of; nothing for who may not trace."""
        allowed = may(self.request.user, "traceability.view_genealogylink", self.record)
        return built_into(self.record) if allowed else []

    @cached_property
    def missing(self) -> list[Missing]:
        """What was taken out and not put back."""
        return missing_in(self.record) if any(not one.is_in for one in self.components) else []

    def badges(self) -> list[tuple[str, str, str]]:
        held = [(_("On hold"), "bad", "hand")] if self.holds else []
        return [*held, (_("Incomplete"), "bad", "alert")] if self.missing else held

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
            *label_actions(self.request.user, self.record),
            Action(
                _("Place a hold"),
                reverse("traceability:serializedunit_hold", args=[pk]),
                "hand",
                "traceability.place_hold",
            ),
            *(
                [
                    Action(
                        _("Replace a component"),
                        reverse("traceability:serializedunit_replace", args=[pk]),
                        "replace",
                        "traceability.replace_component",
                    )
                ]
                if any(one.is_in for one in self.components)
                else []
            ),
            *(
                [
                    Action(
                        _("Build in what is missing"),
                        reverse("traceability:serializedunit_build_in", args=[pk]),
                        "plus",
                        "traceability.replace_component",
                    )
                ]
                if self.missing
                else []
            ),
            recall_action(self.record, self.record.serial),
        ]

    def parts(self) -> list[Part]:
        return [
            *super().parts(),
            labels_part(self.request.user, self.record),
            Part(
                "planned",
                gettext_lazy("Planned and built"),
                "traceability/_planned_and_built.html",
                lambda: {"planned": as_built(self.record, self.components)},
                gettext_lazy("Comparing with the bill of material…"),
            ),
        ]

    def related(self) -> list[Related]:
        held = [Related(f"{hold} · {hold.reason}", hold.get_absolute_url(), hold.lot or "") for hold in self.holds]
        if self.record.container_number is not None:
            label = _("In container %(container)s") % {"container": self.record.container_number}
            held.append(Related(label, reverse("traceability:container_detail", args=[self.record.container_id])))
        return held + shipped_related(self.record)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            movements=movements_of(self.record),
            one_unit=True,
            components=self.components[:ROWS_SHOWN],
            **more,
        )


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
