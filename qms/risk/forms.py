"""What people enter about risks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site, User
from core.web.forms import Form
from qms.risk.models import Acceptability, RiskAssessment, RiskControl, RiskItem, RiskMatrix
from qms.risk.queries import linkable_kinds, record_called
from qms.risk.services import Estimate, MatrixContent
from traceability.models import Material

LINES = forms.Textarea(attrs={"rows": 5})


def lines_of(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class MatrixForm(Form):
    """Both sides, the bands, and the band of each combination."""

    name = forms.CharField(label=_("Name"), max_length=120)
    severities = forms.CharField(
        label=_("Severities"), widget=LINES, max_length=2000, help_text=_("One on each line, the lowest first.")
    )
    probabilities = forms.CharField(
        label=_("Probabilities"), widget=LINES, max_length=2000, help_text=_("One on each line, the lowest first.")
    )
    bands = forms.CharField(
        label=_("Bands"),
        widget=LINES,
        max_length=2000,
        help_text=_("One on each line with what it asks for: Low = acceptable, Medium = reduce, High = unacceptable."),
    )
    cells = forms.CharField(
        label=_("Combinations"),
        widget=LINES,
        max_length=2000,
        help_text=_(
            "A line for each severity, the lowest first: the number of the band for each probability, as 1 1 2."
        ),
    )

    def clean_bands(self) -> list[tuple[str, str]]:
        """Names with what each asks for."""
        found = []
        for line in lines_of(self.cleaned_data["bands"]):
            label, _sep, asks = (part.strip() for part in line.partition("="))
            if not label or asks not in Acceptability.values:
                raise ValidationError(
                    _t("“%(line)s” does not say what the band asks for: write acceptable, reduce or unacceptable.")
                    % {"line": line[:80]}
                )
            found.append((label, asks))
        return found

    def clean_cells(self) -> list[list[int]]:
        """Numbers of bands."""
        rows = []
        for line in lines_of(self.cleaned_data["cells"]):
            words = line.split()
            if not all(word.isascii() and word.isdecimal() and len(word) < 4 for word in words):
                raise ValidationError(_t("“%(line)s” is not a line of numbers.") % {"line": line[:80]})
            rows.append([int(word) for word in words])
        return rows

    def content(self) -> MatrixContent:
        """What was entered."""
        values = self.cleaned_data
        return MatrixContent(
            name=values["name"],
            severities=lines_of(values["severities"]),
            probabilities=lines_of(values["probabilities"]),
            bands=values["bands"],
            cells=values["cells"],
        )

    @staticmethod
    def values_of(matrix: RiskMatrix) -> dict[str, Any]:
        """What the form starts with."""
        return {
            "name": matrix.name,
            "severities": "\n".join(matrix.severities),
            "probabilities": "\n".join(matrix.probabilities),
            "bands": "\n".join(f"{band['label']} = {band['acceptability']}" for band in matrix.bands),
            "cells": "\n".join(" ".join(map(str, row)) for row in matrix.cells),
        }


class MatrixCreateForm(MatrixForm):
    """A new matrix."""

    code = forms.CharField(label=_("Code"), max_length=24)
    field_order = ("code",)


class MatrixReviseForm(Form):
    """Why there is a further revision."""

    change_summary = forms.CharField(
        label=_("What changes and why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AssessmentForm(Form):
    """What is assessed, within which limits, by whom it is looked after."""

    title = forms.CharField(label=_("Title"), max_length=200)
    scope = forms.CharField(
        label=_("Scope"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Intended use, limits of the process."),
    )  # fmt: skip
    material = forms.CharField(
        label=_("Material"), max_length=60, required=False, help_text=_("Its number, where it is about one.")
    )
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    review_months = forms.IntegerField(label=_("Review every months"), min_value=1, max_value=120, initial=12)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = people

    def clean_material(self) -> Material | None:
        number = self.cleaned_data["material"].strip()
        if not number:
            return None
        found = Material.objects.filter(number__iexact=number).first()
        if found is None:
            raise ValidationError(_t("There is no material “%(number)s”.") % {"number": number}, code="unknown")
        return found


class AssessmentCreateForm(AssessmentForm):
    """A new risk file; the matrix stays with it."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=RiskAssessment.Kind.choices)
    matrix = forms.ModelChoiceField(
        label=_("Matrix"),
        queryset=RiskMatrix.objects.filter(status="effective"),
        required=False,
        empty_label=_("none: a process is judged by its action priority"),
    )
    field_order = ("site", "kind", "title", "matrix", "material", "scope")

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site: Any = self.fields["site"]
        site.queryset = sites
        self.initial.setdefault("site", sites.first())


