"""What people enter when they build an instruction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import EquipmentClass
from core.web.forms import MOST, Form, NamedChoice, QuantityField
from mes.instructions.models import DataPoint, InstructionStep
from traceability.models import UnitOfMeasure

DEEDS = ("step-up", "step-down", "step-delete", "picture-remove", "point-up", "point-down", "point-delete")
"""What the building page posts as `deed`, each with the key of its part."""


class ArrangeForm(Form):
    """Move or delete a step, a picture or a data point."""

    deed = forms.ChoiceField(label=_("What shall be done"), choices=[(deed, deed) for deed in DEEDS])
    part = forms.IntegerField(label=_("Step, picture or data point"), min_value=1, max_value=MOST)


class BeginForm(Form):
    """Nothing to enter: the instruction begins without steps."""


class StepForm(Form):
    """What one step says. `version` is what the writer read, so that nobody overwrites a colleague."""

    version = forms.IntegerField(max_value=MOST, widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("What to do, in a few words."))
    caution = forms.CharField(
        label=_("Caution"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Danger to people or product; shown before everything else."),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Markdown: lists, tables, bold."),
    )
    must_be_confirmed = forms.BooleanField(
        label=_("Must be confirmed"),
        required=False,
        help_text=_("The operation cannot be completed before somebody has said that this step was done."),
    )

    @staticmethod
    def values_of(step: InstructionStep) -> dict[str, Any]:
        """What the form starts with."""
        return {
            "version": step.row_version,
            "title": step.title,
            "caution": step.caution,
            "text": step.text,
            "must_be_confirmed": step.must_be_confirmed,
        }


class PictureForm(Form):
    """A picture and its words."""

    file = forms.FileField(
        label=_("Picture"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
    )
    description = forms.CharField(
        label=_("What it shows"), max_length=300, help_text=_("For people who do not see the picture.")
    )


class LinesField(forms.CharField):
    """A list of texts, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        """An empty list is fine here; the service knows when it is not."""

    def run_validators(self, value: Any) -> None:
        """Validators of a text do not fit a list."""


def _limit(label: Any, help_text: Any = "") -> QuantityField:
    return QuantityField(label=label, required=False, max_digits=18, decimal_places=6, help_text=help_text)


class DataPointForm(Form):
    """Something to record, with its limits."""

    version = forms.IntegerField(max_value=MOST, widget=forms.HiddenInput, required=False)
    code = forms.CharField(label=_("Code"), max_length=32, help_text=_("Unique in the instruction, such as TORQUE-1."))
    label = forms.CharField(label=_("What to record"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=DataPoint.Kind.choices, initial=DataPoint.Kind.NUMBER)
    unit = NamedChoice(
        label=_("Unit"), queryset=UnitOfMeasure.objects.order_by("code"), required=False, empty_label=_("none")
    )
    decimals = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=6, initial=2)
    lower_limit = _limit(_("Lower limit"), _("A value below it is out; the limit itself is in."))
    lower_warning = _limit(_("Lower warning"))
    upper_warning = _limit(_("Upper warning"))
    upper_limit = _limit(_("Upper limit"), _("A value above it is out; the limit itself is in."))
    choices = LinesField(label=_("Choices"), help_text=_("For a choice: one answer per line."))
    choices_rejected = LinesField(
        label=_("Choices that are out of limits"), help_text=_("Which of these answers are not acceptable.")
    )
    required = forms.BooleanField(label=_("Must be recorded"), required=False, initial=True)
    gauge_class = forms.ModelChoiceField(
        label=_("Measured with"),
        queryset=EquipmentClass.objects.order_by("code"),
        required=False,
        empty_label=_("no gauge asked for"),
        help_text=_("Whoever records it scans a gauge of this class; it must be in calibration."),
    )

    @staticmethod
    def values_of(point: DataPoint) -> dict[str, Any]:
        """What the form starts with; numbers as they are written, without zeros at the end."""
        values: dict[str, Any] = {
            name: getattr(point, name)
            for name in ("code", "label", "kind", "unit", "decimals", "required", "gauge_class")
        }
        for name in ("lower_limit", "lower_warning", "upper_warning", "upper_limit"):
            limit = getattr(point, name)
            values[name] = None if limit is None else f"{limit.normalize():f}"
        values |= {name: "\n".join(getattr(point, name)) for name in ("choices", "choices_rejected")}
        return {"version": point.row_version, **values}
