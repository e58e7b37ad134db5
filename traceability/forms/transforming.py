"""Forms of lots that become other lots, and of components that are replaced."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form, QuantityField
from traceability.forms import LotForm
from traceability.forms.containers import GoodsField
from traceability.forms.scanned import named_on
from traceability.models import Container, GenealogyLink, Lot, SerializedUnit, StorageLocation
from traceability.queries import plain
from traceability.services import KEEP, SCRAP

MOST_LOTS = 50
"""Lots that become one at once."""


class SplitForm(LotForm):
    """How much of a lot becomes a sublot."""

    quantity = QuantityField(label=_("Quantity"), max_digits=18, decimal_places=6, min_value=0)
    location = forms.ModelChoiceField(label=_("From"), queryset=StorageLocation.objects.none())
    held = forms.TypedChoiceField(
        label=_("Which part"),
        choices=[("", _("Choose")), ("held", _("The part that is on hold")), ("free", _("A part that is free"))],
        required=False,
        coerce=lambda value: value == "held",
        empty_value=None,
        help_text=_("Only where a part of the lot is on hold."),
    )
    number = forms.CharField(
        label=_("Number of the sublot"),
        max_length=60,
        required=False,
        help_text=_("Empty: the lot's number with a further figure."),
    )

    def __init__(self, *args: Any, lot: Lot, state: Any, **kwargs: Any) -> None:
        super().__init__(*args, lot=lot, state=state, **kwargs)
        if not state.held or state.all_held:
            del self.fields["held"]


class MergeForm(Form):
    """The other lots that become one with this one."""

    lots = forms.CharField(
        label=_("The other lots"),
        widget=forms.Textarea(attrs={"rows": 3, "data-accepts-scan": "", "autocomplete": "off"}),
        help_text=_("Their numbers, one a line. All that is on hand of each goes into the new lot."),
    )
    number = forms.CharField(
        label=_("Number of the new lot"),
        max_length=60,
        required=False,
        help_text=_("Empty: the next number of the site."),
    )

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lot = lot

    def clean_lots(self) -> list[Lot]:
        """The lots of the same material with these numbers."""
        entered = (text.strip() for text in re.split(r"[\n\r,;]+", self.cleaned_data["lots"]))
        numbers = [named_on(text) for text in entered if text]
        if len(numbers) > MOST_LOTS:
            raise forms.ValidationError(_("At most %(most)s at once."), params={"most": MOST_LOTS}, code="many")
        rows = Lot.objects.filter(site=self.lot.site_id, number__in=numbers).order_by("pk")
        same: list[Lot] = []
        others: list[Lot] = []
        for lot in rows:
            (same if lot.material_id == self.lot.material_id else others).append(lot)
        found = {lot.number: lot for lot in [*others, *same]}  # of two with one number, that of the same material
        unknown = [number for number in numbers if number not in found]
        if unknown:
            raise forms.ValidationError(
                _("There is no lot %(number)s at this site."), params={"number": unknown[0]}, code="unknown"
            )
        return list(found.values())


class ComponentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the components of a unit."""

    def label_from_instance(self, obj: GenealogyLink) -> str:
        part = obj.parent_unit or obj.parent_lot
        material = part.material if part is not None else ""
        return f"{part} · {material} · {plain(obj.quantity)} {obj.uom.symbol}"


class BuildInForm(Form):
    """What is put back into a unit."""

    new = GoodsField(label=_("Build in"), help_text=_("Scan or type the lot or serial number."))

    def __init__(self, *args: Any, unit: SerializedUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].site = unit.site_id  # type: ignore[attr-defined]

    def clean_new(self) -> Lot | SerializedUnit:
        """A lot or a unit; a container is opened first."""
        new: Lot | SerializedUnit = _no_container(self.cleaned_data["new"])
        return new


def _no_container(goods: Any) -> Any:
    if isinstance(goods, Container):
        raise forms.ValidationError(_("Scan the lot or unit that is in it."), code="container")
    return goods


class ReplaceForm(Form):
    """Which component comes out, what becomes of it, and what comes in."""

    component = ComponentField(label=_("Take out"), queryset=GenealogyLink.objects.none())
    quantity = QuantityField(
        label=_("Quantity"),
        max_digits=18,
        decimal_places=6,
        min_value=0,
        required=False,
        help_text=_("Empty: all of it."),
    )
    outcome = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[(KEEP, _("It is kept, on hold, until quality decides")), (SCRAP, _("It is scrapped"))],
    )
    location = forms.ModelChoiceField(
        label=_("Put it into"),
        queryset=StorageLocation.objects.none(),
        required=False,
        help_text=_("Where it is kept. Empty: quarantine."),
    )
    new = GoodsField(
        label=_("Build in"),
        required=False,
        help_text=_("Scan or type the lot or serial number. Empty: it is only taken out."),
    )

    def __init__(self, *args: Any, unit: SerializedUnit, components: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["component"].queryset = components
        fields["location"].queryset = StorageLocation.objects.filter(site_id=unit.site_id, is_active=True)
        fields["new"].site = unit.site_id

    def clean_new(self) -> Lot | SerializedUnit | None:
        """A lot or a unit; a container is opened first."""
        return _no_container(self.cleaned_data["new"])  # type: ignore[no-any-return]