class AssessmentChangeForm(AssessmentForm):
    """The head of a draft, with the conclusion."""

    conclusion = forms.CharField(
        label=_("Overall residual risk"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("All residual risks together: acceptable, and why."),
    )  # fmt: skip

    @staticmethod
    def values_of(assessment: RiskAssessment) -> dict[str, Any]:
        """What the form starts with."""
        names = ("title", "scope", "review_months", "conclusion")
        found = {name: getattr(assessment, name) for name in names}
        number = assessment.material.number if assessment.material is not None else ""
        return {**found, "owner": assessment.owner_id, "material": number}


def _places(labels: list[str]) -> list[tuple[str, str]]:
    return [(str(place), f"{place} {label}") for place, label in enumerate(labels, start=1)]


class ItemForm(Form):
    """One risk with its estimates."""

    hazard = forms.CharField(label=_("Hazard or failure mode"), max_length=240)
    cause = forms.CharField(
        label=_("Cause, sequence of events"), max_length=8000, widget=forms.Textarea(attrs={"rows": 2})
    )
    situation = forms.CharField(
        label=_("Hazardous situation"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 2})
    )
    effect = forms.CharField(label=_("Effect, harm"), max_length=8000, widget=forms.Textarea(attrs={"rows": 2}))
    rationale = forms.CharField(
        label=_("Benefit against risk"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where the risk stays unacceptable."),
    )  # fmt: skip
    new_risks = forms.CharField(
        label=_("New risks by the controls"), required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Empty: none."),
    )  # fmt: skip

    def __init__(self, *args: Any, assessment: RiskAssessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        matrix = assessment.matrix
        ranks = [(str(rank), str(rank)) for rank in range(1, 11)]
        sides = {
            "severity": (_t("Severity"), _places(matrix.severities) if matrix else ranks),
            "probability": (
                _t("Probability") if matrix else _t("Occurrence"),
                _places(matrix.probabilities) if matrix else ranks,
            ),
        }
        if matrix is None:
            sides["detection"] = (_t("Detection"), ranks)
        for name, (label, choices) in sides.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=choices)
        for name, (label, choices) in sides.items():
            self.fields[f"residual_{name}"] = forms.ChoiceField(
                label=_t("%(what)s afterwards") % {"what": label},
                choices=[("", _t("not yet estimated")), *choices],
                required=False,
            )
        self.order_fields(["hazard", "cause", "situation", "effect", *sides, *(f"residual_{name}" for name in sides)])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        after = [values.get(name) for name in self.fields if name.startswith("residual_")]
        if any(after) and not all(after):
            raise ValidationError(_t("Estimate all of it afterwards, or nothing yet."))
        return values

    def values(self) -> dict[str, Any]:
        """What the service is told."""
        given = self.cleaned_data
        names = ("hazard", "cause", "situation", "effect", "rationale", "new_risks")
        return {
            **{name: given[name] for name in names},
            "before": self._estimate(""),
            "after": self._estimate("residual_") if given.get("residual_severity") else None,
        }

    def _estimate(self, prefix: str) -> Estimate:
        given = self.cleaned_data
        detection = given.get(f"{prefix}detection")
        return Estimate(
            int(given[f"{prefix}severity"]), int(given[f"{prefix}probability"]), int(detection) if detection else None
        )

    @staticmethod
    def values_of(item: RiskItem) -> dict[str, Any]:
        """What the form starts with."""
        names = (
            "hazard", "cause", "situation", "effect", "rationale", "new_risks", "severity", "probability", "detection",
            "residual_severity", "residual_probability", "residual_detection",
        )  # fmt: skip
        return {name: getattr(item, name) for name in names}


class ControlForm(Form):
    """What is done, of which kind, and what shows that it works."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RiskControl.Kind.choices)
    description = forms.CharField(label=_("Control"), max_length=8000, widget=forms.Textarea(attrs={"rows": 2}))
    verification = forms.CharField(
        label=_("Verification"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What shows that it is done and works: a record, a test, a document."),
    )  # fmt: skip

    @staticmethod
    def values_of(control: RiskControl) -> dict[str, Any]:
        """What the form starts with."""
        return {name: getattr(control, name) for name in ("kind", "description", "verification")}


class LinkForm(Form):
    """What a risk is about."""

    kind = forms.ChoiceField(label=_("What it is about"), choices=())
    called = forms.CharField(
        label=_("Number"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-accepts-scan": ""}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        kind: Any = self.fields["kind"]
        kind.choices = linkable_kinds()

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if "kind" in values and "called" in values:
            values["record"] = record_called(values["kind"], values["called"], self.user)
            if values["record"] is None:
                self.add_error("called", _t("There is no “%(text)s” of this kind.") % {"text": values["called"]})
        return values


class RisksOfForm(Form):
    """Of which record the risks are asked."""

    kind = forms.ChoiceField(label=_("Kind"), choices=())
    called = forms.CharField(label=_("Number"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = linkable_kinds()
