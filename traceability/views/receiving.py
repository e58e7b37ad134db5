"""Pages of what arrives from suppliers."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.web.markup import quantity
from core.web.once import FIELD
from core.web.views import Fact, FormPage, ListPage, MovePage
from traceability import services
from traceability.forms import goods as forms
from traceability.models import Receipt, StockMovement
from traceability.tables import ReceiptTable


def sent_id(request: Any) -> uuid.UUID | None:
    """The id that the browser gave this entry, so that a repetition of it finds what the first one booked."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


class ReceiptList(ListPage):
    """What arrived from suppliers, the latest first."""

    model = Receipt
    permission = "traceability.view_lot"
    table_class = ReceiptTable
    search_fields = ("lot__number", "lot__supplier_lot", "supplier__name", "supplier__code", "line__order__number")
    create_url_name, create_permission = "traceability:receipt_create", "traceability.create_lot"
    create_label = gettext_lazy("Receive goods")
    empty_title = gettext_lazy("Nothing was received yet")
    empty_text = gettext_lazy("Receive what a purchase order expects, or a delivery without an order.")
    empty_offers = ((gettext_lazy("See what is expected"), "traceability:purchaseorderline_list"),)
    empty_icon = "truck"

    def get_queryset(self) -> QuerySet[Receipt]:
        rows = Receipt.objects.select_related("lot__material__uom", "supplier", "line__order", "movement__uom", "site")
        return rows.annotate(is_taken_back=Exists(StockMovement.objects.filter(reverses=OuterRef("movement"))))


class GoodsReceive(FormPage):
    """Goods arrive: a lot in quarantine with its supplier, its certificate, and what the order expected of it."""

    model = Receipt
    permission = "traceability.create_lot"
    form_class = forms.GoodsForm
    title = gettext_lazy("Receive goods")
    lead = gettext_lazy("The lot goes into quarantine and cannot be used until quality releases it.")
    submit_label = gettext_lazy("Receive")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> Receipt:
        values = dict(form.cleaned_data)
        site, line = values.pop("site"), values.pop("line")
        supplier, material = values.pop("supplier"), values.pop("material")
        delivery = services.Delivery(**values, client_id=sent_id(self.request))
        if line is not None:
            return services.receive_ordered(line=line, delivery=delivery, actor=self.request.user)
        return services.receive_unordered(
            site=site, supplier=supplier, material=material, delivery=delivery, actor=self.request.user
        )


class ReceiptTakeBack(MovePage):
    """A receipt that was entered wrongly is taken back."""

    model, permission = Receipt, "traceability.view_lot"
    deed_permission = "traceability.create_lot"
    label = gettext_lazy("Take back")
    title = gettext_lazy("Take a receipt back")
    explanation = gettext_lazy(
        "For what was entered wrongly: the booking is reversed, and the order expects the goods again."
    )
    asks_reason = True

    def get_queryset(self) -> QuerySet[Receipt]:
        return Receipt.objects.select_related("lot__material__uom", "supplier", "line__order", "movement", "site")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Receipts"), reverse("traceability:receipt_list")), (self.page_title(), "")]

    def covered(self) -> list[Fact]:
        receipt = self.record
        return [
            Fact(_("Lot"), receipt.lot, receipt.lot.get_absolute_url()),
            Fact(_("Material"), receipt.lot.material),
            Fact(_("Supplier"), receipt.supplier),
            Fact(_("Quantity"), quantity(receipt.movement.quantity, receipt.lot.material.uom.symbol)),
        ]

    def deed(self, form: Any) -> Receipt:
        receipt: Receipt = self.record
        services.take_back_receipt(receipt=receipt, reason=form.cleaned_data["reason"], actor=self.request.user)
        return receipt
