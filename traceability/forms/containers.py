"""Forms of containers and what goes into them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.gs1 import Gs1Error
from core.web.forms import Form, QuantityField, row_id
from core.web.questions import Scan
from core.web.scan import label_of
from traceability.forms import LONGEST_LABEL, ByNumberField, SiteForm
from traceability.models import Container, Lot, SerializedUnit, StorageLocation

SSCC, SERIAL, BATCH = "00", "21", "10"


class GoodsField(forms.CharField):
    """A unit, lot or container at a site, scanned or typed by its number or label."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_LABEL, **kwargs)
        self.site = 0
        self.widget.attrs.update({"autocomplete": "off", "data-accepts-scan": ""})

    def clean(self, value: Any) -> SerializedUnit | Lot | Container | None:
        """The one record that is meant; None where none was entered."""
        text = super().clean(value)
        if not text:
            return None
        try:
            label = label_of(Scan(text))
        except Gs1Error as error:
            raise forms.ValidationError(str(error), code="label") from error
        said = {ai: label.get(ai) if label is not None else text for ai in (SSCC, SERIAL, BATCH)}
        units = SerializedUnit.objects.filter(site=self.site, serial=said[SERIAL], lot__isnull=False)
        lots = Lot.objects.filter(site=self.site, number=said[BATCH])
        named = Q(sscc=said[SSCC]) | Q(number=said[SSCC]) if said[SSCC] else Q(pk=None)
        containers = Container.objects.filter(named, site=self.site)
        found: list[Any] = list(units.select_related("lot__material__uom")[:2]) if said[SERIAL] else []
        found = found or (list(lots.select_related("material__uom")[:2]) if said[BATCH] else [])
        found += list(containers[:2])
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several things have this number; scan the label of the one that you mean."), code="several"
            )
        if not found:
            raise forms.ValidationError(_("There is no lot, unit or container with this number here."), code="unknown")
        record: SerializedUnit | Lot | Container = found[0]
        return record


def _place(**kwargs: Any) -> ByNumberField:
    unknown = _("There is no storage location with this code here.")
    return ByNumberField(field="code", unknown=unknown, label=_("Storage location"), **kwargs)


class ContainerForm(SiteForm):
    """A new container."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Container.Kind.choices)
    location = _place(help_text=_("Code of the place where it stands."))
    number = forms.CharField(
        label=_("Number"), max_length=40, required=False, help_text=_("Empty: the next number of the site.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        site = str(self.data.get("site", "")) if self.is_bound else ""
        fields["location"].rows = StorageLocation.objects.filter(is_active=True, site_id=row_id(site))


class PackForm(Form):
    """What goes into a container."""

    goods = GoodsField(label=_("Lot, serial or container number"), help_text=_("Scan it, or type it."))
    quantity = QuantityField(
        label=_("Quantity"),
        max_digits=18,
        decimal_places=6,
        min_value=0,
        required=False,
        help_text=_("Only for a lot, in its material's unit."),
    )

    def __init__(self, *args: Any, container: Container, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goods"].site = container.site_id  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A lot needs a quantity; a unit or a container is one."""
        values = super().clean() or self.cleaned_data
        if isinstance(values.get("goods"), Lot):
            if values.get("quantity") is None and "quantity" in values:
                self.add_error("quantity", _("Needed for a lot."))
        elif "quantity" in values:
            values["quantity"] = Decimal(1)
        return values


class TransferForm(Form):
    """Where a container goes."""

    location = forms.ModelChoiceField(label=_("To"), queryset=StorageLocation.objects.none())

    def __init__(self, *args: Any, container: Container, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = StorageLocation.objects.filter(site_id=container.site_id, is_active=True)
        self.fields["location"].queryset = places.exclude(kind=StorageLocation.Kind.SHIPPED)  # type: ignore[attr-defined]


class PrefixForm(SiteForm):
    """The GS1 company prefix of a site."""

    company_prefix = forms.CharField(
        label=_("GS1 company prefix"), max_length=12, help_text=_("4 to 12 digits, as GS1 licensed it to your company.")
    )
    extension = forms.IntegerField(
        label=_("Extension digit"), min_value=0, max_value=9, initial=0, help_text=_("The first digit of each SSCC.")
    )


class ShipContainerForm(Form):
    """A whole container for a shipment."""

    container = GoodsField(label=_("Container"), help_text=_("Scan its SSCC, or type its number."))

    def __init__(self, *args: Any, site: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["container"].site = site  # type: ignore[attr-defined]

    def clean_container(self) -> Container:
        """A container, nothing else."""
        container: Any = self.cleaned_data["container"]
        if not isinstance(container, Container):
            raise forms.ValidationError(_("This is no container."), code="container")
        return container
