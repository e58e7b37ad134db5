"""Forms of materials, bills of material, lots, stock and holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.gs1 import Gs1Error, gtin, is_gtin
from core.organization.models import Site
from core.web.forms import DayField, Form, NamedChoice, QuantityField, TypedList, row_id
from core.web.questions import Scan
from core.web.scan import label_of
from traceability.lifecycle import LOT, SERIALIZED_UNIT
from traceability.models import (
    Lot,
    Material,
    SerializedUnit,
    StorageLocation,
    UnitOfMeasure,
)
from traceability.queries import LotState, Wanted

LONGEST_LABEL = 200
"""Characters of a scanned GS1 label."""
MOST_DAYS = 36500
"""A hundred years: an expiry beyond it is a slip of the hand."""


def _quantity(**kwargs: Any) -> QuantityField:
    return QuantityField(max_digits=18, decimal_places=6, **{"label": _("Quantity"), "min_value": 0, **kwargs})


class ByNumberField(forms.CharField):
    """A record that is entered or scanned by its number; unknown numbers are refused in words."""

    def __init__(self, *, field: str, unknown: Any, on_label: str = "", label_field: str = "", **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_LABEL, **kwargs)
        self.field, self.unknown = field, unknown
        self.on_label, self.label_field = on_label, label_field or field
        self.rows: Any = None
        self.widget.attrs.update({"autocomplete": "off", "data-accepts-scan": ""})

    def clean(self, value: Any) -> Any:
        """The record with that number, or None where none is required."""
        number = super().clean(value)
        if not number:
            return None
        found = self.rows.filter(**{self.field: number}).first() or self._on_label(number)
        if found is None:
            raise forms.ValidationError(self.unknown, code="unknown")
        return found

    def _on_label(self, text: str) -> Any:
        """The record that a GS1 label names by the identifier `on_label`. A wrong label is refused in words."""
        if not self.on_label:
            return None
        try:
            label = label_of(Scan(text))
        except Gs1Error as error:
            raise forms.ValidationError(str(error), code="label") from error
        said = label.get(self.on_label) if label is not None else ""
        if self.on_label == "01" and is_gtin(text):
            said = gtin(text)
        return self.rows.filter(**{self.label_field: said}).first() if said else None


def material_field(**kwargs: Any) -> ByNumberField:
    """A material by its number."""
    return ByNumberField(
        field="number",
        unknown=_("There is no material with this number."),
        on_label="01",
        label_field="gtin",
        **{"label": _("Material number"), **kwargs},
    )


def _days(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_DAYS, required=False, help_text=help_text)


def shelf_life_rule_field() -> forms.ChoiceField:
    """From what the last day of use of a lot follows."""
    return forms.ChoiceField(
        label=_("How long it keeps"), choices=Material.ShelfLifeRule.choices, required=False, initial="fixed"
    )


def gtin_field() -> forms.CharField:
    """The GTIN of a material, typed or scanned; the service says what is wrong with it."""
    return forms.CharField(
        label=_("GTIN"),
        max_length=LONGEST_LABEL,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-accepts-scan": ""}),
        help_text=_("The number under its barcode, of 8, 12, 13 or 14 digits. Scanned GS1 labels then find it."),
    )


class MaterialForm(Form):
    """A new material."""

    number = forms.CharField(label=_("Number"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Material.Kind.choices)
    tracking = forms.ChoiceField(
        label=_("Tracking"),
        choices=Material.Tracking.choices,
        help_text=_("By serial number: each piece is scanned when it is used."),
    )
    uom = NamedChoice(label=_("Unit"), queryset=UnitOfMeasure.objects.none())
    shelf_life_days = forms.IntegerField(label=_("Shelf life, days"), min_value=1, max_value=MOST_DAYS, required=False)
    shelf_life_rule = shelf_life_rule_field()
    retest_days = _days(_("Retest after, days"), _("Until quality has retested it, it is not used any longer."))
    open_life_days = _days(_("Usable once opened, days"), _("Counted from the first time it is taken from."))
    gtin = gtin_field()
    revision = forms.CharField(
        label=_("First revision"), max_length=24, required=False, help_text=_("Begins as a draft, such as A or 1.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uom"].queryset = UnitOfMeasure.objects.all()  # type: ignore[attr-defined]


class MaterialChangeForm(Form):
    """What may change about a material. The unit and the tracking stay: recorded stock depends on them."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Material.Kind.choices)
    shelf_life_days = forms.IntegerField(label=_("Shelf life, days"), min_value=1, max_value=MOST_DAYS, required=False)
    shelf_life_rule = shelf_life_rule_field()
    retest_days = _days(_("Retest after, days"), _("Until quality has retested it, it is not used any longer."))
    open_life_days = _days(_("Usable once opened, days"), _("Counted from the first time it is taken from."))
    gtin = gtin_field()
    is_active = forms.BooleanField(label=_("In use"), required=False)


