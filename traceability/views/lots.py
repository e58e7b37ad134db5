"""Pages of lots and their stock."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.access import may
from core.web.markup import quantity
from core.web.views import (
    Action,
    Bulk,
    BulkPage,
    DetailPage,
    Fact,
    FormPage,
    ListPage,
    MovePage,
    Related,
    Tab,
)
from core.web.views.parts import Part
from traceability import forms, services
from traceability.filters import LotFilters
from traceability.models import GenealogyLink, Lot
from traceability.queries import (
    LotState,
    containers_with,
    kin,
    movements_of,
    open_holds,
    plain,
    state_of,
    stock_by_place,
    suppliers_of,
    usability_in,
    with_stock,
)
from traceability.tables import LotTable
from traceability.views.arrivals import arrival_facts
from traceability.views.containing import contain_action
from traceability.views.kin import kin_actions, kin_related
from traceability.views.labels import label_actions, labels_part
from traceability.views.recalls import recall_action
from traceability.views.shelf_life import life_actions, life_badges, life_facts
from traceability.views.shipping import shipped_related

ROWS_SHOWN = 200


class LotList(ListPage):
    """All lots with their stock."""

    model = Lot
    permission = "traceability.view_lot"
    table_class = LotTable
    filterset_class = LotFilters
    search_fields = ("number", "material__number", "material__name", "supplier_lot")
    order = ("-pk",)
    create_url_name = "traceability:receipt_create"
    create_permission = "traceability.create_lot"
    create_label = gettext_lazy("Receive material")
    empty_title = gettext_lazy("No lots yet")
    empty_text = gettext_lazy("Receive material, import opening stock, or release a production order.")
    empty_icon = "package"
    bulk = (
        Bulk(gettext_lazy("Print labels"), "traceability:lot_labels", "traceability.view_lot", "printer", True),
        Bulk(gettext_lazy("Place a hold"), "traceability:lot_hold_many", "traceability.place_hold", "hand"),
    )

    def get_queryset(self) -> QuerySet[Lot]:
        return with_stock(Lot.objects.select_related("material__uom", "site"))


class LotHoldMany(BulkPage):
    """A hold on each of the chosen lots, as a whole."""

    model = Lot
    permission = "traceability.view_lot"
    deed_permission = "traceability.place_hold"
    label = gettext_lazy("Place a hold")
    explanation = gettext_lazy("Nobody can use, move or scrap what is held until quality releases exactly this hold.")
    asks_reason = True

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("material__uom", "site")

    def deed_on(self, record: Lot, form: Any) -> Any:
        return services.place_hold(lot=record, reason=form.cleaned_data["reason"], actor=self.request.user)


def facts_of(lot: Lot, state: LotState) -> list[Fact]:
    """What a lot says about itself, with its stock now."""
    uom, revision = lot.material.uom.symbol, lot.revision
    suppliers = suppliers_of(lot) if lot.supplier_lot else ()  # no receipt is without the supplier's lot number
    return [
        Fact(_("Material"), lot.material, lot.material.get_absolute_url()),
        Fact(_("Revision"), revision.revision if revision else "–"),
        Fact(_("Site"), lot.site),
        Fact(_("On hand"), quantity(state.on_hand, uom)),
        Fact(_("Not on hold"), quantity(state.available, uom)),
        Fact(_("Usable until"), lot.usable_until or "–"),
        *life_facts(lot),
        *(Fact(_("Supplier"), partner, partner.get_absolute_url()) for partner in suppliers),
        Fact(_("Supplier's lot number"), lot.supplier_lot or "–"),
        Fact(_("Key in another system"), lot.other_key or "–"),
    ]


class LotDetail(DetailPage):
    """One lot: where it lies, what is held, whether it may be used, and everything that happened to it."""

    model = Lot
    permission = "traceability.view_lot"
    timeline_later = True
    gates_later = True
    template_name = "traceability/lot_detail.html"

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("material__uom", "site", "revision__material")

    @cached_property
    def state(self) -> LotState:
        """Stock and holds of the lot now."""
        return state_of(self.record)

    @cached_property
    def kin(self) -> list[GenealogyLink]:
        """From what it was split off or merged, and what of it."""
        return kin(self.record)

    def page_title(self) -> str:
        return str(self.record.material)

    @property
    def stepper_path(self) -> tuple[str, ...]:  # type: ignore[override]
        """The way of a lot: a received one begins in quarantine."""
        rest = ("quarantine", "released")
        return ("in_production", *rest) if self.record.status in ("in_production", "voided") else rest

    def badges(self) -> list[tuple[str, str, str]]:
        badges = []
        if self.state.held:
            partly = not self.state.all_held and self.state.held < self.state.on_hand
            badges.append((_("Partly on hold") if partly else _("On hold"), "bad", "hand"))
        if self.state.inherited:
            badges.append((_("Contains what is on hold"), "bad", "hand"))
        return [*badges, *life_badges(self.record)]

    def facts(self) -> list[Fact]:
        return facts_of(self.record, self.state)

    def actions(self) -> list[Action]:
        def deed(label: str, name: str, icon: str, permission: str) -> Action:
            return Action(label, reverse(f"traceability:{name}", args=[self.record.pk]), icon, permission)

        labels = label_actions(self.request.user, self.record)
        often = [
            deed(_("Trace"), "lot_trace", "sitemap", "traceability.view_genealogylink"),
            *labels[:1],
            deed(_("Place a hold"), "lot_hold", "hand", "traceability.place_hold"),
        ]
        rare = [
            deed(_("Everything"), "lot_everything", "list", "traceability.view_lot"),
            *labels[1:],
            contain_action("chosen", goods=self.record.number, site=self.record.site_id),
            recall_action(self.record, self.record.number),
        ]
        if self.state.places:
            often.append(deed(_("Move"), "lot_transfer", "transfer", "traceability.move_stock"))
            rare.append(deed(_("Scrap"), "lot_scrap", "trash", "traceability.scrap_stock"))
        rare.append(deed(_("Count"), "lot_count", "scale", "traceability.count_stockcount"))
        rare += [*life_actions(self.record), *kin_actions(self.kin, self.record)]
        return [*often, *(replace(action, rare=True) for action in rare)]

    def parts(self) -> list[Part]:
        return [*super().parts(), labels_part(self.request.user, self.record)]

    def related(self) -> list[Related]:
        uom = self.record.material.uom.symbol
        return (
            [
                Related(
                    f"{hold} · {hold.reason}",
                    hold.get_absolute_url(),
                    hold.unit or (quantity(hold.quantity, uom) if hold.quantity else _("all")),
                )
                for hold in open_holds(lot=self.record).order_by("pk")
            ]
            + kin_related(self.kin, self.record)
            + shipped_related(self.record)
        )

    def tabs(self) -> list[Tab]:
        return [
            Tab("stock", _("Stock"), "traceability/_lot_stock.html"),
            Tab("movements", _("Movements"), "traceability/_lot_movements.html"),
            Tab("units", _("Units"), "traceability/_lot_units.html"),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        context = super().context(**more)
        current = context["tab"].key
        if current == "stock":
            context["places"] = stock_by_place(self.state)
            context["packed"] = containers_with(self.record) if self.state.packed else []
            against = usability_in(self.state, self.record, min(self.state.available, Decimal(1)) or Decimal(1))
            context["against_use"] = [blocker for blocker in against if blocker.code != "unit_missing"]
        elif current == "movements":
            context["movements"] = movements_of(self.record)[:ROWS_SHOWN]
            context["rows_shown"] = ROWS_SHOWN
        else:
            context["units"] = self.record.units.order_by("pk")[:ROWS_SHOWN]
            context["rows_shown"] = ROWS_SHOWN
        return context


class LotReceive(FormPage):
    """Material that comes from no supplier: found, moved from elsewhere, left over. A new lot in quarantine."""

    model = Lot
    permission = "traceability.create_lot"
    form_class = forms.ReceiveForm
    title = gettext_lazy("Take in without a delivery")
    lead = gettext_lazy("For what comes from no supplier. A delivery is received on the page of receipts.")
    submit_label = gettext_lazy("Take in")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> Lot:
        return services.receive_lot(**form.cleaned_data, actor=self.request.user)


class LotMove(MovePage):
    """Every move of a lot: release, reject, withdraw, finish."""

    model = Lot
    permission = "traceability.view_lot"
    gates_later = True

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("material__uom", "site", "revision")

    def covered(self) -> list[Fact]:
        state = state_of(self.record)
        return [
            Fact(_("Material"), self.record.material),
            Fact(_("Revision"), self.record.revision.revision if self.record.revision else "–"),
            Fact(_("On hand"), quantity(state.on_hand, self.record.material.uom.symbol)),
            Fact(_("Usable until"), self.record.expires_on or "–"),
            *arrival_facts(self.record),
        ]


class LotDeed(MovePage):
    """Base of bookings on one lot."""

    model = Lot
    permission = "traceability.view_lot"

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("material__uom", "site", "revision")

    @cached_property
    def state(self) -> LotState:
        """Stock and holds of the lot now."""
        return state_of(self.record)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "lot": self.record, "state": self.state}

    def covered(self) -> list[Fact]:
        uom = self.record.material.uom.symbol
        facts = [Fact(str(place.location), quantity(place.quantity, uom)) for place in stock_by_place(self.state)]
        if self.state.held:
            held = _("all") if self.state.all_held else f"{plain(self.state.held)} {uom}"
            facts.append(Fact(_("On hold"), held, tone="bad"))
        return facts


class LotTransfer(LotDeed):
    """Carry stock to another place."""

    deed_permission = "traceability.move_stock"
    form_class = forms.MoveStockForm
    label = gettext_lazy("Move")
    title = gettext_lazy("Move stock")

    def deed(self, form: Any) -> Lot:
        services.move_stock(lot=self.record, **form.cleaned_data, actor=self.request.user)
        lot: Lot = self.record
        return lot


class LotScrap(LotDeed):
    """Take stock out for good."""

    deed_permission = "traceability.scrap_stock"
    form_class = forms.ScrapForm
    label = gettext_lazy("Scrap")
    title = gettext_lazy("Scrap stock")
    explanation = gettext_lazy("The quantity leaves the stock for good. What is on hold is decided about first.")
    asks_reason = True

    def deed(self, form: Any) -> Lot:
        services.scrap_stock(lot=self.record, **form.cleaned_data, actor=self.request.user)
        lot: Lot = self.record
        return lot


class LotCount(LotDeed):
    """Count one lot in one place; the difference waits for somebody else's approval."""

    deed_permission = "traceability.count_stockcount"
    form_class = forms.CountForm
    label = gettext_lazy("Hand in the count")
    title = gettext_lazy("Count the lot")
    explanation = gettext_lazy(
        "Enter what is really there. Somebody who did not count approves the difference, signed."
    )
    asks_reason = True

    def deed(self, form: Any) -> str:
        values = form.cleaned_data
        count = services.count_lot(
            lot=self.record,
            location=values["any_location"],
            counted=values["counted"],
            reason=values["reason"],
            actor=self.request.user,
        )
        allowed = may(self.request.user, "traceability.view_stockcount", self.record)
        return str(count.get_absolute_url() if allowed else self.record.get_absolute_url())


class LotHold(LotDeed):
    """Place a hold on a lot or on a part of it."""

    deed_permission = "traceability.place_hold"
    form_class = forms.PlaceHoldForm
    label = gettext_lazy("Place the hold")
    title = gettext_lazy("Place a hold")
    explanation = gettext_lazy("Nobody can use, move or scrap what is held until quality releases exactly this hold.")
    asks_reason = True

    def deed(self, form: Any) -> str:
        values = form.cleaned_data
        hold = services.place_hold(
            lot=self.record, quantity=values["quantity"], reason=values["reason"], actor=self.request.user
        )
        allowed = may(self.request.user, "traceability.view_hold", self.record)
        return str(hold.get_absolute_url() if allowed else self.record.get_absolute_url())
