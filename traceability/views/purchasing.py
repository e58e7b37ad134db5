"""Pages of purchase orders and of what is expected from suppliers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.access import may
from core.web.views import DetailPage, Fact, ListPage
from traceability.models import PurchaseOrder, PurchaseOrderLine
from traceability.queries import still_open
from traceability.tables import ExpectedReceiptTable, PurchaseOrderTable

SEE = "traceability.view_purchaseorder"
LINES_SHOWN = 200


def receive_url(user: Any, order: PurchaseOrder) -> str:
    """Where what this order expects is taken in, but for the line; empty for who may not."""
    if not may(user, "traceability.create_lot", order):
        return ""
    return f"{reverse('traceability:receipt_create')}?{urlencode({'site': order.site_id})}"


class PurchaseOrderList(ListPage):
    """Orders to suppliers, the newest first."""

    model, permission = PurchaseOrder, SEE
    table_class = PurchaseOrderTable
    search_fields = ("number", "supplier__name", "supplier__code")
    order = ("-ordered_on",)
    empty_title = gettext_lazy("No purchase orders yet")
    empty_text = gettext_lazy("Import them from the system that buys.")

    def get_queryset(self) -> QuerySet[PurchaseOrder]:
        return PurchaseOrder.objects.select_related("supplier", "site")


class PurchaseOrderDetail(DetailPage):
    """One purchase order with its lines: what is expected, and what arrived."""

    model, permission = PurchaseOrder, SEE
    template_name = "traceability/purchaseorder_detail.html"
    timeline_later = True

    def get_queryset(self) -> QuerySet[PurchaseOrder]:
        return PurchaseOrder.objects.select_related("supplier", "site")

    def page_title(self) -> str:
        return _("Purchase order %(number)s") % {"number": self.record.number}

    def badges(self) -> list[tuple[Any, str, str]]:
        if self.record.is_closed:
            return [(_("Closed"), "neutral", "check")]
        return [(_("Open"), "info", "clock")]

    def facts(self) -> list[Fact]:
        order = self.record
        return [
            Fact(_("Supplier"), order.supplier, order.supplier.get_absolute_url()),
            Fact(_("Site"), order.site),
            Fact(_("Ordered on"), date_format(order.ordered_on, "SHORT_DATE_FORMAT")),
            Fact(_("Key in another system"), order.other_key or "–"),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        lines = self.record.lines.select_related("material__uom")[: LINES_SHOWN + 1]
        receive = "" if self.record.is_closed else receive_url(self.request.user, self.record)
        return super().context(
            lines=list(lines)[:LINES_SHOWN], is_cut=len(lines) > LINES_SHOWN, receive_url=receive, **more
        )


class ExpectedReceiptList(ListPage):
    """What suppliers still owe: lines of open orders that did not arrive in full, the most urgent first."""

    model, permission = PurchaseOrderLine, SEE
    table_class = ExpectedReceiptTable
    search_fields = ("order__number", "order__supplier__name", "material__number", "material__name")
    order = ("due_on",)
    title = gettext_lazy("Expected receipts")
    create_url_name, create_permission = "traceability:receipt_create", "traceability.create_lot"
    create_label = gettext_lazy("Receive goods")
    empty_title = gettext_lazy("Nothing is expected")
    empty_text = gettext_lazy("Lines of open purchase orders that did not arrive in full stand here.")

    def get_queryset(self) -> QuerySet[PurchaseOrderLine]:
        return still_open(PurchaseOrderLine.objects.all()).select_related("order__supplier", "material__uom")
