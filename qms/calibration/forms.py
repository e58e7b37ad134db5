"""What people enter about gauges and calibrations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Equipment, Site, User
from core.web.forms import DayField, Form, NamedChoice, QuantityField
from core.web.scan import clean
from qms.calibration.models import CalibrationPlan, CalibrationPoint, CalibrationRecord, ImpactAnswer
from qms.calibration.queries import LookBack, PointState, gauge_called
from qms.calibration.services import Reading
from qms.documents.models import Document
from traceability.models import UnitOfMeasure

SHOWN = 200
"""Values that one page offers at once."""


def _value(label: Any, **kwargs: Any) -> QuantityField:
    return QuantityField(label=label, max_digits=18, decimal_places=6, **kwargs)


class PlanForm(Form):
    """How often, by which procedure, by whom."""

    interval_months = forms.IntegerField(label=_("Interval, months"), min_value=1, max_value=240)
    procedure = forms.ModelChoiceField(
        label=_("Procedure"), queryset=Document.objects.none(), required=False, empty_label=_("none")
    )
    responsible = forms.ModelChoiceField(
        label=_("Responsible"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("whoever may calibrate"),
        help_text=_("Is asked when it falls due."),
    )
    is_standard = forms.BooleanField(
        label=_("Reference standard"), required=False, help_text=_("Other gauges are calibrated against it.")
    )

    def __init__(self, *args: Any, people: Any, documents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["responsible"].queryset, fields["procedure"].queryset = people, documents

    @staticmethod
    def values_of(plan: CalibrationPlan) -> dict[str, Any]:
        """What the form starts with."""
        return {
            "interval_months": plan.interval_months,
            "procedure": plan.procedure_id,
            "responsible": plan.responsible_id,
            "is_standard": plan.is_standard,
        }


class PlanCreateForm(PlanForm):
    """Which equipment becomes a gauge."""

    equipment = forms.ModelChoiceField(
        label=_("Equipment"),
        queryset=Equipment.objects.none(),
        help_text=_(
            "Equipment of a work center that is no gauge yet. New equipment is added on the work center's page."
        ),
    )
    field_order = ("equipment",)

    def __init__(self, *args: Any, equipment: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["equipment"]
        field.queryset = equipment


class PointForm(Form):
    """One value to compare, and how far it may be off each way."""

    nominal = _value(_("Nominal value"))
    uom = NamedChoice(label=_("Unit"), queryset=UnitOfMeasure.objects.order_by("code"))
    tolerance_minus = _value(_("Tolerance below"), min_value=0)
    tolerance_plus = _value(_("Tolerance above"), min_value=0)
    label = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("Empty: the nominal value with its unit.")
    )

    @staticmethod
    def values_of(point: CalibrationPoint) -> dict[str, Any]:
        """What the form starts with; numbers without zeros at the end."""
        numbers = {
            name: f"{getattr(point, name).normalize():f}" for name in ("nominal", "tolerance_minus", "tolerance_plus")
        }
        return {**numbers, "uom": point.uom_id, "label": point.label}


class StandardForm(Form):
    """A reference standard by its code, typed or scanned."""

    standard = forms.CharField(
        label=_("Reference standard"),
        max_length=60,
        help_text=_("Scan the code on it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-accepts-scan": "", "data-takes-scans": ""}),
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site

    def clean_standard(self) -> CalibrationPlan:
        code = clean(self.cleaned_data["standard"]).text
        found = gauge_called(code, self.site)
        if found is None:
            raise ValidationError(
                _t("There is no gauge “%(code)s” at %(site)s.") % {"code": code, "site": self.site}, code="unknown"
            )
        return found


class ReadingsForm(Form):
    """What the gauge showed at each point: as found, and as left where it was adjusted."""

    def __init__(self, *args: Any, points: list[PointState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        for state in points:
            unit = state.point.uom.symbol
            self.fields[f"found-{state.point.pk}"] = _value(
                _t("%(point)s, as found") % {"point": state.point}, unit=unit, required=False
            )
            self.fields[f"left-{state.point.pk}"] = _value(
                _t("%(point)s, as left") % {"point": state.point}, unit=unit, required=False
            )
            if state.reading is not None:
                self.initial[f"found-{state.point.pk}"] = f"{state.reading.as_found.normalize():f}"
                self.initial[f"left-{state.point.pk}"] = f"{state.reading.as_left.normalize():f}"

    def rows(self) -> list[tuple[PointState, Any, Any]]:
        """Each point with its two fields."""
        return [(s, self[f"found-{s.point.pk}"], self[f"left-{s.point.pk}"]) for s in self.points]

    def readings(self) -> list[Reading]:
        """What was entered; a point without a value is left out."""
        found = [(s.point, self.cleaned_data.get(f"found-{s.point.pk}")) for s in self.points]
        return [
            Reading(point, value, self.cleaned_data.get(f"left-{point.pk}"))
            for point, value in found
            if value is not None
        ]


class DescribeForm(Form):
    """Circumstances, or the laboratory that did it."""

    temperature = QuantityField(label=_("Temperature"), unit="°C", max_digits=6, decimal_places=2, required=False)
    humidity = QuantityField(
        label=_("Humidity"), unit="%", max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    laboratory = forms.CharField(
        label=_("Laboratory"), max_length=160, required=False, help_text=_("Only where another one calibrated it.")
    )
    certificate_number = forms.CharField(label=_("Number of its certificate"), max_length=80, required=False)
    note = forms.CharField(
        label=_("Remarks"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    @staticmethod
    def values_of(record: CalibrationRecord) -> dict[str, Any]:
        """What the form starts with."""
        return {
            name: getattr(record, name)
            for name in ("temperature", "humidity", "laboratory", "certificate_number", "note")
        }


class CertificateForm(Form):
    """The certificate of a laboratory, or another file."""

    file = forms.FileField(label=_("File"))
    caption = forms.CharField(label=_("What it is"), max_length=200, required=False)


class FinishForm(Form):
    """When it was done."""

    performed_on = DayField(label=_("Performed on"), required=False, help_text=_("Empty: today."))


class AnswerForm(Form):
    """What the failure means for some of the values."""

    values = forms.MultipleChoiceField(label=_("Values"), widget=forms.CheckboxSelectMultiple)
    answer = forms.ChoiceField(
        label=_("What it means for them"), choices=ImpactAnswer.Answer.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, seen: LookBack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = seen.unanswered or seen.values
        said: Any = self.fields["values"]
        said.choices = [
            (
                value.key,
                " · ".join(part for part in (value.label, value.value, value.where, value.lot, value.unit) if part),
            )
            for value in (*open_ones, *(value for value in seen.values if value not in open_ones))
        ]
        said.widget.choices = said.choices[: max(len(open_ones[:SHOWN]), 1)]
        self.initial.setdefault("values", [value.key for value in open_ones[:SHOWN]])


class ImpactForm(Form):
    """What the failure means for what was measured."""

    impact = forms.ChoiceField(label=_("What it means"), choices=CalibrationRecord.Impact.choices[1:])
    impact_note = forms.CharField(
        label=_("How this was judged"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Which values and lots were looked at, why they are acceptable, or what is done about them."),
    )
