"""Forms of stock counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.gs1 import Gs1Error
from core.web.forms import Form, QuantityField, TypedList
from core.web.questions import Scan
from core.web.scan import label_of
from traceability.forms import LONGEST_LABEL, ByNumberField
from traceability.models import Lot, SerializedUnit, StorageLocation


class CountBeginForm(Form):
    """Which place is counted."""

    location = ByNumberField(
        field="code",
        unknown=_("There is no storage location with this code at your sites."),
        label=_("Storage location"),
        widget=TypedList(),
        help_text=_("Scan or type its code."),
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["location"]
        field.rows = StorageLocation.objects.select_related("site").filter(site__in=sites, is_active=True)
        field.widget.choices = [(place.code, place.name) for place in field.rows.exclude(kind="shipped")]


class CountLineForm(Form):
    """A lot and how much of it is there, or a unit that was scanned."""

    lot = forms.CharField(
        label=_("Lot or serial number"),
        max_length=LONGEST_LABEL,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-accepts-scan": "", "autofocus": True}),
        help_text=_("Scan its label."),
    )
    counted = QuantityField(
        label=_("Counted"),
        max_digits=18,
        decimal_places=6,
        min_value=0,
        required=False,
        help_text=_("In the material's unit; 0 where nothing is there. Of a scanned unit leave it empty."),
    )
    reason = forms.CharField(
        label=_("Explanation"),
        required=False,
        help_text=_("Needed only where the same lot is counted once more."),
    )

    def __init__(self, *args: Any, site: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site

    def clean_lot(self) -> Lot | SerializedUnit:
        """The one lot or unit of the site with this number, or that a GS1 label names. A wrong label is refused."""
        text = self.cleaned_data["lot"]
        units = list(SerializedUnit.objects.select_related("lot").filter(site=self.site, serial=text)[:2])
        if len(units) == 1:
            return units[0]
        return self._unit_on_label(text) or self._lot(text)

    def clean(self) -> dict[str, Any]:
        """A lot has a quantity; a unit is there or, with 0, not."""
        values = super().clean() or {}
        goods, counted = values.get("lot"), values.get("counted")
        if isinstance(goods, SerializedUnit):
            if counted not in (None, 0, 1):
                self.add_error("counted", _("A unit is there or, with 0, not there."))
        elif goods is not None and counted is None and "counted" not in self.errors:
            self.add_error("counted", _("Enter how much is there; 0 where nothing is."))
        return values

    def _unit_on_label(self, text: str) -> SerializedUnit | None:
        try:
            label = label_of(Scan(text))
        except Gs1Error as error:
            raise forms.ValidationError(str(error), code="label") from error
        if label is None or not label.get("21"):
            return None
        units = SerializedUnit.objects.select_related("lot").filter(site=self.site, serial=label.get("21"))
        found = list((units.filter(material__gtin=label.get("01")) if label.get("01") else units)[:2])
        return found[0] if len(found) == 1 else None

    def _lot(self, text: str) -> Lot:
        lots = list(Lot.objects.filter(site=self.site, number=text)[:2]) or self._on_label(text)
        if len(lots) != 1:
            several = _("Several materials have a lot of this number. Scan its GS1 label.")
            raise forms.ValidationError(several if lots else _("There is no lot with this number here."))
        return lots[0]

    def _on_label(self, text: str) -> list[Lot]:
        try:
            label = label_of(Scan(text))
        except Gs1Error as error:
            raise forms.ValidationError(str(error), code="label") from error
        if label is None or not label.get("10"):
            return []
        lots = Lot.objects.filter(site=self.site, number=label.get("10"))
        return list((lots.filter(material__gtin=label.get("01")) if label.get("01") else lots)[:2])
