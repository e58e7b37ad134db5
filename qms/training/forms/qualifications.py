"""What people enter about training."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import User
from core.web.forms import DayField, Form
from qms.training.models import Curriculum, Qualification


class CurriculumForm(Form):
    """A new curriculum."""

    code = forms.CharField(label=_("Code"), max_length=24)
    name = forms.CharField(label=_("Name"), max_length=160)
    description = forms.CharField(label=_("What it teaches"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    valid_months = forms.IntegerField(
        label=_("Valid for months"),
        required=False,
        min_value=1,
        max_value=600,
        help_text=_("How long a qualification is good for unless another date is given; empty: for ever."),
    )
    inactivity_days = forms.IntegerField(
        label=_("Days without practice"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("After so many days without doing it a qualification is suspended; empty: never."),
    )


class CurriculumChangeForm(CurriculumForm):
    """A change of a curriculum; its code stays."""

    code = None  # type: ignore[assignment]
    is_active = forms.BooleanField(label=_("Still used"), required=False)

    @staticmethod
    def values_of(curriculum: Curriculum) -> dict[str, Any]:
        """What the form starts with."""
        return {
            name: getattr(curriculum, name)
            for name in ("name", "description", "valid_months", "inactivity_days", "is_active")
        }


class GrantForm(Form):
    """Who may do what, until when, and what shows it."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    curriculum = forms.ModelChoiceField(label=_("Curriculum"), queryset=Curriculum.objects.filter(is_active=True))
    level = forms.ChoiceField(
        label=_("Level"), choices=Qualification.Level.choices, initial=Qualification.Level.WORKS, required=False
    )
    basis = forms.CharField(
        label=_("Basis"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What shows it: training, test, observed work, certificate."),
    )
    valid_until = DayField(
        at=dt.time.max, label=_("Until"), required=False, help_text=_("The last day; empty: as the curriculum says.")
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.queryset = people

    def clean_level(self) -> str:
        """What is not said is working independently."""
        return str(self.cleaned_data["level"] or Qualification.Level.WORKS)


class RenewForm(Form):
    """A further period on a new basis."""

    level = forms.ChoiceField(label=_("Level"), choices=Qualification.Level.choices, required=False)

    basis = forms.CharField(label=_("Basis"), widget=forms.Textarea(attrs={"rows": 3}))
    valid_until = DayField(
        at=dt.time.max,
        label=_("Until"),
        required=False,
        help_text=_("The last day; empty: as the curriculum says, from now on."),
    )

    @staticmethod
    def values_of(qualification: Qualification) -> dict[str, Any]:
        """What the form starts with."""
        return {"basis": qualification.basis, "level": qualification.level}
