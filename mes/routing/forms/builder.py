"""The small forms of the routing builder."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.organization.models import EquipmentClass, WorkCenter
from core.signing.lifecycle import MEANINGS
from core.web.forms import MOST, Form, NamedChoice, QuantityField
from mes.instructions.models import DataPoint
from mes.routing.forms.fields import PickField, pick
from mes.routing.models import Operation, Routing, RoutingRevision
from mes.routing.queries import documents_at, work_centers_at
from qms.training.models import Curriculum
from traceability.models import Material, UnitOfMeasure

OPERATION_MEANINGS = ("performed", "verified", "reviewed")
"""What is signed at an operation; the other meanings belong to records, not to work."""
SECOND_PERSON_MEANINGS = ("witnessed", "verified")
Choices = list[tuple[Any, Any]]


class OverwritingForm(Form):
    """A form that overwrites what it shows: it carries the version it was filled from, also when it is shown again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)


class SummaryForm(OverwritingForm):
    """What changed and why, in the head of the builder."""

    summary = forms.CharField(label=_("What changed and why"), widget=forms.Textarea(attrs={"rows": 2}), required=False)


class NewOperationForm(Form):
    """One line to add an operation at the end; the rest is entered afterwards."""

    name = forms.CharField(label=_("Name"), max_length=120)
    work_center: forms.ModelChoiceField[WorkCenter] = forms.ModelChoiceField(
        label=_("Work center"), queryset=None, required=False, empty_label=_("not chosen yet")
    )
    document = PickField(
        label=_("Instruction document"),
        required=False,
        help_text=_("Type a part of the number or the title."),
    )

    def __init__(self, *args: Any, revision: RoutingRevision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work_center"].queryset = work_centers_at(revision.routing.site)  # type: ignore[attr-defined]
        pick(self, "document", documents_at(revision.routing.site), "documents")


class OperationForm(OverwritingForm, NewOperationForm):
    """All of one operation."""

    field_order = ("sequence",)
    sequence = forms.IntegerField(label=_("Number"), min_value=1, max_value=99990)
    setup_minutes = QuantityField(
        label=_("Setup"),
        unit=_("min"),  # type: ignore[arg-type]
        min_value=0,
        max_digits=10,
        decimal_places=2,
        required=False,
    )
    run_minutes = QuantityField(
        label=_("Run per piece"),
        unit=_("min"),  # type: ignore[arg-type]
        min_value=0,
        max_digits=10,
        decimal_places=2,
        required=False,
    )
    overlap_allowed = forms.BooleanField(
        label=_("May start before every earlier operation has been completed"), required=False
    )

    @staticmethod
    def values_of(operation: Operation) -> dict[str, Any]:
        """First values: the operation as it is."""
        return {
            "version": operation.row_version,
            "sequence": operation.sequence,
            "name": operation.name,
            "work_center": operation.work_center_id,
            "document": operation.document,
            "setup_minutes": operation.setup_minutes.normalize(),
            "run_minutes": operation.run_minutes.normalize(),
            "overlap_allowed": operation.overlap_allowed,
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name in ("setup_minutes", "run_minutes"):
            if name in values and values[name] is None:
                values[name] = Decimal(0)
        return values


class PositionForm(Form):
    """At which place an operation shall stand; the first is 0."""

    position = forms.IntegerField(
        label=_("Position"),
        min_value=0,
        max_value=MOST,
        error_messages={
            code: _("Say at which place the operation shall stand.")
            for code in ("required", "invalid", "min_value", "max_value")
        },
    )


class AssignLineForm(Form):
    """A BOM line, or a part of it, to an operation; without a quantity all that is still open."""

    operation: forms.ModelChoiceField[Operation] = forms.ModelChoiceField(label=_("Operation"), queryset=None)
    quantity = QuantityField(label=_("Quantity"), required=False, max_digits=18, decimal_places=6)

    def __init__(self, *args: Any, revision: RoutingRevision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["operation"]
        field.queryset = revision.operations.all()  # type: ignore[attr-defined]
        field.empty_label = None  # type: ignore[attr-defined]


class QuantityForm(OverwritingForm):
    """How much an operation consumes per piece."""

    quantity = QuantityField(label=_("Quantity per piece"), max_digits=18, decimal_places=6)


class OmitLineForm(Form):
    """Why a BOM line is not used."""

    why = forms.CharField(label=_("Why it is not used"), max_length=240, min_length=3)


class MaterialForm(Form):
    """A material that the BOM does not list."""

    material = PickField(label=_("Material beside the BOM"))
    quantity = QuantityField(label=_("Quantity per piece"), max_digits=18, decimal_places=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick(self, "material", Material.objects.filter(is_active=True).select_related("uom"), "materials")


class RequirementForm(Form):
    """One requirement, chosen from one list: qualifications, signatures, equipment."""

    wanted = forms.ChoiceField(label=_("Requirement"))

    def __init__(self, *args: Any, choices: Choices | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = requirement_choices() if choices is None else choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The choice as the arguments of the service."""
        values = super().clean() or self.cleaned_data
        kind, _colon, key = str(values.get("wanted", "")).partition(":")
        if kind == "curriculum":
            values["arguments"] = {"curriculum": Curriculum.objects.filter(pk=key).first()}
        elif kind == "equipment":
            values["arguments"] = {"equipment_class": EquipmentClass.objects.filter(pk=key).first()}
        elif kind in ("signature", "witness"):
            values["arguments"] = {"meaning": key, "witness": kind == "witness"}
        return values


def requirement_choices() -> Choices:
    """Everything that an operation can require, grouped."""
    signatures: Choices = [(f"signature:{code}", MEANINGS[code]) for code in OPERATION_MEANINGS]
    signatures += [
        (f"witness:{code}", _("%(meaning)s, by a second person") % {"meaning": MEANINGS[code]})
        for code in SECOND_PERSON_MEANINGS
    ]
    qualifications = [(f"curriculum:{row.pk}", str(row)) for row in Curriculum.objects.filter(is_active=True)]
    equipment = [(f"equipment:{row.pk}", str(row)) for row in EquipmentClass.objects.all()]
    groups = [(_("Signature"), signatures), (_("Qualification"), qualifications), (_("Equipment"), equipment)]
    return [("", _("choose …")), *[(name, rows) for name, rows in groups if rows]]


class DataPointForm(Form):
    """The usual data point, quickly: what to record, in which limits. Finer settings are in the instruction."""

    step = forms.ChoiceField(label=_("Step"), required=False)
    label = forms.CharField(label=_("What to record"), max_length=160)
    code = forms.CharField(label=_("Code"), max_length=32, required=False, help_text=_("Empty: made from the words."))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[choice for choice in DataPoint.Kind.choices if choice[0] != DataPoint.Kind.CHOICE],
        initial=DataPoint.Kind.NUMBER,
    )
    unit = NamedChoice(label=_("Unit"), queryset=UnitOfMeasure.objects.all(), required=False)
    lower_limit = QuantityField(label=_("Lower limit"), required=False, max_digits=18, decimal_places=6)
    upper_limit = QuantityField(label=_("Upper limit"), required=False, max_digits=18, decimal_places=6)
    required = forms.BooleanField(label=_("Required"), required=False, initial=True)

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [*steps, ("", _("a new step"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("code") and values.get("label"):
            values["code"] = slugify(values["label"]).upper()[:32] or "VALUE"
        return values


class CopyForm(Form):
    """Which routing's operations to copy: its effective revision, else its newest."""

    source = PickField(label=_("Copy operations from"), number="code", help_text=_("Type the code of a routing."))

    def __init__(self, *args: Any, revision: RoutingRevision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick(self, "source", Routing.objects.exclude(pk=revision.routing_id), "routings")
