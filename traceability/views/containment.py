"""Pages of containments, and the decision that takes held stock away for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.organization.queries import sites_of
from core.web.markup import site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from traceability import services
from traceability.filters import ContainmentFilters
from traceability.forms import containment as forms
from traceability.models import Containment, Hold, SerializedUnit, StockRemoval
from traceability.queries import (
    Goods,
    Member,
    described,
    everything_in,
    holds_of,
    state_of,
    with_customers,
    with_progress,
)
from traceability.tables import ContainmentTable
from traceability.views.receiving import sent_id

SEE, PLACE = "traceability.view_containment", "traceability.place_containment"
SHOWN = 200


class ContainmentList(ListPage):
    """Containments, the latest first, with how far each is released."""

    model, permission = Containment, SEE
    table_class = ContainmentTable
    filterset_class = ContainmentFilters
    search_fields = ("number", "reason", "material__number", "supplier_lot", "scope_label")
    create_url_name, create_permission = "traceability:containment_create", PLACE
    create_label = gettext_lazy("Contain")
    lead = gettext_lazy("Everything in a scope is held at once. While it is open, what enters the scope is held too.")
    empty_title = gettext_lazy("Nothing is contained")
    empty_text = gettext_lazy("Contain a material of a time, a supplier's lot, an order, equipment or a revision.")
    empty_offers = ((gettext_lazy("See single holds"), "traceability:hold_list"),)
    empty_icon = "hand"

    def get_queryset(self) -> QuerySet[Containment]:
        rows = Containment.objects.select_related("site", "material", "supplier", "placed_by")
        return with_progress(rows)


def scope_in_words(containment: Containment) -> str:
    """What is contained, in one line."""
    if containment.material is not None:
        return str(containment.material)
    if containment.kind == Containment.Kind.SUPPLIER:
        supplier = containment.supplier.name if containment.supplier else _("any supplier")
        return f"{containment.supplier_lot} · {supplier}"
    return containment.scope_label or str(containment.get_kind_display())


class ContainmentDetail(DetailPage):
    """One containment: its scope, where everything in it is, what is with customers, how far it is released."""

    model, permission = Containment, SEE
    template_name = "traceability/containment_detail.html"
    timeline_later = signatures_later = True
    stepper_path = ("open", "ended")

    def get_queryset(self) -> QuerySet[Containment]:
        rows = Containment.objects.select_related("site", "material__uom", "supplier", "placed_by", "scope_type")
        return with_progress(rows)

    def page_title(self) -> str:
        return scope_in_words(self.record)

    def number(self) -> str:
        return str(self.record.number)

    def facts(self) -> list[Fact]:
        one = self.record
        scope, source, zone = one.scope_record, one.source, ZoneInfo(one.site.time_zone)
        facts = [Fact(_("Scope"), one.get_kind_display())]
        if one.material is not None:
            facts.append(Fact(_("Material"), one.material, one.material.get_absolute_url()))
        if one.supplier is not None:
            facts.append(Fact(_("Supplier"), one.supplier, one.supplier.get_absolute_url()))
        if one.supplier_lot:
            facts.append(Fact(_("Supplier's lot number"), one.supplier_lot))
        if one.scope_label:
            facts.append(Fact(_("Made with"), one.scope_label, address_of(scope)))
        if one.kind in (Containment.Kind.MATERIAL, Containment.Kind.EQUIPMENT, Containment.Kind.DOCUMENT):
            since = site_time(one.since, zone) if one.since else _("the beginning")
            until = site_time(one.until, zone) if one.until else _("it ends; what comes later is held too")
            facts += [Fact(_("From"), since), Fact(_("Until"), until)]
        return [
            *facts,
            Fact(_("What it went into"), _("is held too") if one.with_descendants else _("is not held by it")),
            Fact(_("Site"), one.site),
            Fact(_("Reason"), one.reason, wide=True),
            Fact(_("Raised by"), one.source_label or "–", address_of(source)),
            Fact(_("Placed by"), one.placed_by),
            Fact(_("Placed at"), site_time(one.placed_at, zone)),
        ]

    def actions(self) -> list[Action]:
        holds = f"{reverse('traceability:hold_list')}?{urlencode({'containment': self.record.number})}"
        return [Action(_("Its holds"), holds, "hand", "traceability.view_hold")]

    @cached_property
    def holds(self) -> dict[Any, Hold]:
        """The latest hold on each lot and unit, the open ones first; as many as the page shows."""
        rows = holds_of(self.record).select_related("lot", "unit").order_by("-status", "pk")
        found: dict[Any, Hold] = {}
        for hold in rows.exclude(status="open")[:SHOWN]:
            found[hold.lot_id, hold.unit_id] = hold
        for hold in rows.filter(status="open")[:SHOWN]:
            found[hold.lot_id, hold.unit_id] = hold
        return found

    @cached_property
    def goods(self) -> Goods:
        """What its holds are on."""
        return Goods(
            frozenset(hold.lot_id for hold in self.holds.values() if hold.lot_id is not None),
            frozenset(hold.unit_id for hold in self.holds.values() if hold.unit_id is not None),
        )

    def members(self) -> list[tuple[Member, Hold]]:
        """Each lot and unit with its whereabouts and its hold, what is still held first."""
        pairs = []
        for member in described(self.goods, None):
            is_unit = isinstance(member.record, SerializedUnit)
            pairs.append((member, self.holds[(None, member.record.pk) if is_unit else (member.record.pk, None)]))
        return sorted(pairs, key=lambda pair: pair[1].status != "open")

    def context(self, **more: Any) -> dict[str, Any]:
        one = self.record
        return super().context(
            members=self.members(),
            recalled=with_customers(self.goods),
            held=one.held,
            still_open=one.still_open,
            done=one.held - one.still_open,
            share=round(100 * (one.held - one.still_open) / one.held) if one.held else 0,
            shown=SHOWN,
            **more,
        )


def address_of(record: Any) -> str:
    """Where the page of a record is, if it has one."""
    address = getattr(record, "get_absolute_url", None)
    return str(address()) if address is not None else ""


class ContainmentCreate(FormPage):
    """Contain: choose a scope, see what it holds, place it."""

    model, permission, form_class = Containment, PLACE, forms.ContainmentForm
    template_name = "traceability/containment_create.html"
    title = gettext_lazy("Contain")
    lead = gettext_lazy("Every lot and unit in the scope gets a hold of its own. Quality releases them one by one.")
    submit_label = gettext_lazy("Place the containment")

    def get_form_kwargs(self) -> dict[str, Any]:
        sites = sites_of(self.request.user, self.permission)
        return {**super().get_form_kwargs(), "sites": sites, "user": self.request.user}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "preview" not in request.GET:
            return super().post(request, *args, **kwargs)
        if not self.form.is_valid():
            return self.show_again()
        return self.render(form=self.form, **self.preview())

    def preview(self) -> dict[str, Any]:
        """What would be held, as far as the visitor may see where it is."""
        goods = everything_in(self.form.scope())
        sites = set(sites_of(self.request.user, "traceability.view_lot").values_list("pk", flat=True))
        members = [member for member in described(goods) if member.record.site_id in sites]
        count = len(goods.lots) + len(goods.units)
        words = ngettext("%(count)s lot or unit will be held", "%(count)s lots and units will be held", count)
        return {
            "previewed": True,
            "members": [(member, None) for member in members],
            "count": count,
            "more": count - len(members),
            "told": words % {"count": count} if count else _("Nothing is in this scope yet"),
            "recalled": with_customers(goods),
        }

    def deed(self, form: Any) -> Containment:
        return services.place_containment(
            scope=form.scope(), reason=form.cleaned_data["reason"], actor=self.request.user
        )

    def context(self, **more: Any) -> dict[str, Any]:
        here = self.request.path
        kinds = [(kind, label, f"{here}?{urlencode({'kind': kind})}") for kind, label in Containment.Kind.choices]
        return super().context(kinds=kinds, here=here, **more)


class ContainmentMove(MovePage):
    """End a containment, signed."""

    model, permission = Containment, SEE

    def get_queryset(self) -> QuerySet[Containment]:
        return with_progress(Containment.objects.select_related("site", "material", "supplier", "scope_type"))

    def covered(self) -> list[Fact]:
        one = self.record
        return [
            Fact(_("Scope"), scope_in_words(one)),
            Fact(_("Reason"), one.reason, wide=True),
            Fact(_("Holds that stay open"), one.still_open),
        ]


class HoldRemove(MovePage):
    """Destroy what is on hold, or send it back to its supplier, by a signed decision."""

    model, permission = Hold, "traceability.view_hold"
    deed_permission = "traceability.remove_hold"
    form_class = forms.RemovalForm
    meaning = "dispositioned"
    asks_reason = True
    label = gettext_lazy("Destroy or return")
    title = gettext_lazy("Destroy or return what is on hold")
    explanation = gettext_lazy("It leaves the stock for good without being set free. Your signature is the decision.")

    def get_queryset(self) -> QuerySet[Hold]:
        return Hold.objects.select_related("lot__material__uom", "unit__material__uom", "unit__lot", "site")

    def get_form_kwargs(self) -> dict[str, Any]:
        hold = self.record
        lot = hold.lot if hold.unit is None else hold.unit.lot
        state = None if lot is None else state_of(lot, hold.unit)
        return {**super().get_form_kwargs(), "hold": hold, "state": state}

    def covered(self) -> list[Fact]:
        hold = self.record
        return [
            Fact(_("On"), hold.held, hold.held.get_absolute_url()),
            Fact(_("Material"), hold.material),
            Fact(_("Covers"), hold.covers),
            Fact(_("Reason"), hold.reason, wide=True),
        ]

    def digest(self) -> str:
        return ""  # What is signed is the removal, which this deed makes.

    def already_signed(self) -> Sequence[Any]:
        return ()

    def deed(self, form: Any) -> StockRemoval:
        return services.remove_held(
            hold=self.record,
            **form.cleaned_data,
            client_id=sent_id(self.request),
            signature=self.proof(),
            actor=self.request.user,
        )
