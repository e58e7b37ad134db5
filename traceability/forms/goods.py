"""Forms of what arrives from suppliers, leaves for customers and comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.gs1 import Gs1Error
from core.organization.models import Partner
from core.web.forms import DayField, Form, QuantityField, TypedList, row_id
from core.web.questions import Scan
from core.web.scan import label_of
from traceability.forms import ByNumberField, SiteForm, material_field
from traceability.forms.scanned import named_on
from traceability.models import Lot, Material, PurchaseOrderLine, SerializedUnit, ShipmentLine
from traceability.queries import still_open

MOST_OFFERED = 100
"""Open lines of purchase orders, the most urgent first, and partners that a field offers; any other is typed."""


MOST_SERIALS, LONGEST_SERIAL = 200_000, 60
"""Characters of all serial numbers of a delivery, and of one."""


def quantity_field(**kwargs: Any) -> QuantityField:
    """A quantity in the material's own unit."""
    return QuantityField(label=_("Quantity"), max_digits=18, decimal_places=6, min_value=0, **kwargs)


class OrderLineField(ByNumberField):
    """A line of a purchase order: its order's number and its position, or the number alone where one line is open."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            field="order__number", unknown=_("There is no such line of a purchase order at this site."), **kwargs
        )

    def clean(self, value: Any) -> PurchaseOrderLine | None:
        """The line, or None where none was entered."""
        text = forms.CharField.clean(self, value)
        if not text:
            return None
        number, _separator, position = (part.strip() for part in text.partition("·"))
        lines = self.rows.filter(order__number=number)
        found = list((lines.filter(position=position) if position else still_open(lines))[:2])
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several lines of %(order)s are open: choose one, such as “%(line)s”."),
                params={"order": number, "line": found[0]},
                code="several",
            )
        if not found:
            raise forms.ValidationError(self.unknown, code="unknown")
        line: PurchaseOrderLine = found[0]
        return line


class PartnerField(ByNumberField):
    """A partner by its code; those in use that have the role are offered."""

    def __init__(self, **kwargs: Any) -> None:
        unknown = _("There is no partner with this code.")
        super().__init__(field="code", unknown=unknown, widget=TypedList(), **kwargs)

    def offer(self, **role: bool) -> None:
        """Offer those with the role; whether the one that is entered has it, the service says."""
        self.rows = Partner.objects.all()
        offered = self.rows.filter(is_active=True, **role).order_by("code")
        self.widget.choices = [(partner.code, partner.name) for partner in offered[:MOST_OFFERED]]


class ShipmentForm(SiteForm):
    """A new shipment."""

    customer = PartnerField(label=_("Customer's code"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].offer(is_customer=True)  # type: ignore[attr-defined]


class GoodsForm(SiteForm):
    """A delivery: what was ordered or, without an order, from whom and of what; then what stands on its label."""

    line = OrderLineField(
        label=_("Purchase order"),
        widget=TypedList(),
        required=False,
        help_text=_("Scan or type its number; with several open lines also the position, such as PO-1001 · 10."),
    )
    supplier = PartnerField(
        label=_("Supplier's code"),
        required=False,
        help_text=_("Only without a purchase order."),
    )
    material = material_field(required=False, help_text=_("Only without a purchase order."))
    quantity = quantity_field(help_text=_("In the material's unit."))
    supplier_lot = forms.CharField(label=_("Supplier's lot number"), max_length=80)
    expires_on = DayField(
        label=_("Usable until"),
        required=False,
        help_text=_("From the label; needed where the material has a shelf life."),
    )
    serials = forms.CharField(
        label=_("Serial numbers"),
        required=False,
        max_length=MOST_SERIALS,
        widget=forms.Textarea(attrs={"rows": 2, "data-accepts-scan": ""}),
        help_text=_("Of pieces with serial numbers: scan each, one a line. Empty: they are numbered here."),
    )
    certificate = forms.FileField(
        label=_("Certificate"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )
    over_reason = forms.CharField(
        label=_("Why more than was ordered"),
        required=False,
        help_text=_("Only where more arrived than the order still expects."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        lines = PurchaseOrderLine.objects.select_related("order__site", "order__supplier", "material__uom")
        offered = still_open(lines.filter(order__site__in=fields["site"].queryset)).order_by("due_on", "pk")
        fields["line"].widget.choices = [(str(line), "") for line in offered[:MOST_OFFERED]]
        site = str(self.data.get("site", "")) if self.is_bound else ""
        fields["line"].rows = lines.filter(order__site_id=row_id(site))
        fields["supplier"].offer(is_supplier=True)
        fields["material"].rows = Material.objects.select_related("uom")

    def clean_serials(self) -> tuple[str, ...]:
        """Each line is a serial number, or a GS1 label that says one."""
        found = []
        for line in self.cleaned_data["serials"].replace("\r", "\n").split("\n"):
            if not line.strip():
                continue
            try:
                label = label_of(Scan(line.strip()))
            except Gs1Error as error:
                raise forms.ValidationError(str(error), code="label") from error
            serial = (label.get("21") if label is not None else "") or line.strip()
            if len(serial) > LONGEST_SERIAL:
                raise forms.ValidationError(
                    _("A serial number has at most %(most)s characters.") % {"most": LONGEST_SERIAL}
                )
            found.append(serial)
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        """Either a line of an order, or a supplier and a material."""
        values = super().clean() or self.cleaned_data
        if values.get("line") is None and "line" in values:
            for name in ("supplier", "material"):
                if name in values and values[name] is None:
                    self.add_error(name, _("Needed without a purchase order."))
        elif values.get("line") is not None and (values.get("supplier") or values.get("material")):
            self.add_error("line", _("The order says supplier and material: leave these empty."))
        return values


class ShipmentLineForm(Form):
    """A lot or a single unit that goes on a shipment."""

    goods = forms.CharField(
        label=_("Lot or serial number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-accepts-scan": ""}),
    )
    quantity = quantity_field(required=False, help_text=_("In the material's unit. Empty for a single unit."))

    def __init__(self, *args: Any, site: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site

    def clean(self) -> dict[str, Any]:
        """The lot, and the unit where it is one."""
        values = super().clean() or self.cleaned_data
        number = named_on(values.pop("goods", ""))
        if not number:
            return values
        units = list(SerializedUnit.objects.filter(site=self.site, serial=number, lot__isnull=False)[:2])
        lots = [] if units else list(Lot.objects.filter(site=self.site, number=number)[:2])
        if len(units) + len(lots) != 1:
            several = _("Several materials have this number; enter the other one of lot and serial number.")
            self.add_error("goods", several if units or lots else _("There is no lot or unit with this number here."))
            return values
        unit = units[0] if units else None
        if unit is None and values.get("quantity") is None and "quantity" in values:
            self.add_error("quantity", _("Needed for a lot."))
        quantity = Decimal(1) if unit is not None and values.get("quantity") is None else values.get("quantity")
        return {"lot": unit.lot if unit is not None else lots[0], "unit": unit, "quantity": quantity}


class ReturnForm(Form):
    """How much of what was shipped came back."""

    quantity = quantity_field()

    def __init__(self, *args: Any, line: ShipmentLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["quantity"]
        field.unit = line.lot.material.uom.symbol
        if line.unit_id is not None:
            field.initial = Decimal(1)
