"""Forms of containments, and of held stock that leaves for good."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.organization.models import Partner
from core.web.forms import Form, MomentField, QuantityField, ReasonField
from traceability.forms import SiteForm, material_field
from traceability.forms.goods import PartnerField
from traceability.forms.scanned import named_on
from traceability.models import Containment, Hold, Lot, Material, SerializedUnit, StockRemoval, StorageLocation
from traceability.queries import LotState, Scope, scope_record

Kind = Containment.Kind

MOST_CHOSEN = 500
"""Lots and units that are chosen one by one."""

FIELDS_OF = {
    Kind.CHOSEN: ("goods",),
    Kind.MATERIAL: ("material", "since", "until"),
    Kind.SUPPLIER: ("supplier", "supplier_lot"),
    Kind.ORDER: ("record",),
    Kind.EQUIPMENT: ("record", "since", "until"),
    Kind.DOCUMENT: ("record", "since", "until"),
}
"""What each kind of scope asks; the rest of the form is the same for all."""

RECORD = {
    Kind.ORDER: (_("Number of the production order"), _("There is no such order at this site that you may see.")),
    Kind.EQUIPMENT: (_("Code of the equipment"), _("There is no such equipment at this site.")),
    Kind.DOCUMENT: (
        _("Number and revision of the document, such as SOP-7/B"),
        _("There is no such revision that you may see."),
    ),
}


class ContainmentForm(SiteForm):
    """A scope and the reason for holding it. Which fields it needs depends on its kind."""

    kind = forms.ChoiceField(label=_("Scope"), choices=Kind.choices, widget=forms.HiddenInput())
    goods = forms.CharField(
        label=_("Lot and serial numbers"),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 4, "data-accepts-scan": "", "autocomplete": "off"}),
        help_text=_("One on each line."),
    )
    material = material_field(required=False)
    supplier = PartnerField(
        label=_("Supplier's code"), required=False, help_text=_("Empty: whoever delivered a lot of this number.")
    )
    supplier_lot = forms.CharField(label=_("Supplier's lot number"), required=False, max_length=80)
    record = forms.CharField(
        label=_("Number"), required=False, max_length=80, widget=forms.TextInput(attrs={"data-accepts-scan": ""})
    )
    since = MomentField(label=_("Made or received from"), required=False, help_text=_("Empty: from the beginning."))
    until = MomentField(
        label=_("Made or received until"),
        required=False,
        help_text=_("Empty: also what comes later, until the containment ends."),
    )
    with_descendants = forms.BooleanField(
        label=_("Also what it went into"),
        required=False,
        help_text=_("Holds everything that was made of it, at any depth, and what will be made of it."),
    )
    reason = ReasonField()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        fields: Any = self.fields
        fields["material"].rows = Material.objects.select_related("uom")
        told = self.data.get("kind") if self.is_bound else self.initial.get("kind")
        self.scope_kind = Kind(told) if told in Kind.values else Kind.CHOSEN
        self.initial["kind"] = self.scope_kind
        fields["supplier"].rows = Partner.objects.all()
        if self.scope_kind == Kind.SUPPLIER:
            fields["supplier"].offer(is_supplier=True)
        if self.scope_kind in RECORD:
            fields["record"].label = RECORD[self.scope_kind][0]

    def asked(self) -> list[Any]:
        """The fields that this kind of scope asks, as they are shown."""
        names = ("site", *FIELDS_OF[self.scope_kind], "with_descendants", "reason")
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        """The lots and units, or the record, that the numbers name."""
        values = super().clean() or self.cleaned_data
        kind, site = values.get("kind"), values.get("site")
        if kind is None or site is None:
            return values
        asked = FIELDS_OF[Kind(kind)]
        for name in {name for names in FIELDS_OF.values() for name in names} - set(asked):
            if values.get(name):
                self.add_error(name, _("This kind of scope has none."))
        values["lots"], values["units"] = self._chosen(values, site) if "goods" in asked else ((), ())
        values["found"] = self._record(Kind(kind), values, site) if "record" in asked else None
        return values

    def _record(self, kind: Kind, values: dict[str, Any], site: Any) -> Model | None:
        text = (values.get("record") or "").strip()
        found = scope_record(kind, text, site, self.user) if text else None
        if text and found is None:
            self.add_error("record", RECORD[kind][1])
        return found

    def _chosen(self, values: dict[str, Any], site: Any) -> tuple[list[Lot], list[SerializedUnit]]:
        entered = re.split(r"[\n\r,;\t]+ *", (values.get("goods") or "").strip())
        numbers = list(dict.fromkeys(named_on(text) for text in entered if text))
        if len(numbers) > MOST_CHOSEN:
            self.add_error("goods", _("More than can be chosen one by one: contain a material or a supplier's lot."))
            return [], []
        units = list(SerializedUnit.objects.filter(site=site, serial__in=numbers).select_related("lot"))
        lots = list(Lot.objects.filter(site=site, number__in=numbers))
        found = [one.number for one in lots] + [one.serial for one in units]
        for number in numbers:
            if found.count(number) != 1:
                several = _("“%(number)s” is the number of several; hold the right one on its own page.")
                text = several if found.count(number) else _("There is no lot or unit “%(number)s” at this site.")
                self.add_error("goods", forms.ValidationError(text, params={"number": number}, code="unknown"))
        return lots, units

    def scope(self) -> Scope:
        """What is to be contained."""
        values = self.cleaned_data
        return Scope(
            kind=values["kind"],
            site=values["site"],
            material=values["material"],
            supplier=values["supplier"],
            supplier_lot=values["supplier_lot"],
            since=values["since"],
            until=values["until"],
            record=values["found"],
            with_descendants=values["with_descendants"],
            lots=values["lots"],
            units=values["units"],
        )


class RemovalForm(Form):
    """What of a hold leaves for good, and which way."""

    kind = forms.ChoiceField(label=_("What happens with it"), choices=StockRemoval.Kind.choices)
    quantity = QuantityField(
        label=_("Quantity"),
        max_digits=18,
        decimal_places=6,
        min_value=0,
        required=False,
        help_text=_("Empty: all that the hold covers."),
    )
    location = forms.ModelChoiceField(
        label=_("From"),
        queryset=StorageLocation.objects.none(),
        required=False,
        help_text=_("Empty: from the place where it lies."),
    )

    def __init__(self, *args: Any, hold: Hold, state: LotState | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["quantity"].unit = hold.material.uom.symbol
        if state is not None:
            fields["location"].queryset = StorageLocation.objects.filter(pk__in=state.places).order_by("code")