class RevisionForm(Form):
    """A new revision of a material."""

    revision = forms.CharField(label=_("Revision"), max_length=24)
    description = forms.CharField(label=_("What changed"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class UseUpForm(Form):
    """Until when lots of a superseded revision may still be used."""

    until = DayField(label=_("May be used until"), required=False, help_text=_("Empty: no longer."))


class BillOfMaterialForm(Form):
    """A new bill of material."""

    code = forms.CharField(label=_("Code"), max_length=40, initial="1")


class BomLineForm(Form):
    """A component of an assembly, from a day on."""

    component = material_field(label=_("Component number"))
    quantity = _quantity()
    uom = NamedChoice(
        label=_("Unit"),
        queryset=UnitOfMeasure.objects.none(),
        required=False,
        help_text=_("Empty: the component's own."),
    )
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid until, inclusive"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["component"].rows = Material.objects.select_related("uom")  # type: ignore[attr-defined]
        self.fields["uom"].queryset = UnitOfMeasure.objects.all()  # type: ignore[attr-defined]


class BomLineEndForm(Form):
    """The last day of a line."""

    valid_to = DayField(label=_("Valid until, inclusive"))


class SiteForm(Form):
    """A form that asks for the site among those in which the visitor may do it."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        field.queryset = sites
        if len(sites) == 1:
            self.initial.setdefault("site", sites[0].pk)


class UnitOfMeasureForm(Form):
    """A new unit of measure."""

    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("As it stands behind a quantity: kg, m, EA."))
    name = forms.CharField(label=_("Name"), max_length=80)
    pint_unit = forms.CharField(
        label=_("Physical unit"),
        max_length=60,
        required=False,
        help_text=_("Such as kg, mm, m² or N·m. Empty: it converts into nothing (box, roll, each)."),
    )
    whole_only = forms.BooleanField(
        label=_("Counts whole pieces"),
        required=False,
        help_text=_("Half of one is then neither booked, ordered, reported nor disposed of."),
    )


class UnitOfMeasureChangeForm(Form):
    """What may change about a unit of measure. Its code and its physical unit stay: recorded stock depends on them."""

    name = forms.CharField(label=_("Name"), max_length=80)
    whole_only = forms.BooleanField(
        label=_("Counts whole pieces"),
        required=False,
        help_text=_("Half of one is then neither booked, ordered, reported nor disposed of."),
    )


class LocationForm(SiteForm):
    """A new storage location."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=StorageLocation.Kind.choices)


class ReceiveForm(SiteForm):
    """Material that comes without a delivery: a new lot with its first stock, in quarantine."""

    material = material_field()
    number = forms.CharField(
        label=_("Lot number"), max_length=60, required=False, help_text=_("Empty: the next number of the site.")
    )
    quantity = _quantity(help_text=_("In the material's unit."))
    supplier_lot = forms.CharField(label=_("Supplier's lot number"), max_length=80, required=False)
    expires_on = DayField(label=_("Usable until"), required=False, help_text=_("Empty: by the material's shelf life."))
    location = ByNumberField(
        field="code",
        unknown=_("There is no storage location with this code."),
        label=_("Storage location"),
        required=False,
        help_text=_("Code of the place. Empty: quarantine."),
    )
    reason = forms.CharField(label=_("Reason"), help_text=_("Where it comes from, and why so."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["material"].rows = Material.objects.select_related("uom")
        site = str(self.data.get("site", "")) if self.is_bound else ""
        places = StorageLocation.objects.filter(is_active=True)
        fields["location"].rows = places.filter(site_id=row_id(site))


class LotForm(Form):
    """Base of forms about the stock of one lot: its places with stock, and its unit of measure."""

    def __init__(self, *args: Any, lot: Lot, state: LotState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name in ("quantity", "counted"):
            if name in fields:
                fields[name].unit = lot.material.uom.symbol
        for name in ("from_location", "location"):
            if name in fields:
                fields[name].queryset = StorageLocation.objects.filter(pk__in=state.places)
                if len(state.places) == 1:
                    fields[name].initial = next(iter(state.places))
        for name in ("to_location", "any_location"):
            if name in fields:
                fields[name].queryset = StorageLocation.objects.filter(site_id=lot.site_id, is_active=True)
        if "unit" in fields:
            fields["unit"].rows = SerializedUnit.objects.filter(lot=lot)


class _UnitField(ByNumberField):
    def __init__(self) -> None:
        super().__init__(
            field="serial",
            on_label="21",
            unknown=_("This lot has no unit with this serial number."),
            label=_("Serial number"),
            required=False,
            help_text=_("Only for one single unit of the lot."),
        )


class MoveStockForm(LotForm):
    """Carry stock to another place."""

    quantity = _quantity()
    from_location = forms.ModelChoiceField(label=_("From"), queryset=StorageLocation.objects.none())
    to_location = forms.ModelChoiceField(label=_("To"), queryset=StorageLocation.objects.none())
    unit = _UnitField()


class ScrapForm(LotForm):
    """Take stock out for good."""

    quantity = _quantity()
    location = forms.ModelChoiceField(label=_("From"), queryset=StorageLocation.objects.none())
    unit = _UnitField()


class CountForm(LotForm):
    """What was counted in a place."""

    any_location = forms.ModelChoiceField(label=_("Counted in"), queryset=StorageLocation.objects.none())
    counted = _quantity(label=_("Counted quantity"))


class PlaceHoldForm(LotForm):
    """A hold on a lot or a part of it."""

    quantity = _quantity(required=False, help_text=_("Empty: all of the lot, also what comes into it later."))


MOST_LEVELS = 99
"""Levels that a limit may name; without a limit a trace has as many as there are."""


class TraceForm(Form):
    """How a trace is asked for, as its address says it: which way, how deep, which of its rows, and shown as what."""

    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[("backward", _("What went into it")), ("forward", _("Where it went")), ("both", _("Both"))],
        required=False,
    )
    show = forms.ChoiceField(
        label=_("Shown as"), choices=[("table", _("Table")), ("tree", _("Tree")), ("graph", _("Graph"))], required=False
    )
    export = forms.ChoiceField(
        label=_("Download"), choices=[(kind, kind.upper()) for kind in ("csv", "xlsx", "json")], required=False
    )
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=100_000, required=False)
    depth = forms.IntegerField(label=_("Down to level"), min_value=1, max_value=MOST_LEVELS, required=False)
    material = material_field(required=False, widget=TypedList())
    site = NamedChoice(label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("All"))
    status = forms.ChoiceField(label=_("State"), required=False)
    since = DayField(label=_("Recorded from"), at=dt.time.min, required=False)
    until = DayField(label=_("Recorded until"), at=dt.time.max, required=False)
    level = forms.IntegerField(label=_("Only level"), min_value=1, max_value=MOST_LEVELS, required=False)

    FILTERS = ("depth", "material", "site", "status", "since", "until", "level")
    """What narrows the trace; the rest says how it is shown."""

    def __init__(self, data: Any, *, sites: Any) -> None:
        super().__init__(data)
        self.unknown = sorted(set(data) - set(self.fields))
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["material"].rows = Material.objects.all()  # type: ignore[attr-defined]
        self.fields["status"].choices = [("", _("All")), *states_of_a_trace()]  # type: ignore[attr-defined]

    @property
    def filters(self) -> list[Any]:
        """The fields that narrow the trace, as they are shown."""
        return [self[name] for name in self.FILTERS]

    @property
    def is_narrowed(self) -> bool:
        """Whether any of them is set."""
        return any(self.data.get(name) for name in self.FILTERS)

    def value(self, name: str) -> str:
        """A choice of how it is shown, the first one where none is made."""
        choices: Any = self.fields[name].choices  # type: ignore[attr-defined]
        return str(self.cleaned_data.get(name) or choices[0][0])

    def offer(self, materials: Any) -> None:
        """Propose these material numbers while somebody types."""
        self.fields["material"].widget.choices = [(number, number) for number in materials]

    def wanted(self) -> Wanted:
        """Which rows are asked for."""
        given = self.cleaned_data
        return Wanted(
            material=given["material"].number if given["material"] else "",
            site=given["site"].pk if given["site"] else None,
            status=given["status"],
            level=given["level"],
            since=given["since"],
            until=given["until"],
        )


def states_of_a_trace() -> list[tuple[str, Any]]:
    """The states of lots and of units, each once; where both have it under two names, as the lot's."""
    found = {state.code: state.label for lifecycle in (SERIALIZED_UNIT, LOT) for state in lifecycle.states}
    return sorted(found.items(), key=lambda one: str(one[1]))
