"""Pages of containers: what is in them, packing by scan, moving, shipping."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.access import may
from core.web.markup import quantity
from core.web.views import Action, Bulk, DetailPage, Fact, FormPage, ListPage, MovePage
from traceability import services
from traceability.filters import ContainerFilters
from traceability.forms import containers as forms
from traceability.models import CompanyPrefix, Container, ContainerEntry, Lot, SerializedUnit, Shipment
from traceability.queries import Packed, day_at, entries_of, is_any_held, packed_in, place_of
from traceability.tables import ContainerTable
from traceability.views.labels import label_actions
from traceability.views.receiving import sent_id

SEE, CHANGE = "traceability.view_container", "traceability.change_container"
ROWS_SHOWN = 200


class ContainerList(ListPage):
    """Boxes, pallets and bins, and where they stand."""

    model, permission = Container, SEE
    table_class = ContainerTable
    filterset_class = ContainerFilters
    search_fields = ("number", "sscc")
    order = ("-pk",)
    create_url_name, create_permission = "traceability:container_create", CHANGE
    create_label = gettext_lazy("Begin a container")
    empty_title = gettext_lazy("No containers yet")
    empty_text = gettext_lazy("Begin a box or pallet where it stands, then scan what goes into it.")
    empty_icon = "box"
    empty_offers = ((gettext_lazy("Enter the GS1 company prefix"), "traceability:companyprefix_create"),)
    bulk = (Bulk(gettext_lazy("Print labels"), "traceability:container_labels", SEE, "printer", True),)

    def get_queryset(self) -> QuerySet[Container]:
        return Container.objects.select_related("site", "location", "parent")


class ContainerCreate(FormPage):
    """A new, empty container in a place."""

    model, permission, form_class = Container, CHANGE, forms.ContainerForm
    title = gettext_lazy("Begin a container")
    lead = gettext_lazy("It gets its SSCC by itself where the site has a GS1 company prefix.")
    submit_label = gettext_lazy("Begin")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> Container:
        return services.create_container(**form.cleaned_data, actor=self.request.user)


class PrefixCreate(FormPage):
    """The GS1 company prefix of a site, entered or changed."""

    model, permission, form_class = CompanyPrefix, "traceability.change_companyprefix", forms.PrefixForm
    list_url_name = "traceability:container_list"
    title = gettext_lazy("GS1 company prefix")
    lead = gettext_lazy("New containers of the site get an SSCC that begins with it. What was given stays as it is.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> CompanyPrefix:
        return services.set_company_prefix(**form.cleaned_data, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return reverse("traceability:container_list")


class ContainerDetail(DetailPage):
    """One container: where it stands, what is in it at any depth, what was put in and taken out."""

    model, permission = Container, SEE
    timeline_later = True
    template_name = "traceability/container_detail.html"
    stepper_path = ("open", "closed", "shipped")

    def get_queryset(self) -> QuerySet[Container]:
        return Container.objects.select_related("site", "location", "parent__location", "parent__site")

    def page_title(self) -> str:
        return str(self.record.get_kind_display())

    @cached_property
    def goods(self) -> list[Packed]:
        """All that is in it."""
        return packed_in(self.record)

    def badges(self) -> list[tuple[str, str, str]]:
        badges = [(_("Contains what is on hold"), "bad", "hand")] if is_any_held(self.goods) else []
        today = day_at(self.record.site)
        days = [line.lot.usable_until for line in self.goods if line.lot is not None and line.lot.usable_until]
        if min(days, default=today) < today:
            badges.append((_("Contains what is expired"), "bad", "alert"))
        return badges

    def facts(self) -> list[Fact]:
        one = self.record
        place = place_of(one)
        facts = [Fact(_("Stands in"), place, place.get_absolute_url())]
        if one.parent is not None:
            facts.insert(0, Fact(_("In container"), one.parent, one.parent.get_absolute_url()))
        return [*facts, Fact(_("SSCC"), one.sscc or "–"), Fact(_("Site"), one.site)]

    def actions(self) -> list[Action]:
        one = self.record

        def deed(label: str, name: str, icon: str, permission: str = CHANGE, primary: bool = False) -> Action:
            return Action(label, reverse(f"traceability:container_{name}", args=[one.pk]), icon, permission, primary)

        labels = f"{reverse('traceability:container_labels')}?row={one.pk}"
        actions = [Action(_("Label"), labels, "printer", SEE, new_window=True), *label_actions(self.request.user, one)]
        if one.status == "open":
            actions.append(deed(_("Pack"), "pack", "scan"))
        if one.status in ("open", "closed"):
            if one.parent is None:
                actions.append(deed(_("Move"), "transfer", "transfer", "traceability.move_stock"))
            else:
                actions.append(deed(_("Take out of its container"), "lift", "box"))
        if one.status == "shipped" and one.parent is None:
            actions.append(deed(_("Take back"), "return", "undo", "traceability.return_shipment"))
        return actions

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            goods=self.goods[:ROWS_SHOWN],
            entries=entries_of(self.record)[:ROWS_SHOWN],
            rows_shown=ROWS_SHOWN,
            may_unpack=self.record.status == "open" and may(self.request.user, CHANGE, self.record),
            **more,
        )


class ContainerMove(MovePage):
    """Close, open again, end its use."""

    model, permission = Container, SEE

    def get_queryset(self) -> QuerySet[Container]:
        return Container.objects.select_related("site", "location", "parent")


class ContainerDeed(MovePage):
    """Base of deeds on one container."""

    model, permission, deed_permission = Container, SEE, CHANGE

    def get_queryset(self) -> QuerySet[Container]:
        return Container.objects.select_related("site", "location", "parent")

    def covered(self) -> list[Fact]:
        return [
            Fact(
                f"{'· ' * (line.level - 1)}{line.goods}",
                quantity(line.quantity, line.lot.material.uom.symbol) if line.lot else line.container.name,
            )
            for line in packed_in(self.record)[:ROWS_SHOWN]
        ]


def lot_and_unit(goods: Lot | SerializedUnit) -> tuple[Lot, SerializedUnit | None]:
    """What was scanned, as services name it. `LookupError` for a unit of no lot: the field offers none."""
    if isinstance(goods, Lot):
        return goods, None
    if goods.lot is None:
        raise LookupError("a unit that is packed is of a lot")
    return goods.lot, goods


class ContainerPack(ContainerDeed):
    """Scan what goes in, one after the other."""

    form_class = forms.PackForm
    label = gettext_lazy("Put in")
    title = gettext_lazy("Pack")
    explanation = gettext_lazy("Scan a lot, a unit or another container. The page comes back for the next one.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "container": self.record}

    def deed(self, form: Any) -> ContainerEntry:
        values, actor = form.cleaned_data, self.request.user
        goods, reason = values["goods"], values["reason"]
        if isinstance(goods, Container):
            entry = services.nest_container(container=self.record, child=goods, reason=reason, actor=actor)
        else:
            lot, unit = lot_and_unit(goods)
            entry = services.pack(
                container=self.record,
                lot=lot,
                unit=unit,
                quantity=values["quantity"],
                reason=reason,
                client_id=sent_id(self.request),
                actor=actor,
            )
        messages.success(self.request, _("%(goods)s is in.") % {"goods": entry.goods})
        return entry

    def success_url(self, result: Any) -> str:
        return reverse("traceability:container_pack", args=[self.record.pk])


class ContainerUnpack(ContainerPack):
    """Take a quantity of a lot, a unit or a container out."""

    label = gettext_lazy("Take out")
    title = gettext_lazy("Unpack")
    explanation = gettext_lazy("It lies loose afterwards, where the container stands.")

    def deed(self, form: Any) -> ContainerEntry:
        values, actor = form.cleaned_data, self.request.user
        goods, reason = values["goods"], values["reason"]
        if isinstance(goods, Container):
            return services.unnest_container(child=goods, reason=reason, actor=actor)
        lot, unit = lot_and_unit(goods)
        return services.unpack(
            container=self.record,
            lot=lot,
            unit=unit,
            quantity=values["quantity"],
            reason=reason,
            client_id=sent_id(self.request),
            actor=actor,
        )

    def success_url(self, result: Any) -> str:
        return str(self.record.get_absolute_url())


class ContainerLift(ContainerDeed):
    """Take a container out of the one it is in."""

    label = gettext_lazy("Take out")
    title = gettext_lazy("Take it out of its container")
    explanation = gettext_lazy("It stands afterwards where that container stands.")

    def deed(self, form: Any) -> Container:
        services.unnest_container(child=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)
        container: Container = self.record
        return container


class ContainerTransfer(ContainerDeed):
    """Carry a container with all that is in it."""

    deed_permission = "traceability.move_stock"
    form_class = forms.TransferForm
    label = gettext_lazy("Move")
    title = gettext_lazy("Move a container")
    explanation = gettext_lazy("All that is in it goes with it, booked lot by lot and unit by unit.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "container": self.record}

    def deed(self, form: Any) -> Container:
        services.move_container(container=self.record, **form.cleaned_data, actor=self.request.user)
        container: Container = self.record
        return container


class ContainerReturn(ContainerDeed):
    """A shipped container comes back with all that is in it."""

    deed_permission = "traceability.return_shipment"
    label = gettext_lazy("Take back")
    title = gettext_lazy("Take a container back from the customer")
    explanation = gettext_lazy(
        "It goes into quarantine, packed as it left; what is in it is on hold until quality decides about it."
    )
    asks_reason = True

    def deed(self, form: Any) -> Container:
        services.return_container(container=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)
        container: Container = self.record
        return container


class ShipmentContainerCreate(FormPage):
    """Put a whole container on a draft of a shipment."""

    model, permission, form_class = Shipment, "traceability.change_shipment", forms.ShipContainerForm
    title = gettext_lazy("Add a container")
    lead = gettext_lazy("All that is in it, at any depth, goes on the shipment and leaves with it.")
    submit_label = gettext_lazy("Add")
    change_needs_reason = changes_record = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.record.site_id}

    def deed(self, form: Any) -> Shipment:
        services.add_container_lines(
            shipment=self.record, container=form.cleaned_data["container"], actor=self.request.user
        )
        shipment: Shipment = self.record
        return shipment


class ShipmentContainerRemove(ShipmentContainerCreate):
    """Take a whole container off a draft."""

    title = gettext_lazy("Take a container off")
    lead = gettext_lazy("All its lines leave the shipment; it stays packed where it stands.")
    submit_label = gettext_lazy("Take off")

    def deed(self, form: Any) -> Shipment:
        services.remove_container_lines(
            shipment=self.record, container=form.cleaned_data["container"], actor=self.request.user
        )
        shipment: Shipment = self.record
        return shipment
