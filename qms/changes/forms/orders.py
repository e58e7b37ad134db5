"""A change as it is asked for, written, planned and extended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.models import Site, User
from core.organization.queries import sites_of
from core.web.forms import Form, MomentField
from qms.changes.lifecycle import RAISE
from qms.changes.models import ChangeOrder, ChangeType
from traceability.models import Material

TEXT = 8000


class WordsForm(Form):
    """What every form of a change asks: what, why, how urgent, for how long."""

    change_type = forms.ModelChoiceField(
        label=_("Type of change"), queryset=ChangeType.objects.filter(is_active=True).order_by("code")
    )
    urgency = forms.ChoiceField(
        label=_("Class"),
        choices=ChangeOrder.Urgency.choices,
        initial=ChangeOrder.Urgency.ROUTINE,
        help_text=_("An emergency is released before it is assessed, by a signature of its own."),
    )
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What changes, in a few words."))
    description = forms.CharField(
        label=_("What changes"), required=False, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    justification = forms.CharField(
        label=_("Why"), required=False, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_temporary = forms.BooleanField(
        label=_("Temporary"), required=False, help_text=_("The revisions before it return by themselves.")
    )
    expires_at = MomentField(label=_("Expires"), required=False, help_text=_("Only of a temporary change."))
    due_at = MomentField(label=_("To be released by"), required=False)


class RaiseForm(WordsForm):
    """A new change at a site."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    field_order = ("site",)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = sites_of(user, RAISE)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.initial.setdefault("site", sites.first())


def _scale(label: Any) -> forms.TypedChoiceField:
    figures = [("", "–"), *((figure, str(figure)) for figure in range(1, 6))]
    return forms.TypedChoiceField(label=label, choices=figures, required=False, coerce=int, empty_value=None)


class ChangeForm(WordsForm):
    """Everything that a change says about itself."""

    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), help_text=_("Carries it through."))
    effectivity = forms.ChoiceField(
        label=_("Counts"), choices=ChangeOrder.Effectivity.choices, initial=ChangeOrder.Effectivity.DATE
    )
    effectivity_mark = forms.CharField(
        label=_("From this number on"),
        required=False,
        max_length=60,
        help_text=_("Of the order or lot, or the serial number."),
    )
    effectivity_material = forms.CharField(
        label=_("Material"),
        required=False,
        max_length=60,
        help_text=_("Number of the material that the lot, the serial number or the stock is of."),
    )
    severity_before = _scale(_("Severity before (1 to 5)"))
    probability_before = _scale(_("Probability before (1 to 5)"))
    severity_after = _scale(_("Severity after (1 to 5)"))
    probability_after = _scale(_("Probability after (1 to 5)"))
    risk_note = forms.CharField(
        label=_("How the risk was judged"), required=False, max_length=TEXT, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("change_type", "urgency", "owner")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    def clean_effectivity_material(self) -> Material | None:
        """The material with this number."""
        number = self.cleaned_data["effectivity_material"].strip()
        if not number:
            return None
        found = Material.objects.filter(number__iexact=number).first()
        if found is None:
            raise ValidationError(_("There is no material with this number."), code="unknown")
        return found

    @staticmethod
    def values_of(change: ChangeOrder) -> dict[str, Any]:
        """What the form starts with."""
        names = (
            "change_type", "urgency", "title", "description", "justification", "is_temporary", "expires_at", "due_at",
            "owner", "effectivity", "effectivity_mark", "severity_before", "probability_before", "severity_after",
            "probability_after", "risk_note",
        )  # fmt: skip
        material = change.effectivity_material
        found = {name: getattr(change, name) for name in names}
        return {**found, "effectivity_material": material.number if material is not None else ""}


class ReleaseForm(Form):
    """When a ready change is released."""

    release_at = MomentField(label=_("Release on"), help_text=_("In the site's time. Until then nothing changes."))

    def clean_release_at(self) -> dt.datetime:
        """A moment in the future."""
        return _future(self.cleaned_data["release_at"])


class ExtendForm(Form):
    """Until when a temporary change lasts instead."""

    expires_at = MomentField(label=_("Expires"))

    def clean_expires_at(self) -> dt.datetime:
        """A moment in the future."""
        return _future(self.cleaned_data["expires_at"])


def _future(moment: dt.datetime) -> dt.datetime:
    if moment <= now():
        raise ValidationError(_("Choose a moment in the future."), code="past")
    return moment
