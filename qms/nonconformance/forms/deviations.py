"""Shapes of input of planned deviations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.organization.queries import sites_of
from core.web.forms import DayField, Form, QuantityField
from qms.documents.models import Document
from qms.nonconformance.forms.records import SMALLEST, found_thing, quantity_field, thing_field
from qms.nonconformance.models import PlannedDeviation
from qms.nonconformance.services import ValueAllowed
from traceability.models import Lot, Material

BOUND: dict[str, Any] = {"max_digits": 18, "decimal_places": 6, "required": False}
TEXT: dict[str, Any] = {"max_length": 8000, "widget": forms.Textarea(attrs={"rows": 3})}


class DeviationForm(Form):
    """What is required, what is done instead, why that is safe, for what, how much and how long."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    title = forms.CharField(label=_("Title"), max_length=200)
    requirement = forms.CharField(label=_("What is required"), **TEXT)
    instead = forms.CharField(label=_("What is done instead"), **TEXT)
    justification = forms.CharField(label=_("Justification"), **TEXT)
    material = forms.ModelChoiceField(label=_("Material"), queryset=Material.objects.none(), to_field_name="number")
    quota = quantity_field(min_value=SMALLEST, help_text=_("At most so much in all, in the unit of the material."))
    valid_from = DayField(label=_("Valid from"))
    valid_until = DayField(label=_("Valid until"), help_text=_("The last day."))
    document = forms.ModelChoiceField(
        label=_("Instruction"),
        queryset=Document.objects.none(),
        to_field_name="number",
        required=False,
        help_text=_("Only where a value of a work instruction may leave its limits: operators then choose this there."),
    )
    parameter = forms.CharField(
        label=_("Code of the value"), max_length=32, required=False, help_text=_("As the instruction calls it.")
    )
    lower_allowed = QuantityField(
        label=_("Allowed from"), help_text=_("Empty: the lower limit of the instruction stays."), **BOUND
    )
    upper_allowed = QuantityField(
        label=_("Allowed until"), help_text=_("Empty: the upper limit of the instruction stays."), **BOUND
    )

    def __init__(self, *args: Any, user: Any, deviation: PlannedDeviation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quota"].label = _("Quota")
        sites = sites_of(user, "qms_nonconformance.draft_planneddeviation")
        if deviation is not None:
            sites = sites.filter(pk=deviation.site_id)
        known = Document.objects.filter(Q(site__in=sites) | Q(site=None), kind=Document.Kind.WORK_INSTRUCTION)
        self.fields["document"].queryset = known.order_by("number")  # type: ignore[attr-defined]
        if deviation is not None:
            del self.fields["site"], self.fields["material"]
            for name in self.fields:
                self.initial.setdefault(name, getattr(deviation, name))
            if deviation.document is not None:
                self.initial["document"] = deviation.document.number
            return
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.initial.setdefault("site", sites.first())
        self.fields["material"].queryset = Material.objects.order_by("number")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Instruction, value and range become one; none of them without the others."""
        values = super().clean() or {}
        document, code = values.pop("document", None), values.pop("parameter", "").strip()
        lower, upper = values.pop("lower_allowed", None), values.pop("upper_allowed", None)
        if document is None and (code or lower is not None or upper is not None):
            self.add_error("document", _("Name the instruction whose value may leave its limits."))
        if document is not None and not code:
            self.add_error("parameter", _("Name the value by its code."))
        values["allowed"] = ValueAllowed(document, code, lower, upper) if document is not None and code else None
        return values


class UseForm(Form):
    """How much of which lot was made under it."""

    lot = thing_field()
    quantity = quantity_field(min_value=SMALLEST)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"].label = _("Lot")
        self.site = site

    def clean_lot(self) -> Lot:
        thing = found_thing(self.site, self.cleaned_data["lot"])
        if not isinstance(thing, Lot):
            raise forms.ValidationError(_("Name the lot."), code="unit")
        return thing
