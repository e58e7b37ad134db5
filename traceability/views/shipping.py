"""Pages of what leaves for customers and what comes back."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.access import may
from core.web.markup import quantity
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from traceability import services
from traceability.forms import goods as forms
from traceability.models import CustomerReturn, Lot, SerializedUnit, Shipment, ShipmentLine
from traceability.queries import goods_of, plain, shipped_lines
from traceability.tables import ShipmentTable
from traceability.views.receiving import sent_id

SEE, PREPARE = "traceability.view_shipment", "traceability.change_shipment"
SHIPMENTS_SHOWN = 20


def shipped_related(record: Lot | SerializedUnit) -> list[Related]:
    """With which shipments a lot or unit went to whom, and how much of it came back."""
    found = []
    for line in shipped_lines(record)[:SHIPMENTS_SHOWN]:
        uom = record.material.uom.symbol
        note = f"{plain(line.quantity)} {uom}"
        if line.returned:
            back = f"{plain(line.returned)} {uom}"
            note = _("%(shipped)s, %(back)s came back") % {"shipped": note, "back": back}
        goods = f" · {line.unit}" if line.unit is not None and isinstance(record, Lot) else ""
        shipment = line.shipment
        label = _("Shipped: %(shipment)s to %(customer)s") % {"shipment": shipment, "customer": shipment.customer.name}
        found.append(Related(label + goods, shipment.get_absolute_url(), note))
    return found


class ShipmentList(ListPage):
    """Shipments, the latest first."""

    model, permission = Shipment, SEE
    table_class = ShipmentTable
    search_fields = ("number", "customer__name", "customer__code", "lines__lot__number", "lines__unit__serial")
    create_url_name, create_permission = "traceability:shipment_create", PREPARE
    create_label = gettext_lazy("Prepare a shipment")
    empty_title = gettext_lazy("No shipments yet")
    empty_text = gettext_lazy("Prepare one, put released lots or units on it, and ship it.")
    empty_icon = "truck"

    def get_queryset(self) -> QuerySet[Shipment]:
        return Shipment.objects.select_related("customer", "site")


class ShipmentCreate(FormPage):
    """A new shipment, as a draft."""

    model, permission, form_class = Shipment, PREPARE, forms.ShipmentForm
    title = gettext_lazy("Prepare a shipment")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> Shipment:
        return services.create_shipment(**form.cleaned_data, actor=self.request.user)


class ShipmentDetail(DetailPage):
    """One shipment: to whom, what is on it, what came back."""

    model, permission = Shipment, SEE
    template_name = "traceability/shipment_detail.html"
    timeline_later = True
    stepper_path = ("draft", "shipped")

    def get_queryset(self) -> QuerySet[Shipment]:
        return Shipment.objects.select_related("customer", "site")

    def page_title(self) -> str:
        return _("To %(customer)s") % {"customer": self.record.customer.name}

    def number(self) -> str:
        return str(self.record.number)

    def facts(self) -> list[Fact]:
        shipment = self.record
        return [
            Fact(_("Customer"), shipment.customer, shipment.customer.get_absolute_url()),
            Fact(_("Site"), shipment.site),
        ]

    def actions(self) -> list[Action]:
        if self.record.status != "draft":
            return []
        address = reverse("traceability:shipmentline_create", args=[self.record.pk])
        packed = reverse("traceability:shipment_add_container", args=[self.record.pk])
        return [
            Action(_("Add a lot or unit"), address, "plus", PREPARE),
            Action(_("Add a container"), packed, "box", PREPARE),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        status, user = self.record.status, self.request.user
        may_take_off = status == "draft" and may(user, PREPARE, self.record)
        may_return = status == "shipped" and may(user, "traceability.return_shipment", self.record)
        return super().context(lines=goods_of(self.record), may_take_off=may_take_off, may_return=may_return, **more)


class ShipmentMove(MovePage):
    """Ship, or cancel."""

    model, permission = Shipment, SEE

    def get_queryset(self) -> QuerySet[Shipment]:
        return Shipment.objects.select_related("customer", "site")

    def covered(self) -> list[Fact]:
        lines = goods_of(self.record)
        goods = [Fact(str(line.goods), quantity(line.quantity, line.lot.material.uom.symbol)) for line in lines]
        return [Fact(_("Customer"), self.record.customer), *goods]


class ShipmentLineCreate(FormPage):
    """Put a lot or unit on a draft."""

    model, permission, form_class = Shipment, PREPARE, forms.ShipmentLineForm
    title = gettext_lazy("Add a lot or unit")
    submit_label = gettext_lazy("Add")
    change_needs_reason = changes_record = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.record.site_id}

    def deed(self, form: Any) -> ShipmentLine:
        return services.add_shipment_line(shipment=self.record, **form.cleaned_data, actor=self.request.user)


class LinePage(MovePage):
    """Base of deeds on one line of a shipment."""

    model, permission = ShipmentLine, SEE

    def get_queryset(self) -> QuerySet[ShipmentLine]:
        lines = ShipmentLine.objects.select_related("shipment__site", "lot__material__uom", "unit")
        return lines.prefetch_related("returns__movement")

    def crumbs(self) -> list[tuple[Any, str]]:
        shipment = self.record.shipment
        return [
            (_("Shipments"), reverse("traceability:shipment_list")),
            (str(shipment), shipment.get_absolute_url()),
            (self.page_title(), ""),
        ]

    def covered(self) -> list[Fact]:
        uom = self.record.lot.material.uom.symbol
        facts = [
            Fact(_("Material"), self.record.lot.material),
            Fact(_("Lot or unit"), self.record.goods),
            Fact(_("Quantity"), quantity(self.record.quantity, uom)),
        ]
        if self.record.returned:
            facts.append(Fact(_("Came back"), quantity(self.record.returned, uom)))
        return facts


class ShipmentLineRemove(LinePage):
    """Take a line off a draft."""

    deed_permission = PREPARE
    label = gettext_lazy("Take off")
    title = gettext_lazy("Take off the shipment")

    def deed(self, form: Any) -> Shipment:
        return services.remove_shipment_line(line=self.record, actor=self.request.user)


class GoodsReturn(LinePage):
    """Shipped goods come back, into quarantine and on hold."""

    deed_permission = "traceability.return_shipment"
    form_class = forms.ReturnForm
    label = gettext_lazy("Take back")
    title = gettext_lazy("Take back from the customer")
    explanation = gettext_lazy("It goes into quarantine and on hold until quality decides about it.")
    asks_reason = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "line": self.record}

    def deed(self, form: Any) -> CustomerReturn:
        values = form.cleaned_data
        return services.return_goods(
            line=self.record,
            quantity=values["quantity"],
            reason=values["reason"],
            client_id=sent_id(self.request),
            actor=self.request.user,
        )

    def success_url(self, result: Any) -> str:
        return str(self.record.get_absolute_url())
